"""What the machine around the program can refuse, each as a sentence for the person at the screen."""

from __future__ import annotations

from index_tools.errors import SceneLensError


class CaptureError(SceneLensError):
    """A picture of the screen that could not be had in one way; another may do."""


class CaptureDeniedError(CaptureError):
    """The user or the desktop said no; no other way is tried behind their back."""


class HotkeyError(SceneLensError):
    """Keys that cannot be bound."""


class PortalError(SceneLensError):
    """A desktop portal that is absent, refuses or fails."""


class PortalDeniedError(PortalError):
    """The user said no in the portal's own dialog, or did once and the desktop remembers."""


class PortalSilentError(PortalError):
    """A portal that did not answer in time."""
