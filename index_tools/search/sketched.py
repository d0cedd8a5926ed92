"""The moment of a shot at which a picture was taken that shows all or a part of a frame, by sketches.

The picture is laid over the cells of the sketches where it lies in one frame of the shot, and at places
near by, since the camera may have moved between the two, and held against all sketches at once by
correlation, which does not see brightness, contrast or tint.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index_tools.nouns import Sketches
from index_tools.opencv import cv2
from index_tools.search.alignment import Map
from index_tools.search.features import grey_of

#: The picture is laid on a grid so many times finer than the cells, and moved by these steps of it each
#: way: up to two cells, or roughly by one.
_FINE, MOVES, FEW_MOVES = 4, (-8, -4, -2, 0, 2, 4, 8), (-4, 0, 4)
#: A cell counts when so much of it is covered, and so many must be.
_COVERED, _LEAST = 0.75, 6
#: A sketch with less contrast (standard deviation, levels) under the picture says nothing.
_FLAT = 1.0
#: Another place is taken only where it makes the two so much more alike.
_MOVED = 0.01
#: Moments cannot be told apart by sketches when their correlations differ by no more than this, and this
#: share of what the likeliest lacks to 1: so much of the picture is not the frame's own.
_INDISTINCT, _FOREIGN = 0.005, 0.3
#: Sketches that are nearer in time to a likelier one than this are of the same moment, in seconds.
APART_S = 0.8


@dataclass(frozen=True, eq=False, slots=True)
class Moment:
    """A stretch of a shot, seconds, whose frames look like the picture; how much, -1..1; and the
    picture's place in them, as the map that was given, or beside it.
    """

    from_s: float
    to_s: float
    likeness: float
    matrix: Map

    @property
    def at_s(self) -> float:
        """The middle of it."""
        return (self.from_s + self.to_s) / 2


def likely_moments(
    sketches: Sketches,
    end_s: float,
    picture: NDArray[np.float32],
    aspect: tuple[float, float],
    matrix: Map,
    *,
    count: int = 2,
    moves: Sequence[int] = MOVES,
) -> list[Moment]:
    """The moments of a shot that most look like a picture, the likeliest first, `count` at most, all apart.

    `end_s` is where the shot ends; `picture` is luma, float32 (h, w); `aspect` is the width and height of
    frames in units of their longer side, `matrix` the picture's place in one, in such units, which is tried
    moved by `moves` each way too.  Empty where the picture covers too little.
    """
    values, weights = _laid(picture, aspect, matrix, sketches.luma.shape[1:], moves)
    told = weights.sum(1) >= _LEAST
    here = len(told) // 2
    if not told[here] or not len(sketches.times_s):
        return []
    likeness = _correlations(sketches.luma.reshape(len(sketches.luma), -1), values, weights)
    likeness[:, ~told] = -1
    best = likeness.argmax(1)
    rows = np.arange(len(likeness))
    best = np.where(likeness[rows, best] > likeness[:, here] + _MOVED, best, here)
    alike = likeness[rows, best]
    both = [(x, y) for y in moves for x in moves]
    found: list[Moment] = []
    times_s = np.append(sketches.times_s, max(end_s, float(sketches.times_s[-1])))
    for number in np.argsort(-alike, kind="stable"):
        from_s, to_s = float(times_s[number]), float(times_s[number + 1])
        if any(from_s < other.to_s + APART_S and to_s > other.from_s - APART_S for other in found):
            continue
        move = both[int(best[number])]
        found.append(Moment(from_s, to_s, float(alike[number]), _moved(matrix, move, sketches, aspect)))
        if len(found) == count:
            break
    return found


def same_moments(
    sketches: Sketches, end_s: float, picture: NDArray[np.float32], aspect: tuple[float, float], matrix: Map
) -> tuple[float, float] | None:
    """From the first to the last moment of a shot that looks like the picture in its place as much as any
    does.

    In a shot that stands still, or comes back to the same picture, nothing tells such moments apart.  The
    arguments are those of `likely_moments`; None where the picture covers too little.
    """
    values, weights = _laid(picture, aspect, matrix, sketches.luma.shape[1:], (0,))
    if weights.sum() < _LEAST or not len(sketches.times_s):
        return None
    alike = _correlations(sketches.luma.reshape(len(sketches.luma), -1), values, weights)[:, 0]
    most = float(alike.max())
    first, last = np.flatnonzero(alike >= most - _INDISTINCT - _FOREIGN * (1 - most))[[0, -1]]
    times_s = np.append(sketches.times_s, max(end_s, float(sketches.times_s[-1])))
    return float(times_s[first]), float(times_s[last + 1])


def whole_frame(shape: tuple[int, ...], aspect: tuple[float, float]) -> Map:
    """The place in frames of that width and height (longer side 1) of a picture of `shape`, rows and columns,
    that shows all of a frame.
    """
    rows, columns = shape
    return np.diag([aspect[0] * max(shape) / columns, aspect[1] * max(shape) / rows, 1.0])


def sketched_distances(
    sketches: Sketches, times_s: NDArray[np.float64], rgb: NDArray[np.uint8]
) -> NDArray[np.int32]:
    """How far the frames at some times are from a picture of a whole frame, uint8 (h, w, 3): int32 (n,),
    thousandths of what the correlation with the more alike of the sketches before and after lacks to 1.
    """
    rows, columns = sketches.luma.shape[1:]
    small = cv2.resize(grey_of(rgb), (columns, rows), interpolation=cv2.INTER_AREA).reshape(1, -1)
    cells = sketches.luma.reshape(len(sketches.luma), -1)
    alike = _correlations(cells, np.asarray(small, np.float32), np.ones((1, rows * columns), np.float32))[
        :, 0
    ]
    after = np.searchsorted(sketches.times_s, times_s + 1e-3, "right")
    last = len(alike) - 1
    near = np.maximum(alike[np.clip(after - 1, 0, last)], alike[np.clip(after, 0, last)])
    return np.asarray(np.rint(1000 * (1 - near)), np.int32)


def _laid(
    picture: NDArray[np.float32],
    aspect: tuple[float, float],
    matrix: Map,
    shape: tuple[int, ...],
    moves: Sequence[int],
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The picture on the cells, float32 (moves, cells), and how much of each cell it covers, 0 where too
    little.
    """
    rows, columns = (_FINE * length for length in shape)
    height, width = picture.shape
    own = max(height, width)
    # pixels have their middles at halves
    from_pixels = np.array([[1 / own, 0, 0.5 / own], [0, 1 / own, 0.5 / own], [0, 0, 1]])
    to_fine = np.array([[columns / aspect[0], 0, -0.5], [0, rows / aspect[1], -0.5], [0, 0, 1]])
    to_grid = to_fine @ matrix @ from_pixels
    step = 1 / max(float(np.sqrt(abs(np.linalg.det(to_grid[:2, :2])))), 1e-3)
    source = picture if step < 1.5 else cv2.GaussianBlur(picture, (0, 0), 0.4 * step)
    margin = max(moves)
    away = np.array([[1, 0, margin], [0, 1, margin], [0, 0, 1]], np.float64) @ to_grid
    size = columns + 2 * margin, rows + 2 * margin
    laid = np.asarray(cv2.warpPerspective(source, away, size), np.float32)
    inside = np.asarray(cv2.warpPerspective(np.ones_like(picture), away, size), np.float32)
    covered, values = _at_all_moves(inside, shape, moves), _at_all_moves(laid, shape, moves)
    weights = np.where(covered >= _COVERED, covered, 0)
    return np.asarray(values / np.maximum(covered, 1e-3), np.float32), np.asarray(weights, np.float32)


