"""Which way of notifying fits a machine."""

from __future__ import annotations

from desktop.system.notify.handlers.none import NoNotifier
from desktop.system.notify.handlers.tray import TrayNotifier
from desktop.system.notify.models import Notifier
from desktop.system.platform import Platform
from desktop.system.tray import Tray


def choose(platform: Platform, tray: Tray) -> Notifier:
    """Give the notifier of a machine; without a screen there is nobody to tell."""
    return NoNotifier() if platform.session == "none" else TrayNotifier(tray)
