"""Answers looked up in the films: the exact frame, and whether it is the picture at all.

A likely first match is looked up at once.  Where that does not settle it the picture is laid over the first
scenes (`rerank`), and the one that it most likely lies in comes first.  Which of neighbouring frames it is
comes last (`settling`).
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from index_tools.errors import FilmError
from index_tools.nouns import Answer, Match, Sharpness
from index_tools.progress import Progress
from index_tools.search.candidates import PackSearch
from index_tools.search.confidence import UNLIKE_CONFIDENCE, Evidence
from index_tools.search.dense import PLAUSIBLE, Tracks
from index_tools.search.films import Films
from index_tools.search.matches import one_a_shot, proven, sharpened, together
from index_tools.search.options import SearchOptions
from index_tools.search.references import References
from index_tools.search.widening import more_matches, shaped_matches

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from index_tools.search.readings import Readings
    from index_tools.search.verify import Look

#: A correlation of picture and frame from which on they are taken for the same, and no other match is
#: looked at.
SAME_PICTURE = 0.9
#: So many further scenes are looked at besides whose color layouts are no further off (squared distance).
TWINS, TWIN_DISTANCE = 2, 40
#: A correlation from which on the frame found by comparing whole frames is believed.
LIKELY = 0.7
#: A first match this sure is looked up in its film before anything else, and stays as it is where that is
#: not at hand.
PLAIN = 0.9


Witness = Callable[[Match, Evidence], None]


class Refiner:
    """Refines the answers of an engine, whose lock, packs and tracks it shares.

    The lock is held only while packs are read, not while pictures are compared and films decoded.
    """

    def __init__(self, lock: threading.RLock, searches: Mapping[str, PackSearch], tracks: Tracks) -> None:
        self._lock = lock
        self._searches = searches
        self._references = References(lock, searches, tracks)
        #: Told, where there is one, what each scene that pictures are laid over is shown by.
        self.witness: Witness | None = None

    def forget(self, pack_id: str) -> None:
        """Let go of what belongs to one pack."""
        self._references.forget(pack_id)

    def rerank(
        self,
        readings: Readings,
        answer: Answer,
        options: SearchOptions,
        progress: Progress | None,
        begun: float,
    ) -> Answer:
        """`Engine.rerank`, for a picture that was read already; `begun` is when, by `perf_counter`."""
        with Films() as films:
            matches, exact = answer.matches, True
            if matches:
                matches, exact = self._reranked(readings, answer, options, films, progress)
                exact = exact or not films.looked_into or not matches[0].is_match
            elapsed_ms = answer.elapsed_ms + (time.perf_counter() - begun) * 1000
            return replace(
                answer,
                matches=matches,
                elapsed_ms=elapsed_ms,
                reranked_ms=elapsed_ms,
                refined=films.looked_into,
                sharpness=Sharpness.EXACT if exact else Sharpness.NEARLY,
            )

    def settle(self, rgb: NDArray[np.uint8], answer: Answer, progress: Progress | None) -> Answer:
        """`Engine.settle`, for a picture uint8 (h, w, 3)."""
        if answer.sharpness is not Sharpness.NEARLY:
            return answer
        from index_tools.search.settling import settled

        begun = time.perf_counter()
        with Films() as films:
            first = settled(answer.matches[0], rgb, self._references, films, progress)
        return replace(
            answer,
            matches=(first, *answer.matches[1:]),
            elapsed_ms=answer.elapsed_ms + (time.perf_counter() - begun) * 1000,
            sharpness=Sharpness.EXACT,
        )

    def _reranked(
        self,
        readings: Readings,
        answer: Answer,
        options: SearchOptions,
        films: Films,
        progress: Progress | None,
    ) -> tuple[tuple[Match, ...], bool]:
        """The matches, and whether no film can tell the first one's frame."""
        first, look = answer.matches[0], None
        # with another color layout it is hardly a whole frame as it is
        plain = not answer.ranked or answer.ranked[0].distance <= PLAUSIBLE
        if (first.confidence >= PLAIN and plain) or readings.flat:
            first, look = self._likeliest_look(readings, answer, films, progress)
            settled = look is None or look.likeness >= SAME_PICTURE
            if look is not None:
                seen = sharpened(first, look, readings, options)
                # another frame than the picture's is no better than where the first step saw it
                at_s = seen.at_s if look.likeness >= LIKELY else first.at_s
                first = _placed(replace(seen, at_s=at_s), readings)
            if settled or readings.flat:
                exact = readings.flat or look is None
                return _claims_first((self._whole_scene(first, readings), *answer.matches[1:])), exact
        proven = self._proven(readings, answer, options, films, progress)
        if proven is None:
            return _claims_first((first, *answer.matches[1:])), False
        shown, first_seen = proven
        if not first_seen and (look is not None or _described(answer)):
            # thumbnails know less than the first step, which is not overruled unseen
            if together(shown, first):
                sure = max(shown.confidence, first.confidence)
                shown = replace(shown, confidence=sure, is_match=shown.is_match or first.is_match)
            elif first.confidence > shown.confidence:
                shown = first
        behind = (match for match in (first, *answer.matches[1:]) if not together(match, shown))
        return (shown, *(_guess(match) for match in behind))[: len(answer.matches)], False

    def _likeliest_look(
        self, readings: Readings, answer: Answer, films: Films, progress: Progress | None
    ) -> tuple[Match, Look | None]:
        """The first match and what the film shows there, or another whose color layout is nearly as near:
        with a caption, the shot before or after of the same set-up may come nearer than the picture's
        own.
        """
        first = answer.matches[0]
        look = self._look_up(readings, first, films, progress)
        if look is None or look.likeness < SAME_PICTURE:
            return first, look
        distances = [one.distance for one in answer.ranked[: 1 + TWINS]]
        for match, distance in zip(answer.matches[1:], distances[1:], strict=False):
            if distance <= distances[0] + TWIN_DISTANCE and not together(match, first):
                other = self._look_up(readings, match, films, progress)
                if other is not None and other.likeness > look.likeness + 1e-3:
                    first, look = replace(match, confidence=first.confidence), other
        return first, look

    def _proven(
        self,
        readings: Readings,
        answer: Answer,
        options: SearchOptions,
        films: Films,
        progress: Progress | None,
    ) -> tuple[Match, bool] | None:
        """The scene, among more than the answer shows, that the picture most likely lies in, and whether
        the first one was seen in its film.
        """
        from index_tools.search.evidence import Asked
        from index_tools.search.looking import Looker
        from index_tools.search.rerank import SETTLED, WELL_RANKED, Reranker

        with self._lock:
            scenes = more_matches(self._searches, readings, answer, options)
        if not scenes:
            return None  # the packs went meanwhile
        matches = one_a_shot(scenes)  # the whole shot is looked at
        if _described(answer):
            matches = matches[:WELL_RANKED]
        reranker = Reranker(Looker(Asked(readings), self._references, films, progress))
        found = reranker.best(matches)
        if _described(answer) and films.looked_into and (found is None or found.sureness < SETTLED):
            with self._lock:
                others = shaped_matches(self._searches, readings, matches, options)
            other = reranker.besides(others, found)
            found, matches = (found, matches) if other is None else (other, others)
        if found is None:
            return None
        match = proven(matches[found.number], found, options)
        if self.witness is not None:
            self.witness(match, found.proof.evidence)
        return match, reranker.first_seen

    def _whole_scene(self, match: Match, readings: Readings) -> Match:
        """The match with all moments of its shot that look the same."""
        reading = next((r for r in readings.all if r.name == match.hypothesis), None)
        shot = self._references.shot(match)
        if reading is None or shot is None or shot.sketches is None:
            return match
        from index_tools.search.features import grey_of
        from index_tools.search.sketched import same_moments, whole_frame

        luma, aspect = grey_of(reading.rgb), match.video.aspect
        same = same_moments(shot.sketches, shot.end_s, luma, aspect, whole_frame(luma.shape, aspect))
        if same is None:
            return match
        return replace(match, start_s=min(match.start_s, same[0]), end_s=max(match.end_s, same[1]))

    def _look_up(
        self, readings: Readings, match: Match, films: Films, progress: Progress | None
    ) -> Look | None:
        """What the film shows at a match; None where film or pack are no longer as they were."""
        reading = next((r for r in readings.all if r.name == match.hypothesis), None)
        reader = films.reader(self._references.footage(match))
        if reading is None or reader is None:
            return None
        frames = self._references.frames(match, reading)
        if frames is None:
            return None
        from index_tools.search.verify import look_up

        try:
            return look_up(reader, reading.rgb, frames, progress)
        except FilmError:
            # the pack's own data have answered already; without the film nothing is lost
            return None


def _placed(match: Match, readings: Readings) -> Match:
    """A match with the place that its reading tells."""
    from index_tools.search.maps import place_as_read

    height, width = readings.rgb.shape[:2]
    return replace(match, place=place_as_read(readings.hypotheses, (width, height), match.hypothesis))


def _described(answer: Answer) -> bool:
    """Whether the network ranked the scenes."""
    return any(not math.isnan(one.score) for one in answer.ranked)


def _guess(match: Match) -> Match:
    """A match behind one that was looked at more closely."""
    return replace(match, confidence=min(match.confidence, UNLIKE_CONFIDENCE), is_match=False)


def _claims_first(matches: tuple[Match, ...]) -> tuple[Match, ...]:
    """A guess never stands before a claim."""
    return tuple(sorted(matches, key=lambda match: not match.is_match))
