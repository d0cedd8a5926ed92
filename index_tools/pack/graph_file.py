"""The neighbour graph of a table of vectors: built by hnswlib, and looked through before hnswlib loads it.

The graph is derived: whoever has the vectors can build it, so it is never in a transport file.  hnswlib
follows numbers in the file without checking and so crashes on a damaged one, or reads foreign memory;
`check_graph` proves that every number it may follow is in range and that the vectors in the graph are
those of the table.

Layout of a file of hnswlib 0.8.0 (`HierarchicalNSW::saveIndex`, read in hnswalg.h; little endian, no gaps):
96 bytes of header; per element its base links (u16 count, u8 deletion mark, u8 unused, 2 M numbers u32),
its vector (float32) and its label (u64); then per element the bytes of its upper links (u32, 0 for most) and
these, per level from 1: u16 count, u16 unused, M numbers u32.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index_tools.progress import Progress

#: As measured best for a million vectors: recall 0.996..1.000 at ef 128..256.
LINKS, EF_CONSTRUCTION = 16, 200
#: Below as many rows the exact scan, 1.4 ms a reading, is hardly slower than a graph (0.5 to 1 ms), misses
#: nothing and takes no memory.
WORTH_ROWS = 300_000

_HEADER = struct.Struct("<6QiI3QdQ")
_SLICE = 10_000
_MOST_LEVELS = 64


def build_graph(
    vectors: NDArray[Any], path: Path, *, threads: int = -1, progress: Progress | None = None
) -> None:
    """Build the graph of `vectors` (n, size), label = row, and write it to `path`.

    `threads` -1 takes all cores.  Some 20 s of CPU for 100,000 rows, and 0.1 s to check.  Raises
    `Cancelled`.
    """
    import hnswlib  # loaded where it is needed: start-up must stay quick

    count, size = vectors.shape
    index = hnswlib.Index("l2", size)
    index.init_index(count, M=LINKS, ef_construction=EF_CONSTRUCTION, random_seed=100)
    for first in range(0, count, _SLICE):
        if progress is not None:
            progress.check()
            progress.report(first, count, "graph")
        rows = np.arange(first, min(first + _SLICE, count))
        index.add_items(vectors[rows].astype(np.float32), rows, num_threads=threads)
    index.save_index(str(path))
    if progress is not None:
        progress.report(count, count, "graph")


def check_graph(path: Path, vectors: NDArray[Any]) -> None:
    """Raise `ValueError` in a few words unless `path` is a sound graph of exactly `vectors` (n, size)."""
    count, size = vectors.shape
    data = np.memmap(path, np.uint8, "r") if path.stat().st_size >= _HEADER.size else np.empty(0, np.uint8)
    if len(data) < _HEADER.size:
        raise ValueError("the graph is cut short")
    (offset0, most, there, element, label_at, vector_at, top, entry, upper, base, links, _mult, _ef) = (
        _HEADER.unpack(data[: _HEADER.size].tobytes())
    )
    base_bytes = 4 + 4 * base
    if there != count or most < count or most > count + 1_000_000 or offset0 != 0:
        raise ValueError("the graph has another number of rows")
    if not 2 <= links <= 256 or upper != links or base != 2 * links or not 0.0 < _mult < 10.0:
        raise ValueError("the graph has parameters that none can have")
    if vector_at != base_bytes or label_at != base_bytes + 4 * size or element != label_at + 8:
        raise ValueError("the graph has rows of another length")
    end = _HEADER.size + count * element
    if len(data) < end + 4 * count or (len(data) - end) % 4:
        raise ValueError("the graph is cut short")
    kind = np.dtype(
        [("links", "<u2"), ("mark", "u1"), ("unused", "u1"),
         ("to", "<u4", (base,)), ("vector", "<f4", (size,)), ("label", "<u8")]
    )  # fmt: skip
    rows = data[_HEADER.size : end].view(kind)
    _check_base(rows, vectors, base)
    levels = _check_upper(data[end:].view("<u4"), count, int(links))
    if not 0 <= entry < count or not 0 <= top < _MOST_LEVELS or levels[entry] != top or levels.max() != top:
        raise ValueError("the graph begins at a row that cannot be")


def _check_base(rows: NDArray[Any], vectors: NDArray[Any], base: int) -> None:
    count = len(rows)
    seen = np.zeros(count, bool)
    for first in range(0, count, 100_000):
        part = rows[first : first + 100_000]
        used = np.arange(base) < part["links"][:, None]
        if part["links"].max() > base or part["mark"].any() or (part["to"] * used >= count).any():
            raise ValueError("the graph links to rows that are not there")
        label = part["label"]
        if label.max() >= count:
            raise ValueError("the graph names rows that are not there")
        label = label.astype(np.int64)
        seen[label] = True
        if not np.array_equal(part["vector"], vectors[label].astype(np.float32)):
            raise ValueError("the graph belongs to other vectors")
    if not seen.all():
        raise ValueError("the graph names a row twice")


def _check_upper(words: NDArray[np.uint32], count: int, links: int) -> NDArray[np.int64]:
    """Check the upper links; returns the level of each row, int64 (count,)."""
    block = 1 + links
    levels = np.zeros(count, np.int64)
    used = np.flatnonzero(words)
    following = used.tolist()
    at = row = turn = 0
    starts: list[tuple[int, int]] = []
    # rows without upper links are single zeros, so jump from one that is not zero to the next
    while turn < len(following):
        start = following[turn]
        row += start - at
        length, rest = divmod(int(words[start]), 4 * block)
        if row >= count or rest or length >= _MOST_LEVELS:
            raise ValueError("the upper links of the graph are not in order")
        levels[row] = length
        starts.append((start + 1, row))
        at, row = start + 1 + length * block, row + 1
        turn = int(np.searchsorted(used, at)) if length > 1 else _skip(following, turn, at)
    if at + (count - row) != len(words):
        raise ValueError("the upper links of the graph are not in order")
    if starts:
        first = np.array([start for start, _ in starts])
        height = levels[[row for _, row in starts]]
        for level in range(1, int(height.max()) + 1):
            begin = first[height >= level] + (level - 1) * block
            numbers = words[begin]
            if (numbers > links).any():
                raise ValueError("the upper links of the graph are too many")
            to = words[begin[:, None] + 1 + np.arange(links)]
            valid = np.arange(links) < numbers[:, None]
            if (to[valid] >= count).any() or (levels[to[valid]] < level).any():
                raise ValueError("the upper links of the graph lead to rows that are not there")
    return levels


def _skip(following: list[int], turn: int, at: int) -> int:
    """The first place in `following` from `turn` on whose value is at least `at`."""
    while turn < len(following) and following[turn] < at:
        turn += 1
    return turn
