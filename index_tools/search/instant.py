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
from index_tools.search.alignment import Map, moved
from index_tools.search.closest import settled
from index_tools.search.features import scaled

#: Longer side, in pixels, of the picture that is compared.
SIDE = 384
#: So many frames at most are compared: every second, third … one where there are more.
MOST = 40
#: With fewer frames there is nothing to tell.
LEAST = 3
#: Detail is what a blur of so much takes away, as a share of the picture's longer side; the side of a block.
DETAIL, BLOCK = 1 / 48, 1 / 24
#: The place is settled on the frame that was found in at most so many steps.
STEPS = 30
#: No frame is laid further than so much of the picture's longer side from where the picture lay.
ASTRAY = 0.1
#: So much of the picture must lie within all frames.
INSIDE = 0.25
#: Errors below this share of what is usual in their block are all the same; what else a pixel may differ
#: (squared levels).
NEGLIGIBLE, FLOOR = 0.05, 0.5
#: The most that the picture's contrast is raised, in multiples of the frames'.
STRONGEST = 3.0


@dataclass(frozen=True, eq=False, slots=True)
class Instant:
    """The time of a frame, in seconds, and the picture's place in it."""

    at_s: float
    matrix: Map


@dataclass(frozen=True, eq=False, slots=True)
class _Laid:
    """A frame under the picture: its time, the picture's place in it, and luma, float32 (h, w), -1 where
    there is none.
    """

    at_s: float
    matrix: Map
    luma: NDArray[np.float32]


def instant(
    reader: FilmReader,
    picture: NDArray[np.float32],
    near: Instant,
    shot: tuple[float, float],
    reach_s: float,
    progress: Progress | None = None,
) -> Instant | None:
    """The frame of a shot, at most `reach_s` from one near by, that `picture`, luma float32 (h, w), is of.

    None where nothing tells one frame from another.  Raises `FilmError`, `Cancelled`.
    """
    at_s, matrix = near.at_s, near.matrix
    every = math.ceil(2 * reach_s * reader.info.fps / MOST)
    times, lumas = [], []
    # both are as large, the one in the other
    scale = max(_scale(matrix), 0.1)
    picture = scaled(picture, round(min(SIDE, scale * max(reader.info.width, reader.info.height))))
    side = round(max(picture.shape) / scale)
    stretch = reader.frames(max(shot[0], at_s - reach_s) - 1e-4, min(shot[1], at_s + reach_s) - 1e-4)
    for number, frame in enumerate(stretch):
        if progress is not None:
            progress.check()
        if number % every == 0:
            times.append(frame.at_s)
            lumas.append(frame.luma(side))
    if len(times) < LEAST:
        return None
    found = lumas[int(np.abs(np.subtract(times, at_s)).argmin())]
    laid = _each_in_place(picture, times, lumas, _settled(picture, found, matrix))
    errors = _errors(picture, [one.luma for one in laid])
    if errors is None:
        return None
    best = laid[int(errors.argmin())]
    return Instant(best.at_s, best.matrix)


def _settled(picture: NDArray[np.float32], luma: NDArray[np.uint8], matrix: Map) -> Map:
    """The place near by where picture and frame correlate most, if that is near enough."""
    place = settled(picture, luma.astype(np.float32), matrix, STEPS)
    if place is None:
        return matrix
    height, width = (side / max(picture.shape) for side in picture.shape)
    corners = np.array([[0.0, 0.0], [width, 0.0], [width, height], [0.0, height]])
    apart = float(np.abs(moved(place, corners) - moved(matrix, corners)).max())
    return place if apart <= ASTRAY * _scale(matrix) else matrix


def _each_in_place(
    picture: NDArray[np.float32], times: list[float], lumas: list[NDArray[np.uint8]], matrix: Map
) -> list[_Laid]:
    """All frames under the picture, each shifted to where its detail fits best."""
    window = cv2.createHanningWindow(picture.shape[::-1], cv2.CV_32F)
    detail, longer = _detail(picture), max(picture.shape)
    laid = []
    for at_s, luma in zip(times, lumas, strict=True):
        here = _under(picture, luma, matrix)
        # phaseCorrelate writes its window into the pictures that it is given
        (x, y), _ = cv2.phaseCorrelate(detail.copy(), _detail(here), window)
        shift = np.eye(3)
        if max(abs(x), abs(y)) <= ASTRAY * longer:
            shift[:2, 2] = x / longer, y / longer
        place = matrix @ shift
        laid.append(_Laid(at_s, place, _under(picture, luma, place)))
    return laid


def _errors(picture: NDArray[np.float32], lumas: list[NDArray[np.float32]]) -> NDArray[np.float32] | None:
    """How much of the picture each frame leaves unexplained, float32 (n,), no unit; None where too little of
    it lies within all frames.
    """
    inside = np.min(lumas, axis=0) >= 0
    if float(inside.mean()) < INSIDE:
        return None
    wanted = _detail(picture) * inside
    details = (_detail(luma) * inside for luma in lumas)
    errors = np.array([_by_blocks((wanted - _strength(wanted, detail) * detail) ** 2) for detail in details])
    usual = np.median(errors, axis=0) + FLOOR
    return np.asarray(np.log(errors + NEGLIGIBLE * usual).mean((1, 2)), np.float32)


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


def _scale(matrix: Map) -> float:
    """How long the picture's longer side is in a frame, in units of the frame's."""
    return float(np.sqrt(abs(np.linalg.det(matrix[:2, :2]))))
