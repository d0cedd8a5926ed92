"""The first step of a search: by the packs' own data alone, the scenes that a picture may come from.

Color layouts come first; they cost next to nothing and settle what was not edited.  Where they do not, the
picture is looked into and described by the network, and both kinds of evidence rank the scenes together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from index_tools.nouns import Ranked
from index_tools.progress import Progress
from index_tools.search.candidates import PackSearch
from index_tools.search.dense import PLAUSIBLE, Tracks
from index_tools.search.options import SearchOptions
from index_tools.search.ranking import RANKED, Found, rank
from index_tools.search.side_by_side import side_by_side
from index_tools.search.widening import embedded_scenes, nearest_scenes

if TYPE_CHECKING:
    from index_tools.search.embedding import Embedded
    from index_tools.search.readings import Readings

#: Scenes whose frames are all compared.  Unpacking the track of an episode takes 4 ms, so it is done
#: for the first scene, and for those near it: a dropped frame may lie nearer than the frame kept for
#: it.  Where even the first scene is further off than `dense.PLAUSIBLE` all are guesses,
#: whose kept frame is exact enough.
DENSE_SCENES, DENSE_SLACK = 3, 12


def likely_scenes(
    searches: Sequence[PackSearch],
    tracks: Tracks,
    readings: Readings,
    asked: Embedded | None,
    options: SearchOptions,
    progress: Progress | None = None,
    *,
    in_parts: bool = False,
) -> tuple[Ranked, ...]:
    """The scenes of all packs, the likeliest first; by embeddings too where the picture was described, of
    parts of frames as well if it is looked for `in_parts`.

    Raises `Cancelled`.
    """
    limit = options.limit if asked is None else max(options.limit, RANKED)

    def found_in(search: PackSearch) -> tuple[list[Found], list[Found]]:
        parts = search.parts_of(options.only)
        by_layout = [(search, scene) for scene in nearest_scenes(search, readings, parts, options.limit)]
        if asked is None or search.embedded is None:
            return by_layout, []
        return by_layout, [
            (search, scene)
            for scene in embedded_scenes(search, asked, readings, parts, limit, in_parts=in_parts)
        ]

    found = side_by_side(found_in, searches, progress)
    by_layout = sorted((pair for pairs, _ in found for pair in pairs), key=lambda pair: pair[1].distance)
    by_embedding = sorted((pair for _, pairs in found for pair in pairs), key=lambda pair: -pair[1].score)
    return rank(_to_the_frame(by_layout, readings, tracks), by_embedding, readings, asked, options)


def _to_the_frame(found: list[Found], readings: Readings, tracks: Tracks) -> list[Found]:
    """Plausible scenes with the frame, of all their frames, that is nearest; nearest first."""
    if not found or found[0][1].distance > PLAUSIBLE:
        return found
    limit = found[0][1].distance + DENSE_SLACK
    exact: list[Found] = []
    for number, (search, scene) in enumerate(found):
        if number < DENSE_SCENES and scene.distance <= limit:
            vector = readings.all[scene.reading].vector
            frames = tracks.frames(search.pack, scene.video, scene.start_s, scene.end_s, vector)
            if frames is not None:
                at_s, distance = frames.best()
                scene = replace(scene, at_s=at_s, distance=min(distance, scene.distance))
        exact.append((search, scene))
    return sorted(exact, key=lambda pair: pair[1].distance)
