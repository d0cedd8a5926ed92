"""Many small pieces of bytes in one file, and the table of where each begins.

The table is int64 (n + 1,), from 0, never falling, its last value the length of the file; piece i is
`data[table[i]:table[i + 1]]`.  Tracks (one piece a video) and thumbnails (one piece a shot) are kept so.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from index_tools.pack.tables import TableWriter, open_table

#: No piece is longer, in bytes: the longest track, never compressed, would be.
MOST_PIECE_BYTES = 1 << 31


class BlobWriter:
    """Writes pieces one after another to `data` and their bounds to `offsets`."""

    def __init__(self, data: Path, offsets: Path) -> None:
        self._path = data
        self._file: BinaryIO = data.open("wb")
        self._offsets = TableWriter(offsets, np.int64)
        self._end = 0
        self._offsets.append(np.array([0], np.int64))

    def append(self, piece: bytes) -> None:
        """Add one piece; an empty one is fine."""
        self._file.write(piece)
        self._end += len(piece)
        self._offsets.append(np.array([self._end], np.int64))

    def close(self) -> None:
        """Close both files and wait until they are on the disk."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._offsets.close()

    def abandon(self) -> None:
        """Close and remove both files, whatever is in them."""
        # the buffer of a full disk cannot be flushed; its content is not wanted any more
        with suppress(OSError):
            self._file.close()
        self._path.unlink(missing_ok=True)
        self._offsets.abandon()


class Blobs:
    """The pieces of a file, mapped into memory."""

    def __init__(self, data: Path, offsets: Path, count: int) -> None:
        """Open; raises `ValueError` in a few words when the table does not fit the file."""
        table = open_table(offsets, np.int64, (count + 1,))
        size = data.stat().st_size
        steps = np.diff(table)
        if table[0] != 0 or table[-1] != size or (len(steps) and (steps.min() < 0)):
            raise ValueError("its table of pieces does not fit")
        if len(steps) and steps.max() > MOST_PIECE_BYTES:
            raise ValueError("a piece in it is too long")
        self._table: NDArray[np.int64] = table
        self._data: NDArray[np.uint8] = np.memmap(data, np.uint8, "r") if size else np.empty(0, np.uint8)

    def __len__(self) -> int:
        return len(self._table) - 1

    def __getitem__(self, number: int) -> bytes:
        """Piece `number`, 0..len-1."""
        return self._data[self._table[number] : self._table[number + 1]].tobytes()
