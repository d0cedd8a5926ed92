"""Sums of the three channels over 8 x 8 blocks of pixels, exact and close to the speed of memory.

A row of a frame is read as words of eight bytes.  Masking a word leaves its even bytes in four lanes of
16 bits, shifting it brings the odd bytes there; so one addition of words adds four samples, and a band of
up to 256 rows is added without a lane running over.  What is left, one row of sums a band, is small and is
added along x by a multiplication with a matrix of zeros and ones.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

#: Rows that can be added in lanes of 16 bits: 256 * 255 < 2**16.
_LANE_ROWS = 256
#: Size of the buffer for masked words, in bytes: it and the frames it is made of stay in the cache
#: (measured at 320 x 180: 8 frames at a time 28 000/s, 1 frame 9 000 to 17 000/s).
_BUFFER_BYTES = 1_400_000
#: Below this number of pixels in a block its sums are exact in float32 whatever the values: 2**24 / 255.
EXACT_PIXELS = 65_793

_EVEN_BYTES = np.uint64(0x00FF00FF00FF00FF)
_UPPER_LANES = np.uint64(0xFFFFFFFFFFFF0000)
_BYTE = np.uint64(8)


def block_edges(size: int) -> NDArray[np.intp]:
    """The nine edges of the eight blocks along a side of `size` pixels: ceil(i * size / 8)."""
    return np.array([-(-i * size // 8) for i in range(9)], np.intp)


def block_counts(height: int, width: int) -> NDArray[np.int64]:
    """Number of pixels of each block, (8, 8); 0 for the empty ones of a side below 8."""
    return np.outer(np.diff(block_edges(height)), np.diff(block_edges(width))).astype(np.int64)


def block_sums(frames: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Sums of frames (n, h, w, 3) over their blocks, (n, 8, 8, 3).

    Exact for blocks of up to `EXACT_PIXELS` pixels.  In larger ones they drift as those of the reference
    do, which rounds to float32 after every row of a block.
    """
    count, height, width = frames.shape[:3]
    rows = frames.reshape(count, height, width * 3)
    if block_counts(height, width).max() > EXACT_PIXELS:
        sums = np.stack([_drifting_sums(frame) for frame in rows])
    else:
        sums = _exact_sums(rows)
    return sums.reshape(count, 8, 8, 3)


def _exact_sums(rows: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Block sums (n, 8, 24) of frames whose rows are given as bytes (n, h, 3 w)."""
    count, height, length = rows.shape
    words = -(-length // 8)
    even, odd = _column_matrices(length, words * 8)
    bands, owner = _bands(height)
    at_once = max(1, min(count, _BUFFER_BYTES // max(1, height * words * 8)))
    # a frame larger than the buffer is masked band by band, others whole
    parts = [bands] if height * words * 8 <= _BUFFER_BYTES else [[band] for band in bands]
    buffer = np.empty((at_once, max(part[-1][1] - part[0][0] for part in parts), words), "<u8")
    low = np.empty((count, len(bands), words), "<u8")
    high = np.empty_like(low)
    for start in range(0, count, at_once):
        chunk = slice(start, start + at_once)
        number = 0
        for part in parts:
            top, bottom = part[0][0], part[-1][1]
            source = _as_words(rows[chunk, top:bottom], words)
            masked = buffer[: len(source), : bottom - top]
            for operation, operand, target in (
                (np.bitwise_and, _EVEN_BYTES, low),
                (np.right_shift, _BYTE, high),
            ):
                operation(source, operand, out=masked)
                for i, (first, end) in enumerate(part, number):
                    np.add.reduce(masked[:, first - top : end - top], axis=1, out=target[chunk, i])
            number += len(part)
    # the shifted words still hold the even bytes, one byte lower, except the lowest, which fell out
    high -= (low & _UPPER_LANES) >> _BYTE
    sums = _lanes(low) @ even
    sums += _lanes(high) @ odd
    sums = sums.reshape(count, len(bands), 24)
    if len(bands) == 8:
        return sums
    return np.stack([sums[:, owner == band].sum(axis=1) for band in range(8)], axis=1)


def _as_words(rows: NDArray[np.uint8], words: int) -> NDArray[np.uint64]:
    """Rows of bytes (n, h, length) as words (n, h, words), filled up with zeros."""
    length = rows.shape[2]
    if length != words * 8:
        padded = np.zeros((*rows.shape[:2], words * 8), np.uint8)
        padded[:, :, :length] = rows
        rows = padded
    return rows.view("<u8")


def _lanes(sums: NDArray[np.uint64]) -> NDArray[np.float32]:
    return sums.view("<u2").reshape(-1, sums.shape[-1] * 4).astype(np.float32)


@lru_cache(maxsize=64)
def _bands(height: int) -> tuple[list[tuple[int, int]], NDArray[np.intp]]:
    """Runs of rows to be added, none longer than `_LANE_ROWS`, and the block row each belongs to."""
    edges = [int(edge) for edge in block_edges(height)]
    bands: list[tuple[int, int]] = []
    owner: list[int] = []
    for band in range(8):
        # an empty band keeps its place
        for top in range(edges[band], max(edges[band + 1], edges[band] + 1), _LANE_ROWS):
            bands.append((top, min(top + _LANE_ROWS, edges[band + 1])))
            owner.append(band)
    return bands, np.array(owner, np.intp)


@lru_cache(maxsize=16)
def _column_matrices(length: int, padded: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Zeros and ones that add the even and the odd bytes of a row to 8 blocks x 3 channels."""
    matrix = np.zeros((padded, 24), np.float32)
    matrix[:length] = _columns(length)
    return np.ascontiguousarray(matrix[0::2]), np.ascontiguousarray(matrix[1::2])


def _columns(length: int) -> NDArray[np.float32]:
    width = length // 3
    block = np.repeat(np.arange(8), np.diff(block_edges(width)))
    place = block[:, None] * 3 + np.arange(3)
    matrix: NDArray[np.float32] = np.equal(place.reshape(length, 1), np.arange(24)).astype(np.float32)
    return matrix


def _drifting_sums(rows: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Block sums (8, 24) of one frame, rounded to float32 after every row of every block."""
    height, length = rows.shape
    columns = _columns(length).astype(np.float64)
    edges = block_edges(height)
    by_row = np.zeros((8, int(np.diff(edges).max()), 24))
    for band in range(8):
        for top in range(int(edges[band]), int(edges[band + 1]), 32):
            bottom = min(top + 32, int(edges[band + 1]))
            by_row[band, top - edges[band] : bottom - edges[band]] = (
                rows[top:bottom].astype(np.float64) @ columns
            )
    sums = np.zeros((8, 24), np.float32)
    for step in range(by_row.shape[1]):
        sums = (sums + by_row[:, step]).astype(np.float32)
    return sums
