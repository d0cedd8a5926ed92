"""A file on its way: its bytes are read while they come."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from index_tools.errors import Cancelled

if TYPE_CHECKING:
    from index_tools.film.container import Bytes

#: How soon a reader who waits sees that nobody wants the file any more, in seconds.
_LOOK_UP_S = 0.05

Wanted = Callable[[], bool]


class Arriving:
    """Filled by one thread, read by others, each from its beginning; kept in memory.

    Whoever fills it says when it is whole.  One that never gets so keeps its readers waiting until nobody
    wants it any more: what went wrong is told by whoever fills it.
    """

    def __init__(self) -> None:
        self._data = bytearray()
        self._is_whole = False
        self._changed = threading.Condition()

    def __len__(self) -> int:
        return len(self._data)

    def add(self, piece: bytes) -> None:
        """Append what has come."""
        with self._changed:
            self._data += piece
            self._changed.notify_all()

    def finish(self) -> None:
        """Say that all has come, and is as it should be."""
        with self._changed:
            self._is_whole = True
            self._changed.notify_all()

    def head(self, size: int) -> bytes:
        """The first `size` bytes, as far as they have come."""
        with self._changed:
            return bytes(self._data[:size])

    def wait(self, is_wanted: Wanted) -> None:
        """Wait until it is whole.  Raises Cancelled once it is not wanted any more."""
        with self._changed:
            self._wait_for(lambda: self._is_whole, is_wanted)

    def open(self, is_wanted: Wanted) -> Bytes:
        """Its bytes from the first on; can be read from any place only once it is whole."""
        with self._changed:
            return io.BytesIO(self._data) if self._is_whole else _Reader(self, is_wanted)

    def read(self, at: int, size: int, is_wanted: Wanted) -> bytes:
        """Some bytes from `at` on, at least one unless that is the end.  Raises as `wait` does."""
        with self._changed:
            self._wait_for(lambda: len(self._data) > at or self._is_whole, is_wanted)
            return bytes(self._data[at : at + size])

    def _wait_for(self, is_there: Callable[[], bool], is_wanted: Wanted) -> None:
        while not is_there():
            if not is_wanted():
                raise Cancelled
            self._changed.wait(_LOOK_UP_S)


class _Reader:
    """A place in a file that is on its way."""

    def __init__(self, arriving: Arriving, is_wanted: Wanted) -> None:
        self._arriving = arriving
        self._is_wanted = is_wanted
        self._at = 0

    def read(self, size: int = -1, /) -> bytes:
        found = self._arriving.read(self._at, size if size > 0 else 1 << 16, self._is_wanted)
        self._at += len(found)
        return found

    def seekable(self) -> bool:
        return False
