"""Long straight lines at which a picture may begin or end inside a bigger one.

Just outside of a side of a picture on a screen lies something that somebody drew, which hardly changes
from pixel to pixel: a page, a bar, a border, or a blurred enlargement of the picture itself.  Just inside
begins another colour, and it changes along the side.  Every place between two pixels is asked for these
three things, in each of the four directions; running sums then answer for any part of any line.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index_tools.opencv import cv2

Rgb = NDArray[np.uint8]
Places = NDArray[np.int64]
Shares = NDArray[np.float32]

# Neighbouring pixels that differ by no more than this (levels, in any colour) are quiet.
_QUIET = 6
# Colours that differ by more than this are a step from outside to inside.
_STEP = 10
# So many pixels apart, along a side, colours are compared; more than so many levels are a change.
_ALONG, _CHANGE = 4, 8
# A line needs pieces on this share of its length to be looked at.
_LEAST_PIECES = 0.06
# Next to a line no other is looked at, in pixels.
_APART = 2


@dataclass(frozen=True, eq=False, slots=True)
class SideLines:
    """What speaks for sides at the left of a picture, the outside being further left.

    Place b of a line is between the pixels b - 1 and b.  `lines` are the places worth a look, int64,
    ascending, the picture's own edge (0) first.
    """

    lines: Places
    _quiet: NDArray[np.int32]
    _step: NDArray[np.int32]
    _change: NDArray[np.int32]

    def shares(self, lines: Places, starts: Places, ends: Places) -> tuple[Shares, Shares, Shares]:
        """Shares 0..1 of the parts `[starts, ends)` of lines: quiet outside, a step from quiet outside to
        inside, change along the inside.  Places of any shapes that broadcast; at the edge of the picture
        the first two are 1.
        """
        length = np.maximum(ends - starts, 1)
        after = lines + 1

        def share(found: NDArray[np.int32]) -> Shares:
            inside = found[ends, after] - found[starts, after] - found[ends, lines] + found[starts, lines]
            shares: Shares = (inside / length).astype(np.float32)
            return shares

        edge = lines == 0
        quiet, step = np.where(edge, np.float32(1), share(self._quiet)), share(self._step)
        return quiet, np.where(edge, np.float32(1), step), share(self._change)


def side_lines(rgb: Rgb, count: int) -> SideLines:
    """What speaks for left sides in uint8 (h, w, 3), at least 8 by 8, and the `count` likeliest lines."""
    height, width = rgb.shape[:2]
    down = far(rgb[1:], rgb[:-1]) <= _QUIET
    along = np.ones((height, width), bool)
    along[:-1] &= down
    along[1:] &= down
    across = far(rgb[:, 1:], rgb[:, :-1]) <= _QUIET
    # the pixel beside the line may be a mixture of both sides; the two before it are asked
    quiet = np.zeros((height, width), bool)
    quiet[:, 3:] = along[:, 1:-2] & along[:, :-3] & across[:, :-2]
    step = np.zeros((height, width), bool)
    step[:, 2:] = far(rgb[:, 2:], rgb[:, :-2]) > _STEP
    step &= quiet
    change = np.zeros((height, width), bool)
    half = _ALONG // 2
    # likewise inside: the second pixel
    change[half:-half, :-1] = (far(rgb[_ALONG:], rgb[:-_ALONG]) > _CHANGE)[:, 1:]
    steps = sums(step)
    pieces = np.diff(steps[-1])[:width]
    return SideLines(_likeliest(pieces, height, count), sums(quiet), steps, sums(change))


def far(one: Rgb, other: Rgb) -> Rgb:
    """The greatest difference of any colour between pictures of one size, uint8 (h, w)."""
    red, green, blue = cv2.split(cv2.absdiff(one, other))
    return np.asarray(cv2.max(cv2.max(red, green), blue), np.uint8)


def sums(found: NDArray[np.bool_]) -> NDArray[np.int32]:
    """How many were found above and to the left of each corner, int32 (h + 1, w + 1)."""
    return np.asarray(cv2.integral(found.view(np.uint8)), np.int32)


def _likeliest(pieces: NDArray[Any], length: int, count: int) -> Places:
    left = pieces.copy()
    found = [0]
    for _ in range(count):
        line = int(left.argmax())
        if left[line] <= length * _LEAST_PIECES:
            break
        found.append(line)
        left[max(0, line - _APART) : line + _APART + 1] = 0
    return np.array(sorted(found), np.int64)


def sharpened(strip: Rgb) -> int | None:
    """Where in a strip, uint8 (places, samples, 3) from outside inward, the inside begins.

    The first place at which half as many samples as at any differ from the outermost place; None where
    hardly any do.
    """
    away = far(strip, np.repeat(strip[:1], len(strip), axis=0)) > _STEP
    shares = away.mean(axis=1)
    return int(np.argmax(shares >= shares.max() / 2)) if shares.max() >= 0.1 else None
