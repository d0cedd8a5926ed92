"""Long straight lines at which a picture may begin or end inside a bigger one.

Just outside of a side of a picture on a screen lies something that somebody drew, which hardly changes
from pixel to pixel: a page, a bar, a border, or a blurred enlargement of the picture itself.  Just inside
begins another colour, and it changes along the side.  Every place between two pixels is asked for these
three things, in each of the four directions; running sums then answer for any part of any line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index_tools.opencv import cv2

Rgb = NDArray[np.uint8]
#: The colours of a picture one by one: OpenCV compares such planes several times as fast as it parts them.
Colours = Sequence[NDArray[Any]]
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
        """Shares 0..1 of the parts `[starts, ends)` of some of `lines`: quiet outside, a step from quiet
        outside to inside, change along the inside.  Places of any shapes that broadcast; at the edge of the
        picture the first two are 1.
        """
        length = np.maximum(ends - starts, 1)
        number = np.searchsorted(self.lines, lines)

        def share(found: NDArray[np.int32]) -> Shares:
            shares: Shares = ((found[ends, number] - found[starts, number]) / length).astype(np.float32)
            return shares

        edge = lines == 0
        quiet, step = np.where(edge, np.float32(1), share(self._quiet)), share(self._step)
        return quiet, np.where(edge, np.float32(1), step), share(self._change)


def side_lines(rgb: Rgb, count: int) -> SideLines:
    """What speaks for left sides in uint8 (h, w, 3), at least 8 by 8, and the `count` likeliest lines."""
    height, width = rgb.shape[:2]
    colours = cv2.split(rgb)
    down = _far([one[1:] for one in colours], [one[:-1] for one in colours]) <= _QUIET
    along = np.ones((height, width), bool)
    along[:-1] &= down
    along[1:] &= down
    across = _far([one[:, 1:] for one in colours], [one[:, :-1] for one in colours]) <= _QUIET
    # the pixel beside the line may be a mixture of both sides; the two before it are asked
    quiet = np.zeros((height, width), bool)
    quiet[:, 3:] = along[:, 1:-2] & along[:, :-3] & across[:, :-2]
    step = np.zeros((height, width), bool)
    step[:, 2:] = _far([one[:, 2:] for one in colours], [one[:, :-2] for one in colours]) > _STEP
    step &= quiet
    pieces = cv2.reduce(step.view(np.uint8), 0, cv2.REDUCE_SUM, dtype=cv2.CV_32S)[0]
    lines = _likeliest(pieces, height, count)
    return SideLines(
        lines, _running(quiet[:, lines]), _running(step[:, lines]), _running(_changes(rgb, lines))
    )


def _changes(rgb: Rgb, lines: Places) -> NDArray[np.bool_]:
    """Where colours change along the inside of lines, bool (h, lines): likewise in the second pixel."""
    height, width = rgb.shape[:2]
    change = np.zeros((height, len(lines)), bool)
    inside = np.ascontiguousarray(rgb[:, np.minimum(lines + 1, width - 1)])
    half = _ALONG // 2
    change[half:-half] = (far(inside[_ALONG:], inside[:-_ALONG]) > _CHANGE) & (lines + 1 < width)
    return change


def _running(found: NDArray[np.bool_]) -> NDArray[np.int32]:
    """How many were found above each place of some lines, bool (h, lines): int32 (h + 1, lines)."""
    return np.concatenate([np.zeros((1, found.shape[1]), np.int32), found.cumsum(axis=0, dtype=np.int32)])


def far(one: Rgb, other: Rgb) -> Rgb:
    """The greatest difference of any colour between pictures of one size, uint8 (h, w)."""
    return _far(cv2.split(one), cv2.split(other))


def _far(one: Colours, other: Colours) -> Rgb:
    """The same for the colours of the pictures one by one."""
    red, green, blue = map(cv2.absdiff, one, other)
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
