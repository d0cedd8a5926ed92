"""What a notification is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol


class Notifier(Protocol):
    """Shows a passing word in plain text; a newer one takes the place of the older."""

    @property
    def name(self) -> str:
        """The mechanism, for the doctor."""

    def notify(self, title: str, text: str, pressed: Callable[[], None] | None = None) -> bool:
        """Show it, and call `pressed` if it is clicked; False where it could not be shown."""
