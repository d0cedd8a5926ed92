"""The film's picture inside a bigger one: a page of a browser, a player's window, a framed screenshot.

The picture is halved until its longer side is at most `_LONGEST` pixels, and smoothed against noise.  The
likeliest lines of each direction (`side_lines`) and the edges of the picture are put together to
rectangles.  A rectangle is judged by its sides: quiet outside, a step to the inside, change along the
inside, which parts a film from the panels of a page; by its area; and by rows and columns across it that
are of a colour outside, which part a film from a film with a line of text above it.  The best ones are
found again in full resolution.

Nothing is learned and nothing random: the same pixels give the same answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index_tools.borders import Box
from index_tools.opencv import cv2
from index_tools.side_lines import Places, Rgb, Shares, far, sharpened, side_lines, sums

#: At most so many rectangles are proposed.
MOST = 2

# Longer side of the picture that is looked at, in pixels; 320 to 640 for all that is larger.
_LONGEST = 640
# With a shorter side below this there is no page around a film, in pixels.
_SHORTEST_SIDE = 64
# Lines of each direction; around a point many fewer rectangles are left.
_LINES, _LINES_AT_POINT = 12, 24
# Width by height of a film's picture.
_ASPECTS = (1.15, 2.6)
# Sides of a rectangle, and its area, as shares of the picture's.
_LEAST_SIDE, _LEAST_SIDE_AT_POINT, _MOST_AREA = 0.2, 0.08, 0.97
# What the worst side and all sides on average must show of a quiet outside and of a step.
_QUIET_WORST, _QUIET_MEAN, _STEP_WORST, _STEP_MEAN = 0.5, 0.7, 0.25, 0.6
# With two sides alone, lines of large letters look alike.
_QUIET_MEAN_OF_TWO = 0.8
# Change along the inside: the second-best side needs so much; more than the other is no better.
_CHANGE_LEAST, _CHANGE_ENOUGH = 0.1, 0.2
# Worth of a rectangle with two, three and four sides inside the picture.
_WORTH = np.array([0, 0, 0.7, 0.9, 1], np.float32)
# So many of the best are asked for rows and columns of a colour outside.
_LOOKED_AT = 10
# Colours are the same up to so many levels; along a row or column they wander by less, pixel to pixel.
_SAME_COLOUR, _STILL = 8, 6
# Rectangles that share this much (intersection over union) are one.
_SAME_BOX = 0.8


@dataclass(frozen=True, eq=False, slots=True)
class _Rectangles:
    """Rectangles on the small picture, int64 (n, 4), left, top, right, bottom, and a score each."""

    boxes: Places
    scores: Shares


def find_inner_pictures(rgb: Rgb) -> tuple[Box, ...]:
    """Where in pixels uint8 (h, w, 3) the picture of a film lies inside something else, best first.

    At most `MOST` rectangles; as a rule none in a frame without anything around it.
    """
    return _found(rgb, None)


def find_inner_picture_at(rgb: Rgb, x: int, y: int) -> Box | None:
    """The best rectangle around a point, smaller ones too; None where there is none."""
    height, width = rgb.shape[:2]
    if not (0 <= x < width and 0 <= y < height):
        return None
    return next(iter(_found(rgb, (x, y))), None)


def overlap(one: Box, other: Box) -> float:
    """Intersection over union of two boxes, 0..1."""
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    if wide <= 0 or high <= 0:
        return 0.0
    both = sum((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return wide * high / (both - wide * high)


def _found(rgb: Rgb, point: tuple[int, int] | None) -> tuple[Box, ...]:
    if min(rgb.shape[:2]) < _SHORTEST_SIDE:
        return ()
    small, factor = _halved(rgb)
    if min(small.shape[:2]) < _SHORTEST_SIDE // 2:
        return ()
    small = np.asarray(cv2.medianBlur(small, 3), np.uint8)
    at = None if point is None else (point[0] // factor, point[1] // factor)
    best: list[Box] = []
    for box in _ranked(small, _rectangles(small, at)):
        if all(overlap(box, other) < _SAME_BOX for other in best):
            best.append(box)
            if len(best) == MOST:
                break
    return tuple(_sharpened(rgb, box, factor, small.shape) for box in best)


def _halved(rgb: Rgb) -> tuple[Rgb, int]:
    """The picture halved as often as needed, and what one of its pixels measures in the whole."""
    factor = 1
    while max(rgb.shape[:2]) > _LONGEST:
        height, width = rgb.shape[0] // 2, rgb.shape[1] // 2
        if not (height and width):
            break
        halved = cv2.resize(rgb[: 2 * height, : 2 * width], (width, height), interpolation=cv2.INTER_AREA)
        rgb, factor = np.asarray(halved, np.uint8), factor * 2
    return rgb, factor


def _rectangles(small: Rgb, at: tuple[int, int] | None) -> _Rectangles:
    """All rectangles of the likeliest lines that may be a film, around a point where there is one."""
    height, width = small.shape[:2]
    count = _LINES if at is None else _LINES_AT_POINT
    # one direction is worked out; the others are turned into it
    turned = np.asarray(cv2.transpose(small), np.uint8)
    left, right = side_lines(small, count), side_lines(_mirrored(small), count)
    top, bottom = side_lines(turned, count), side_lines(_mirrored(turned), count)
    lefts, rights, tops, bottoms = left.lines, right.lines, top.lines, bottom.lines
    if at is not None:
        x, y = at
        lefts, rights = lefts[lefts <= x], rights[width - rights > x]
        tops, bottoms = tops[tops <= y], bottoms[height - bottoms > y]
    le, ri = lefts[:, None, None, None], rights[None, :, None, None]
    to, bo = tops[None, None, :, None], bottoms[None, None, None, :]
    wide, high = width - ri - le, height - bo - to
    least = _LEAST_SIDE if at is None else _LEAST_SIDE_AT_POINT
    fits = (wide >= least * width) & (high >= least * height) & (wide * high <= _MOST_AREA * width * height)
    fits &= (wide >= _ASPECTS[0] * high) & (wide <= _ASPECTS[1] * high)
    # for a side three lines matter: itself, and where it begins and ends
    shares = (
        left.shares(le, np.minimum(to, height - bo), height - bo),
        right.shares(ri, np.minimum(to, height - bo), height - bo),
        top.shares(to, np.minimum(le, width - ri), width - ri),
        bottom.shares(bo, np.minimum(le, width - ri), width - ri),
    )
    chosen = np.nonzero(fits)
    quiet, step, change = (
        np.stack([np.broadcast_to(one[kind], fits.shape)[chosen] for one in shares]) for kind in range(3)
    )
    inset = np.stack([lefts[chosen[0]], tops[chosen[2]], rights[chosen[1]], bottoms[chosen[3]]], axis=1)
    boxes = np.where([False, False, True, True], np.array([0, 0, width, height]) - inset, inset)
    area = wide * high / (width * height)
    scores = _scores(quiet, step, change, inset.T[[0, 2, 1, 3]] > 0)
    scores *= np.sqrt(np.broadcast_to(area, fits.shape)[chosen]).astype(np.float32)
    return _Rectangles(boxes[scores > 0], scores[scores > 0])


def _mirrored(rgb: Rgb) -> Rgb:
    return np.asarray(cv2.flip(rgb, 1), np.uint8)


def _scores(quiet: Shares, step: Shares, change: Shares, inside: NDArray[np.bool_]) -> Shares:
    """How well sides, each float32 (4, n) in the order left, right, top, bottom, speak for a film; 0: not.

    `inside` says which sides do not lie at the edge of the picture.
    """
    sides = inside.sum(axis=0)
    within = np.maximum(sides, 1)
    step_mean = np.where(inside, step, 0).sum(axis=0) / within
    quiet_mean = np.where(inside, quiet, 0).sum(axis=0) / within
    # a film reaches the edge of the picture with both sides, or stands free
    good = (inside[0] & inside[1]) | (inside[2] & inside[3])
    good &= (quiet.min(axis=0) >= _QUIET_WORST) & (quiet_mean >= _QUIET_MEAN)
    good &= (quiet_mean >= _QUIET_MEAN_OF_TWO) | (sides > 2)
    good &= (step.min(axis=0) >= _STEP_WORST) & (step_mean >= _STEP_MEAN)
    good &= np.partition(change, 2, axis=0)[2] >= _CHANGE_LEAST
    lively = 0.04 + np.minimum(change, _CHANGE_ENOUGH).mean(axis=0)
    straight = step.mean(axis=0) ** 2 * np.sqrt(step.min(axis=0) * quiet.min(axis=0))
    scores: Shares = np.where(good, straight * lively * _WORTH[sides], 0).astype(np.float32)
    return scores


def _ranked(small: Rgb, found: _Rectangles) -> list[Box]:
    """The best rectangles, best first, those with rows or columns of a colour outside put back."""
    if not len(found.boxes):
        return []
    across = np.diff(sums(far(small[:, 1:], small[:, :-1]) <= _STILL), axis=0)
    down = np.diff(sums(far(small[1:], small[:-1]) <= _STILL), axis=1)
    order = np.argsort(-found.scores, kind="stable")[:_LOOKED_AT]
    ranked: list[tuple[float, Box]] = []
    for number in order:
        left, top, right, bottom = (int(value) for value in found.boxes[number])
        outside = _outside(small, (left, top, right, bottom))
        x, y = (left + right) // 2, (top + bottom) // 2
        rows, columns = slice(top + 2, bottom - 2), slice(left + 2, right - 2)
        still_rows = across[rows, right - 3] - across[rows, left + 2] >= 0.95 * (right - left - 5)
        still_columns = down[bottom - 3, columns] - down[top + 2, columns] >= 0.95 * (bottom - top - 5)
        empty_rows = _alike(small[rows, x][still_rows], outside).sum() / (bottom - top)
        empty_columns = _alike(small[y, columns][still_columns], outside).sum() / (right - left)
        score = found.scores[number] * (1 - 8 * empty_rows) * (1 - 8 * empty_columns)
        if empty_rows < 0.125 and empty_columns < 0.125:
            ranked.append((float(score), (left, top, right, bottom)))
    return [box for _, box in sorted(ranked, key=lambda pair: -pair[0])]


def _outside(small: Rgb, box: Box) -> NDArray[np.int16]:
    """The colours beside a box, int16 (n, 3): one for each side that is not the picture's edge."""
    left, top, right, bottom = box
    height, width = small.shape[:2]
    lines: list[NDArray[Any]] = []
    if left:
        lines.append(small[top:bottom, max(0, left - 3)])
    if right < width:
        lines.append(small[top:bottom, min(width - 1, right + 2)])
    if top:
        lines.append(small[max(0, top - 3), left:right])
    if bottom < height:
        lines.append(small[min(height - 1, bottom + 2), left:right])
    middles = [np.sort(line[:: max(1, len(line) // 16)], axis=0) for line in lines]
    return np.array([line[len(line) // 2] for line in middles], np.int16)


def _alike(colours: Rgb, outside: NDArray[np.int16]) -> NDArray[np.bool_]:
    alike = np.zeros(len(colours), bool)
    for colour in outside:
        apart = np.abs(colours - colour)
        alike |= (apart[:, 0] <= _SAME_COLOUR) & (apart[:, 1] <= _SAME_COLOUR) & (apart[:, 2] <= _SAME_COLOUR)
    return alike


def _sharpened(rgb: Rgb, box: Box, factor: int, small: tuple[int, ...]) -> Box:
    """The box of the small picture in the pixels of the whole, each side moved to where it is seen."""
    height, width = rgb.shape[:2]
    left, top = box[0] * factor, box[1] * factor
    right = width if box[2] == small[1] else box[2] * factor
    bottom = height if box[3] == small[0] else box[3] * factor
    reach = 2 * factor + 1
    rows, columns = _samples(top, bottom), _samples(left, right)
    if left:
        first = max(0, left - reach)
        left = first + (_shift(rgb[rows, first : left + reach].transpose(1, 0, 2), left - first))
    if right < width:
        last = min(width, right + reach)
        right = last - _shift(rgb[rows, right - reach : last][:, ::-1].transpose(1, 0, 2), last - right)
    if top:
        first = max(0, top - reach)
        top = first + _shift(rgb[first : top + reach, columns], top - first)
    if bottom < height:
        last = min(height, bottom + reach)
        bottom = last - _shift(rgb[bottom - reach : last, columns][::-1], last - bottom)
    return left, top, right, bottom


def _samples(start: int, end: int) -> slice:
    """Some 160 places of a side, its ends, which may be rounded, left out."""
    margin = (end - start) // 40
    return slice(start + margin, end - margin, max(1, (end - start) // 160))


def _shift(strip: Rgb, otherwise: int) -> int:
    place = sharpened(strip)
    return otherwise if place is None else place
