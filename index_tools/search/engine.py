"""The search engine: packs in, pictures in, answers out."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from index_tools.nouns import Answer
from index_tools.pack import ScenePack
from index_tools.progress import Progress
from index_tools.search.candidates import PackSearch
from index_tools.search.dense import Tracks
from index_tools.search.graph import Graph
from index_tools.search.matches import as_matches
from index_tools.search.options import SearchOptions
from index_tools.search.refining import Refiner, Witness
from index_tools.search.scenes import FoundScene
from index_tools.search.widening import nearest_scenes

if TYPE_CHECKING:
    from index_tools.picture import Picture
    from index_tools.search.readings import Readings

#: Scenes whose frames are all compared.  Unpacking the track of an episode takes 4 ms, so it is done
#: for the first scene, and for those near it: a dropped frame may lie nearer than the frame kept for
#: it.  Where even the first scene is further off than `PLAUSIBLE` (squared distance) all are guesses,
#: whose kept frame is exact enough.
DENSE_SCENES, DENSE_SLACK, PLAUSIBLE = 3, 12, 60
#: Packs searched at a time.
SIDE_BY_SIDE = 4

T = TypeVar("T")


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
            self._searches[pack.manifest.pack_id] = PackSearch(pack, self._graphs)

    def remove(self, pack_id: str) -> None:
        """No longer search this pack; nothing happens if it is not here."""
        with self._lock:
            search = self._searches.pop(pack_id, None)
            self._tracks.forget(pack_id)
            self._refiner.forget(pack_id)
            if search is not None and search.graph is not None:
                search.graph.let_go()
                self._leaving = [graph for graph in self._leaving if graph.loading]
                self._leaving.append(search.graph)

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
        return all(
            search.graph is None or search.graph.wait(timeout_s) for search in tuple(self._searches.values())
        )

    @property
    def warnings(self) -> tuple[str, ...]:
        """Sentences on what slows or narrows the search (a graph that cannot be used)."""
        graphs = [search.graph for search in self._searches.values()]
        return tuple(graph.failure for graph in graphs if graph is not None and graph.failure)

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

    def refine(
        self,
        picture: Picture,
        answer: Answer,
        progress: Progress | None = None,
        options: SearchOptions | None = None,
    ) -> Answer:
        """The answer with the exact frame, and how sure the match is, out of the films at hand.

        The first match is looked up in its film, and the next ones until one is found to be the same
        picture, which then comes first.  A match whose film is missing, changed or damaged stays as it
        was. Raises `Cancelled`.
        """
        options = options or SearchOptions()
        begun = time.perf_counter()
        readings = read(picture, options.hypotheses)
        if not {match.hypothesis for match in answer.matches} <= {reading.name for reading in readings.all}:
            readings = read_inside(picture, readings, options.hypotheses)
        return self._refiner.refine(readings, answer, options, progress, begun)

    def find(
        self,
        picture: Picture,
        options: SearchOptions | None = None,
        progress: Progress | None = None,
    ) -> Answer:
        """`search` and `refine` in one."""
        options = options or SearchOptions()
        readings, answer = self._read_and_search(picture, options, progress)
        return self._refiner.refine(readings, answer, options, progress, time.perf_counter())

    def _read_and_search(
        self, picture: Picture, options: SearchOptions, progress: Progress | None
    ) -> tuple[Readings, Answer]:
        """Search by the plain readings, and where these lead to nothing sure look inside the picture."""
        begun = time.perf_counter()
        readings = read(picture, options.hypotheses)
        answer = self._search(readings, options, progress, begun)
        if answer.best is not None:
            return readings, answer
        more = read_inside(picture, readings, options.hypotheses)
        if len(more.all) > len(readings.all):
            answer = self._search(more, options, progress, begun)
        else:
            answer = replace(answer, elapsed_ms=(time.perf_counter() - begun) * 1000)
        return more, answer

    def _search(
        self, readings: Readings, options: SearchOptions, progress: Progress | None, begun: float
    ) -> Answer:
        with self._lock:
            _check(progress)
            asked = [
                search
                for pack_id, search in self._searches.items()
                if options.pack_ids is None or pack_id in options.pack_ids
            ]
            parts = [
                None if options.title is None else search.rows_of_title(options.title) for search in asked
            ]

            def scenes_of(number: int) -> list[tuple[PackSearch, FoundScene]]:
                _check(progress)
                search = asked[number]
                scenes = nearest_scenes(search, readings, parts[number], options.limit)
                return [(search, scene) for scene in scenes]

            found = [pair for pairs in _side_by_side(scenes_of, len(asked)) for pair in pairs]
            frames = sum(
                len(search.vectors) if some is None else sum(part.stop - part.start for part in some)
                for search, some in zip(asked, parts, strict=True)
            )
            found.sort(key=lambda pair: pair[1].distance)
            found = self._to_the_frame(found, readings)
            matches = as_matches(found, readings, options)
        elapsed_ms = (time.perf_counter() - begun) * 1000
        return Answer(matches, frames, elapsed_ms, tuple(search.pack.manifest.title for search in asked))

    def _to_the_frame(
        self, found: list[tuple[PackSearch, FoundScene]], readings: Readings
    ) -> list[tuple[PackSearch, FoundScene]]:
        """Plausible scenes with the frame, of all their frames, that is nearest; nearest first."""
        if not found or found[0][1].distance > PLAUSIBLE:
            return found
        limit = found[0][1].distance + DENSE_SLACK
        exact: list[tuple[PackSearch, FoundScene]] = []
        for number, (search, scene) in enumerate(found):
            if number < DENSE_SCENES and scene.distance <= limit:
                vector = readings.all[scene.reading].vector
                frames = self._tracks.frames(search.pack, scene.video, scene.start_s, scene.end_s, vector)
                if frames is not None:
                    at_s, distance = frames.best()
                    scene = replace(scene, at_s=at_s, distance=min(distance, scene.distance))
            exact.append((search, scene))
        return sorted(exact, key=lambda pair: pair[1].distance)


def read(picture: Picture, names: Iterable[str] | None) -> Readings:
    """`readings.read`; OpenCV and Pillow are loaded with it, not with the engine."""
    from index_tools.search import readings

    return readings.read(picture, names)


def read_inside(picture: Picture, plain: Readings, names: Iterable[str] | None) -> Readings:
    """`readings.read_inside`, loaded likewise."""
    from index_tools.search import readings

    return readings.read_inside(picture, plain, names)


def _side_by_side(work: Callable[[int], T], count: int) -> list[T]:
    """What `work` gives for the numbers 0 to `count` - 1, in their order, several at a time.

    The searches let Python's lock go while they compare.
    """
    if count < 2:
        return [work(number) for number in range(count)]
    with ThreadPoolExecutor(min(count, SIDE_BY_SIDE), thread_name_prefix="search") as threads:
        return list(threads.map(work, range(count)))


def _check(progress: Progress | None) -> None:
    if progress is not None:
        progress.check()
