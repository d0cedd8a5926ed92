"""What a tray can do for the program."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QMenu


class Tray(Protocol):
    """One icon with a menu.  `is_there` may change at any moment: the host of a tray comes and goes."""

    @property
    def name(self) -> str:
        """The mechanism, for the doctor."""

    @property
    def is_there(self) -> bool:
        """Whether the icon can be seen now; only then may the window hide behind it."""

    @property
    def remedy(self) -> str:
        """What to install or turn on where there is no tray, "" where there is nothing to do."""

    def show(self, icon: QIcon, tip: str, menu: QMenu, pressed: Callable[[], None]) -> None:
        """Show the icon as soon as there is a tray; `pressed` is called for a plain click."""

    def say(self, title: str, text: str, pressed: Callable[[], None] | None) -> bool:
        """Show a passing word beside the icon; False where it cannot be shown."""

    def hide(self) -> None:
        """Take the icon away."""
