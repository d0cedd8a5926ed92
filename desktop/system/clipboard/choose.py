"""Which watch fits a machine."""

from __future__ import annotations

from desktop.system.clipboard.handlers.none import NoWatch
from desktop.system.clipboard.handlers.qt import QtWatch
from desktop.system.clipboard.models import Watch
from desktop.system.platform import Platform

WAYLAND = (
    "On Wayland a program sees what is copied only while one of its windows has the keyboard, so the "
    "clipboard cannot be watched. Use the key for searching the clipboard instead."
)
MACOS = (
    "macOS does not tell programs that something was copied, so the clipboard cannot be watched. "
    "Use the key for searching the clipboard instead."
)
NO_SCREEN = "There is no screen, so there is no clipboard to watch."


def choose(platform: Platform) -> Watch:
    """Give the watch of a machine."""
    if platform.session == "none":
        return NoWatch(NO_SCREEN)
    if platform.session == "wayland" and platform.qt != "xcb":
        return NoWatch(WAYLAND)
    return NoWatch(MACOS) if platform.system == "macos" else QtWatch()
