"""The very frame of a film that a picture is of, among neighbours that are nearly the same.

The frames before and behind one that was found are decoded and laid under the picture, each where it fits
best, so that a moving camera does not count.  What is left is what moves, or grain; it is a small part
of what the picture shows, and less than a caption, a tint or a blur does to it.  So fine detail is compared,
each frame's with a strength fitted from place to place; and what it leaves of the picture is taken block by
block, as a logarithm: a block that differs from all frames alike (a caption, a pointer) says nothing, and one
that a single frame explains says much.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index_tools.film import FilmReader
from index_tools.opencv import cv2
from index_tools.progress import Progress
from index_tools.search.alignment import Map
from index_tools.search.anew import laid, laid_anew
from index_tools.search.closest import Stretch, decoded
from index_tools.search.features import scaled
from index_tools.search.maps import scale_of

#: Longer side, in pixels, of the picture that is compared.
SIDE = 384
#: So many frames at most are compared: every second, third … one where there are more.
MOST = 40
#: With fewer frames there is nothing to tell.
LEAST = 3
#: Detail is what a blur of so much takes away, as a share of the picture's longer side; the side of a block.
DETAIL, BLOCK = 1 / 48, 1 / 24
#: In a frame that correlates with the picture like this its place is not looked for anew.  Where it is, it is
#: in frames so far apart, in seconds, and what is found is compared though it be so much less alike.
CLEAR, APART_S, LESS = 0.985, 0.25, 0.05
#: No frame is laid further than so much of the picture's longer side from where the picture lay.
ASTRAY = 0.1
#: So much of the picture must lie within all frames, and so much of a block.
INSIDE, COVERED = 0.25, 0.5
#: Errors below this share of what is usual in their block are all the same; what else a pixel may differ
#: (squared levels).
NEGLIGIBLE, FLOOR = 0.05, 0.5
#: Each second away from the likeliest frame must be made good by so many standard errors; as many blocks next
#: to each other as this count as one.
NEARER, ALIKE = 1.0, 4
#: The most that the picture's contrast is raised, in multiples of the frames'.
STRONGEST = 3.0


@dataclass(frozen=True, eq=False, slots=True)
class Instant:
    """The time of a frame, in seconds, and the picture's place in it."""

    at_s: float
    matrix: Map


@dataclass(frozen=True, eq=False, slots=True)
class _Shown:
    """A frame under the picture: the picture's place in it, and luma, float32 (h, w), -1 where there is
    none.
    """

    matrix: Map
    luma: NDArray[np.float32]


def instant(
    reader: FilmReader,
    picture: NDArray[np.float32],
    near: Instant,
    shot: tuple[float, float],
    reach_s: tuple[float, float],
    progress: Progress | None = None,
) -> Instant | None:
    """The frame of a shot that `picture`, luma float32 (h, w), is of.

    It is looked for at most so far from one near by as the first reach, in seconds; and where that one is not
    clearly like the picture, around those that are likelier, as far off as the second.  None where nothing
    tells one frame from another.  Raises `FilmError`, `Cancelled`.
    """
    # both are as large, the one in the other
    scale = max(scale_of(near.matrix), 0.1)
    picture = scaled(picture, round(min(SIDE, scale * max(reader.info.width, reader.info.height))))
    side = round(max(picture.shape) / scale)

    def around(at_s: float, reach_s: float, apart_s: float = 0.0) -> Stretch | None:
        start_s, end_s = max(shot[0], at_s - reach_s) - 1e-4, min(shot[1], at_s + reach_s) - 1e-4
        return decoded(reader, start_s, end_s, progress, side=side, apart_s=apart_s)

    close_s, far_s = reach_s
    stretch = around(near.at_s, close_s)
    if stretch is None:
        return None
    middle_s = near.at_s
    found = laid(picture, stretch.nearest(middle_s), near.matrix)
    rivals: list[tuple[float, NDArray[np.uint8], Map]] = []
    wide = around(middle_s, far_s, APART_S) if far_s > close_s and found.likeness < CLEAR else None
    if wide is not None:
        anew = laid_anew(wide, picture, near.matrix, progress)
        least = found.likeness - LESS
        rivals = [
            (wide.times_s[n], wide.lumas[n], one.matrix) for n, one in anew.items() if one.likeness > least
        ]
        best = max(anew, key=lambda number: anew[number].likeness, default=None)
        if best is not None and anew[best].likeness > found.likeness:
            middle_s, found = wide.times_s[best], anew[best]
            stretch = around(middle_s, close_s) or stretch
    every = math.ceil(len(stretch.lumas) / MOST)
    beside = zip(stretch.times_s[::every], stretch.lumas[::every], strict=True)
    frames = [(at_s, luma, found.matrix) for at_s, luma in beside] + rivals
    return _best(picture, frames, middle_s) if len(frames) >= LEAST else None


