"""Where the screens lie in one picture of the whole desktop, as portals and Spectacle give it.  No Qt.

Two ways to compose such a picture are in use.  X servers give the root window: every screen in its own
native pixels, at its native origin.  Wayland compositors paint the logical desktop at one scale, the
greatest of any screen, so that a screen of a smaller ratio is blown up.  Which it was is told by the size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from desktop.system.capture.geometry import Rect, Screen, rounded

#: A compositor may round each edge; more than so many pixels is another picture than that of the desktop.
_SLACK = 2

#: Nobody shrinks the desktop by more.
_LEAST_SCALE = 0.5


@dataclass(frozen=True, slots=True)
class Part:
    """What of the picture is one screen, and how many of its pixels make a logical one there."""

    pixels: Rect
    ratio: float


def split(size: tuple[int, int], screens: Sequence[Screen]) -> tuple[Part, ...] | None:
    """The part of each screen in a picture of `size`; None where it cannot be one of these screens."""
    return _native(size, screens) or _scaled(size, screens)


def _native(size: tuple[int, int], screens: Sequence[Screen]) -> tuple[Part, ...] | None:
    """Origins are native, as on X11."""
    left, top = min(screen.left for screen in screens), min(screen.top for screen in screens)
    parts = []
    for screen in screens:
        across, down = screen.left - left, screen.top - top
        wide, high = screen.native_size
        parts.append(Part(Rect(across, down, across + wide, down + high), screen.ratio))
    if not _spans(size, parts):
        return None
    return _cut(size, parts)


def _scaled(size: tuple[int, int], screens: Sequence[Screen]) -> tuple[Part, ...] | None:
    """The logical desktop at one scale."""
    left, top = min(screen.left for screen in screens), min(screen.top for screen in screens)
    width = max(screen.logical.right for screen in screens) - left
    height = max(screen.logical.bottom for screen in screens) - top
    scale = size[0] / width
    parts = []
    for screen in screens:
        area = screen.logical.shifted(-left, -top)
        edges = (rounded(edge * scale) for edge in (area.left, area.top, area.right, area.bottom))
        parts.append(Part(Rect(*edges), scale))
    if scale < _LEAST_SCALE or abs(size[1] - height * scale) > max(_SLACK, scale):
        return None
    return _cut(size, parts)


def _spans(size: tuple[int, int], parts: Sequence[Part]) -> bool:
    """Whether the parts reach to the picture's right and lower edge."""
    right = max(part.pixels.right for part in parts)
    bottom = max(part.pixels.bottom for part in parts)
    return abs(size[0] - right) <= _SLACK and abs(size[1] - bottom) <= _SLACK


def _cut(size: tuple[int, int], parts: Sequence[Part]) -> tuple[Part, ...] | None:
    whole = Rect(0, 0, *size)
    cut = tuple(Part(part.pixels.cut_to(whole), part.ratio) for part in parts)
    return None if any(part.pixels.is_empty for part in cut) else cut
