"""Answers looked up in the films: the exact frame, and whether it is the picture at all.

A likely first match is looked up at once.  Where that does not settle it the picture is laid over the first
scenes (`rerank`), and what it can be laid over comes first.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from index_tools.errors import FilmError
from index_tools.nouns import Answer, Match
from index_tools.progress import Progress
from index_tools.search.candidates import PackSearch
from index_tools.search.confidence import UNLIKE_CONFIDENCE
from index_tools.search.dense import Tracks
from index_tools.search.matches import proven, sharpened, together
from index_tools.search.options import SearchOptions
from index_tools.search.references import References
from index_tools.search.widening import more_matches

if TYPE_CHECKING:
    from index_tools.search.readings import Readings
    from index_tools.search.verify import Look

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


class Refiner:
    """Refines the answers of an engine, whose lock, packs and tracks it shares."""

    def __init__(self, lock: threading.RLock, searches: Mapping[str, PackSearch], tracks: Tracks) -> None:
        self._lock = lock
        self._searches = searches
        self._tracks = tracks
        self._references = References()

    def forget(self, pack_id: str) -> None:
        """Let go of what belongs to one pack."""
        self._references.forget(pack_id)

    def refine(
        self,
        readings: Readings,
        answer: Answer,
        options: SearchOptions,
        progress: Progress | None,
        begun: float,
    ) -> Answer:
        """`Engine.refine`, for a picture that was read already; `begun` is when, by `perf_counter`."""
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
        # a guess never stands before a claim
        matches = tuple(sorted(matches, key=lambda match: not match.is_match))
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
