"""Arithmetic of screens and selections, without Qt.

Two units.  **Logical**: what Qt calls positions, window geometries and the mouse; a screen has its origin
and size in them.  **Native**: pixels of the picture grabbed of one screen, counted from its own corner; the
truth of a selection is kept in them.  native = round(logical × ratio), edges first and sizes by
difference, so that rectangles that touch in one unit touch in the other.

A virtual desktop is never one picture: with a ratio other than 1 X11 keeps the screens' origins native
and shrinks their sizes, which leaves gaps, and Windows and macOS have origins left of and above 0.
Everything is signed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rect:
    """A half-open rectangle of integers: `left ≤ x < right`, `top ≤ y < bottom`."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        """Columns; never negative."""
        return max(0, self.right - self.left)

    @property
    def height(self) -> int:
        """Rows; never negative."""
        return max(0, self.bottom - self.top)

    @property
    def is_empty(self) -> bool:
        """Whether it holds no pixel."""
        return self.left >= self.right or self.top >= self.bottom

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies in it."""
        return self.left <= x < self.right and self.top <= y < self.bottom

    def shifted(self, across: int, down: int) -> Rect:
        """The same rectangle elsewhere."""
        return Rect(self.left + across, self.top + down, self.right + across, self.bottom + down)

    def cut_to(self, other: Rect) -> Rect:
        """What both have in common; empty where that is nothing."""
        return Rect(
            max(self.left, other.left),
            max(self.top, other.top),
            min(self.right, other.right),
            min(self.bottom, other.bottom),
        )

    def moved_within(self, across: int, down: int, bounds: Rect) -> Rect:
        """Moved, its size kept, stopping at the bounds."""
        across = min(max(across, bounds.left - self.left), bounds.right - self.right)
        down = min(max(down, bounds.top - self.top), bounds.bottom - self.bottom)
        return self.shifted(across, down)

    def sized_within(self, across: int, down: int, bounds: Rect, *, least: int = 1) -> Rect:
        """Its right and bottom edge moved, stopping at the bounds and at a size of `least`."""
        right = min(max(self.right + across, self.left + least), bounds.right)
        bottom = min(max(self.bottom + down, self.top + least), bounds.bottom)
        return Rect(self.left, self.top, right, bottom)

    def opened_within(self, across: int, down: int, bounds: Rect, *, least: int = 1) -> Rect:
        """Its left and top edge moved, stopping at the bounds and at a size of `least`."""
        left = max(min(self.left + across, self.right - least), bounds.left)
        top = max(min(self.top + down, self.bottom - least), bounds.top)
        return Rect(left, top, self.right, self.bottom)


@dataclass(frozen=True, slots=True)
class Screen:
    """One screen as Qt describes it: origin and size logical, ratio native pixels per logical one."""

    name: str
    left: int
    top: int
    width: int
    height: int
    ratio: float = 1.0

    @property
    def logical(self) -> Rect:
        """Where it lies on the desktop, logical."""
        return Rect(self.left, self.top, self.left + self.width, self.top + self.height)

    @property
    def native_size(self) -> tuple[int, int]:
        """Width and height of a grab of it, as far as the logical size tells; the grab has the last word."""
        return rounded(self.width * self.ratio), rounded(self.height * self.ratio)


def rounded(value: float) -> int:
    """Round half up, the same on both sides of 0; Python's own rounding goes to even numbers."""
    return math.floor(value + 0.5)


def pixel_at(x: float, y: float, ratio: float, size: tuple[int, int]) -> tuple[int, int]:
    """The native pixel under a logical place within a screen, brought into a grab of `size`."""
    slack = 0.01  # 101 / 1.5 × 1.5 is 100.99999999999999
    across, down = math.floor(x * ratio + slack), math.floor(y * ratio + slack)
    return min(max(across, 0), size[0] - 1), min(max(down, 0), size[1] - 1)


def between(one: tuple[int, int], other: tuple[int, int]) -> Rect:
    """The least rectangle that holds two native pixels; one pixel where they are the same.

    A mouse is on pixels, not between them: so the last row and column of a screen can be reached.
    """
    left, right = sorted((one[0], other[0]))
    top, bottom = sorted((one[1], other[1]))
    return Rect(left, top, right + 1, bottom + 1)


def to_native(part: Rect, ratio: float) -> Rect:
    """A logical rectangle within a screen as native pixels of it."""
    edges = (part.left, part.top, part.right, part.bottom)
    return Rect(*(rounded(edge * ratio) for edge in edges))


def to_local(part: Rect, ratio: float) -> tuple[float, float, float, float]:
    """Native pixels of a screen as exact logical x, y, width, height within it, for painting."""
    return part.left / ratio, part.top / ratio, part.width / ratio, part.height / ratio


def to_desktop(part: Rect, screen: Screen) -> Rect:
    """The least logical rectangle of the desktop that holds native pixels of a screen."""
    slack = 1e-6  # 853.9999999 is 854
    return Rect(
        screen.left + math.floor(part.left / screen.ratio + slack),
        screen.top + math.floor(part.top / screen.ratio + slack),
        screen.left + math.ceil(part.right / screen.ratio - slack),
        screen.top + math.ceil(part.bottom / screen.ratio - slack),
    )


def screen_at(x: float, y: float, screens: Sequence[Screen]) -> int:
    """The index of the screen that holds a logical place; of the nearest where none does."""
    return min(range(len(screens)), key=lambda index: _distance(x, y, screens[index].logical))


def _distance(x: float, y: float, area: Rect) -> float:
    """The distance of a place from the nearest pixel of an area; 0 within."""
    across = max(area.left - x, 0.0, x - (area.right - 1))
    down = max(area.top - y, 0.0, y - (area.bottom - 1))
    return 0.0 if area.holds(x, y) else max(math.hypot(across, down), 1e-9)
