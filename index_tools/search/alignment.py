"""Laying a picture over a frame by their local features: where in the frame it lies, or that it does not.

Every pair of alike features says by itself where, how large and how far turned the picture lies
(Philbin et al. 2007); the one that most others agree with is taken, then fitted to all that agree, as
an affine map and at last with perspective.  No chance is in it: the same pictures give the same answer.
Features close to one another count as one, so that a logo or a caption has one voice, not fifty.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from index_tools.opencv import cv2
from index_tools.search.features import Features

#: Two features are alike when no other of the frame comes nearly as close (Lowe's ratio, of distances).
RATIO = 0.88
#: How far off a feature may lie, as a share of the picture's longer side: by one pair, and after fitting.
LOOSE, TIGHT = 0.05, 0.02
#: How differently large (natural logarithm) and turned (radians) two features of one map may be.
_SCALE_SLACK, _TURN_SLACK = 0.6, 0.45
#: The longer side of the picture as a multiple of that of the frame: from a narrow crop to a frame that
#: is a small part of the picture.
SCALES = (0.15, 4.5)
#: Pictures are turned by at most this, besides quarter turns, in radians; squeezed and sheared by this.
_MOST_TURN, _MOST_SQUEEZE, _MOST_SHEAR = 0.30, 1.75, 0.22
#: Cells along the longer side of the picture, in each of which agreeing features count as one.
_CELLS = 12
#: Fewer cells in agreement say nothing.
LEAST_CELLS = 4
#: So many agreeing features carry a map with perspective.
_PERSPECTIVE = 14

Map = NDArray[np.float64]


@dataclass(frozen=True, eq=False, slots=True)
class Pairs:
    """Features of a picture, `mine` intp (n,), and those of a frame that each of them is alike.

    `source` and `target` are their places, float64 (n, 2), in units of the longer sides; `scales` and
    `turns`, float64 (n,), how much larger (a factor) and how far turned (radians) the frame's are.
    """

    mine: NDArray[np.intp]
    source: NDArray[np.float64]
    target: NDArray[np.float64]
    scales: NDArray[np.float64]
    turns: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.mine)

    def chosen(self, which: NDArray[np.bool_]) -> Pairs:
        """Some of the pairs, bool (n,)."""
        return Pairs(
            self.mine[which], self.source[which], self.target[which], self.scales[which], self.turns[which]
        )


@dataclass(frozen=True, eq=False, slots=True)
class Alignment:
    """A map, float64 (3, 3), from the picture to the frame, both in units of their longer sides.

    `inliers` of `pairs` alike features agree with it, in `cells` places of the picture.
    """

    matrix: Map
    inliers: int
    cells: int
    pairs: int


def alike(pictures: Sequence[Features], frames: Sequence[Features]) -> list[list[Pairs]]:
    """The alike features of each of `pictures` (a picture and its mirror image, say) and each of
    `frames`: a list for each frame.

    All vectors are multiplied at once, which takes a third of the time.
    """
    if not frames:
        return []
    mine = np.concatenate([picture.vectors for picture in pictures])
    theirs = np.concatenate([frame.vectors for frame in frames])
    products = mine @ theirs.T
    rows = np.cumsum([0, *(len(picture.points) for picture in pictures)])
    columns = np.cumsum([0, *(len(frame.points) for frame in frames)])
    return [
        [
            _pairs(picture, frame, products[top:bottom, left:right].copy())
            for picture, (top, bottom) in zip(pictures, pairwise(rows), strict=True)
        ]
        for frame, (left, right) in zip(frames, pairwise(columns), strict=True)
    ]


def align(pairs: Pairs) -> Alignment | None:
    """Where a picture lies in a frame; None where too few pairs agree on a place that can be."""
    if len(pairs) < LEAST_CELLS:
        return None
    source, target = pairs.source, pairs.target
    agreeing = _best_vote(source, target, pairs.scales, pairs.turns)
    if agreeing is None:
        return None
    matrix: Map | None = None
    for tolerance in (LOOSE, (LOOSE + TIGHT) / 2, TIGHT, TIGHT):
        matrix = _affine(source[agreeing], target[agreeing])
        if matrix is None:
            return None
        agreeing = _errors(matrix, source, target) < tolerance
        if len(np.unique(target[agreeing], axis=0)) < LEAST_CELLS:
            return None
    if matrix is None or not plausible(matrix):
        return None
    if int(agreeing.sum()) >= _PERSPECTIVE:
        matrix, agreeing = _with_perspective(matrix, agreeing, source, target)
    cells = _cells(source[agreeing], target[agreeing])
    if cells < LEAST_CELLS:
        return None
    return Alignment(matrix, int(agreeing.sum()), cells, len(pairs))


def supported(matrix: Map, pairs: Pairs) -> Alignment:
    """A map that is known otherwise, with the pairs that agree with it, be they none."""
    agreeing = _errors(matrix, pairs.source, pairs.target) < TIGHT
    cells = _cells(pairs.source[agreeing], pairs.target[agreeing]) if agreeing.any() else 0
    return Alignment(matrix, int(agreeing.sum()), cells, len(pairs))


def moved(matrix: Map, points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points float64 (n, 2) under a map."""
    ends = points @ matrix[:, :2].T + matrix[:, 2]
    return np.asarray(ends[:, :2] / ends[:, 2:], np.float64)


