"""The search engine: packs in, pictures in, answers out."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from index_tools.errors import FilmError
from index_tools.nouns import Answer, Match
from index_tools.pack import ScenePack
from index_tools.progress import Progress
from index_tools.search.candidates import PackSearch
from index_tools.search.confidence import UNLIKE_CONFIDENCE
from index_tools.search.dense import Tracks
from index_tools.search.graph import Graph
from index_tools.search.matches import as_matches, proven, sharpened, together
from index_tools.search.options import SearchOptions
from index_tools.search.references import References
from index_tools.search.scenes import FoundScene
from index_tools.search.widening import more_matches, nearest_scenes

if TYPE_CHECKING:
    from index_tools.picture import Picture
    from index_tools.search.readings import Readings
    from index_tools.search.verify import Look

#: Scenes whose frames are all compared.  Unpacking the track of an episode takes 4 ms, so it is done
#: for the first scene, and for those near it: a dropped frame may lie nearer than the frame kept for
#: it, but where even the first scene is further off than `PLAUSIBLE` (squared distance) their order
#: says little.
DENSE_SCENES, DENSE_SLACK, PLAUSIBLE = 3, 12, 60
#: Matches that are looked up in their films, while none is found to be the same picture.
LOOK_UP = 3
#: No further film is opened after so long, in seconds.
LOOK_UP_WITHIN_S = 0.25
#: A correlation of picture and frame from which on they are taken for the same, and no other match is
#: looked up.
SAME_PICTURE = 0.9
#: A correlation from which on the frame found by comparing whole frames is believed.
LIKELY = 0.7
#: A first match at least this sure is looked up in its film before anything else.
PROMISING = 0.5
#: A first match this sure stays as it is where its film is not at hand.
PLAIN = 0.9
#: How sure it must be that the picture lies in a scene for that scene to come first.
PROVEN = 0.15
#: A picture of so many features that lies in no scene is in doubt.
TELLING = 60


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
        self._references = References()
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
            self._references.forget(pack_id)
            if search is not None and search.graph is not None:
                search.graph.let_go()
                self._leaving = [graph for graph in self._leaving if graph.loading]
                self._leaving.append(search.graph)

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
        options = options or SearchOptions()
        begun = time.perf_counter()
        readings = read(picture, options.hypotheses)
        return self._search(readings, options, progress, begun)

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
        return self._refine(readings, answer, options, progress, begun)

    def find(
        self,
        picture: Picture,
        options: SearchOptions | None = None,
        progress: Progress | None = None,
    ) -> Answer:
        """`search` and `refine` in one."""
        options = options or SearchOptions()
        begun = time.perf_counter()
        readings = read(picture, options.hypotheses)
        answer = self._search(readings, options, progress, begun)
        return self._refine(readings, answer, options, progress, time.perf_counter())

    def _search(
        self, readings: Readings, options: SearchOptions, progress: Progress | None, begun: float
    ) -> Answer:
        with self._lock:
            _check(progress)
            found: list[tuple[PackSearch, FoundScene]] = []
            frames = 0
            sources: list[str] = []
            for search in self._searches.values():
                if options.pack_ids is not None and search.pack.manifest.pack_id not in options.pack_ids:
                    continue
                parts = None if options.title is None else search.rows_of_title(options.title)
                frames += len(search.vectors) if parts is None else sum(p.stop - p.start for p in parts)
                sources.append(search.pack.manifest.title)
                found += [(search, scene) for scene in nearest_scenes(search, readings, parts, options.limit)]
                _check(progress)
            found.sort(key=lambda pair: pair[1].distance)
            found = self._to_the_frame(found, readings)
            matches = as_matches(found, readings, options)
        elapsed_ms = (time.perf_counter() - begun) * 1000
        return Answer(matches, frames, elapsed_ms, tuple(sources))

    def _refine(
        self,
        readings: Readings,
        answer: Answer,
        options: SearchOptions,
        progress: Progress | None,
        begun: float,
    ) -> Answer:
        first = answer.matches[0] if answer.matches else None
        looked: list[tuple[float, Match]] = []
        unproven = False
        if first is not None and first.confidence >= PROMISING:
            looked.append(self._looked_up(readings, first, options, progress))
        settled = bool(looked) and (looked[0][0] >= SAME_PICTURE or _plain_without_film(looked[0]))
        if not settled and not readings.flat:
            shown, telling = self._proven(readings, answer, options, progress)
            if shown is not None and not shown.is_match and first is not None and not looked:
                looked.append(self._looked_up(readings, first, options, progress))
            if shown is not None and not _outdone(shown, looked):
                return self._with_first(answer, looked, shown, begun)
            unproven = telling and shown is None
        for number, match in enumerate(answer.matches[len(looked) : LOOK_UP], len(looked)):
            spent_s = time.perf_counter() - begun
            if looked and (looked[-1][0] >= SAME_PICTURE or (number and spent_s > LOOK_UP_WITHIN_S)):
                break
            looked.append(self._looked_up(readings, match, options, progress))
        # a later match that is surely the same picture comes before those that surely are not
        if looked and looked[-1][0] >= SAME_PICTURE:
            looked.insert(0, looked.pop())
        if unproven:
            looked = [(likeness, _doubted(match, likeness)) for likeness, match in looked]
        matches = (*(match for _, match in looked), *answer.matches[len(looked) :])
        return replace(
            answer,
            matches=matches,
            elapsed_ms=answer.elapsed_ms + (time.perf_counter() - begun) * 1000,
            refined=any(likeness > -1.0 for likeness, _ in looked),
        )

    def _with_first(
        self, answer: Answer, looked: list[tuple[float, Match]], first: Match, begun: float
    ) -> Answer:
        """The answer with a proven match in front; what is not proven is no longer claimed."""
        same = [match for likeness, match in looked if likeness >= LIKELY and together(match, first)]
        if same:
            # the whole frame was compared: its time is exact, and each is as sure as the other
            confidence = max(first.confidence, same[0].confidence)
            is_match = first.is_match or same[0].is_match
            first = replace(first, at_s=same[0].at_s, confidence=confidence, is_match=is_match)
        others = (match for match in answer.matches if not together(match, first))
        behind = (
            replace(match, confidence=min(match.confidence, UNLIKE_CONFIDENCE), is_match=False)
            for match in others
        )
        return replace(
            answer,
            matches=(first, *behind)[: max(1, len(answer.matches))],
            elapsed_ms=answer.elapsed_ms + (time.perf_counter() - begun) * 1000,
            refined=first.film is not None,
        )

    def _proven(
        self, readings: Readings, answer: Answer, options: SearchOptions, progress: Progress | None
    ) -> tuple[Match | None, bool]:
        """The scene, among more than the answer shows, over which the picture can be laid; and whether the
        picture has so many features that it says something where there is none.
        """
        from index_tools.search.evidence import Asked
        from index_tools.search.rerank import Reranker

        with self._lock:
            matches = more_matches(self._searches, readings, answer, options)
            packs = {pack_id: search.pack for pack_id, search in self._searches.items()}
            asked = Asked(readings.rgb)
            found = Reranker(asked, packs, self._references, self._tracks, progress).best(matches)
        if found is None or found.sureness < PROVEN:
            return None, len(asked.both[0].points) >= TELLING
        return proven(matches[found.number], found, options), True

    def _looked_up(
        self, readings: Readings, match: Match, options: SearchOptions, progress: Progress | None
    ) -> tuple[float, Match]:
        """How like its film's frame is to the picture, -1 where that is unknown, and the match then."""
        look = self._look_up(readings, match, progress)
        return (-1.0, match) if look is None else (look.likeness, sharpened(match, look, readings, options))

    def _look_up(self, readings: Readings, match: Match, progress: Progress | None) -> Look | None:
        """What the film shows at a match; None where film or pack are no longer as they were."""
        reading = next((r for r in readings.all if r.name == match.hypothesis), None)
        with self._lock:
            search = self._searches.get(match.pack_id)
            if reading is None or search is None or match.film is None:
                return None
            film = search.pack.film_path(match.video_number)
            frames = self._tracks.frames(
                search.pack, match.video_number, match.start_s, match.end_s, reading.vector
            )
        if film is None or frames is None:
            return None
        from index_tools.search.verify import look_up

        try:
            return look_up(film, reading.rgb, frames, progress)
        except FilmError:
            # the pack's own data have answered already; without the film nothing is lost
            return None

    def _to_the_frame(
        self, found: list[tuple[PackSearch, FoundScene]], readings: Readings
    ) -> list[tuple[PackSearch, FoundScene]]:
        """The first few scenes with the frame, of all their frames, that is nearest; nearest first."""
        if not found:
            return found
        first = found[0][1].distance
        limit = first + DENSE_SLACK if first <= PLAUSIBLE else -1
        exact: list[tuple[PackSearch, FoundScene]] = []
        for number, (search, scene) in enumerate(found):
            if number == 0 or (number < DENSE_SCENES and scene.distance <= limit):
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


def _doubted(match: Match, likeness: float) -> Match:
    """A match whose film was looked at, and over whose frame the picture can not be laid."""
    if not -1.0 < likeness < LIKELY:
        return match
    return replace(match, confidence=min(match.confidence, UNLIKE_CONFIDENCE), is_match=False)


def _outdone(shown: Match, looked: list[tuple[float, Match]]) -> bool:
    """Whether another scene's frame, compared as a whole, is surer than the one shown."""
    return any(
        likeness >= LIKELY and match.confidence > shown.confidence and not together(match, shown)
        for likeness, match in looked
    )


def _plain_without_film(looked: tuple[float, Match]) -> bool:
    """Whether a match is sure by its color layout alone, and its film could not be looked at."""
    likeness, match = looked
    return likeness == -1.0 and match.confidence >= PLAIN


def _check(progress: Progress | None) -> None:
    if progress is not None:
        progress.check()
