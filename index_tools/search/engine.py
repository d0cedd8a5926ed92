"""The search engine: packs in, pictures in, answers out."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from index_tools.descriptors.embedding_form import NAME
from index_tools.errors import ModelError
from index_tools.nouns import Answer, Ranked
from index_tools.pack import ScenePack
from index_tools.progress import Progress
from index_tools.search import clips
from index_tools.search.candidates import PackSearch
from index_tools.search.dense import Tracks
from index_tools.search.embedding import usable_network
from index_tools.search.first_step import likely_scenes
from index_tools.search.graph import Graph
from index_tools.search.options import SearchOptions
from index_tools.search.refining import Refiner, Witness

if TYPE_CHECKING:
    from index_tools.moments import Moments
    from index_tools.picture import Picture
    from index_tools.search.embedding import Embedded
    from index_tools.search.readings import Readings

#: A first match this sure by its color layout alone is an answer; nothing else is asked.
PLAIN = 0.9
#: With a first match less sure than this the picture is also read inverted and turned.
LIKELY = 0.5


class Engine:
    """Searches one or several packs for the scenes that a picture may come from.

    Packs belong to the caller, who closes them after removing them here.  One search at a time; packs
    may be added and removed from any thread, and wait for a search that is under way.  Graphs load in
    the background: until then answers come from an exact scan.
    """

    def __init__(self, packs: Iterable[ScenePack] = (), *, graphs: bool = True) -> None:
        """Search `packs`; without `graphs` always by exact scan, which is quicker for a handful of
        pictures.
        """
        self._graphs = graphs
        self._network, self._without = usable_network()
        self._lock = threading.RLock()
        self._searches: dict[str, PackSearch] = {}
        self._leaving: list[Graph] = []
        self._tracks = Tracks()
        self._refiner = Refiner(self._lock, self._searches, self._tracks)
        for pack in packs:
            self.add(pack)

    @property
    def packs(self) -> tuple[ScenePack, ...]:
        """The packs that are searched, in the order in which they were added."""
        return tuple(search.pack for search in self._searches.values())

    @property
    def searches(self) -> tuple[PackSearch, ...]:
        """The packs as they are searched, graph and tables, for who measures them."""
        return tuple(self._searches.values())

    def add(self, pack: ScenePack) -> None:
        """Search this pack too; one with the same id (an older revision of it) is replaced."""
        with self._lock:
            self.remove(pack.manifest.pack_id)
            self._searches[pack.manifest.pack_id] = PackSearch(pack, self._graphs, self._network)

    def remove(self, pack_id: str) -> None:
        """No longer search this pack; nothing happens if it is not here."""
        with self._lock:
            search = self._searches.pop(pack_id, None)
            self._tracks.forget(pack_id)
            self._refiner.forget(pack_id)
            self._leaving = [graph for graph in self._leaving if graph.loading]
            for graph in search.graphs if search is not None else ():
                graph.let_go()
                self._leaving.append(graph)

    def witness(self, told: Witness | None) -> None:
        """Tell this function by what each scene is shown that a picture is laid over, for who calibrates."""
        self._refiner.witness = told

    def close(self) -> None:
        """Let all packs go; waits for graphs that are still loading."""
        with self._lock:
            for pack_id in tuple(self._searches):
                self.remove(pack_id)
            for graph in self._leaving:
                graph.close()
            self._leaving.clear()

    def wait_for_graphs(self, timeout_s: float | None = None) -> bool:
        """Wait until every graph is loaded (or was found unusable); False when the time ran out."""
        searches = tuple(self._searches.values())
        return all(graph.wait(timeout_s) for search in searches for graph in search.graphs)

    @property
    def warnings(self) -> tuple[str, ...]:
        """Sentences on what slows or narrows the search: a graph that cannot be used, or embeddings."""
        searches = tuple(self._searches.values())
        failures = [graph.failure for search in searches for graph in search.graphs if graph.failure]
        if self._without and any(NAME in search.pack.manifest.descriptors for search in searches):
            failures.append(self._without)
        elif not self._without:
            failures += [search.narrowed for search in searches if search.narrowed]
        return tuple(failures)

    def search(
        self,
        picture: Picture,
        options: SearchOptions | None = None,
        progress: Progress | None = None,
    ) -> Answer:
        """The scenes that the picture may come from, most similar first, by the packs' own data alone.

        Raises `Cancelled`, and `PackDamagedError` when a pack's member cannot be read.
        """
        return self._read_and_search(picture, options or SearchOptions(), progress)[1]

    def rerank(
        self,
        picture: Picture,
        answer: Answer,
        progress: Progress | None = None,
        options: SearchOptions | None = None,
    ) -> Answer:
        """The answer with how sure the match is, and nearly the right frame, out of the films at hand.

        The scene in which the picture most likely lies comes first; where a film is missing, changed or
        damaged, its pack's own data tell which.  Raises `PackDamagedError`, `Cancelled`.
        """
        options = options or SearchOptions()
        begun = time.perf_counter()
        names = {match.hypothesis for match in (*answer.matches, *(one.match for one in answer.ranked))}
        readings = read(picture, options.hypotheses)
        if not readings.named(names):
            readings = read_inside(picture, readings, options.hypotheses)
        if not readings.named(names):
            readings = readings.joined(read_otherwise(picture, readings))
        return self._reranked(picture, readings, answer, options, progress, begun)

    def settle(self, picture: Picture, answer: Answer, progress: Progress | None = None) -> Answer:
        """The re-ranked answer with the exact frame of several that are nearly the same, where the film
        tells.

        Raises `Cancelled`.
        """
        return self._refiner.settle(picture.rgb, answer, progress)

    def refine(
        self,
        picture: Picture,
        answer: Answer,
        progress: Progress | None = None,
        options: SearchOptions | None = None,
    ) -> Answer:
        """`rerank` and `settle` in one."""
        return self.settle(picture, self.rerank(picture, answer, progress, options), progress)

    def find(
        self,
        picture: Picture,
        options: SearchOptions | None = None,
        progress: Progress | None = None,
    ) -> Answer:
        """`search`, `rerank` and `settle` in one, the picture read once."""
        options = options or SearchOptions()
        readings, answer = self._read_and_search(picture, options, progress)
        answer = self._reranked(picture, readings, answer, options, progress, time.perf_counter())
        return self.settle(picture, answer, progress)

    def _reranked(
        self,
        picture: Picture,
        readings: Readings,
        answer: Answer,
        options: SearchOptions,
        progress: Progress | None,
        begun: float,
    ) -> Answer:
        """The answer re-ranked; where it claims nothing, and the picture was not read otherwise yet, that
        is done, and what it claims then counts.
        """
        reranked = self._refiner.rerank(readings, answer, options, progress, begun)
        if reranked.best is not None or not _may_be_otherwise(readings, options):
            return reranked
        otherwise = read_otherwise(picture, readings)
        with self._lock:
            ranked = self._ranked(otherwise, self._embed(otherwise, options), options, progress)
        other = replace(answer, matches=tuple(one.match for one in ranked[: options.limit]), ranked=ranked)
        other = self._refiner.rerank(otherwise, other, options, progress, begun)
        chosen = reranked if other.best is None else other
        refined, elapsed_ms = reranked.refined or other.refined, other.elapsed_ms
        return replace(chosen, elapsed_ms=elapsed_ms, reranked_ms=elapsed_ms, refined=refined)

    def find_clip(
        self,
        moments: Moments,
        options: SearchOptions | None = None,
        progress: Progress | None = None,
        *,
        refine: bool = True,
    ) -> Answer:
        """The scenes that a clip comes from, by all its moments together.

        A match spans the part of the film that the clip shows; one cut together from two places gives two.
        A clip of a single moment is answered as that picture.  Raises as `search`.
        """
        return clips.find_clip(self, moments, options or SearchOptions(), progress, refine=refine)

    def _read_and_search(
        self, picture: Picture, options: SearchOptions, progress: Progress | None
    ) -> tuple[Readings, Answer]:
        """Search by the plain readings' color layouts; where these lead to nothing sure, look inside the
        picture and describe it by the network too; where nothing is likely even so, look for it in parts of
        frames, and read it otherwise as well.
        """
        begun = time.perf_counter()
        with self._lock:
            readings = read(picture, options.hypotheses)
            ranked = self._ranked(readings, None, options, progress)
            asked = None
            searches = self._asked(options)
            if searches and not _settled(ranked, any(search.embedded for search in searches)):
                readings = read_inside(picture, readings, options.hypotheses)
                asked = self._embed(readings, options)
                ranked = self._ranked(readings, asked, options, progress)
                if _unlikely(ranked) and asked is not None and any(search.parted for search in searches):
                    ranked = self._ranked(readings, asked, options, progress, in_parts=True)
                if _may_be_otherwise(readings, options) and _unlikely(ranked):
                    otherwise = read_otherwise(picture, readings)
                    more = self._embed(otherwise, options)
                    asked = asked.joined(more) if asked is not None and more is not None else None
                    readings = readings.joined(otherwise)
                    ranked = self._ranked(readings, asked, options, progress, in_parts=True)
            frames = sum(search.frames_searched(options.only) for search in searches)
        return readings, Answer(
            matches=tuple(one.match for one in ranked[: options.limit]),
            frames_searched=frames,
            elapsed_ms=(time.perf_counter() - begun) * 1000,
            sources=tuple(search.pack.manifest.title for search in searches),
            ranked=ranked,
        )

    def _ranked(
        self,
        readings: Readings,
        asked: Embedded | None,
        options: SearchOptions,
        progress: Progress | None,
        *,
        in_parts: bool = False,
    ) -> tuple[Ranked, ...]:
        _check(progress)
        searches = self._asked(options)
        return likely_scenes(searches, self._tracks, readings, asked, options, progress, in_parts=in_parts)

    def _asked(self, options: SearchOptions) -> list[PackSearch]:
        return [
            search
            for pack_id, search in self._searches.items()
            if options.pack_ids is None or pack_id in options.pack_ids
        ]

    def _embed(self, readings: Readings, options: SearchOptions) -> Embedded | None:
        """The picture described by the network; None where it shows nothing, or no pack can be compared."""
        if readings.flat or all(search.embedded is None for search in self._asked(options)):
            return None
        from index_tools.search.embedding import embed

        try:
            return embed(readings)
        except ModelError as error:
            # color layouts have answered already
            self._network, self._without = None, str(error)
            return None


def read(picture: Picture, names: Iterable[str] | None) -> Readings:
    """`readings.read`; OpenCV and Pillow are loaded with it, not with the engine."""
    from index_tools.search import readings

    return readings.read(picture, names)


def read_inside(picture: Picture, plain: Readings, names: Iterable[str] | None) -> Readings:
    """`readings.read_inside`, loaded likewise."""
    from index_tools.search import readings

    return readings.read_inside(picture, plain, names)


def read_otherwise(picture: Picture, plain: Readings) -> Readings:
    """`readings.read_otherwise`, loaded likewise."""
    from index_tools.search import readings

    return readings.read_otherwise(picture, plain)


def _settled(ranked: Sequence[Ranked], embedded: bool) -> bool:
    """Whether color layouts have answered: surely, or well enough where there are no embeddings to ask."""
    if not ranked or not ranked[0].match.is_match:
        return False
    return not embedded or ranked[0].match.confidence >= PLAIN


def _may_be_otherwise(readings: Readings, options: SearchOptions) -> bool:
    return options.hypotheses is None and not readings.flat and not readings.named(("inverted",))


def _unlikely(ranked: Sequence[Ranked]) -> bool:
    return not ranked or ranked[0].match.confidence < LIKELY


def _check(progress: Progress | None) -> None:
    if progress is not None:
        progress.check()
