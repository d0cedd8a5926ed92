"""Which frames of a scene look like a picture that shows only a part of them, by color layouts alone.

The picture is pasted into a frame of the scene, where it was found to lie, and the luma of the whole is
described; then the layouts of all frames of the scene, which a pack holds, are held against that one, only
where the picture lies.  What the layouts cannot tell apart is left to the film itself.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from index_tools.descriptors.color_layout import describe
from index_tools.opencv import cv2

#: Luma values of a color layout without their mean, and where they stand in the 8 x 8 coefficients: the
#: zigzag of the standard, as (row, column).
_LUMA = slice(1, 21)
_ZIGZAG = sorted(
    ((row, column) for row in range(8) for column in range(8)),
    key=lambda at: (sum(at), at[0] if sum(at) % 2 else at[1]),
)[1:21]


def _waves() -> NDArray[np.float64]:
    """What each value adds to the 8 x 8 luma, float64 (20, 64)."""
    at = (np.arange(8) + 0.5) * np.pi / 8
    return np.stack([np.outer(np.cos(row * at), np.cos(column * at)).ravel() for row, column in _ZIGZAG])


_WAVES = _waves()


def pasted_distances(
    layouts: NDArray[np.uint8],
    picture: NDArray[np.float32],
    frame: NDArray[np.float32],
    matrix: NDArray[np.float64],
) -> NDArray[np.float64]:
    """How far frames, by their color layouts, uint8 (n, 33), are from a picture in its place: float64 (n,).

    `picture` and `frame` are luma, float32 (h, w), `matrix` leads from one to the other in units of
    their longer sides.
    """
    height, width = frame.shape
    longer, own = max(frame.shape), max(picture.shape)
    to_frame = np.diag([longer, longer, 1.0]) @ matrix @ np.diag([1 / own, 1 / own, 1.0])
    size = (width, height)
    laid = np.asarray(cv2.warpPerspective(picture, to_frame, size, flags=cv2.INTER_AREA), np.float32)
    ones = np.ones_like(picture)
    inside = np.asarray(cv2.warpPerspective(ones, to_frame, size), np.float32) > 0.99
    if inside.sum() < 64:
        return np.zeros(len(layouts))
    mine, theirs = laid[inside], frame[inside]
    strength = float(theirs.std()) / max(float(mine.std()), 1.0)
    whole = frame.copy()
    whole[inside] = (mine - mine.mean()) * strength + theirs.mean()
    grey = np.clip(np.rint(whole), 0, 255).astype(np.uint8)
    wanted = describe(np.ascontiguousarray(np.repeat(grey[..., None], 3, axis=2)))
    weights = np.asarray(cv2.resize(inside.astype(np.float32), (8, 8), interpolation=cv2.INTER_AREA))
    apart = layouts[:, _LUMA].astype(np.float64) - wanted[_LUMA].astype(np.float64)
    return np.asarray((((apart @ _WAVES) ** 2) * weights.ravel()).sum(1) / weights.sum(), np.float64)


def likely_times(
    times_s: NDArray[np.float64], distances: NDArray[np.float64], apart_s: float, most: int
) -> list[float]:
    """The times of the nearest frames, nearest first, none within `apart_s` of another."""
    found: list[float] = []
    for number in np.argsort(distances, kind="stable"):
        at_s = float(times_s[number])
        if all(abs(at_s - other) > apart_s for other in found):
            found.append(at_s)
            if len(found) == most:
                break
    return found
