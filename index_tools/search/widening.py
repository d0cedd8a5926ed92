"""The scenes of a pack that a picture may come from: the few that are shown, and more to choose from."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from index_tools.nouns import Answer, Match, Ranked
from index_tools.search.candidates import MOST_NEIGHBOURS, NEIGHBOURS, PackSearch
from index_tools.search.matches import together
from index_tools.search.options import SearchOptions
from index_tools.search.ranking import assessed
from index_tools.search.scenes import FoundScene, gather

if TYPE_CHECKING:
    from index_tools.search.embedding import Embedded
    from index_tools.search.readings import Readings

#: Scenes over which a picture is laid.
RERANKED = 30
#: Scenes alike a picture in light and shade that are looked at besides, and their least correlation with it.
SHAPED, ALIKE = 3, 0.75


def nearest_scenes(
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


def embedded_scenes(
    search: PackSearch,
    asked: Embedded,
    readings: Readings,
    parts: list[slice] | None,
    limit: int,
    *,
    in_parts: bool = False,
) -> Sequence[FoundScene]:
    """The scenes of one pack whose embeddings, or those of parts of its frames, are most alike those of the
    picture.
    """
    if search.embedded is None or not len(search.embedded.vectors) or parts == []:
        return []
    found = search.nearest_by_embedding(asked, readings, parts, in_parts=in_parts)
    return gather(found, search.pack.kept, search.pack.shots, limit)


def more_matches(
    searches: Mapping[str, PackSearch], readings: Readings, answer: Answer, options: SearchOptions
) -> tuple[Match, ...]:
    """The scenes over which a picture is laid, `RERANKED` at most, none twice.

    The first matches of the answer whose packs are still here, what else the first step ranked, and scenes
    of like colours or of like light and shade.  Two scenes of like colours come before one of like shapes,
    and the packs take turns.  The places of matches are those where the picture is to be looked for first.
    """

    def here(match: Match) -> bool:
        return match.pack_id in searches and searches[match.pack_id].holds(match)

    held = [match for match in answer.matches if here(match)]
    ranked = [one for one in answer.ranked if here(one.match)]
    turns: list[tuple[int, int, PackSearch, FoundScene]] = []
    for pack_id in sorted({match.pack_id for match in held}):
        search = searches[pack_id]
        parts = search.parts_of(options.only)
        by_layout = nearest_scenes(search, readings, parts, RERANKED)
        turns += [(number, scene.distance, search, scene) for number, scene in enumerate(by_layout)]
        shaped = _shaped_scenes(search, readings, options, RERANKED // 2) if search.embedded is None else []
        turns += [(2 * n + 1, scene.distance, search, scene) for n, (_, scene) in enumerate(shaped)]
    turns.sort(key=lambda turn: turn[:2])
    more = assessed([(search, scene) for _, _, search, scene in turns], (), readings, None, options)
    chosen = [_placed(one) for one in ranked[:2]] or held[:2]
    embedded = (_placed(one) for one in ranked if not one.by_layout)
    for match in (*embedded, *(one.match for one in more), *held[2:]):
        if not any(together(match, other) for other in chosen):
            chosen.append(match)
    return tuple(chosen[:RERANKED])


def _placed(ranked: Ranked) -> Match:
    """A match at the place where the network found it alike."""
    return ranked.match if ranked.place is None else replace(ranked.match, place=ranked.place)


def shaped_matches(
    searches: Mapping[str, PackSearch], readings: Readings, known: Sequence[Match], options: SearchOptions
) -> tuple[Match, ...]:
    """The scenes most alike a picture in light and shade, whatever its colours, `SHAPED` at most, but for
    those of `known` to which the same reading led.

    Every kept frame has a color layout, but of a shot in which all moves fast few have a scene embedding.
    """
    found = [
        (alike, search, scene)
        for pack_id, search in searches.items()
        if options.pack_ids is None or pack_id in options.pack_ids
        for alike, scene in _shaped_scenes(search, readings, options, SHAPED)
        if alike >= ALIKE
    ]
    found.sort(key=lambda one: -one[0])
    scenes = [(search, scene) for _, search, scene in found[:SHAPED]]
    matches = [one.match for one in assessed(scenes, (), readings, None, options)]
    return tuple(
        match
        for match in matches
        if not any(match.hypothesis == other.hypothesis and together(match, other) for other in known)
    )


def _shaped_scenes(
    search: PackSearch, readings: Readings, options: SearchOptions, most: int
) -> list[tuple[float, FoundScene]]:
    """The scenes of one pack most alike in light and shade, and their correlation with the picture."""
    found = search.alike_in_shape(readings.vectors, search.parts_of(options.only))
    scenes = gather(found, search.pack.kept, search.pack.shots, most) if found is not None else []
    return [(scene.score, replace(scene, score=math.nan)) for scene in scenes]
