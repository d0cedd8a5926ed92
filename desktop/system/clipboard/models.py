"""What a watch of the clipboard is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol


class Watch(Protocol):
    """Tells when another program copied a picture; reads nothing of it."""

    @property
    def name(self) -> str:
        """The mechanism, for the doctor."""

    @property
    def problem(self) -> str:
        """Why nothing can be watched here, as a sentence; "" where it can."""

    def start(self, copied: Callable[[], None]) -> None:
        """Call `copied` for each picture from now on."""

    def stop(self) -> None:
        """Tell no more."""
