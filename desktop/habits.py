"""The ticks of life in the background: what closing does, what is watched, started and remembered."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop.app import Application


class Habits:
    """Turns each habit on or off and keeps its tick in the menu."""

    def __init__(self, app: Application) -> None:
        self._app = app

    @property
    def deeds(self) -> dict[str, Callable[[], object]]:
        """What the actions of the group "background" do."""
        return {
            "close_to_tray": self._toggle_close_to_tray,
            "watch_clipboard": self._toggle_watch,
            "start_with_desktop": self._toggle_autostart,
            "keep_recent": self._toggle_recent,
            "clear_recent": self._app.remembering.forget,
        }

    def mark(self) -> None:
        """Tick what is in force."""
        actions, settings, presence = self._app.window.actions_set, self._app.settings, self._app.presence
        actions["close_to_tray"].setChecked(settings.close_to_tray == "tray")
        actions["watch_clipboard"].setChecked(settings.watch_clipboard)
        actions["keep_recent"].setChecked(settings.keep_recent)
        actions["start_with_desktop"].setChecked(presence.autostart.is_on())

    def _toggle_close_to_tray(self) -> None:
        to_tray = self._app.settings.close_to_tray == "tray"
        self._app.change(close_to_tray="quit" if to_tray else "tray")
        self.mark()

    def _toggle_watch(self) -> None:
        on = not self._app.settings.watch_clipboard
        self._app.change(watch_clipboard=on)
        self._app.presence.set_watch(on)
        self.mark()

    def _toggle_autostart(self) -> None:
        self._app.presence.set_autostart(not self._app.presence.autostart.is_on())
        self.mark()

    def _toggle_recent(self) -> None:
        self._app.remembering.set_kept(not self._app.settings.keep_recent)
        self.mark()
