"""The word of the tray icon: `org.freedesktop.Notifications` on Linux, toasts on Windows and macOS.

Qt speaks to all three; sent from Python over D-Bus, the call could not be given its unsigned number.
"""

from __future__ import annotations

from collections.abc import Callable

from desktop.system.tray.models import Tray


class TrayNotifier:
    """Shows a word beside the tray icon, as long as that is there."""

    name = "tray icon"

    def __init__(self, tray: Tray) -> None:
        self._tray = tray

    def notify(self, title: str, text: str, pressed: Callable[[], None] | None = None) -> bool:
        """Show it; False where there is no tray now."""
        return self._tray.say(title, text, pressed)
