"""The program itself: its desktop file with the types it opens and the scheme it answers, and its icon.

Sources: Desktop Entry Specification 1.5, Shared MIME-info, the scheme handlers of xdg-utils.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from desktop.system.desktop_file import exec_line, is_own, remove_empty, write_own
from desktop.system.integrate.models import PICTURE_TYPES, SCHEME_TYPE, VIDEO_TYPES, Place

FILE = "scenelens.desktop"

#: Seconds that the tool which gathers the types may take.
TOOL_LIMIT_S = 20.0

ACTIONS = (
    ("capture", "--capture", {"": "Search a part of the screen", "de": "Einen Bildschirmausschnitt suchen",
                              "ja": "画面の一部を検索"}),
    ("clipboard", "--search-clipboard", {"": "Search what was copied", "de": "Das Kopierte suchen",
                                         "ja": "コピーした画像を検索"}),
)  # fmt: skip


class DesktopEntry:
    """`applications/scenelens.desktop` below the user's folder of data, and icons beside it."""

    name = "Program and scenelens: links"
    remark = ""

    def __init__(self, command: Sequence[str], place: Place) -> None:
        self._command, self._place = tuple(command), place
        self._file = place.data / "applications" / FILE
        self._icons = place.data / "icons" / "hicolor"

    def is_installed(self) -> bool:
        """Whether our file is there."""
        return is_own(self._file)

    def install(self) -> None:
        """Write file and icons, and have the types gathered."""
        write_own(self._file, self.text())
        for source, target in self._pictures():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
        _gather(self._file.parent)

    def remove(self) -> bool:
        """Remove file and icons, and what was gathered of them."""
        was_there = is_own(self._file)
        if was_there:
            self._file.unlink()
            _gather(self._file.parent)
            cache = self._file.parent / "mimeinfo.cache"
            if [path.name for path in self._file.parent.iterdir()] == [cache.name]:
                cache.unlink()
            remove_empty(self._file.parent, up_to=self._place.data)
            for _, target in self._pictures():
                target.unlink(missing_ok=True)
                remove_empty(target.parent, up_to=self._place.data)
        return was_there

    def text(self) -> str:
        """Give the desktop file: the shipped one with our command line, all types and the actions."""
        lines = (self._place.resources / FILE).read_text("utf-8").splitlines()
        types = ";".join((*PICTURE_TYPES, *VIDEO_TYPES, SCHEME_TYPE))
        own = {
            "Exec": exec_line(self._command, "%U"),
            "MimeType": f"{types};",
            "Actions": "".join(f"{name};" for name, _, _ in ACTIONS),
        }
        kept = [
            line for line in lines if line.split("=")[0] not in own and not line.startswith("[Desktop Action")
        ]
        head = kept[: kept.index("")] if "" in kept else kept
        body = [*head, *(f"{key}={value}" for key, value in own.items())]
        for name, option, texts in ACTIONS:
            body += ["", f"[Desktop Action {name}]"]
            body += [f"Name{f'[{code}]' if code else ''}={text}" for code, text in texts.items()]
            body += [f"Exec={exec_line((*self._command, option))}"]
        return "\n".join(body) + "\n"

    def _pictures(self) -> list[tuple[Path, Path]]:
        folder = self._place.resources / "icons"
        sized = [
            (path, self._icons / f"{size}x{size}" / "apps" / "scenelens.png")
            for path in sorted(folder.glob("scenelens-*.png"))
            for size in (path.stem.rpartition("-")[2],)
        ]
        return [*sized, (folder / "scenelens.svg", self._icons / "scalable" / "apps" / "scenelens.svg")]


def _gather(folder: Path) -> None:
    """Have the types of the folder's files gathered, where the tool is installed; GLib reads files too."""
    tool = shutil.which("update-desktop-database")
    if tool is not None and folder.is_dir():
        subprocess.run([tool, "-q", str(folder)], timeout=TOOL_LIMIT_S, check=False, capture_output=True)
