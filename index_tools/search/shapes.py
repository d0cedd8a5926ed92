"""Kept frames whose light and shade lie as in a picture, whatever its colours.

A tinted, grey or darkened picture has another color layout than its frame; but of the luma part, without
its mean and without its strength, nearly all stays.  So these 20 values are compared by their correlation.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

#: The luma values of a color layout without the mean, and the code of "nothing" in them.
_LUMA = slice(1, 21)
_NOTHING = 16.0


class Shapes:
    """The luma of a table of color layouts, uint8 (n, 33), made comparable: 80 bytes a row."""

    def __init__(self, vectors: NDArray[np.uint8]) -> None:
        self._table = directions(vectors)

    def nearest(
        self, queries: NDArray[np.uint8], count: int
    ) -> list[tuple[NDArray[np.int64], NDArray[np.float32]]]:
        """The rows most alike each of the queries, uint8 (h, 33), at most `count` each, unsorted, and their
        correlations with it.
        """
        alike = directions(queries) @ self._table.T
        count = min(count, self._table.shape[0])
        nearest = (np.argpartition(-row, count - 1)[:count].astype(np.int64) for row in alike)
        return [(rows, row[rows]) for rows, row in zip(nearest, alike, strict=True)]


def directions(vectors: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The luma of color layouts, uint8 (n, 33), as unit vectors, float32 (n, 20): their products are
    correlations.
    """
    values = vectors[:, _LUMA].astype(np.float32) - _NOTHING
    return np.asarray(values / np.maximum(np.linalg.norm(values, axis=1, keepdims=True), 1.0), np.float32)
