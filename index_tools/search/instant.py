"""The very frame of a film that a picture is of, among neighbours that are nearly the same.

The frames before and behind those that are likely are decoded and laid under the picture, each where it fits
best, so that a moving camera does not count.  What is left is what moves, or grain; it is a small part
of what the picture shows, and less than a caption, a tint or a blur does to it.  So fine detail is compared,
the frames' as soft as the picture's and with a strength fitted from place to place; and what it leaves of the
picture is taken block by block, as a logarithm: a block that differs from all frames alike (a caption, a
pointer) says nothing, and one that a single frame explains says much.

Frames of the film are compared, not of a proxy: where little moves, those of a proxy differ more by how well
each was encoded.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index_tools.film import FilmReader
from index_tools.opencv import cv2
from index_tools.progress import Progress
from index_tools.search.alignment import Map
from index_tools.search.anew import Instant, around, fitted, laid

#: So many frames at most are compared around each instant: every second, third … one where there are more.
MOST = 60
#: With fewer frames there is nothing to tell.
LEAST = 3
#: How often the place is settled once more in the best frame, and how far around it, in seconds, frames are
#: laid there.
AGAIN, AGAIN_S = 2, 0.2
#: Detail is what a blur of so much takes away, as a share of the picture's longer side; the side of a block.
DETAIL, BLOCK = 1 / 48, 1 / 24
#: No frame is laid further than so much of the picture's longer side from where the picture lay.
ASTRAY = 0.1
#: So much of the picture must lie within a frame, and within all of them together; and so much of a block.
INSIDE, COVERED = 0.25, 0.95
#: Errors below this share of what is usual in their block are all the same; what else a pixel may differ
#: (squared levels).
NEGLIGIBLE, FLOOR = 0.05, 0.5
#: Each second away from what is likely must be made good by so many standard errors; as many blocks next to
#: each other as this count as one.
NEARER, ALIKE = 1.0, 4
#: How far frames are blurred, in pixels, to be as soft as the picture.
SOFTNESS = (0.0, 0.5, 0.7, 1.0, 1.4, 2.0, 2.8)
#: The most that the picture's contrast is raised, in multiples of the frames'.
STRONGEST = 3.0


@dataclass(frozen=True, eq=False, slots=True)
class _Compared:
    """A frame under the picture: its time and the picture's place in it; by blocks how much of the picture
    it leaves unexplained (squared levels), and how much of them lies within it, 0..1, both float64 (n,).
    """

    at_s: float
    matrix: Map
    errors: NDArray[np.float64]
    covered: NDArray[np.float64]


def instant(
    reader: FilmReader,
    picture: NDArray[np.float32],
    near: Instant,
    likely: Sequence[Instant],
    shot: tuple[float, float],
    reach_s: float,
    progress: Progress | None = None,
) -> Instant | None:
    """The frame of a shot that `picture`, luma float32 (h, w), is of.

    It is looked for `reach_s` seconds around those that are likely, the likeliest first, where the picture's
    place is settled anew, and around `near`, where it lies as it was found: settled in another frame than its
    own, it gives way to what moves.  Around the best frame the place is settled once more.  None where
    nothing tells one frame from another.  Raises `FilmError`, `Cancelled`.
    """
    picture, side = fitted(reader, picture, near.matrix)
    frames: dict[float, NDArray[np.uint8]] = {}
    places: list[Instant] = []
    for one in likely:
        stretch = around(reader, one.at_s, reach_s, shot, side, progress)
        if stretch is not None:
            every = math.ceil(len(stretch.lumas) / MOST)
            frames |= dict(zip(stretch.times_s[::every], stretch.lumas[::every], strict=True))
            places.append(Instant(one.at_s, laid(picture, stretch.nearest(one.at_s), one.matrix).matrix))
    if len(frames) < LEAST:
        return None
    wanted, likely_s = _detail(picture), np.array([one.at_s for one in places])
    likeliest = min(frames, key=lambda at_s: abs(at_s - likely_s[0]))
    softness = _softness(wanted, frames[likeliest], places[0].matrix)
    compared: list[_Compared] = []

    def compare(place: Instant, reach_s: float) -> None:
        for at_s, luma in frames.items():
            if abs(at_s - place.at_s) <= reach_s:
                if progress is not None:
                    progress.check()
                compared.append(_compared(wanted, at_s, luma, place.matrix, softness))

    for place in (*places, near):
        compare(place, reach_s)
    best = _best(compared, likely_s)
    for _ in range(AGAIN):
        if best is None:
            return None
        compare(Instant(best.at_s, laid(picture, frames[best.at_s], best.matrix).matrix), AGAIN_S)
        before, best = best, _best(compared, likely_s)
        if best is not None and best.at_s == before.at_s:
            break
    return best


def _best(compared: list[_Compared], likely_s: NDArray[np.float64]) -> Instant | None:
    """The frame that leaves least of the picture unexplained; the less of it, the further it is from what is
    likely, in seconds.
    """
    compared = [one for one in compared if float(one.covered.mean()) >= INSIDE]
    if not compared:
        return None
    told = np.min([one.covered for one in compared], axis=0) > COVERED
    if float(told.mean()) < INSIDE:
        return None
    errors = np.array([one.errors[told] for one in compared])
    errors = np.log(errors + NEGLIGIBLE * (np.median(errors, axis=0) + FLOOR))
    times_s = np.array([one.at_s for one in compared])
    away_s = np.abs(times_s[:, None] - likely_s).min(1)
    likeliest = int(np.abs(times_s - likely_s[0]).argmin())
    uncertain = (errors - errors[likeliest]).std(1) / math.sqrt(errors.shape[1] / ALIKE)
    best = int((errors.mean(1) + NEARER * uncertain * away_s).argmin())
    return Instant(compared[best].at_s, compared[best].matrix)


def _softness(wanted: NDArray[np.float32], luma: NDArray[np.uint8], matrix: Map) -> float:
    """How far, in pixels, a frame is blurred where it explains most of a picture's detail."""
    errors = [np.log(_compared(wanted, 0.0, luma, matrix, soft).errors + FLOOR).mean() for soft in SOFTNESS]
    return SOFTNESS[int(np.argmin(errors))]


