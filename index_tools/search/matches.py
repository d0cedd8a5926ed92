"""Scenes that were found, as the matches of an answer: how similar, how sure, claimed or not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index_tools.descriptors.color_layout import similarity
from index_tools.nouns import Match
from index_tools.search.candidates import PackSearch
from index_tools.search.confidence import FLAT_CONFIDENCE, from_pixels
from index_tools.search.options import SearchOptions
from index_tools.search.reading_names import upright_name
from index_tools.search.scenes import FoundScene

if TYPE_CHECKING:
    from index_tools.search.looking import Found
    from index_tools.search.readings import Readings
    from index_tools.search.verify import Look


def as_match(
    search: PackSearch,
    scene: FoundScene,
    reading: str,
    confidence: float,
    film: Path | None,
    options: SearchOptions,
) -> Match:
    """A scene as a match, claimed or not; `reading` is the name of the reading that matched, `film` the file
    where it is at hand.
    """
    return Match(
        video=search.pack.videos[scene.video],
        start_s=scene.start_s,
        at_s=float(np.clip(scene.at_s, scene.start_s, scene.end_s)),
        end_s=scene.end_s,
        similarity=similarity(scene.distance),
        confidence=confidence,
        is_match=confidence >= options.threshold,
        hypothesis=reading,
        pack_id=search.pack.manifest.pack_id,
        pack_title=search.pack.manifest.title,
        video_number=scene.video,
        shot=scene.shot,
        film=film,
    )


def sharpened(match: Match, look: Look, readings: Readings, options: SearchOptions) -> Match:
    """The match at the frame that was found in the film, as sure as the comparison makes it."""
    confidence = from_pixels(match.confidence, look.likeness)
    if readings.flat:
        confidence = min(confidence, FLAT_CONFIDENCE)
    return replace(
        match,
        at_s=float(np.clip(look.at_s, match.start_s, match.end_s)),
        confidence=confidence,
        is_match=confidence >= options.threshold,
    )


def proven(match: Match, found: Found, options: SearchOptions) -> Match:
    """The match over which the picture was laid, as sure as that is; at the frame that the film showed, or
    where the first step saw it while that is neither settled nor clear.
    """
    from index_tools.search.evidence import MIRRORED, NEGATIVE, PLAIN
    from index_tools.search.rerank import CLEAR, SETTLED

    confidence = found.sureness
    hypothesis = match.hypothesis
    variant = found.proof.variant
    if variant == MIRRORED and "mirrored" not in hypothesis:
        hypothesis = "mirrored"
    elif variant == PLAIN and hypothesis == "inverted":
        hypothesis = "as_is"
    elif variant == PLAIN and "mirrored" in hypothesis:
        hypothesis = upright_name(hypothesis)
    elif variant == NEGATIVE:
        hypothesis = "inverted"
    match = replace(
        match,
        confidence=confidence,
        is_match=confidence >= options.threshold,
        hypothesis=hypothesis,
        place=found.place,
    )
    if confidence < SETTLED and found.proof.likeness.overall < CLEAR:
        return match
    at_s = float(np.clip(found.at_s, found.start_s, found.end_s))
    return replace(match, start_s=found.start_s, at_s=at_s, end_s=found.end_s)


def one_a_shot(matches: Iterable[Match]) -> tuple[Match, ...]:
    """The first match in each shot, where it stands: of a long shot there may be several."""
    first: dict[tuple[str, int], Match] = {}
    for match in matches:
        first.setdefault((match.pack_id, match.shot), match)
    return tuple(first.values())


def together(one: Match, other: Match) -> bool:
    """Whether two matches of one pack share any time."""
    same = one.pack_id == other.pack_id and one.video_number == other.video_number
    return same and one.start_s < other.end_s and other.start_s < one.end_s
