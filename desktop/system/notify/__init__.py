"""A word to the user while no window of ours is in sight.  May import Qt, `platform`, `tray`."""

from desktop.system.notify.choose import choose
from desktop.system.notify.models import Notifier

__all__ = ["Notifier", "choose"]
