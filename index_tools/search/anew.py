"""Where a picture may lie in a shot when the place that was found is not believed.

A part of a frame has few features, so its place may be wrong, or right in another frame than its own: from
there neither the correlation with the frames around nor sketches lead to it.  So the picture, as it stands in
the frame (mirrored, turned), is moved over small frames from all of the shot, in several sizes, and laid
where it correlates most (normalised cross-correlation, Lewis, "Fast Template Matching", 1995).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index_tools.film import FilmReader
from index_tools.opencv import cv2
from index_tools.progress import Progress
from index_tools.search.alignment import Map, moved
from index_tools.search.closest import Stretch, decoded, settled
from index_tools.search.features import scaled
from index_tools.search.likeness import compare
from index_tools.search.maps import scale_of
from index_tools.search.side_by_side import side_by_side

#: Longer side, in pixels, of the picture that is compared with frames.
COMPARED_SIDE = 384
#: A frame that correlates with the picture like this is its own, or next to it.
CLEAR = 0.985
#: Frames to look in are so far apart, in seconds.
APART_S = 0.25
#: So many instants are likely at most, so far apart in seconds, so much less alike than the likeliest.
LIKELY, LIKELY_APART_S, LESS = 3, 1.0, 0.05

#: Longer side of the frames over which the picture is moved.
SIDE = 64
#: The picture's sizes, as shares of the largest that fits, and its least side in pixels.
SIZES, LEAST = 0.87 ** np.arange(8), 8
#: The frames, at most, that it is laid in.
MOST = 6
#: A place is settled in at most so many steps, and no further away than so much of the picture's longer side.
STEPS, ASTRAY = 30, 0.1


@dataclass(frozen=True, eq=False, slots=True)
class Instant:
    """The time of a frame, in seconds, and the picture's place in it."""

    at_s: float
    matrix: Map


@dataclass(frozen=True, eq=False, slots=True)
class Laid:
    """How like a picture a frame is where it lies, -1..1, and its place there."""

    likeness: float
    matrix: Map


def likely_instants(
    reader: FilmReader,
    picture: NDArray[np.float32],
    near: Instant,
    shot: tuple[float, float],
    reach_s: float,
    progress: Progress | None = None,
) -> list[Instant]:
    """The instants of a shot that `picture`, luma float32 (h, w), may be of, the likeliest first.

    The one near by is among them, or one beside it; where the picture is not clearly of it, so are others
    at most `reach_s` seconds off.  Raises `FilmError`, `Cancelled`.
    """
    picture, side = fitted(reader, picture, near.matrix)
    beside = around(reader, near.at_s, APART_S, shot, side, progress)
    if beside is None:
        return [near]
    here = laid(picture, beside.nearest(near.at_s), near.matrix)
    found = [(here.likeness, Instant(near.at_s, here.matrix))]
    if here.likeness < CLEAR:
        wide = around(reader, near.at_s, reach_s, shot, side, progress, apart_s=APART_S)
        if wide is not None:
            anew = laid_anew(wide, picture, near.matrix, progress)
            found += [(one.likeness, Instant(wide.times_s[n], one.matrix)) for n, one in anew.items()]
    least = max(likeness for likeness, _ in found) - LESS
    likely: list[Instant] = []

    def take(one: Instant) -> None:
        if all(abs(one.at_s - other.at_s) >= LIKELY_APART_S for other in likely):
            likely.append(one)

    for likeness, one in sorted(found, key=lambda one: -one[0]):
        if likeness >= least and len(likely) < LIKELY:
            take(one)
    take(found[0][1])
    return likely


def around(
    reader: FilmReader,
    at_s: float,
    reach_s: float,
    shot: tuple[float, float],
    side: int,
    progress: Progress | None,
    *,
    apart_s: float = 0.0,
) -> Stretch | None:
    """The frames of a shot no further than `reach_s` from a time, in seconds, as `decoded` gives them."""
    start_s, end_s = max(shot[0], at_s - reach_s), min(shot[1], at_s + reach_s)
    return decoded(reader, start_s, end_s, progress, side=side, apart_s=apart_s)


def fitted(reader: FilmReader, picture: NDArray[np.float32], matrix: Map) -> tuple[NDArray[np.float32], int]:
    """A picture, luma float32 (h, w), as large as what a film shows of it, and the longer side of the frames
    in which it lies so.
    """
    scale = max(scale_of(matrix), 0.1)
    seen = scaled(picture, round(min(COMPARED_SIDE, scale * max(reader.info.width, reader.info.height))))
    return seen, round(max(seen.shape) / scale)


