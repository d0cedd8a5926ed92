"""The scene embeddings of one pack, ready to be searched.

Candidates come by the first 64 values: out of a graph, or where the pack is small, the search kept to some
videos or the graph not there yet, out of a scan of the bytes as they lie in the file.  All of them are then
compared by all values.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index_tools.descriptors.embedding_form import NAME, PREFIX, restored, stored
from index_tools.pack import ScenePack
from index_tools.pack.graph_file import WORTH_ROWS
from index_tools.search import exact
from index_tools.search.graph import Graph

#: Rows asked for by the first values, for each reading.
NEIGHBOURS = 384
#: Stands for the whole frame where parts of it are told.
WHOLE = -1


@dataclass(frozen=True, eq=False, slots=True)
class Likenesses:
    """Kept rows, int64 (k,), each once, in the order of the table; how alike the reading that comes nearest
    is to each, float32 (k,), the number of that reading, int16 (k,), and which part of the frame it is alike,
    int16 (k,), `WHOLE` where it is all of it.
    """

    rows: NDArray[np.int64]
    scores: NDArray[np.float32]
    readings: NDArray[np.int16]
    parts: NDArray[np.int16]


def joined(found: Sequence[Likenesses]) -> Likenesses:
    """What several searches found, one or more, each row once, as it is most alike."""
    rows, scores, readings, parts = (
        np.concatenate([getattr(one, name) for one in found])
        for name in ("rows", "scores", "readings", "parts")
    )
    order = np.lexsort((-scores, rows))
    rows, first = np.unique(rows[order], return_index=True)
    best = order[first]
    return Likenesses(rows, scores[best], readings[best], parts[best])


class EmbeddedRows:
    """The embeddings of an open pack; it stays open and the caller's own."""

    def __init__(self, pack: ScenePack, graphs: bool = True) -> None:
        self.vectors: NDArray[np.uint8] = pack.vectors(NAME)
        rows = pack.described_rows(NAME)
        self.kept_rows: NDArray[np.int64] = (
            np.arange(len(self.vectors)) if rows is None else np.asarray(rows, np.int64)
        )
        self.graph: Graph | None = None
        if graphs and len(self.vectors) >= WORTH_ROWS:
            shape = len(self.vectors), min(PREFIX, self.vectors.shape[1])
            self.graph = Graph(pack.manifest.title, lambda: pack.graph_path(NAME), *shape)

    def nearest(
        self,
        queries: NDArray[np.float32],
        common: NDArray[np.float32],
        parts: list[slice] | None,
        count: int = NEIGHBOURS,
    ) -> Likenesses:
        """About the `count` rows nearest to each of the queries, unit vectors float32 (h, values).

        `common`, float32 (h,), is taken off the similarities to each query; `parts` are slices of the pack's
        kept rows, rising.
        """
        first = stored(queries)[:, :PREFIX]
        if parts is None and self.graph is not None and self.graph.ready:
            found = self.graph.nearest(first, count)
        else:
            if parts is not None:
                bounds = (np.searchsorted(self.kept_rows, (part.start, part.stop)) for part in parts)
                parts = [slice(int(begin), int(end)) for begin, end in bounds]
            found = exact.nearest(self.vectors[:, :PREFIX], np.ascontiguousarray(first), count, parts)
        return self._merged([rows for rows, _ in found], queries, common)

    def score_of(self, kept: slice, queries: NDArray[np.float32], common: NDArray[np.float32]) -> float:
        """The score of what is most alike the queries among some kept rows; nan where none is described."""
        begin, end = np.searchsorted(self.kept_rows, (kept.start, kept.stop))
        if begin == end:
            return float("nan")
        return float((restored(self.vectors[begin:end]) @ queries.T - common).max())

    def _merged(
        self, found: list[NDArray[np.int64]], queries: NDArray[np.float32], common: NDArray[np.float32]
    ) -> Likenesses:
        rows = np.unique(np.concatenate(found))
        scores = restored(self.vectors[rows]) @ queries.T - common
        best = scores.argmax(axis=1)
        return Likenesses(
            self.kept_rows[rows],
            scores[np.arange(len(rows)), best].astype(np.float32),
            best.astype(np.int16),
            np.full(len(rows), WHOLE, np.int16),
        )
