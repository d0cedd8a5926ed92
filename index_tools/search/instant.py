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
from index_tools.search.anew import Instant, apart, around, fitted, laid
from index_tools.search.side_by_side import side_by_side

#: So many frames at most are compared around each instant: every second, third … one where there are more.
MOST = 60
#: Places of the picture less far apart than so much of its longer side are the same.
SAME_PLACE = 1 / 1200
#: With fewer frames there is nothing to tell.
LEAST = 3
#: How often the place is settled once more in the best frame, and how far around it, in seconds, frames are
#: laid there.
AGAIN, AGAIN_S = 2, 0.2
#: Detail is what a blur of so much takes away, as a share of the picture's longer side; the side of a block.
DETAIL, BLOCK = 1 / 48, 1 / 24
#: No frame is laid further than so much of the picture's longer side from where the picture lay; less than so
#: many pixels is nothing.
ASTRAY, STILL = 0.1, 0.1
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
    for start_s, end_s in _stretches(likely, reach_s):
        middle_s, half_s = (start_s + end_s) / 2, (end_s - start_s) / 2
        stretch = around(reader, middle_s, half_s, shot, side, progress, apart_s=2 * reach_s / MOST)
        if stretch is not None:
            frames |= dict(zip(stretch.times_s, stretch.lumas, strict=True))
    if len(frames) < LEAST:
        return None
    times_s, likely_s = np.array(list(frames)), np.array([one.at_s for one in likely])

    def nearest(at_s: float) -> NDArray[np.uint8]:
        return frames[float(times_s[np.abs(times_s - at_s).argmin()])]

    def settled(one: Instant) -> Instant:
        return Instant(one.at_s, laid(picture, nearest(one.at_s), one.matrix).matrix)

    places = side_by_side(settled, likely, progress)
    if all(one.at_s != near.at_s or apart(picture, one.matrix, near.matrix) > SAME_PLACE for one in places):
        places.append(near)
    wanted = _Wanted.of(picture, nearest(likely[0].at_s), places[0].matrix)
    compared: list[_Compared] = []

    def compare(place: Instant, reach_s: float) -> None:
        def one(at_s: float) -> _Compared:
            return wanted.compared(at_s, frames[at_s], place.matrix)

        near_by = [at_s for at_s in frames if abs(at_s - place.at_s) <= reach_s]
        compared.extend(side_by_side(one, near_by, progress))

    for place in places:
        compare(place, reach_s)
    best = _best(compared, likely_s)
    for _ in range(AGAIN):
        if best is None:
            return None
        matrix = laid(picture, frames[best.at_s], best.matrix).matrix
        if apart(picture, matrix, best.matrix) <= SAME_PLACE:
            break
        compare(Instant(best.at_s, matrix), AGAIN_S)
        before, best = best, _best(compared, likely_s)
        if best is not None and best.at_s == before.at_s:
            break
    return best


def _stretches(likely: Sequence[Instant], reach_s: float) -> list[tuple[float, float]]:
    """From when to when the film is decoded: each second once."""
    found: list[tuple[float, float]] = []
    for one in sorted(likely, key=lambda one: one.at_s):
        start_s, end_s = one.at_s - reach_s, one.at_s + reach_s
        if found and start_s <= found[-1][1]:
            start_s = found.pop()[0]
        found.append((start_s, end_s))
    return found


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


@dataclass(frozen=True, eq=False, slots=True)
class _Wanted:
    """The detail of a picture, float32 (h, w), and how soft it is, in pixels."""

    detail: NDArray[np.float32]
    softness: float

    @staticmethod
    def of(picture: NDArray[np.float32], luma: NDArray[np.uint8], matrix: Map) -> _Wanted:
        """A picture, luma float32 (h, w), as soft as it looks beside a frame in which it lies."""
        detail = _detail(picture)

        def unexplained(softness: float) -> float:
            errors = _Wanted(detail, softness).compared(0.0, luma, matrix).errors
            return float(np.log(errors + FLOOR).mean())

        return _Wanted(detail, min(SOFTNESS, key=unexplained))

    def compared(self, at_s: float, luma: NDArray[np.uint8], matrix: Map) -> _Compared:
        """A frame under the picture, shifted to where its own detail fits best."""
        shape = self.detail.shape
        shown, inside = _under(shape, luma, matrix)
        x, y = self._shift(shown)
        if STILL < max(abs(x), abs(y)) <= ASTRAY * max(shape):
            matrix = matrix @ np.array(
                [[1.0, 0.0, x / max(shape)], [0.0, 1.0, y / max(shape)], [0.0, 0.0, 1.0]]
            )
            shown, inside = _under(shape, luma, matrix)
        if self.softness > 0:
            shown = np.asarray(cv2.GaussianBlur(shown, (0, 0), self.softness), np.float32)
        detail, seen = _detail(shown) * inside, self.detail * inside
        covered = _by_blocks(inside)
        errors = _by_blocks((seen - _strength(seen, detail) * detail) ** 2) / np.maximum(covered, COVERED)
        return _Compared(at_s, matrix, errors.ravel().astype(np.float64), covered.ravel().astype(np.float64))

    def _shift(self, shown: NDArray[np.float32]) -> tuple[float, float]:
        """How far, in pixels, the picture is to be moved over what a frame shows there."""
        if min(shown.shape) < 2:
            return 0.0, 0.0
        window = cv2.createHanningWindow(shown.shape[::-1], cv2.CV_32F)
        # phaseCorrelate writes its window into the pictures that it is given
        (x, y), _ = cv2.phaseCorrelate(self.detail.copy(), _detail(shown), window)
        return x, y


def _under(
    shape: tuple[int, ...], luma: NDArray[np.uint8], matrix: Map
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """What a frame shows where a picture of a shape lies, and where that is within the frame (0 or 1): both
    float32 of that shape.
    """
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
    return np.asarray(laid, np.float32), np.asarray(inside > 0, np.float32)


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
