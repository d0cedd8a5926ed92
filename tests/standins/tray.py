"""A tray icon in memory, for tests without a screen; the real one is tried on X with `tray_host`."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QMenu


class TrayStandIn:
    """Keeps what it was told; `is_there` is the test's to set."""

    name = "stand-in"
    remedy = ""

    def __init__(self, is_there: bool = True) -> None:
        self.is_there = is_there
        self.menu: QMenu | None = None
        self.pressed: Callable[[], None] = lambda: None
        self.said: list[tuple[str, str]] = []
        self.takes_words = False
        self._word_pressed: Callable[[], None] | None = None

    def show(self, icon: QIcon, tip: str, menu: QMenu, pressed: Callable[[], None]) -> None:
        """Keep menu and call-back."""
        assert tip
        self.menu, self.pressed = menu, pressed

    def say(self, title: str, text: str, pressed: Callable[[], None] | None) -> bool:
        """Keep the word."""
        if self.takes_words:
            self.said.append((title, text))
            self._word_pressed = pressed
        return self.takes_words

    def press_word(self) -> None:
        """Click the word shown last."""
        assert self._word_pressed is not None
        self._word_pressed()

    def hide(self) -> None:
        """Forget the menu."""
        self.menu = None
