"""Scenes that were found, by color layouts and by scene embeddings, in one order of how likely each is."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from index_tools.nouns import Place, Ranked, Video
from index_tools.search.candidates import PackSearch
from index_tools.search.confidence import FLAT_CONFIDENCE, detail, from_embedding, from_layout
from index_tools.search.embedded import WHOLE
from index_tools.search.maps import place_in_part
from index_tools.search.matches import as_match
from index_tools.search.scenes import FoundScene

if TYPE_CHECKING:
    from index_tools.search.embedding import Embedded
    from index_tools.search.options import SearchOptions
    from index_tools.search.readings import Readings

#: Scenes that are handed to the re-ranker.
RANKED = 50
#: A frame whose color layout comes as near (squared distance) is more exact than one that was embedded.
EXACT_ENOUGH = 60

Found = tuple[PackSearch, FoundScene]


def rank(
    by_layout: Sequence[Found],
    by_embedding: Sequence[Found],
    readings: Readings,
    asked: Embedded | None,
    options: SearchOptions,
) -> tuple[Ranked, ...]:
    """The scenes, each once, the likeliest first, `RANKED` at most.

    Where no scene has an embedding they stay in the order of their color layouts.
    """
    ranked = assessed(by_layout, by_embedding, readings, asked, options)
    if any(not math.isnan(one.score) for one in ranked):
        # of equally likely ones the first of each list come first
        ranked.sort(key=lambda one: -one.match.confidence)
    return tuple(ranked[:RANKED])


def assessed(
    by_layout: Sequence[Found],
    by_embedding: Sequence[Found],
    readings: Readings,
    asked: Embedded | None,
    options: SearchOptions,
) -> list[Ranked]:
    """The scenes, each once, those found by embeddings first, with how likely each is.

    A film that several packs hold gives each of its scenes once.
    """
    scenes = _each_once(by_layout, by_embedding, asked)
    rivals = _rivals([scene.score for _, scene, _ in scenes if not math.isnan(scene.score)], 0.0)
    nearest = _rivals([-scene.distance for _, scene, _ in scenes], -255)
    place_of = _places(readings)
    ranked: list[Ranked] = []
    at_hand: dict[tuple[str, int], Path | None] = {}
    for search, scene, lonely in scenes:
        lead = scene.score - rivals(scene.score)
        margin = -nearest(-scene.distance) - scene.distance
        reading = readings.all[scene.reading]
        as_is = reading.name == "as_is"
        if math.isnan(scene.score):
            confidence = from_layout(scene.distance, margin, detail(reading.vector), as_is=as_is)
        else:
            confidence = from_embedding(scene.score, lead, scene.distance)
        if readings.flat:
            confidence = min(confidence, FLAT_CONFIDENCE)
        film = search.pack.manifest.pack_id, scene.video
        if film not in at_hand:
            at_hand[film] = search.pack.film_path(scene.video)
        match = as_match(search, scene, reading.name, confidence, at_hand[film], options)
        place = place_of(reading.name, scene.part, match.video.aspect)
        ranked.append(Ranked(match, scene.score, lead, scene.distance, lonely, place))
    return ranked


def _places(readings: Readings) -> Callable[[str, int, tuple[float, float]], Place | None]:
    """What gives where a picture lies if a reading, by its name, is some part of a frame of some aspect."""
    size = readings.rgb.shape[1], readings.rgb.shape[0]

    @cache
    def place(reading: str, part: int, frame: tuple[float, float]) -> Place | None:
        return None if part == WHOLE else place_in_part(readings.hypotheses, size, reading, part, frame)

    return place


def _rivals(values: Sequence[float], none: float) -> Callable[[float], float]:
    """What gives for one of some values the greatest of the others, `none` where there is no other."""
    first, second, *_ = (*sorted(values, reverse=True), none, none)
    return lambda value: second if value == first else first


def _each_once(
    by_layout: Sequence[Found], by_embedding: Sequence[Found], asked: Embedded | None
) -> list[tuple[PackSearch, FoundScene, bool]]:
    """The scenes of both lists with their scores, and whether color layouts alone found each."""
    scenes: list[tuple[PackSearch, FoundScene, bool]] = []
    films: list[Video] = []
    for search, scene in by_embedding:
        film = search.pack.videos[scene.video]
        if _place(scene, film, scenes, films) is None:
            scenes.append((search, scene, False))
            films.append(film)
    for search, scene in by_layout:
        film = search.pack.videos[scene.video]
        place = _place(scene, film, scenes, films)
        if place is None:
            if asked is not None:
                scene = replace(scene, score=search.score_of(scene, asked))
            scenes.append((search, scene, True))
            films.append(film)
        elif not math.isnan(scenes[place][1].score) and scene.distance <= min(
            EXACT_ENOUGH, scenes[place][1].distance
        ):
            scenes[place] = search, replace(scene, score=scenes[place][1].score), False
    return scenes


def _place(
    scene: FoundScene,
    film: Video,
    scenes: Sequence[tuple[PackSearch, FoundScene, bool]],
    films: Sequence[Video],
) -> int | None:
    """Which of the scenes, be they of other packs, is of the same film and shares any time with one."""
    for number, (_, other, _) in enumerate(scenes):
        same_film = films[number].fingerprint == film.fingerprint
        if same_film and scene.start_s < other.end_s and other.start_s < scene.end_s:
            return number
    return None
