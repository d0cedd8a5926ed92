"""Loading a graph without holding everything else up.

hnswlib's own `load_index` keeps Python's lock from beginning to end: 1.1 s for a million rows in which
no window would move and no other thread search.  Its index can also be made of ready arrays, which
costs little more than one copy of the memory; so the file is taken apart here, by numpy, which lets go
of the lock, and only that copy is left to hnswlib.

Layout of a file of hnswlib 0.8.0 (`HierarchicalNSW::saveIndex`; little endian, no gaps): 96 bytes of
header; the rows of the lowest level; then per row the bytes of its upper links (u32, 0 for most) and
these.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_HEADER = struct.Struct("<6QiI3QdQ")
_PAGE = 4096


def load_graph(path: Path, rows: int, size: int) -> Any:
    """The `hnswlib.Index` of the file at `path`, for queries only: `rows` vectors of `size` values.

    The pack has proved the file sound before.  Raises ValueError when it holds another number of rows,
    and what hnswlib raises.
    """
    import hnswlib

    data = np.memmap(path, np.uint8, "r")
    (
        offset,
        _most,
        count,
        row_bytes,
        label_at,
        vector_at,
        top,
        entry,
        links,
        base,
        _links,
        scale,
        breadth,
    ) = _HEADER.unpack(data[: _HEADER.size].tobytes())
    if count != rows:
        raise ValueError(f"it holds {count} rows, not {rows}")
    lowest = data[_HEADER.size : _HEADER.size + rows * row_bytes].view(np.int8)
    upper = np.frombuffer(data[_HEADER.size + rows * row_bytes :], "<u4")
    level_words = links + 1
    levels, upper_links = _upper_levels(upper, rows, level_words)
    lowest[::_PAGE].sum(dtype=np.int64)  # the file is read now, not while the lock is held
    none = np.zeros(rows, np.uint64)  # what only additions and deletions need
    return hnswlib.Index(
        {
            "ser_version": 1,
            "space": "l2",
            "dim": size,
            "index_inited": True,
            "ep_added": True,
            "normalize": False,
            "num_threads": 1,
            "seed": 100,
            "offset_level0": offset,
            "max_elements": rows,
            "cur_element_count": rows,
            "size_data_per_element": row_bytes,
            "label_offset": label_at,
            "offset_data": vector_at,
            "max_level": top,
            "enterpoint_node": entry,
            "max_M": links,
            "max_M0": base,
            "M": links,
            "mult": scale,
            "ef_construction": breadth,
            "ef": 10,
            "has_deletions": False,
            "size_links_per_element": 4 * level_words,
            "allow_replace_deleted": False,
            "label_lookup_external": none,
            "label_lookup_internal": none.astype(np.uint32),
            "element_levels": levels,
            "data_level0": lowest,
            "link_lists": upper_links,
        }
    )


def _upper_levels(
    words: NDArray[np.uint32], rows: int, level_words: int
) -> tuple[NDArray[np.int32], NDArray[np.int8]]:
    """The number of upper levels of each row, int32 (rows,), and their links one after another as
    bytes.

    `words` is the last part of the file.  Only one row in `M` has upper levels, so the walk goes from
    one of these to the next.
    """
    levels = np.zeros(rows, np.int32)
    filled = np.flatnonzero(words)
    borders = np.zeros(len(words) + 1, np.int8)
    word = row = 0
    while row < rows:
        following = int(np.searchsorted(filled, word))
        if following == len(filled):
            break
        start = int(filled[following])
        row += start - word
        length = int(words[start]) // 4
        levels[row] = length // level_words
        word = start + 1 + length
        borders[start + 1] += 1
        borders[word] -= 1
        row += 1
    inside = np.cumsum(borders[:-1], dtype=np.int8).view(np.bool_)
    return levels, words[inside].view(np.int8)
