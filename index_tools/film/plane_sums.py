"""Sums over the cells of one plane of decoded samples, at the speed of memory.

Two ways, both a single pass of OpenCV's `reduce` over the samples where the decoder left them:

- `CellSums`, where the columns cut the plane's lines (padding included) into equal parts: the plane is
  seen as a list of short rows of one column's width, and one call sums each of them.  Twice as fast.
- `BandSums`, for any width: one call a band of rows gives sums as wide as the picture, and
  the bands of several frames are cut into columns together.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index_tools.opencv import cv2

Samples = NDArray[np.uint8] | NDArray[np.uint16]


@dataclass(frozen=True, eq=False, slots=True)
class Grid:
    """Where a plane is cut: edges of rows and columns as growing fractions of it, from 0 to 1."""

    rows: NDArray[np.float64]
    columns: NDArray[np.float64]


class PlaneSums(Protocol):
    """The cell means of one plane of up to a fixed number of frames."""

    def add(self, number: int, lines: Samples) -> None:
        """Sum frame `number` of the batch; `lines` is (height, samples a line with padding)."""

    def means(self, count: int) -> NDArray[np.float64]:
        """Mean sample values (count, rows, columns) of the first frames of the batch."""


def plane_sums(grid: Grid, width: int, lines: Samples, capacity: int) -> PlaneSums:
    """The faster way that suits planes like `lines` (height, samples a line), of which `width` are seen."""
    columns = len(grid.columns) - 1
    even = np.allclose(np.diff(grid.columns), 1.0 / columns)
    cell = width // columns
    if even and width % columns == 0 and lines.shape[1] % cell == 0:
        return CellSums(grid, cell, lines, capacity)
    return BandSums(grid, width, lines, capacity)


class CellSums:
    """Sums of equal parts of each line; the rows are cut afterwards, at fractions of a line."""

    def __init__(self, grid: Grid, cell: int, lines: Samples, capacity: int) -> None:
        height, length = lines.shape
        self._cell, self._columns = cell, len(grid.columns) - 1
        self._edges = grid.rows * height
        wide = lines.dtype.itemsize > 1
        self._depth = cv2.CV_32F if wide else cv2.CV_32S
        self._sums = np.zeros((capacity, height, length // cell), dtype=np.float32 if wide else np.int32)
        self._slots = [frame.reshape(-1, 1) for frame in self._sums]

    def add(self, number: int, lines: Samples) -> None:
        """Sum each part of each line."""
        cv2.reduce(lines.reshape(-1, self._cell), 1, cv2.REDUCE_SUM, self._slots[number], self._depth)

    def means(self, count: int) -> NDArray[np.float64]:
        """Mean sample values (count, rows, columns)."""
        sums = self._sums[:count, :, : self._columns]
        means: NDArray[np.float64] = _cut_rows(sums, self._edges)
        means /= np.diff(self._edges)[:, None] * self._cell
        return means


class BandSums:
    """Sums of bands of whole rows; the columns are cut afterwards, at fractions of a sample."""

    def __init__(self, grid: Grid, width: int, lines: Samples, capacity: int) -> None:
        self._grid, self._width = grid, width
        self._edges = [int(edge) for edge in np.rint(grid.rows * lines.shape[0])]
        # Samples of two bytes are summed as bytes, which is five times as fast, and put together later.
        self._bytes = lines.dtype.itemsize
        bands = len(self._edges) - 1
        self._sums = np.zeros((capacity, bands, width * self._bytes), np.float32)
        self._slots = [[frame[k : k + 1] for k in range(bands)] for frame in self._sums]

    def add(self, number: int, lines: Samples) -> None:
        """Sum each band."""
        samples = lines.view(np.uint8)[:, : self._width * self._bytes]
        for slot, (top, bottom) in zip(self._slots[number], pairwise(self._edges), strict=True):
            cv2.reduce(samples[top:bottom], 0, cv2.REDUCE_SUM, slot, cv2.CV_32F)

    def means(self, count: int) -> NDArray[np.float64]:
        """Mean sample values (count, rows, columns)."""
        sums = self._sums[:count]
        if self._bytes == 2:
            sums = sums[..., 0::2] + sums[..., 1::2] * np.float32(256)
        edges = self._grid.columns * self._width
        means: NDArray[np.float64] = _cut_columns(sums, edges)
        means /= np.outer(np.diff(self._edges), np.diff(edges))
        return means


def _cut_rows(sums: NDArray[np.generic], edges: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sums of `sums` (n, rows, columns) between edges of rows, parts of a row counted in part."""
    whole = edges.astype(int)
    cut = np.add.reduceat(sums, whole[:-1], axis=1).astype(np.float64)
    part = edges[1:-1] - whole[1:-1]
    if part.any():
        over = sums[:, whole[1:-1]] * part[:, None]
        cut[:, :-1] += over
        cut[:, 1:] -= over
    return cut


def _cut_columns(sums: NDArray[np.float32], edges: NDArray[np.float64]) -> NDArray[np.float64]:
    """The same between edges of columns."""
    whole = edges.astype(int)
    cut = np.add.reduceat(sums, whole[:-1], axis=2).astype(np.float64)
    part = edges[1:-1] - whole[1:-1]
    if part.any():
        over = sums[..., whole[1:-1]] * part
        cut[..., :-1] += over
        cut[..., 1:] -= over
    return cut
