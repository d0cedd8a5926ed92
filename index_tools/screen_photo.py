"""A screen in a photograph: its four corners, and its picture made straight.

The frame around a screen is the darkest thing near it, and the picture shines.  At each of a few levels of
brightness the lit regions are outlined; one whose convex hull is nearly a quadrilateral of a screen's
proportions, with a dark rim along all four sides, is taken for the screen.  The mapping of the corners to
a rectangle is a homography (Hartley and Zisserman, Multiple View Geometry, chapter 2).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from index_tools.opencv import cv2

Rgb = NDArray[np.uint8]
Corners = NDArray[np.float32]

# Longer side of the picture that is looked at: a rim of 2 % is still some pixels wide.
_LONGEST, _SHORTEST_SIDE = 600, 64
# Levels that part a dark rim from a lit picture, of the brightest colour of a pixel.
_LEVELS = (28, 36, 46, 58, 72, 90)
# The screen's share of the photograph, and how much of its hull a region and a quadrilateral must fill.
_LEAST_AREA, _LEAST_FILL, _HULL = 0.15, 0.6, (0.96, 1.05)
# Proportions, how much opposite sides may differ, and how far sides may lean.
_ASPECTS, _UNLIKE_SIDES, _LEAN = (1.15, 2.6), 1.5, 0.3
# A quadrilateral that fills this share of its upright box needs no straightening.
_STRAIGHT = 0.975
# Shares of a side that are dark outside of it, and lit inside on the darkest and on most sides.
_DARK, _LIT_LEAST, _LIT = 0.75, 0.3, 0.5
# Along the rim brightness spreads by no more than this, in levels.
_RIM_SPREAD = 20
# Longer side of the straightened picture at most, in pixels.
_STRAIGHTENED = 640


def find_photographed_screen(rgb: Rgb) -> Corners | None:
    """Corners of a screen in a photograph, uint8 (h, w, 3): float32 (4, 2), x and y, clockwise from the
    upper left.

    None where there is none, and where it lies upright already.
    """
    small = rgb
    while max(small.shape[:2]) >= 2 * _LONGEST:
        high, wide = small.shape[0] // 2, small.shape[1] // 2
        if min(high, wide) < _SHORTEST_SIDE:
            return None
        halved = cv2.resize(small[: 2 * high, : 2 * wide], (wide, high), interpolation=cv2.INTER_AREA)
        small = np.asarray(halved, np.uint8)
    scale = min(1.0, _LONGEST / max(small.shape[:2]))
    size = round(small.shape[1] * scale), round(small.shape[0] * scale)
    if min(size) < _SHORTEST_SIDE:
        return None
    if scale < 1:
        small = np.asarray(cv2.resize(small, size, interpolation=cv2.INTER_LINEAR), np.uint8)
    red, green, blue = cv2.split(cv2.GaussianBlur(small, (5, 5), 0))
    bright = np.asarray(cv2.max(cv2.max(red, green), blue), np.uint8)
    best: tuple[float, Corners] | None = None
    for level in _LEVELS:
        for corners, fill in _quadrilaterals(bright, level):
            worth = _area(corners) * fill
            if (best is None or worth > best[0]) and _has_rim(bright, corners, level):
                best = worth, corners
    if best is None or _upright(best[1]):
        return None
    grown = np.array([rgb.shape[1] / size[0], rgb.shape[0] / size[1]], np.float32)
    found: Corners = (best[1] + np.float32(0.5)) * grown - np.float32(0.5)
    return found


def straightened(rgb: Rgb, corners: Corners) -> Rgb:
    """What lies between four corners as a rectangle, uint8 (h, w, 3), its longer side at most 640 pixels."""
    top, right, bottom, left = _lengths(corners)
    wide, high = max(top, bottom), max(left, right)
    scale = min(1.0, _STRAIGHTENED / max(wide, high))
    size = max(8, round(wide * scale)), max(8, round(high * scale))
    target = np.array([[0, 0], [size[0], 0], [size[0], size[1]], [0, size[1]]], np.float32)
    mapping = cv2.getPerspectiveTransform(corners, target)
    return np.asarray(cv2.warpPerspective(rgb, mapping, size, flags=cv2.INTER_LINEAR), np.uint8)


def _quadrilaterals(bright: NDArray[np.uint8], level: int) -> list[tuple[Corners, float]]:
    """The lit regions that look like a screen, and how much of its outline each fills."""
    height, width = bright.shape
    lit = (bright > level).view(np.uint8)
    found: list[tuple[Corners, float]] = []
    for outline in cv2.findContours(lit, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)[0]:
        x, y, wide, high = cv2.boundingRect(outline)
        if wide * high < _LEAST_AREA * width * height:
            continue
        if x <= 1 or y <= 1 or x + wide >= width - 1 or y + high >= height - 1:
            continue
        hull = cv2.convexHull(outline)
        area = cv2.contourArea(hull)
        fill = cv2.contourArea(outline) / max(area, 1.0)
        if area < _LEAST_AREA * width * height or fill < _LEAST_FILL:
            continue
        corners = _four_corners(np.asarray(hull, np.float32))
        if corners is None or not _HULL[0] < area / max(_area(corners), 1.0) < _HULL[1]:
            continue
        if _screen_like(corners):
            found.append((corners, fill))
    return found


def _four_corners(hull: NDArray[np.float32]) -> Corners | None:
    """The hull with all but four corners smoothed away, clockwise from the upper left."""
    around = cv2.arcLength(hull, True)
    for tolerance in (0.01, 0.02, 0.035):
        few = np.asarray(cv2.approxPolyDP(hull, tolerance * around, True), np.float32)[:, 0]
        if len(few) <= 4:
            break
    if len(few) != 4:
        return None
    along, across = few.sum(axis=1), few[:, 0] - few[:, 1]
    order = [int(along.argmin()), int(across.argmax()), int(along.argmax()), int(across.argmin())]
    return few[order] if len(set(order)) == 4 else None


def _screen_like(corners: Corners) -> bool:
    top, right, bottom, left = _lengths(corners)
    if max(top, bottom) > _UNLIKE_SIDES * min(top, bottom) or max(left, right) > _UNLIKE_SIDES * min(
        left, right
    ):
        return False
    leans = (
        abs(corners[1] - corners[0])[1] / top,
        abs(corners[2] - corners[3])[1] / bottom,
        abs(corners[3] - corners[0])[0] / left,
        abs(corners[2] - corners[1])[0] / right,
    )
    return max(leans) <= _LEAN and _ASPECTS[0] <= (top + bottom) / (left + right) <= _ASPECTS[1]


def _has_rim(bright: NDArray[np.uint8], corners: Corners, level: int) -> bool:
    """Whether it is evenly dark just outside of all sides, and lit inside of most."""
    rim, inside = _along(bright, corners, 1.022), _along(bright, corners, 0.97)
    dark, lit = (rim <= level + 6).mean(axis=1), np.sort((inside > level + 8).mean(axis=1))
    low, high = np.percentile(rim, [20, 80], axis=1)
    even = float((high - low).max()) <= _RIM_SPREAD
    return even and bool(dark.min() >= _DARK and lit[0] >= _LIT_LEAST and lit[1] >= _LIT)


def _along(bright: NDArray[np.uint8], corners: Corners, scale: float) -> NDArray[np.int16]:
    """Brightness along the four sides, int16 (4, 60), scaled about the middle."""
    middle = corners.mean(axis=0)
    scaled = middle + (corners - middle) * np.float32(scale)
    share = np.linspace(0.03, 0.97, 60, dtype=np.float32)[None, :, None]
    places = scaled[:, None] * (1 - share) + np.roll(scaled, -1, axis=0)[:, None] * share
    x = np.clip(places[..., 0], 0, bright.shape[1] - 1).astype(np.intp)
    y = np.clip(places[..., 1], 0, bright.shape[0] - 1).astype(np.intp)
    brightness: NDArray[np.int16] = bright[y, x].astype(np.int16)
    return brightness


def _upright(corners: Corners) -> bool:
    wide, high = corners.max(axis=0) - corners.min(axis=0)
    return bool(_area(corners) >= _STRAIGHT * wide * high)


def _area(corners: Corners) -> float:
    return float(cv2.contourArea(corners))


def _lengths(corners: Corners) -> tuple[float, float, float, float]:
    """Top, right, bottom and left side, in pixels, at least 1."""
    sides = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)
    top, right, bottom, left = (max(1.0, float(side)) for side in sides)
    return top, right, bottom, left