def laid(picture: NDArray[np.float32], luma: NDArray[np.uint8], matrix: Map) -> Laid:
    """A picture, luma float32 (h, w), in a frame, where both correlate most near a place."""
    frame = luma.astype(np.float32)
    place = settled(picture, frame, matrix, STEPS)
    if place is None or apart(picture, place, matrix) > ASTRAY * scale_of(matrix):
        place = matrix
    return Laid(compare(picture, frame, place).overall, place)


def laid_anew(
    stretch: Stretch, picture: NDArray[np.float32], matrix: Map, progress: Progress | None = None
) -> dict[int, Laid]:
    """The places of `picture`, luma float32 (h, w), in the frames that are likeliest its own, by number.

    `matrix` tells only how it stands in them.  Empty where the picture is too narrow to be moved over small
    frames.  Raises `Cancelled`.
    """
    standing, upright = _as_it_stands(picture, matrix)
    parts = _in_all_sizes(standing, _small(stretch.lumas[0]).shape)
    likely: list[tuple[float, int, Map]] = []
    for number, luma in enumerate(stretch.lumas):
        if progress is not None:
            progress.check()
        frame = _small(luma)
        for part in parts:
            correlations = cv2.matchTemplate(frame, part, cv2.TM_CCOEFF_NORMED)
            _, most, _, (left, upper) = cv2.minMaxLoc(correlations)
            longer = max(part.shape)
            place = np.array([[longer, 0, left], [0, longer, upper], [0, 0, SIDE]]) / SIDE
            likely.append((most, number, place @ upright))
    likely.sort(key=lambda one: -one[0])
    places: dict[int, Map] = {}
    for _, number, place in likely:
        if len(places) < MOST:
            places.setdefault(number, place)

    def settled_in(number: int) -> Laid:
        return laid(picture, stretch.lumas[number], places[number])

    return dict(zip(places, side_by_side(settled_in, list(places), progress), strict=True))


def _in_all_sizes(picture: NDArray[np.float32], frame: tuple[int, ...]) -> list[NDArray[np.float32]]:
    """A picture in the sizes in which it may lie in a frame of that shape."""
    rows, columns = picture.shape
    largest = min(frame[0] / rows, frame[1] / columns)
    sizes = [(int(columns * size), int(rows * size)) for size in largest * SIZES]
    return [
        np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.float32)
        for size in sizes
        if min(size) >= LEAST
    ]


def apart(picture: NDArray[np.float32], place: Map, other: Map) -> float:
    """How far apart the corners of a picture lie at two places, at most."""
    height, width = (side / max(picture.shape) for side in picture.shape)
    corners = np.array([[0.0, 0.0], [width, 0.0], [width, height], [0.0, height]])
    return float(np.abs(moved(place, corners) - moved(other, corners)).max())


def _as_it_stands(
    picture: NDArray[np.float32], matrix: Map
) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    """The picture turned and mirrored, by quarters, as it stands in the frame where `matrix` takes it, and
    the map to it from the picture; both in units of the longer side.
    """
    height, width = (side / max(picture.shape) for side in picture.shape)
    turned = abs(matrix[0, 1]) > abs(matrix[0, 0])
    upright = np.eye(3)
    if turned:
        picture, height, width = picture.T, width, height
        upright[:2] = upright[[1, 0]]
    across, down = matrix[[0, 1], [1, 0]] if turned else matrix[[0, 1], [0, 1]]
    if across < 0:
        picture = picture[:, ::-1]
        upright = np.array([[-1, 0, width], [0, 1, 0], [0, 0, 1]]) @ upright
    if down < 0:
        picture = picture[::-1]
        upright = np.array([[1, 0, 0], [0, -1, height], [0, 0, 1]]) @ upright
    return np.ascontiguousarray(picture), upright


def _small(luma: NDArray[np.uint8]) -> NDArray[np.float32]:
    """A frame as large as the picture is moved over it."""
    scale = SIDE / max(luma.shape)
    size = max(LEAST, round(luma.shape[1] * scale)), max(LEAST, round(luma.shape[0] * scale))
    return np.asarray(cv2.resize(luma, size, interpolation=cv2.INTER_AREA), np.float32)
