"""Hearing of what is copied.  May import Qt and `desktop.system.platform`."""

from desktop.system.clipboard.choose import choose
from desktop.system.clipboard.models import Watch

__all__ = ["Watch", "choose"]
