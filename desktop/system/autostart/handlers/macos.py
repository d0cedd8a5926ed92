"""A launch agent of the user.  Source: Apple's launchd.plist(5); tried against its format alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

LABEL = "io.github.scenelens"


class LaunchAgent:
    """`LaunchAgents/io.github.scenelens.plist`; heeded at the next login."""

    name = "launch agent"
    problem = ""

    def __init__(self, command: Sequence[str], folder: Path) -> None:
        self._command = list(command)
        self._file = folder / f"{LABEL}.plist"

    def is_on(self) -> bool:
        """Whether the file is there."""
        return self._file.is_file()

    def set_on(self, on: bool) -> None:
        """Write the file, or remove it."""
        if not on:
            self._file.unlink(missing_ok=True)
            return
        import plistlib

        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._file.write_bytes(
            plistlib.dumps({
                "Label": LABEL,
                "ProgramArguments": self._command,
                "RunAtLoad": True,
                "ProcessType": "Interactive",
                "LimitLoadToSessionType": "Aqua",
            })
        )  # fmt: skip
