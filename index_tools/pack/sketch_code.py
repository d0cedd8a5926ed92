"""The sketches of one shot as a compact block of bytes, and back.

Levels are kept in steps, wider ones where there is more contrast, and a cell keeps its level until it is
off by more than most of a step: noise then costs nothing.  Sketches that hardly differ from the one
before are left out.  What is kept is written as differences, of the first sketch from cell to cell, of
the others in time (modulo 256), in one zstd frame:

    n (u32), step (u8), times: n differences in milliseconds (u32), levels: n * 14 * 24 differences (u8).

A shot without sketches is an empty block.
"""

from __future__ import annotations

import struct

import numpy as np
import zstandard
from numpy.typing import NDArray

from index_tools.nouns import Sketches

ROWS, COLUMNS = 14, 24
#: Most sketches of one shot: a whole day of them.
MOST_SKETCHES = 400_000
#: The step between two levels is this share of the contrast (standard deviation), within these bounds.
_STEP, _LEAST_STEP, _MOST_STEP = 0.36, 3, 20
#: A cell changes its level when it is off by so many steps, a sketch counts as changed with so many such
#: cells.
_OFF, _CHANGED = 0.7, 4
_LEVEL = 19
_HEAD = struct.Struct("<IB")
_CELLS = ROWS * COLUMNS


def encode_sketches(sketches: Sketches) -> bytes:
    """The block of some sketches: times float64 (n,), not below 0, luma uint8 (n, 14, 24)."""
    times_s, luma = sketches.times_s, sketches.luma
    if times_s.shape != (len(luma),) or luma.shape[1:] != (ROWS, COLUMNS) or len(luma) > MOST_SKETCHES:
        raise ValueError("a sketch has a time and 14 x 24 cells")
    if not len(luma):
        return b""
    step = int(np.clip(round(_STEP * float(luma.std())), _LEAST_STEP, _MOST_STEP))
    cells = luma.reshape(-1, _CELLS).astype(np.float32) / step
    level = np.rint(cells[0])
    kept, levels = [0], [level]
    for number in range(1, len(cells)):
        moved = np.abs(cells[number] - level) > _OFF
        if np.count_nonzero(moved) >= _CHANGED:
            level = np.where(moved, np.rint(cells[number]), level)
            kept.append(number)
            levels.append(level)
    table = np.array(levels, np.uint8)
    steps = np.diff(table, axis=0, prepend=np.uint8(0))
    steps[0] = np.diff(table[0], prepend=np.uint8(0))
    times = np.diff(np.rint(times_s[kept] * 1000).astype("<u4"), prepend=np.uint32(0))
    body = _HEAD.pack(len(kept), step) + times.astype("<u4").tobytes() + steps.tobytes()
    return zstandard.ZstdCompressor(level=_LEVEL, write_checksum=False).compress(body)


def decode_sketches(block: bytes) -> Sketches:
    """The sketches that `encode_sketches` made `block` of, times to the millisecond.

    Raises `ValueError` when the block is none; never takes more memory than `MOST_SKETCHES` need.
    """
    if not block:
        return Sketches(np.zeros(0), np.zeros((0, ROWS, COLUMNS), np.uint8))
    try:
        size = zstandard.frame_content_size(block)
        count, rest = divmod(size - _HEAD.size, 4 + _CELLS)
        if rest or not 0 < count <= MOST_SKETCHES:
            raise ValueError("sketches are not as long as they should be")
        body = zstandard.ZstdDecompressor(max_window_size=1 << 27).decompress(block, max_output_size=size)
    except zstandard.ZstdError as error:
        raise ValueError(f"sketches cannot be unpacked ({error})") from None
    promised, step = _HEAD.unpack_from(body)
    if len(body) != size or promised != count or step < 1:
        raise ValueError("sketches begin wrongly")
    times = np.frombuffer(body, "<u4", count, _HEAD.size).astype(np.int64)
    steps = np.frombuffer(body, np.uint8, count * _CELLS, _HEAD.size + 4 * count).reshape(count, _CELLS)
    return Sketches(np.cumsum(times) / 1000, _levels(steps, step).reshape(count, ROWS, COLUMNS))


def _levels(steps: NDArray[np.uint8], step: int) -> NDArray[np.uint8]:
    first = np.cumsum(steps[0], dtype=np.uint8)
    levels = np.cumsum(np.concatenate([first[None], steps[1:]]), axis=0, dtype=np.uint8)
    return np.minimum(levels.astype(np.uint16) * step, 255).astype(np.uint8)
