"""Which frames of a shot look like a picture that shows only a part of them, by color layouts alone.

Of each frame the layout gives back a luma of 8 x 8 blocks, blurred as its 20 terms make it.  The picture,
at the place where it lies, would change that luma: by what it would change the terms is how far the frame is
from it.  What the layouts cannot tell apart is left to the film itself.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from index_tools.descriptors.color_layout_tables import COSINES, PLACES, QUANTISED, QUANTISED_ZERO
from index_tools.opencv import cv2

#: Luma values of a color layout without their mean.
_LUMA = slice(1, 21)
#: Pixels a block of the grid that the picture is laid on; blocks of which less is covered do not count.
_FINE, _LEAST = 8, 0.05
#: What the reference makes of luma 0..255.
_RANGE = 219 / 255


def _terms() -> NDArray[np.float64]:
    """What each code of each luma value stands for: the middle of the terms that give it, (20, 32)."""
    middles = np.zeros((20, 32))
    zeros = np.broadcast_to(np.asarray(QUANTISED_ZERO).ravel(), (33,))[_LUMA].astype(int)
    for place, zero in enumerate(zeros):
        codes = QUANTISED[zero - 255 : zero + 256].astype(int)
        for code in range(32):
            found = np.flatnonzero(codes == code)
            if len(found):
                middles[place, code] = found.mean() - 255
    return middles


_TERMS = _terms()
#: What each term adds to the 64 blocks, float64 (20, 64); orthonormal.
_WAVES = np.stack([np.outer(COSINES[p // 6], COSINES[p % 6]).ravel() for p in PLACES[_LUMA]])


def pasted_distances(
    layouts: NDArray[np.uint8],
    picture: NDArray[np.float32],
    frame: NDArray[np.float32],
    matrix: NDArray[np.float64],
) -> NDArray[np.float64]:
    """How far frames, by their color layouts, uint8 (n, 33), are from a picture in its place: float64 (n,).

    `picture` and `frame`, one that it lies in, are luma, float32 (h, w), `matrix` leads from one to the
    other in units of their longer sides.
    """
    fine = 8 * _FINE
    height, width = frame.shape
    longer, own = max(frame.shape), max(picture.shape)
    to_frame = np.diag([longer, longer, 1.0]) @ matrix @ np.diag([1 / own, 1 / own, 1.0])
    to_grid = np.diag([fine / width, fine / height, 1.0]) @ to_frame
    size = (fine, fine)
    step = 1 / max(float(np.sqrt(abs(np.linalg.det(to_grid[:2, :2])))), 1e-3)
    source = picture if step < 1.5 else cv2.GaussianBlur(picture, (0, 0), 0.4 * step)
    laid = np.asarray(cv2.warpPerspective(source, to_grid, size), np.float64)
    inside = np.asarray(cv2.warpPerspective(np.ones_like(picture), to_grid, size), np.float64) > 0.99
    weights = _blocks(inside.astype(np.float64))
    told = weights > _LEAST
    if told.sum() < 2:
        return np.zeros(len(layouts))
    theirs = np.asarray(cv2.resize(frame, size, interpolation=cv2.INTER_AREA), np.float64)
    gain = float(theirs[inside].std()) / max(float(laid[inside].std()), 1.0) * _RANGE
    wanted = np.where(told, _blocks(np.where(inside, laid, 0.0)) / np.maximum(weights, _LEAST), 0.0) * gain
    weights = np.where(told, weights, 0.0)
    # a pack's values may be anything
    terms = _TERMS[np.arange(20), np.minimum(layouts[:, _LUMA], _TERMS.shape[1] - 1)]
    apart = wanted - terms @ _WAVES
    apart -= (apart @ weights / weights.sum())[:, None]
    change = (apart * weights) @ _WAVES.T
    return np.asarray((change**2).sum(1) / weights.sum(), np.float64)


def _blocks(grid: NDArray[np.float64]) -> NDArray[np.float64]:
    """The means of the 8 x 8 blocks, float64 (64,)."""
    return np.asarray(grid.reshape(8, _FINE, 8, _FINE).mean((1, 3)).ravel(), np.float64)
