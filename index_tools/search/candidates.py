"""The kept frames of one pack that lie nearest to a picture.

They come out of the pack's graph, or out of an exact scan where that is as fast or the graph is not
there: small packs, searches kept to some of the videos, and the first searches while the graph is still
loading. Either way the distances are computed again here, in whole numbers, from the pack's own table.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index_tools.pack import ScenePack
from index_tools.pack.graph_file import WORTH_ROWS
from index_tools.search import exact
from index_tools.search.graph import Graph
from index_tools.search.shapes import Shapes

#: Packs of fewer kept frames have no graph.
EXACT_ROWS = WORTH_ROWS
#: Neighbours asked for, for each reading; as many again and again are asked where they make too few scenes.
NEIGHBOURS = 256
MOST_NEIGHBOURS = 1024
#: Neighbours by light and shade alone, for each reading.
SHAPES = 64

_DESCRIPTOR = "color_layout"


@dataclass(frozen=True, eq=False, slots=True)
class Candidates:
    """Rows of a pack's kept frames, int64 (k,), each once, in the order of the table.

    `distances` int32 (k,) are squared distances to the reading that comes nearest, of which `readings`
    int16 (k,) holds the number.
    """

    rows: NDArray[np.int64]
    distances: NDArray[np.int32]
    readings: NDArray[np.int16]


class PackSearch:
    """One open pack, ready to be searched; it stays open and the caller's own."""

    def __init__(self, pack: ScenePack, graphs: bool = True) -> None:
        self.pack = pack
        self.vectors: NDArray[np.uint8] = pack.vectors(_DESCRIPTOR)
        self._kept_rows = pack.described_rows(_DESCRIPTOR)
        self._shapes: Shapes | None = None
        self.graph: Graph | None = None
        if graphs and len(self.vectors) >= EXACT_ROWS:
            title, shape = pack.manifest.title, self.vectors.shape
            self.graph = Graph(title, lambda: pack.graph_path(_DESCRIPTOR), *shape)

    def rows_of_title(self, title: str) -> list[slice]:
        """The rows of the vectors of the videos whose title, in any language, holds the words of
        `title`.
        """
        wanted = title.casefold().strip()
        spans: list[slice] = []
        for number, video in enumerate(self.pack.videos):
            names = (video.title, *video.titles.values())
            if not any(wanted in name.casefold() for name in names):
                continue
            span = self.pack.rows_of(number)
            if self._kept_rows is not None:
                span = slice(*np.searchsorted(self._kept_rows, (span.start, span.stop)).tolist())
            if spans and spans[-1].stop == span.start:
                spans[-1] = slice(spans[-1].start, span.stop)
            else:
                spans.append(span)
        return spans

    def nearest(
        self, queries: NDArray[np.uint8], parts: list[slice] | None, count: int = NEIGHBOURS
    ) -> Candidates:
        """About the `count` nearest kept frames to each of the queries, uint8 (h, 33), within `parts`."""
        if parts is None and self.graph is not None and self.graph.ready:
            found = self.graph.nearest(queries, count)
        else:
            found = exact.nearest(self.vectors, queries, count, parts)
        return self._merged([rows for rows, _ in found], queries)

    def alike_in_shape(
        self, queries: NDArray[np.uint8], parts: list[slice] | None, count: int = SHAPES
    ) -> Candidates | None:
        """The kept frames most alike the queries in light and shade, whatever their colours.

        None for packs of more than `EXACT_ROWS` frames, and for searches kept to some of the videos.
        """
        if parts is not None or not 0 < len(self.vectors) <= EXACT_ROWS:
            return None
        if self._shapes is None:
            self._shapes = Shapes(self.vectors)
        return self._merged(self._shapes.nearest(queries, count), queries)

    def _merged(self, found: list[NDArray[np.int64]], queries: NDArray[np.uint8]) -> Candidates:
        """Rows found for each of the queries, with their distances."""
        rows = np.concatenate(found)
        readings = np.repeat(np.arange(len(found), dtype=np.int16), [len(rows) for rows in found])
        distances = exact.squared_distances(self.vectors[rows], queries[readings])
        # nearest first, the earlier reading first among equals; then each row once
        order = np.lexsort((readings, distances, rows))
        rows, first = np.unique(rows[order], return_index=True)
        order = order[first]
        kept = rows if self._kept_rows is None else self._kept_rows[rows].astype(np.int64)
        return Candidates(kept, distances[order], readings[order])
