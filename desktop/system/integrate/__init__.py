"""“Find this scene” in the menus of desktops and file managers, and scenelens: links.  Knows no Qt."""

from desktop.system.integrate.choose import choose
from desktop.system.integrate.models import Entry, Place

__all__ = ["Entry", "Place", "choose"]
