"""macOS asks its user before a program may see the screen.

Without the permission a grab shows the wallpaper and our own windows, and no error.  CoreGraphics tells and
asks; the permission counts from the program's next start.
"""

from __future__ import annotations

import ctypes
from typing import Protocol

from desktop.system.errors import CaptureDeniedError

FRAMEWORK = "/System/Library/Frameworks/CoreGraphics.framework/CoreGraphics"


class CoreGraphics(Protocol):
    """The two calls of CoreGraphics (macOS 10.15 and later)."""

    def CGPreflightScreenCaptureAccess(self) -> bool:  # noqa: N802
        """Whether the permission is there; asks nobody."""

    def CGRequestScreenCaptureAccess(self) -> bool:  # noqa: N802
        """Show the system's dialog, once; whether the permission is there."""


def load_core_graphics() -> CoreGraphics:
    """Load the framework and declare the calls.  Raises OSError or AttributeError where they are missing."""
    library = ctypes.CDLL(FRAMEWORK)
    for name in ("CGPreflightScreenCaptureAccess", "CGRequestScreenCaptureAccess"):
        call = getattr(library, name)
        call.restype, call.argtypes = ctypes.c_bool, []
    return library


def require_permission(core_graphics: CoreGraphics) -> None:
    """Return if the screen may be seen; otherwise have macOS ask.  Raises CaptureDeniedError."""
    if core_graphics.CGPreflightScreenCaptureAccess() or core_graphics.CGRequestScreenCaptureAccess():
        return
    raise CaptureDeniedError(
        "macOS does not yet let SceneLens see the screen; nothing was captured. Allow it in System Settings, "
        "Privacy & Security, Screen Recording, then start SceneLens again."
    )
