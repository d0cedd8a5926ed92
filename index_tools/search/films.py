"""The films that one search looks into, or their proxies, each opened once."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from index_tools.errors import FilmError
from index_tools.film import FilmReader


class Films:
    """Readers of films, opened when first asked for and closed together; a context manager."""

    def __init__(self) -> None:
        self._open = ExitStack()
        self._readers: dict[Path, FilmReader | None] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._readers.clear()
        self._open.close()

    @property
    def looked_into(self) -> bool:
        """Whether any film could be opened."""
        return any(reader is not None for reader in self._readers.values())

    @property
    def decoded_pixels(self) -> int:
        """The work done so far, in pixels of decoded frames."""
        return sum(reader.decoded_pixels for reader in self._readers.values() if reader is not None)

    def reader(self, footage: Sequence[Path]) -> FilmReader | None:
        """The reader, in draft, of the first of some files that is not damaged; None where there is none."""
        return next((reader for path in footage if (reader := self._reader(path)) is not None), None)

    def _reader(self, path: Path) -> FilmReader | None:
        if path not in self._readers:
            try:
                self._readers[path] = self._open.enter_context(FilmReader(path, draft=True))
            except FilmError:
                # the packs' own data have answered already; without the film nothing is lost
                self._readers[path] = None
        return self._readers[path]
