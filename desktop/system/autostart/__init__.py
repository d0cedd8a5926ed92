"""Starting with the desktop, only if the user says so.  Knows no Qt."""

from desktop.system.autostart.choose import choose
from desktop.system.autostart.models import Autostart

__all__ = ["Autostart", "choose"]
