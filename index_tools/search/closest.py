"""The frame of a scene that is most like a picture of which the place in the frame is known.

All frames of a stretch of film are decoded once, as small luma, and laid under the picture.  The place
was found on one frame; where the camera moves it drifts, so it is moved along: by the shift that phase
correlation finds, where that makes the pictures more alike.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index_tools.film import FilmReader
from index_tools.opencv import cv2
from index_tools.progress import Progress
from index_tools.search.features import SMALL_SIDE, scaled
from index_tools.search.likeness import compare

#: Longer side, in pixels, at which the closest frame is given.
LUMA_SIDE = 300
#: Every so manieth frame is compared first, more sparsely where there are more than so many; then those
#: around the best ones.
STEP, MOST_COARSE = 6, 24


@dataclass(frozen=True, eq=False, slots=True)
class Closest:
    """The frame's time, how like the picture it is (-1..1), the picture's place in it, and the frame's
    luma, uint8 (h, w), with a longer side of `LUMA_SIDE`.
    """

    at_s: float
    likeness: float
    matrix: NDArray[np.float64]
    luma: NDArray[np.uint8]


def closest_frame(
    reader: FilmReader,
    stretch: tuple[float, float],
    picture: NDArray[np.float32],
    matrix: NDArray[np.float64],
    progress: Progress | None = None,
    *,
    sparse: bool = False,
) -> Closest | None:
    """The frame in `stretch` (seconds, half open) most like `picture`, luma float32 (h, w).

    `matrix` is its place in one of them; `sparse` leaves out most frames.  None when nothing
    could be decoded there.  Raises `FilmError`, `Cancelled`.
    """
    times: list[float] = []
    lumas: list[NDArray[np.uint8]] = []
    for frame in reader.frames(*stretch, sparse=sparse):
        if progress is not None:
            progress.check()
        times.append(frame.at_s)
        lumas.append(frame.luma(LUMA_SIDE))
    if not lumas:
        return None
    scores: dict[int, tuple[float, NDArray[np.float64]]] = {}

    def look(number: int, near: NDArray[np.float64]) -> float:
        if number not in scores:
            frame = scaled(lumas[number].astype(np.float32), SMALL_SIDE)
            scores[number] = _laid(picture, frame, near)
        return scores[number][0]

    step = max(1 if sparse else STEP, -(-len(lumas) // MOST_COARSE))
    coarse = sorted(range(0, len(lumas), step), key=lambda number: -look(number, matrix))
    for centre in coarse[:2]:
        for number in range(max(0, centre - step + 1), min(len(lumas), centre + step)):
            look(number, scores[centre][1])
    best = max(scores, key=lambda number: scores[number][0])
    return Closest(times[best], *scores[best], lumas[best])


def _laid(
    picture: NDArray[np.float32], frame: NDArray[np.float32], matrix: NDArray[np.float64]
) -> tuple[float, NDArray[np.float64]]:
    """How like the picture a frame is, at its place or at one near by, and that place."""
    here = compare(picture, frame, matrix).overall
    height, width = picture.shape
    longer, frame_longer = max(picture.shape), max(frame.shape)
    units = np.diag([1 / longer, 1 / longer, 1.0])
    to_frame = np.diag([frame_longer, frame_longer, 1.0]) @ matrix @ units
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    laid = np.asarray(
        cv2.warpPerspective(frame, to_frame, (width, height), flags=flags, borderMode=cv2.BORDER_REPLICATE),
        np.float32,
    )
    # phaseCorrelate writes its window into the pictures that it is given
    (x, y), _ = cv2.phaseCorrelate(
        picture.copy(), laid.copy(), cv2.createHanningWindow((width, height), cv2.CV_32F)
    )
    if max(abs(x), abs(y)) < 0.25 or max(abs(x), abs(y)) > 0.25 * longer:
        return here, matrix
    shift = np.eye(3)
    shift[:2, 2] = x / longer, y / longer
    shifted = matrix @ shift
    there = compare(picture, frame, shifted).overall
    return (there, shifted) if there > here else (here, matrix)
