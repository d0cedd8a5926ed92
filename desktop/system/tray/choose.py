"""Which tray fits a machine."""

from __future__ import annotations

from desktop.system.platform import Platform
from desktop.system.tray.handlers.none import NoTray
from desktop.system.tray.handlers.qt import QtTray
from desktop.system.tray.models import Tray

NO_SCREEN = "There is no screen, so there is no tray."
GNOME = (
    "GNOME shows no tray by itself. Install its extension AppIndicator "
    "(Debian: apt install gnome-shell-extension-appindicator) and turn it on."
)
PLAIN = "This desktop shows no tray now. Add one to its panel (plain window managers: trayer)."


def choose(platform: Platform) -> Tray:
    """Give the tray of a machine; whether it is there at this moment is the tray's to say."""
    if platform.session == "none":
        return NoTray(NO_SCREEN)
    return QtTray(GNOME if "gnome" in platform.desktops else PLAIN)
