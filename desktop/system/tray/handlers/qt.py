"""Qt's tray icon: StatusNotifierItem over D-Bus or XEmbed on Linux, the systems' own elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable

from PySide6.QtDBus import QDBusConnection
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

NOTIFICATIONS = "org.freedesktop.Notifications"

#: Milliseconds that a word stays, where the desktop heeds it.
WORD_MS = 12_000


class QtTray:
    """An icon that comes back by itself when the host of the tray does."""

    name = "tray icon"

    def __init__(self, remedy: str = "") -> None:
        self._remedy = remedy
        self._icon: QSystemTrayIcon | None = None
        self._pressed: Callable[[], None] | None = None

    @property
    def is_there(self) -> bool:
        """Whether a host shows icons now; `isVisible` stays true when the host has died."""
        return self._icon is not None and QSystemTrayIcon.isSystemTrayAvailable()

    @property
    def remedy(self) -> str:
        """What to do where there is none."""
        return "" if QSystemTrayIcon.isSystemTrayAvailable() else self._remedy

    def show(self, icon: QIcon, tip: str, menu: QMenu, pressed: Callable[[], None]) -> None:
        """Show the icon; Qt waits for a tray where there is none yet."""
        made = self._icon = QSystemTrayIcon(icon)
        made.setToolTip(tip)
        made.setContextMenu(menu)
        reasons = (
            QSystemTrayIcon.ActivationReason.Trigger,
            QSystemTrayIcon.ActivationReason.DoubleClick,
        )
        made.activated.connect(lambda reason: pressed() if reason in reasons else None)
        made.messageClicked.connect(self._word_pressed)
        made.show()

    def say(self, title: str, text: str, pressed: Callable[[], None] | None) -> bool:
        """Show a passing word, if there is a tray now."""
        if self._icon is None or not self.is_there or not _shows_words():
            return False
        self._pressed = pressed
        self._icon.showMessage(title, text, self._icon.icon(), WORD_MS)
        return True

    def hide(self) -> None:
        """Take the icon away."""
        if self._icon is not None:
            self._icon.hide()
            self._icon.deleteLater()
            self._icon = None

    def _word_pressed(self) -> None:
        pressed, self._pressed = self._pressed, None
        if pressed is not None:
            pressed()


def _shows_words() -> bool:
    """Whether a word would be seen; Qt says so on Linux even where nobody serves notifications."""
    if not sys.platform.startswith("linux"):
        return QSystemTrayIcon.supportsMessages()
    bus = QDBusConnection.sessionBus()
    if not bus.isConnected():
        return False
    interface = bus.interface()
    return bool(
        interface.isServiceRegistered(NOTIFICATIONS).value()
        or NOTIFICATIONS in interface.activatableServiceNames().value()
    )
