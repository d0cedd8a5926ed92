"""No tray: nothing can hide behind it, and the reason is said."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QMenu


class NoTray:
    """Stands in where there is none."""

    name = "none"
    is_there = False

    def __init__(self, remedy: str = "") -> None:
        self.remedy = remedy

    def show(self, icon: QIcon, tip: str, menu: QMenu, pressed: Callable[[], None]) -> None:
        """Show nothing."""

    def say(self, title: str, text: str, pressed: Callable[[], None] | None) -> bool:
        """Show nothing, and say so."""
        return False

    def hide(self) -> None:
        """Hide nothing."""
