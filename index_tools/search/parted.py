"""The parts of a pack's frames that the network described: pictures that show a part of a frame are found
by these.

They lie beside the pack, a table a film, and are gone through as they lie, since a graph over fourteen times
as many vectors would be larger than all the rest; of very many frames only those that are somewhat alike as a
whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from index_tools.descriptors.embedding_form import restored, stored
from index_tools.descriptors.frame_parts import PART_VALUES, PARTS
from index_tools.descriptors.model_file import NetworkFile
from index_tools.pack import ScenePack
from index_tools.search import exact
from index_tools.search.embedded import Likenesses, joined

#: Parts asked for, for each reading: so many in all, and no fewer in any film.
NEIGHBOURS, LEAST = 512, 64
#: Of more frames than this not all are gone through: 30 ms of one core for a reading.
MOST_FRAMES = 60_000


class PartedRows:
    """The vectors of parts of the films of an open pack, as far as they are at hand."""

    def __init__(self, pack: ScenePack, network: NetworkFile, kept_rows: NDArray[np.int64]) -> None:
        """`kept_rows`, int64 (k,), are the kept frames that have an embedding."""
        self._tables: list[tuple[NDArray[np.int64], NDArray[np.uint8]]] = []
        for number in range(len(pack.videos)):
            span = pack.rows_of(number)
            rows = kept_rows[slice(*np.searchsorted(kept_rows, (span.start, span.stop)))]
            table = pack.parts_of_frames(number, network.sha256, (len(rows), len(PARTS), PART_VALUES))
            if table is not None and len(rows):
                self._tables.append((rows, table))
        self.frames = sum(len(rows) for rows, _ in self._tables)

    def nearest(
        self, queries: NDArray[np.float32], common: NDArray[np.float32], within: list[slice] | None
    ) -> Likenesses | None:
        """The frames of the parts most alike the queries, unit vectors float32 (h, `PART_VALUES`).

        `common`, float32 (h,), is taken off the similarities to each query; `within` are slices of the pack's
        kept rows.  None where there are no parts.
        """
        tables = [(rows, table) for rows, table in self._tables if _lies(rows, within)]
        asked = stored(queries)

        def found() -> Iterator[Likenesses]:
            for rows, table in tables:
                flat = table.reshape(-1, PART_VALUES)
                nearest = exact.nearest(flat, asked, max(LEAST, NEIGHBOURS // len(tables)))
                for number, (near, _) in enumerate(nearest):
                    scores = restored(flat[near]) @ queries[number] - common[number]
                    yield _likenesses(rows, near, scores, number)

        return _joined(found())

    def among(
        self, kept: NDArray[np.int64], queries: NDArray[np.float32], common: NDArray[np.float32]
    ) -> Likenesses | None:
        """As `nearest`, of those frames alone whose rows are `kept`, rising; all have an embedding."""

        def found() -> Iterator[Likenesses]:
            for rows, table in self._tables:
                first, end = np.searchsorted(kept, (rows[0], rows[-1] + 1))
                chosen = np.searchsorted(rows, kept[first:end])
                if len(chosen):
                    scores = restored(table[chosen]) @ queries.T - common
                    flat = scores.reshape(-1, len(queries))
                    best = flat.argmax(axis=1)
                    near = (chosen[:, None] * len(PARTS) + np.arange(len(PARTS))).ravel()
                    yield _likenesses(rows, near, flat[np.arange(len(flat)), best], best)

        return _joined(found())


def _likenesses(
    rows: NDArray[np.int64],
    near: NDArray[np.int64],
    scores: NDArray[np.float32],
    readings: NDArray[np.int64] | int,
) -> Likenesses:
    """Parts of the frames of a film by their numbers in its table."""
    frames, parts = np.divmod(near, len(PARTS))
    return Likenesses(rows[frames], scores, np.full(len(near), readings, np.int16), parts.astype(np.int16))


def _joined(found: Iterable[Likenesses]) -> Likenesses | None:
    every = list(found)
    return joined(every) if every else None


def _lies(rows: NDArray[np.int64], within: list[slice] | None) -> bool:
    """Whether the rows of a film lie in one of the slices, which part no film."""
    return within is None or any(part.start <= rows[0] < part.stop for part in within)
