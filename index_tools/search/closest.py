"""The frame of a stretch of film that is most like a picture of which the place in the frame is known.

All frames of a stretch are decoded once, as small luma, and laid under the picture.  The place was found
on one frame; where the camera moves it drifts, so it is moved along: by the shift that phase correlation
finds, and on the likeliest frames by all that a growing correlation leads to (Evangelidis and Psarakis,
"Parametric Image Alignment Using Enhanced Correlation Coefficient Maximization", 2008), where that makes
the pictures more alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index_tools.film import FilmReader
from index_tools.opencv import cv2
from index_tools.progress import Progress
from index_tools.search.features import SMALL_SIDE, scaled
from index_tools.search.likeness import compare

#: Longer side, in pixels, at which frames are held.
LUMA_SIDE = 300
#: Files count in thousandths of a second at the coarsest, as proxies do; times of frames are off by half of
#: that, and a little for the arithmetic.
ROUNDED_S = 6e-4
#: Every so manieth frame is compared first, more sparsely where there are more than so many; then those
#: around the best ones.
STEP, MOST_COARSE = 6, 24
#: The place is settled anew on so many of the frames compared first, in at most so many steps.
SETTLED_ANEW, STEPS = 2, 12
#: The place in a frame that is so like the picture is where it is looked for in those around it; what was
#: found in another frame than the picture's leads astray.
LED = 0.5
#: Longer side on which frames are swept, and how many, no nearer to each other in seconds, are worth a look.
SWEPT_SIDE, SWEPT_MOST, SWEPT_APART_S = 64, 2, 0.4


@dataclass(frozen=True, eq=False, slots=True)
class Stretch:
    """Frames of a film in the order of time: times in seconds, and luma, uint8 (h, w)."""

    times_s: Sequence[float]
    lumas: Sequence[NDArray[np.uint8]]

    def number_at(self, at_s: float) -> int:
        """The number of the frame nearest to a time."""
        return int(np.abs(np.subtract(self.times_s, at_s)).argmin())

    def nearest(self, at_s: float) -> NDArray[np.uint8]:
        """The frame nearest to a time."""
        return self.lumas[self.number_at(at_s)]


@dataclass(frozen=True, eq=False, slots=True)
class Closest:
    """The frame's time, how like the picture it is (-1..1), the picture's place in it, and the frame's
    luma, uint8 (h, w), with a longer side of `LUMA_SIDE`.
    """

    at_s: float
    likeness: float
    matrix: NDArray[np.float64]
    luma: NDArray[np.uint8]


def decoded(
    reader: FilmReader,
    start_s: float,
    end_s: float,
    progress: Progress | None = None,
    *,
    side: int = LUMA_SIDE,
    apart_s: float = 0.0,
) -> Stretch | None:
    """The frames with `start_s <= at_s < end_s`, but for what a file rounds, no nearer to each other than
    `apart_s`, with a longer side of `side`; None where there are none.

    Raises `FilmError`, `Cancelled`.
    """
    times: list[float] = []
    lumas: list[NDArray[np.uint8]] = []
    for frame in reader.frames(start_s - ROUNDED_S, end_s - ROUNDED_S):
        if progress is not None:
            progress.check()
        if not times or frame.at_s >= times[-1] + apart_s:
            times.append(frame.at_s)
            lumas.append(frame.luma(side))
    return Stretch(times, lumas) if times else None


def closest_frame(stretch: Stretch, picture: NDArray[np.float32], matrix: NDArray[np.float64]) -> Closest:
    """The frame most like `picture`, luma float32 (h, w); `matrix` is its place in one of them."""
    lumas = stretch.lumas
    scores: dict[int, tuple[float, NDArray[np.float64]]] = {}

    def look(number: int, near: NDArray[np.float64]) -> float:
        if number not in scores:
            frame = scaled(lumas[number].astype(np.float32), SMALL_SIDE)
            scores[number] = _laid(picture, frame, near)
        return scores[number][0]

    step = max(STEP, -(-len(lumas) // MOST_COARSE))
    coarse = sorted(range(0, len(lumas), step), key=lambda number: -look(number, matrix))
    for number in coarse[:SETTLED_ANEW]:
        luma = scaled(lumas[number].astype(np.float32), SMALL_SIDE)
        place = settled(picture, luma, scores[number][1], STEPS)
        if place is not None:
            laid = compare(picture, luma, place).overall, place
            scores[number] = max(scores[number], laid, key=_score)
    coarse = sorted(coarse[:SETTLED_ANEW], key=lambda number: -scores[number][0])
    for centre in coarse[:2]:
        score, place = scores[centre]
        for number in range(max(0, centre - step + 1), min(len(lumas), centre + step)):
            look(number, place if score >= LED else matrix)
    best = max(scores, key=lambda number: scores[number][0])
    return Closest(stretch.times_s[best], *scores[best], lumas[best])


def alike_in_place(
    stretch: Stretch, picture: NDArray[np.float32], matrix: NDArray[np.float64]
) -> NDArray[np.float32]:
    """How like a picture, luma float32 (h, w), each frame is where it lies in one: float32 (n,), -1..1.

    A rough and quick measure, the correlation of all that is seen, to tell which frames to compare.
    """
    scale = SWEPT_SIDE / max(picture.shape)
    rows, columns = (max(2, round(side * scale)) for side in picture.shape)
    wanted = cv2.resize(picture, (columns, rows), interpolation=cv2.INTER_AREA)
    halves = [_halved(luma) for luma in stretch.lumas]
    to_frame = (
        np.diag([max(halves[0].shape)] * 2 + [1.0]) @ matrix @ np.diag([1 / SWEPT_SIDE, 1 / SWEPT_SIDE, 1.0])
    )
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    inside = cv2.warpPerspective(np.ones_like(halves[0]), to_frame, (columns, rows), flags=flags).ravel() > 0
    laid = np.array(
        [
            cv2.warpPerspective(half, to_frame, (columns, rows), flags=flags).ravel()[inside]
            for half in halves
        ],
        np.float32,
    )
    laid -= laid.mean(1, keepdims=True)
    seen = np.asarray(wanted, np.float32).ravel()[inside]
    seen = seen - seen.mean()
    lengths = np.sqrt((laid**2).sum(1)) * float(np.sqrt((seen**2).sum()))
    return np.asarray(laid @ seen / np.maximum(lengths, 1.0), np.float32)


def likeliest(stretch: Stretch, alike: NDArray[np.float32]) -> list[int]:
    """The numbers of the frames that are most alike, `SWEPT_MOST` at most, `SWEPT_APART_S` apart."""
    found: list[int] = []
    for number in np.argsort(-alike, kind="stable").tolist():
        at_s = stretch.times_s[number]
        if all(abs(at_s - stretch.times_s[other]) >= SWEPT_APART_S for other in found):
            found.append(number)
        if len(found) == SWEPT_MOST:
            break
    return found


def _halved(luma: NDArray[np.uint8]) -> NDArray[np.uint8]:
    half = max(1, luma.shape[1] // 2), max(1, luma.shape[0] // 2)
    return np.asarray(cv2.resize(luma, half, interpolation=cv2.INTER_AREA), np.uint8)


def _score(laid: tuple[float, NDArray[np.float64]]) -> float:
    return laid[0]


def settled(
    picture: NDArray[np.float32], frame: NDArray[np.float32], matrix: NDArray[np.float64], steps: int
) -> NDArray[np.float64] | None:
    """The place near `matrix` where a picture and a frame, luma float32 (h, w), correlate most, in at most
    so many steps; None where they have too little in common there.
    """
    from_units, to_units = _pixels(picture), _pixels(frame)
    to_frame = to_units @ matrix @ np.linalg.inv(from_units)
    flat = bool(np.abs(to_frame[2, :2]).max() < 1e-6)
    kind = cv2.MOTION_AFFINE if flat else cv2.MOTION_HOMOGRAPHY
    start = np.asarray(to_frame[:2] if flat else to_frame, np.float32)
    until = (cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, steps, 1e-3)
    try:
        _, found = cv2.findTransformECC(_bytes(picture), _bytes(frame), start, kind, until)
    except cv2.error:
        return None
    whole = np.vstack([found, [0.0, 0.0, 1.0]]) if flat else np.asarray(found, np.float64)
    return np.asarray(np.linalg.inv(to_units) @ whole @ from_units, np.float64)


def _bytes(luma: NDArray[np.float32]) -> NDArray[np.uint8]:
    return np.asarray(np.clip(luma, 0, 255), np.uint8)


def _pixels(luma: NDArray[np.float32]) -> NDArray[np.float64]:
    """From units of the longer side to pixels."""
    return np.diag([max(luma.shape), max(luma.shape), 1.0])


def _laid(
    picture: NDArray[np.float32], frame: NDArray[np.float32], matrix: NDArray[np.float64]
) -> tuple[float, NDArray[np.float64]]:
    """How like the picture a frame is, at its place or at one near by, and that place."""
    here = compare(picture, frame, matrix).overall
    height, width = picture.shape
    if min(height, width) < 2:
        return here, matrix
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
