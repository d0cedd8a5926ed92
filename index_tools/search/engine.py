"""The search engine: packs in, pictures in, answers out."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from index_tools.descriptors.color_layout import similarity
from index_tools.nouns import Answer, Match
from index_tools.pack import ScenePack
from index_tools.picture import Picture
from index_tools.progress import Progress
from index_tools.search.candidates import MOST_NEIGHBOURS, NEIGHBOURS, PackSearch
from index_tools.search.confidence import FLAT_CONFIDENCE, detail, from_layout
from index_tools.search.dense import Tracks
from index_tools.search.options import SearchOptions
from index_tools.search.readings import Readings, read
from index_tools.search.scenes import FoundScene, gather

#: Scenes whose frames are all compared, in the order of their kept frames: the first, and those near it.
DENSE_SCENES = 5
#: A dropped frame may lie nearer than the frame kept for it; scenes this much further off than the
#: first (squared distance) are looked into too.
DENSE_SLACK = 24


class Engine:
    """Searches one or several packs for the scenes that a picture may come from.

    Packs belong to the caller, who closes them after removing them here.  One search at a time; packs
    may be added and removed from any thread, and wait for a search that is under way.  Graphs load in
    the background: until then answers come from an exact scan.
    """

    def __init__(self, packs: Iterable[ScenePack] = ()) -> None:
        self._lock = threading.RLock()
        self._searches: dict[str, PackSearch] = {}
        self._tracks = Tracks()
        for pack in packs:
            self.add(pack)

    @property
    def packs(self) -> tuple[ScenePack, ...]:
        """The packs that are searched, in the order in which they were added."""
        return tuple(search.pack for search in self._searches.values())

    def add(self, pack: ScenePack) -> None:
        """Search this pack too; one with the same id (an older revision of it) is replaced."""
        with self._lock:
            self.remove(pack.manifest.pack_id)
            self._searches[pack.manifest.pack_id] = PackSearch(pack)

    def remove(self, pack_id: str) -> None:
        """No longer search this pack; nothing happens if it is not here."""
        with self._lock:
            search = self._searches.pop(pack_id, None)
            self._tracks.forget(pack_id)
            if search is not None:
                search.close()

    def close(self) -> None:
        """Let all packs go; waits for graphs that are still loading."""
        with self._lock:
            for pack_id in tuple(self._searches):
                self.remove(pack_id)

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
        with self._lock:
            readings = read(picture, options.hypotheses)
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
                found += [(search, scene) for scene in _scenes(search, readings, parts, options.limit)]
                _check(progress)
            found.sort(key=lambda pair: pair[1].distance)
            found = self._to_the_frame(found, readings)
            matches = _matches(found, readings, options)
        elapsed_ms = (time.perf_counter() - begun) * 1000
        return Answer(matches, frames, elapsed_ms, tuple(sources))

    def _to_the_frame(
        self, found: list[tuple[PackSearch, FoundScene]], readings: Readings
    ) -> list[tuple[PackSearch, FoundScene]]:
        """The first few scenes with the frame, of all their frames, that is nearest; nearest first."""
        if not found:
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


def _scenes(
    search: PackSearch, readings: Readings, parts: list[slice] | None, limit: int
) -> Sequence[FoundScene]:
    """The nearest scenes of one pack; more frames are asked for where the first ones make too few
    scenes.
    """
    if not len(search.vectors) or parts == []:
        return []
    kept, shots = search.pack.kept, search.pack.shots
    scenes = gather(search.nearest(readings.vectors, parts, NEIGHBOURS), kept, shots, limit)
    if len(scenes) < limit and len(search.vectors) > NEIGHBOURS:
        scenes = gather(search.nearest(readings.vectors, parts, MOST_NEIGHBOURS), kept, shots, limit)
    return scenes


def _matches(
    found: list[tuple[PackSearch, FoundScene]], readings: Readings, options: SearchOptions
) -> tuple[Match, ...]:
    """Scenes as matches; a film that several packs hold gives each of its scenes once."""
    matches: list[Match] = []
    scenes = [scene for _, scene in found]
    for number, (search, scene) in enumerate(found):
        video = search.pack.videos[scene.video]
        if any(
            match.video.fingerprint == video.fingerprint
            and match.start_s < scene.end_s
            and scene.start_s < match.end_s
            for match in matches
        ):
            continue
        others = [other.distance for other in scenes[:number] + scenes[number + 1 :]]
        margin = min(others, default=255) - scene.distance
        reading = readings.all[scene.reading]
        confidence = from_layout(scene.distance, margin, detail(reading.vector))
        if readings.flat:
            confidence = min(confidence, FLAT_CONFIDENCE)
        matches.append(
            Match(
                video=video,
                start_s=scene.start_s,
                at_s=float(np.clip(scene.at_s, scene.start_s, scene.end_s)),
                end_s=scene.end_s,
                similarity=similarity(scene.distance),
                confidence=confidence,
                is_match=confidence >= options.threshold,
                hypothesis=reading.name,
                pack_id=search.pack.manifest.pack_id,
                pack_title=search.pack.manifest.title,
                video_number=scene.video,
                shot=scene.shot,
                film=search.pack.film_path(scene.video),
            )
        )
        if len(matches) == options.limit:
            break
    return tuple(matches)


def _check(progress: Progress | None) -> None:
    if progress is not None:
        progress.check()
