"""Tables of numbers as `.npy` files: written row by row, read as read-only memory maps.

Reading takes nothing on trust: the header must say exactly the type and shape that is expected, and the
file must be exactly as long as that needs.  Objects (pickles) cannot occur.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import DTypeLike, NDArray


class TableWriter:
    """Writes one `.npy` table (n, *`row_shape`) of `dtype` whose n is known only at the end."""

    def __init__(self, path: Path, dtype: DTypeLike, row_shape: tuple[int, ...] = ()) -> None:
        self.path = path
        self.rows = 0
        self._dtype = np.dtype(dtype)
        self._row_shape = row_shape
        self._file: BinaryIO = path.open("wb")
        self._write_header()
        self._header_bytes = self._file.tell()

    def append(self, rows: NDArray[Any]) -> None:
        """Add `rows` (m, *row_shape); raises `ValueError` if they are of another type or shape."""
        if rows.dtype != self._dtype or rows.shape[1:] != self._row_shape:
            raise ValueError(f"{self.path.name} takes {self._dtype} {self._row_shape}, not {rows.dtype}")
        self._file.write(np.ascontiguousarray(rows).tobytes())
        self.rows += len(rows)

    def close(self) -> None:
        """Write the final header and wait until all is on the disk."""
        self._file.seek(0)
        self._write_header()
        # numpy leaves room in the header for a longer first axis
        if self._file.tell() != self._header_bytes:
            raise ValueError(f"the header of {self.path.name} grew")
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()

    def abandon(self) -> None:
        """Close and remove the file, whatever is in it."""
        # the buffer of a full disk cannot be flushed; its content is not wanted any more
        with suppress(OSError):
            self._file.close()
        self.path.unlink(missing_ok=True)

    def _write_header(self) -> None:
        np.lib.format.write_array_header_1_0(
            self._file,
            {
                "descr": np.lib.format.dtype_to_descr(self._dtype),
                "fortran_order": False,
                "shape": (self.rows, *self._row_shape),
            },
        )


def open_table(path: Path, dtype: DTypeLike, shape: tuple[int, ...]) -> NDArray[Any]:
    """The table in `path` as a read-only memory map; a first axis of -1 may have any length.

    Raises `ValueError` with a few words when it is not exactly a table of `dtype` and `shape`, `OSError`
    when it cannot be read.
    """
    expected = np.dtype(dtype)
    with path.open("rb") as file:
        if np.lib.format.read_magic(file) != (1, 0):
            raise ValueError("its header is of another version")
        found_shape, fortran, found = np.lib.format.read_array_header_1_0(file)
        offset = file.tell()
        bytes_there = os.fstat(file.fileno()).st_size
    if fortran or found != expected or found.hasobject:
        raise ValueError("its columns are not those of this table")
    if shape[0] == -1 and found_shape:
        shape = (found_shape[0], *shape[1:])
    if found_shape != shape:
        raise ValueError(f"it has {_show(found_shape)} values where {_show(shape)} belong")
    if bytes_there != offset + expected.itemsize * int(np.prod(shape, dtype=np.int64)):
        raise ValueError("its length does not fit its header")
    if 0 in shape:
        empty = np.empty(shape, expected)
        empty.flags.writeable = False
        return empty
    return np.memmap(path, expected, "r", offset, shape).view(np.ndarray)


def _show(shape: tuple[int, ...]) -> str:
    return " x ".join(str(length) for length in shape)
