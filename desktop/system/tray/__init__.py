"""An icon in the desktop's tray, where there is one.  May import Qt and `desktop.system.platform`."""

from desktop.system.tray.choose import choose
from desktop.system.tray.models import Tray

__all__ = ["Tray", "choose"]
