"""A desktop file in the user's autostart folder.  Source: Desktop Application Autostart Specification."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from desktop.system.desktop_file import exec_line, remove_own, write_own


class XdgAutostart:
    """`autostart/scenelens.desktop` below the user's folder of settings."""

    name = "XDG autostart"
    problem = ""

    def __init__(self, command: Sequence[str], folder: Path) -> None:
        self._command = tuple(command)
        self._folder = folder
        self._file = folder / "scenelens.desktop"

    def is_on(self) -> bool:
        """Whether the file is there and nobody marked it as hidden."""
        try:
            text = self._file.read_text("utf-8")
        except OSError:
            return False
        return "Hidden=true" not in text and "X-GNOME-Autostart-enabled=false" not in text

    def set_on(self, on: bool) -> None:
        """Write the file, or remove it, and the folder if that is empty then."""
        if not on:
            remove_own(self._file, up_to=self._folder.parent)
            return
        write_own(
            self._file,
            "[Desktop Entry]\nType=Application\nVersion=1.1\nName=SceneLens\n"
            "Comment=Waits in the tray for pictures to search\n"
            f"Exec={exec_line(self._command)}\nIcon=scenelens\nTerminal=false\n"
            "StartupNotify=false\nX-GNOME-Autostart-enabled=true\n",
        )
