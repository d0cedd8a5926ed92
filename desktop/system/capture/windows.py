"""Where the windows of other programs are, for "this window": one small listing a system."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from desktop.system.capture.geometry import Rect, Screen
from desktop.system.platform import Platform

#: Lists the visible windows, topmost first, in native pixels of the desktop, without those of these ids.
Lister = Callable[[frozenset[int]], tuple[Rect, ...]]


def choose_lister(platform: Platform) -> Lister | None:
    """The listing of a platform; None on Wayland, which tells nobody, and macOS, where none is written."""
    if platform.session == "x11":
        from desktop.system.capture.handlers.x11_windows import list_windows

        return list_windows
    if platform.system == "windows" and platform.session == "native":
        from desktop.system.capture.handlers.windows_windows import list_windows as list_of_windows

        return list_of_windows
    return None


def window_at(
    pixel: tuple[int, int], screen: Screen, windows: Sequence[Rect], size: tuple[int, int]
) -> Rect | None:
    """The topmost window at a native pixel of a screen, in pixels of that screen and cut to it.

    Where windows are listed the origins of screens are native too.
    """
    bounds = Rect(0, 0, *size)
    for window in windows:
        local = window.shifted(-screen.left, -screen.top)
        if local.holds(*pixel):
            return local.cut_to(bounds)
    return None