def _best(
    picture: NDArray[np.float32], frames: list[tuple[float, NDArray[np.uint8], Map]], middle_s: float
) -> Instant | None:
    """The frame, of several with time, luma and the picture's place, that leaves least of the picture
    unexplained; the less of it, the further it is from the one in the middle.
    """
    shown = [_in_place(picture, luma, place) for _, luma, place in frames]
    errors = _errors(picture, [one.luma for one in shown])
    if errors is None:
        return None
    times_s = np.array([at_s for at_s, _, _ in frames])
    away_s = np.abs(times_s - middle_s)
    uncertain = (errors - errors[int(away_s.argmin())]).std(1) / math.sqrt(errors.shape[1] / ALIKE)
    best = int((errors.mean(1) + NEARER * uncertain * away_s).argmin())
    return Instant(float(times_s[best]), shown[best].matrix)


def _in_place(picture: NDArray[np.float32], luma: NDArray[np.uint8], matrix: Map) -> _Shown:
    """A frame under the picture, shifted to where its detail fits best."""
    window = cv2.createHanningWindow(picture.shape[::-1], cv2.CV_32F)
    longer = max(picture.shape)
    # phaseCorrelate writes its window into the pictures that it is given
    (x, y), _ = cv2.phaseCorrelate(_detail(picture), _detail(_under(picture, luma, matrix)), window)
    shift = np.eye(3)
    if max(abs(x), abs(y)) <= ASTRAY * longer:
        shift[:2, 2] = x / longer, y / longer
    place = matrix @ shift
    return _Shown(place, _under(picture, luma, place))


def _errors(picture: NDArray[np.float32], lumas: list[NDArray[np.float32]]) -> NDArray[np.float64] | None:
    """How much of the picture's blocks each frame leaves unexplained, logarithms, float64 (n, blocks); None
    where too little of it lies within all frames.
    """
    inside = np.min(lumas, axis=0) >= 0
    told = _by_blocks(inside.astype(np.float32)) > COVERED
    if float(inside.mean()) < INSIDE or not told.any():
        return None
    wanted = _detail(picture) * inside
    details = (_detail(luma) * inside for luma in lumas)
    errors = np.array([_by_blocks((wanted - _strength(wanted, detail) * detail) ** 2) for detail in details])
    errors = errors[:, told].astype(np.float64)
    return np.asarray(np.log(errors + NEGLIGIBLE * (np.median(errors, axis=0) + FLOOR)), np.float64)


def _under(picture: NDArray[np.float32], luma: NDArray[np.uint8], matrix: Map) -> NDArray[np.float32]:
    """What a frame shows where the picture lies, float32, of the picture's shape; -1 outside the frame."""
    height, width = picture.shape
    to_frame = np.diag([max(luma.shape)] * 2 + [1.0]) @ matrix @ np.diag([1 / max(height, width)] * 2 + [1.0])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    laid = cv2.warpPerspective(
        luma.astype(np.float32),
        to_frame,
        (width, height),
        flags=flags,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=-1,
    )
    return np.asarray(laid, np.float32)


def _detail(luma: NDArray[np.float32]) -> NDArray[np.float32]:
    """What is finer than `DETAIL`; the blur is made in small, where it costs little."""
    height, width = luma.shape
    small = cv2.resize(luma, (max(1, width // 2), max(1, height // 2)), interpolation=cv2.INTER_AREA)
    blurred = cv2.GaussianBlur(small, (0, 0), DETAIL * max(small.shape))
    return np.asarray(luma - cv2.resize(blurred, (width, height)), np.float32)


def _strength(wanted: NDArray[np.float32], detail: NDArray[np.float32]) -> NDArray[np.float32]:
    """How strongly a frame's detail is seen in the picture, from place to place, as fits best."""
    height, width = wanted.shape
    small = max(1, width // 4), max(1, height // 4)
    products = [
        cv2.GaussianBlur(
            cv2.resize(product, small, interpolation=cv2.INTER_AREA), (0, 0), 3 * DETAIL * max(small)
        )
        for product in (wanted * detail, detail * detail)
    ]
    strength = np.clip(products[0] / (products[1] + 1.0), -STRONGEST, STRONGEST)
    return np.asarray(cv2.resize(strength, (width, height)), np.float32)


def _by_blocks(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """The mean of each block."""
    side = BLOCK * max(values.shape)
    rows, columns = (max(1, round(length / side)) for length in values.shape)
    return np.asarray(cv2.resize(values, (columns, rows), interpolation=cv2.INTER_AREA), np.float32)