def plausible(matrix: Map) -> bool:
    """Whether a picture can lie in a frame like that: not too small, large, turned, squeezed, sheared."""
    across, down = matrix[:2, 0], matrix[:2, 1]
    wide, high = float(np.hypot(*across)), float(np.hypot(*down))
    area = float(across[0] * down[1] - across[1] * down[0])
    if area <= 0 or min(wide, high) < SCALES[0] or max(wide, high) > SCALES[1]:
        return False
    turn = float(np.arctan2(across[1], across[0]))
    turn -= round(turn / (np.pi / 2)) * (np.pi / 2)
    shear = abs(float(across @ down)) / (wide * high)
    return abs(turn) <= _MOST_TURN and max(wide / high, high / wide) <= _MOST_SQUEEZE and shear <= _MOST_SHEAR


def _pairs(picture: Features, frame: Features, products: NDArray[np.float32]) -> Pairs:
    """Pairs of features that are each other's nearest, and clearly so; `products` are written over."""
    if min(products.shape) < LEAST_CELLS:
        mine = theirs = np.zeros(0, np.intp)
    else:
        nearest = products.argmax(1)
        rows = np.arange(len(products))
        first = products[rows, nearest]
        mutual = products.argmax(0)[nearest] == rows
        products[rows, nearest] = -1.0
        second = products.max(1)
        clear = 1.0 - first <= RATIO**2 * (1.0 - second)
        mine = np.flatnonzero(mutual & clear)
        theirs = nearest[mine]
    return Pairs(
        mine,
        picture.points[mine].astype(np.float64),
        frame.points[theirs].astype(np.float64),
        frame.sizes[theirs].astype(np.float64) / picture.sizes[mine],
        frame.angles[theirs].astype(np.float64) - picture.angles[mine],
    )


def _best_vote(
    source: NDArray[np.float64],
    target: NDArray[np.float64],
    scales: NDArray[np.float64],
    turns: NDArray[np.float64],
) -> NDArray[np.bool_] | None:
    """The pairs that agree with that pair with which most others agree."""
    logs = np.log(scales)
    cos, sin = scales * np.cos(turns), scales * np.sin(turns)
    apart = source[None, :, :] - source[:, None, :]
    x = cos[:, None] * apart[..., 0] - sin[:, None] * apart[..., 1] + target[:, None, 0] - target[None, :, 0]
    y = sin[:, None] * apart[..., 0] + cos[:, None] * apart[..., 1] + target[:, None, 1] - target[None, :, 1]
    near = x * x + y * y < (LOOSE * scales[:, None]) ** 2
    near &= np.abs(logs[:, None] - logs[None, :]) < _SCALE_SLACK
    near &= np.cos(turns[:, None] - turns[None, :]) > np.cos(_TURN_SLACK)
    votes = near.sum(1)
    quarter = np.round(turns / (np.pi / 2)) * (np.pi / 2)
    possible = (scales > SCALES[0]) & (scales < SCALES[1]) & (np.abs(turns - quarter) < _MOST_TURN + 0.2)
    votes = np.where(possible, votes, 0)
    best = int(votes.argmax())
    return near[best] if votes[best] >= LEAST_CELLS else None


def _affine(source: NDArray[np.float64], target: NDArray[np.float64]) -> Map | None:
    """The affine map that fits pairs best, drawn a little towards a similarity where pairs are few."""
    middle, goal = source.mean(0), target.mean(0)
    near, far = source - middle, target - goal
    turned = near @ np.array([[0.0, 1.0], [-1.0, 0.0]])
    square = float((near * near).sum())
    if square < 1e-6:
        return None
    cos, sin = float((near * far).sum()) / square, float((turned * far).sum()) / square
    alike = np.array([[cos, -sin], [sin, cos]])
    pull = 0.02 * np.eye(2)
    linear = np.linalg.solve(near.T @ near + pull, near.T @ far + pull @ alike.T).T
    matrix = np.eye(3)
    matrix[:2, :2] = linear
    matrix[:2, 2] = goal - linear @ middle
    return matrix


def _errors(matrix: Map, source: NDArray[np.float64], target: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far off the pairs lie, in units of the picture's longer side."""
    scale = float(np.sqrt(abs(np.linalg.det(matrix[:2, :2])))) + 1e-9
    return np.asarray(np.hypot(*(moved(matrix, source) - target).T) / scale, np.float64)


def _with_perspective(
    matrix: Map, agreeing: NDArray[np.bool_], source: NDArray[np.float64], target: NDArray[np.float64]
) -> tuple[Map, NDArray[np.bool_]]:
    """The map with perspective, where that brings more pairs to agree; a screen is photographed aslant."""
    near = _errors(matrix, source, target) < 1.5 * TIGHT
    found, _ = cv2.findHomography(source[near], target[near], cv2.USAC_MAGSAC, TIGHT / 2)
    slant = np.asarray(found, np.float64)
    if slant.shape != (3, 3):
        return matrix, agreeing
    corners = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
    if (corners @ slant[2, :2] + slant[2, 2]).min() < 0.5 or np.abs(slant[2, :2]).max() > 0.5:
        return matrix, agreeing
    fits = _errors(slant, source, target) < TIGHT
    return (slant, fits) if fits.sum() > agreeing.sum() else (matrix, agreeing)


def _cells(source: NDArray[np.float64], target: NDArray[np.float64]) -> int:
    """In how many places, of the picture or the frame, whichever are fewer, pairs agree."""
    places = (np.floor(points * _CELLS).astype(int) for points in (source, target))
    return min(len(np.unique(place, axis=0)) for place in places)
