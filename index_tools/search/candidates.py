"""The kept frames of one pack that lie nearest to a picture.

They come out of the pack's graph, or out of an exact scan where that is as fast or the graph is not
there: small packs, searches kept to some of the videos, and the first searches while the graph is still
loading. Either way the distances are computed again here, in whole numbers, from the pack's own table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index_tools.descriptors.embedding_form import NAME
from index_tools.descriptors.model_file import NetworkFile
from index_tools.nouns import Match, Video
from index_tools.pack import ScenePack
from index_tools.pack.graph_file import WORTH_ROWS
from index_tools.pack.writing import descriptors
from index_tools.search import exact
from index_tools.search.embedded import EmbeddedRows, Likenesses, joined
from index_tools.search.graph import Graph
from index_tools.search.parted import MOST_FRAMES, PartedRows
from index_tools.search.reading_names import upright_name
from index_tools.search.shapes import Shapes

if TYPE_CHECKING:
    from index_tools.search.embedding import Embedded
    from index_tools.search.readings import Readings
    from index_tools.search.scenes import FoundScene

#: Packs of fewer kept frames have no graph.
EXACT_ROWS = WORTH_ROWS
#: Neighbours asked for, for each reading; as many again and again are asked where they make too few scenes.
NEIGHBOURS = 256
MOST_NEIGHBOURS = 1024
#: Frames that are somewhat alike as a whole, for each reading, of which parts are looked at in large packs.
SOMEWHAT = 2048
#: Neighbours by light and shade alone, for each reading.
SHAPES = 64

_DESCRIPTOR = "color_layout"
#: Kept rows of a shot that are looked at before and behind one of them.
_SHOT_ROWS = 256


@dataclass(frozen=True, eq=False, slots=True)
class Candidates:
    """Rows of a pack's kept frames, int64 (k,), each once, in the order of the table.

    `distances` int32 (k,) are squared distances to the reading that comes nearest, of which `readings`
    int16 (k,) holds the number.  `scores`, float32 (k,), are those of scene embeddings, where these found the
    rows, and `parts`, int16 (k,), says of which part of the frame, as `embedded.Likenesses` has it.
    """

    rows: NDArray[np.int64]
    distances: NDArray[np.int32]
    readings: NDArray[np.int16]
    scores: NDArray[np.float32] | None = None
    parts: NDArray[np.int16] | None = None


class PackSearch:
    """One open pack, ready to be searched; it stays open and the caller's own."""

    def __init__(self, pack: ScenePack, graphs: bool = True, network: NetworkFile | None = None) -> None:
        """Search `pack`, by scene embeddings too where `network` made those that it holds."""
        self.pack = pack
        self.vectors: NDArray[np.uint8] = pack.vectors(_DESCRIPTOR)
        self._kept_rows = pack.described_rows(_DESCRIPTOR)
        self._shapes: Shapes | None = None
        self._network = network
        self.embedded = self._embedded(network, graphs)
        self.graph: Graph | None = None
        if graphs and len(self.vectors) >= EXACT_ROWS:
            title, shape = pack.manifest.title, self.vectors.shape
            self.graph = Graph(title, lambda: pack.graph_path(_DESCRIPTOR), *shape)

    def holds(self, match: Match) -> bool:
        """Whether a match is of this pack as it is, not of one that was replaced."""
        videos, shots = self.pack.videos, self.pack.shots
        if match.video_number >= len(videos) or match.shot >= len(shots):
            return False
        same = videos[match.video_number].fingerprint == match.video.fingerprint
        return same and int(shots["video"][match.shot]) == match.video_number

    @property
    def graphs(self) -> tuple[Graph, ...]:
        """The graphs of this pack, loaded or loading."""
        both = self.graph, self.embedded.graph if self.embedded is not None else None
        return tuple(graph for graph in both if graph is not None)

    @property
    def narrowed(self) -> str:
        """Why embeddings cannot find pictures in this pack, as a sentence; empty where they can."""
        if self.embedded is not None or not len(self.vectors):
            return ""
        made = "by another network" if NAME in self.pack.manifest.descriptors else "without the network"
        return (
            f"The pack “{self.pack.manifest.title}” was made {made} that finds edited pictures, so only "
            "pictures that were hardly edited are found in it. Add its films again to change that."
        )

    def frames_searched(self, only: Callable[[Video], bool] | None) -> int:
        """How many kept frames a search goes over that is kept to some videos."""
        parts = self.parts_of(only)
        return len(self.vectors) if parts is None else sum(part.stop - part.start for part in parts)

    def parts_of(self, only: Callable[[Video], bool] | None) -> list[slice] | None:
        """The rows of the vectors of the videos to which a search is kept; None for all of them."""
        if only is None:
            return None
        spans: list[slice] = []
        for number, video in enumerate(self.pack.videos):
            if not only(video):
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

    def nearest_by_embedding(
        self, asked: Embedded, readings: Readings, parts: list[slice] | None, *, in_parts: bool = False
    ) -> Candidates:
        """The kept frames whose scene embeddings are most alike those of the readings, within `parts`;
        `in_parts` says that parts of frames count too.

        Only for packs with embeddings.  The color layouts of the readings are compared beside.
        """
        assert self.embedded is not None
        kept = self._kept_slices(parts)
        found = self.embedded.nearest(asked.vectors, asked.common, kept)
        alike = self._alike_parts(asked, kept) if in_parts else None
        if alike is not None:
            found = joined([found, alike])
        layouts = self.layouts_of(found.rows)
        # of the readings that come of one upright picture the one whose color layout comes nearest
        ours = np.array([asked.names.index(upright_name(reading.name)) for reading in readings.all])
        distances = np.stack([exact.squared_distances(layouts, vector) for vector in readings.vectors], 1)
        suiting = np.where(ours == found.readings[:, None], distances, np.iinfo(np.int32).max)
        best = suiting.argmin(axis=1)
        nearest = distances[np.arange(len(best)), best]
        return Candidates(found.rows, nearest, best.astype(np.int16), found.scores, found.parts)

    @cached_property
    def parted(self) -> PartedRows | None:
        """The vectors of parts of the pack's frames, if there are any."""
        if self.embedded is None or self._network is None:
            return None
        parted = PartedRows(self.pack, self._network, self.embedded.kept_rows)
        return parted if parted.frames else None

    def _alike_parts(self, asked: Embedded, kept: list[slice] | None) -> Likenesses | None:
        """The parts of kept frames, within slices, that are most alike the readings, if there are any."""
        if self.embedded is None or self.parted is None:
            return None
        if self.parted.frames <= MOST_FRAMES:
            return self.parted.nearest(asked.part_vectors, asked.part_common, kept)
        somewhat = self.embedded.nearest(asked.vectors, asked.common, kept, SOMEWHAT).rows
        return self.parted.among(somewhat, asked.part_vectors, asked.part_common)

    def score_of(self, scene: FoundScene, asked: Embedded) -> float:
        """The score of the shot of a scene that color layouts found; nan where it has no embedding."""
        if self.embedded is None:
            return float("nan")
        first = max(0, scene.row - _SHOT_ROWS)
        same = np.flatnonzero(self.pack.kept["shot"][first : scene.row + _SHOT_ROWS] == scene.shot)
        shot = slice(first + int(same[0]), first + int(same[-1]) + 1)
        return self.embedded.score_of(shot, asked.vectors, asked.common)

    def layouts_of(self, kept: NDArray[np.int64]) -> NDArray[np.uint8]:
        """The color layouts, uint8 (k, 33), of kept rows; every kept row has one."""
        rows = kept if self._kept_rows is None else np.searchsorted(self._kept_rows, kept)
        return self.vectors[np.minimum(rows, len(self.vectors) - 1)]

    def _kept_slices(self, parts: list[slice] | None) -> list[slice] | None:
        """Slices of the vectors as slices of the kept rows."""
        if parts is None or self._kept_rows is None:
            return parts
        rows = self._kept_rows
        return [
            slice(int(rows[part.start]), int(rows[part.stop - 1]) + 1)
            for part in parts
            if part.stop > part.start
        ]

    def _embedded(self, network: NetworkFile | None, graphs: bool) -> EmbeddedRows | None:
        if network is None or self.pack.manifest.descriptors.get(NAME) != descriptors(network)[NAME]:
            return None
        return EmbeddedRows(self.pack, graphs)

    def alike_in_shape(
        self, queries: NDArray[np.uint8], parts: list[slice] | None, count: int = SHAPES
    ) -> Candidates | None:
        """The kept frames most alike the queries in light and shade, whatever their colours; `scores` are the
        correlations.

        None for packs of more than `EXACT_ROWS` frames, and for searches kept to some of the videos.
        """
        if parts is not None or not 0 < len(self.vectors) <= EXACT_ROWS:
            return None
        if self._shapes is None:
            self._shapes = Shapes(self.vectors)
        found = self._shapes.nearest(queries, count)
        return self._merged([rows for rows, _ in found], queries, [alike for _, alike in found])

    def _merged(
        self,
        found: list[NDArray[np.int64]],
        queries: NDArray[np.uint8],
        alike: list[NDArray[np.float32]] | None = None,
    ) -> Candidates:
        """Rows found for each of the queries, with their distances; the best reading of each row is the
        nearest one, or the one most `alike`, where that is known.
        """
        rows = np.concatenate(found)
        readings = np.repeat(np.arange(len(found), dtype=np.int16), [len(rows) for rows in found])
        distances = exact.squared_distances(self.vectors[rows], queries[readings])
        scores = None if alike is None else np.concatenate(alike)
        # the best first, the earlier reading first among equals; then each row once
        order = np.lexsort((readings, distances if scores is None else -scores, rows))
        rows, first = np.unique(rows[order], return_index=True)
        order = order[first]
        kept = rows if self._kept_rows is None else self._kept_rows[rows].astype(np.int64)
        return Candidates(kept, distances[order], readings[order], None if scores is None else scores[order])