def _at_all_moves(
    fine: NDArray[np.float32], shape: tuple[int, ...], moves: Sequence[int]
) -> NDArray[np.float32]:
    """The means of the cells, float32 (moves, cells), of a grid with a margin on all sides, for each move."""
    whole = fine.cumsum(0, dtype=np.float64).cumsum(1)
    whole = np.pad(whole, ((1, 0), (1, 0)))
    sums = whole[_FINE:, _FINE:] - whole[:-_FINE, _FINE:] - whole[_FINE:, :-_FINE] + whole[:-_FINE, :-_FINE]
    margin = max(moves)
    starts = [margin - move for move in moves]
    rows, columns = (np.add.outer(starts, _FINE * np.arange(length)) for length in shape)
    cells = sums[rows[:, None, :, None], columns[None, :, None, :]]
    return np.asarray(cells.reshape(len(starts) ** 2, -1) / _FINE**2, np.float32)


def _correlations(
    sketches: NDArray[np.uint8], values: NDArray[np.float32], weights: NDArray[np.float32]
) -> NDArray[np.float32]:
    """The weighted correlation of each sketch, uint8 (n, cells), with each of the pictures, float32 (m,
    cells): float32 (n, m).
    """
    table = sketches.astype(np.float32)
    shares = weights / np.maximum(weights.sum(1, keepdims=True), 1e-3)
    centred = values - (values * shares).sum(1, keepdims=True)
    spread = np.sqrt((centred**2 * shares).sum(1))
    means = table @ shares.T
    spreads = np.sqrt(np.maximum((table**2) @ shares.T - means**2, 0))
    products = table @ (centred * shares).T
    found = products / (np.maximum(spread, _FLAT) * np.maximum(spreads, _FLAT))
    return np.asarray(np.clip(found, -1, 1), np.float32)


def _moved(matrix: Map, move: tuple[int, int], sketches: Sketches, aspect: tuple[float, float]) -> Map:
    """The place moved by steps of the grid."""
    rows, columns = (_FINE * length for length in sketches.luma.shape[1:])
    away = np.eye(3)
    away[:2, 2] = move[0] * aspect[0] / columns, move[1] * aspect[1] / rows
    return np.asarray(away @ matrix, np.float64)
