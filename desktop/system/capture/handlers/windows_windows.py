"""The windows on Windows: EnumWindows, and the frame that is seen as DWM knows it."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any, Protocol

from desktop.system.capture.geometry import Rect

#: Attributes of `DwmGetWindowAttribute` (dwmapi.h).
DWMWA_EXTENDED_FRAME_BOUNDS, DWMWA_CLOAKED = 9, 14


class Calls(Protocol):
    """The calls of the system, in Python's types."""

    def top_windows(self) -> list[int]:
        """Handles of all top-level windows, topmost first (EnumWindows)."""

    def is_seen(self, window: int) -> bool:
        """Visible, not minimised, not cloaked by another virtual desktop."""

    def bounds(self, window: int) -> tuple[int, int, int, int] | None:
        """Left, top, right, bottom of the frame without its shadow."""


def list_windows(without: frozenset[int], calls: Calls | None = None) -> tuple[Rect, ...]:
    """The visible windows, topmost first, in pixels of the virtual screen."""
    calls = calls or User32()
    areas = []
    for window in calls.top_windows():
        if window in without or not calls.is_seen(window):
            continue
        bounds = calls.bounds(window)
        if bounds is not None and not Rect(*bounds).is_empty:
            areas.append(Rect(*bounds))
    return tuple(areas)


class User32:
    """The calls on a real Windows."""

    def __init__(self) -> None:
        loader: Any = ctypes
        self._user32, self._dwmapi = loader.windll.user32, loader.windll.dwmapi

    def top_windows(self) -> list[int]:
        """See `Calls`."""
        found: list[int] = []

        def note(window: int, _extra: int) -> bool:
            found.append(window)
            return True

        loader: Any = ctypes
        kind: Callable[..., Any] = loader.WINFUNCTYPE(ctypes.c_bool, ctypes.c_void_p, ctypes.c_ssize_t)
        self._user32.EnumWindows(kind(note), 0)
        return found

    def is_seen(self, window: int) -> bool:
        """See `Calls`."""
        handle, cloaked = ctypes.c_void_p(window), ctypes.c_int(0)
        if not self._user32.IsWindowVisible(handle) or self._user32.IsIconic(handle):
            return False
        self._dwmapi.DwmGetWindowAttribute(handle, DWMWA_CLOAKED, ctypes.byref(cloaked), 4)
        return not cloaked.value

    def bounds(self, window: int) -> tuple[int, int, int, int] | None:
        """See `Calls`."""
        edges = (ctypes.c_long * 4)()
        failed = self._dwmapi.DwmGetWindowAttribute(
            ctypes.c_void_p(window), DWMWA_EXTENDED_FRAME_BOUNDS, ctypes.byref(edges), ctypes.sizeof(edges)
        )
        return None if failed else (edges[0], edges[1], edges[2], edges[3])
