"""What starting with the desktop is."""

from __future__ import annotations

from typing import Protocol

NAME = "scenelens"


class Autostart(Protocol):
    """One entry of ours in the desktop's own place; nothing of others is touched."""

    @property
    def name(self) -> str:
        """The mechanism, for the doctor."""

    @property
    def problem(self) -> str:
        """Why it cannot be turned on here, "" where it can."""

    def is_on(self) -> bool:
        """Whether the desktop starts this program."""

    def set_on(self, on: bool) -> None:
        """Write the entry, or remove it without a trace.  Raises OSError."""
