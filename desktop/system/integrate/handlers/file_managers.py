"""Entries of file managers that are one small file each: Nautilus, Nemo, Dolphin.

Sources: Nautilus' folder of scripts (GNOME Help, "Nautilus scripts"); Nemo's actions
(`sample.nemo_action` of linuxmint/nemo); KDE's service menus (develop.kde.org, "Dolphin service menus").
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop.system.desktop_file import exec_line, is_own, remove_own, write_own
from desktop.system.integrate.models import FIND, PICTURE_TYPES, VIDEO_TYPES, Place


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One file of ours that a file manager reads."""

    name: str
    file: Path
    text: str
    up_to: Path
    remark: str = ""

    def is_installed(self) -> bool:
        """Whether our file is there."""
        return is_own(self.file)

    def install(self) -> None:
        """Write it; scripts and KDE's menus must be executable, which harms no other."""
        write_own(self.file, self.text, executable=True)

    def remove(self) -> bool:
        """Remove it, and the folders that are empty then."""
        return remove_own(self.file, self.up_to)


def nautilus(command: Sequence[str], place: Place) -> FileEntry:
    """Give the script that GNOME's Files lists under Scripts; it hands the selected files over."""
    words = " ".join(map(shlex.quote, command))
    text = (
        "#!/bin/sh\n"
        'printf %s "$NAUTILUS_SCRIPT_SELECTED_FILE_PATHS" | {\n'
        "    set --\n"
        '    while IFS= read -r path || [ -n "$path" ]; do set -- "$@" "$path"; done\n'
        f'    [ $# -gt 0 ] && exec {words} -- "$@"\n'
        "}\n"
    )
    file = place.data / "nautilus" / "scripts" / FIND[""]
    return FileEntry("Files (GNOME)", file, text, place.data, "In its menu under Scripts.")


def nemo(command: Sequence[str], place: Place) -> FileEntry:
    """Give Nemo's action."""
    types = "".join(f"{kind};" for kind in (*PICTURE_TYPES, *VIDEO_TYPES))
    text = (
        f"[Nemo Action]\nActive=true\n{_names()}Comment=SceneLens\n"
        f"Exec={exec_line(command, '%F')}\nIcon-Name=scenelens\nSelection=notnone\nMimetypes={types}\n"
        "Quote=double\n"
    )
    return FileEntry("Nemo", place.data / "nemo" / "actions" / "scenelens.nemo_action", text, place.data)


def dolphin(command: Sequence[str], place: Place) -> FileEntry:
    """Give KDE's service menu."""
    types = "".join(f"{kind};" for kind in (*PICTURE_TYPES, *VIDEO_TYPES))
    text = (
        f"[Desktop Entry]\nType=Service\nMimeType={types}\nActions=findScene;\n"
        "X-KDE-Priority=TopLevel\n\n"
        f"[Desktop Action findScene]\n{_names()}Icon=scenelens\nExec={exec_line(command, '%U')}\n"
    )
    return FileEntry(
        "Dolphin (KDE)", place.data / "kio" / "servicemenus" / "scenelens.desktop", text, place.data
    )


def _names() -> str:
    return "".join(f"Name{f'[{code}]' if code else ''}={text}\n" for code, text in FIND.items())