def _compared(
    wanted: NDArray[np.float32], at_s: float, luma: NDArray[np.uint8], matrix: Map, softness: float
) -> _Compared:
    """A frame under a picture of which the detail is given, shifted to where its own fits best."""
    window = cv2.createHanningWindow(wanted.shape[::-1], cv2.CV_32F)
    longer = max(wanted.shape)
    # phaseCorrelate writes its window into the pictures that it is given
    (x, y), _ = cv2.phaseCorrelate(wanted.copy(), _detail(_under(wanted.shape, luma, matrix)[0]), window)
    shift = np.eye(3)
    if max(abs(x), abs(y)) <= ASTRAY * longer:
        shift[:2, 2] = x / longer, y / longer
    place = matrix @ shift
    shown, inside = _under(wanted.shape, luma, place)
    soft = cv2.GaussianBlur(shown, (0, 0), softness) if softness > 0 else shown
    detail = _detail(np.asarray(soft, np.float32)) * inside
    seen = wanted * inside
    covered = _by_blocks(inside.astype(np.float32))
    errors = _by_blocks((seen - _strength(seen, detail) * detail) ** 2) / np.maximum(covered, COVERED)
    return _Compared(at_s, place, errors.ravel().astype(np.float64), covered.ravel().astype(np.float64))


def _under(
    shape: tuple[int, ...], luma: NDArray[np.uint8], matrix: Map
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """What a frame shows where a picture of a shape lies, float32, and where it lies within the frame."""
    height, width = shape
    to_frame = (
        np.diag([max(luma.shape)] * 2 + [1.0]) @ matrix @ np.diag([1 / max(shape), 1 / max(shape), 1.0])
    )
    size, kind = (width, height), cv2.WARP_INVERSE_MAP
    laid = cv2.warpPerspective(
        luma.astype(np.float32),
        to_frame,
        size,
        flags=kind | cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    inside = cv2.warpPerspective(np.ones_like(luma), to_frame, size, flags=kind | cv2.INTER_NEAREST)
    return np.asarray(laid, np.float32), np.asarray(inside > 0)


def _detail(luma: NDArray[np.float32]) -> NDArray[np.float32]:
    """What is finer than `DETAIL`; the blur is made in small, where it costs little."""
    height, width = luma.shape
    small = _halved(luma)
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


def _halved(luma: NDArray[np.float32]) -> NDArray[np.float32]:
    half = max(1, luma.shape[1] // 2), max(1, luma.shape[0] // 2)
    return np.asarray(cv2.resize(luma, half, interpolation=cv2.INTER_AREA), np.float32)
