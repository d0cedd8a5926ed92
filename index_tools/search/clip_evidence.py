"""What the moments of a clip were found to be, each by itself, and what they say together."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from index_tools.nouns import Answer, Match, Place
from index_tools.search.matches import together
from index_tools.search.options import SearchOptions
from index_tools.search.sequence import Run, Sighting, find_runs

if TYPE_CHECKING:
    from index_tools.moments import Moments

#: A run is sure from this confidence on, if so many of its moments were looked at.
SURE, LOOKED_AT = 0.985, 3
#: A scene's weight by its place among a moment's scenes, where its confidence is not more.
PLACE_WEIGHT = 0.25
#: How sure a moment is, at least, of a place that only the others named.
TOLD_CONFIDENCE = 0.02
#: What a further agreeing moment adds, in logarithms of odds, of how much surer than `DOUBT` it is; moments
#: that see the same shot see the same likeness and err alike, so they add less, and each less again.
ANOTHER_SHOT, SAME_SHOT, DOUBT = 0.55, 0.25, 0.08
#: From this confidence on the frame of a moment that was looked at is taken for found.
FOUND = 0.4
#: A frame that was found agrees with a line at least this well, or it contradicts it.
ON_LINE = 0.5
#: A run is never surer than this, and one of a single moment, where another has more, no surer than that.
MOST_SURE, LONELY = 0.999, 0.3


@dataclass(slots=True)
class Evidence:
    """The moments of a clip and what was found of each."""

    moments: Moments
    options: SearchOptions
    answers: list[Answer] = field(default_factory=list)
    looked: set[int] = field(default_factory=set)

    def runs(self) -> list[Run]:
        """What the moments agree on."""
        times_s = [moment.at_s for moment in self.moments.all]
        return find_runs(self._sightings(), times_s, self.options.limit)

    def settled(self, number: int, runs: Sequence[Run]) -> bool:
        """Whether a moment need not be looked at: it lies in a run that is sure by others that were."""
        for run in runs:
            if number in run.moments:
                looked = len(self.looked.intersection(run.moments))
                return looked >= min(LOOKED_AT, len(run.moments)) and self.confidence(run, runs) >= SURE
        return False

    def told(self, number: int, runs: Sequence[Run]) -> Answer:
        """A moment's answer with the places that the others name in front."""
        answer = self.answers[number]
        at_s = self.moments.all[number].at_s
        named: list[Match] = []
        for run in runs:
            match = self._there(number, run, run.film_time(at_s))
            if match is not None and not any(together(match, other) for other in named):
                named.append(match)
        others = [match for match in answer.matches if not any(together(match, other) for other in named)]
        # what the moment itself is sure of stays in front
        named.sort(key=lambda match: -match.confidence)
        own = others[:1] if others and others[0].is_match else []
        return replace(answer, matches=(*own, *named, *others[len(own) :]))

    def _there(self, number: int, run: Run, at_s: float) -> Match | None:
        """The match of a moment, or of another one of the run, in the scene at a time of the film."""
        own = [m for m in self.answers[number].matches if _holds(m, run, at_s)]
        if own:
            return own[0]
        for sighting in run.sightings:
            match = self._match(sighting)
            if _holds(match, run, at_s):
                return replace(match, at_s=at_s, confidence=TOLD_CONFIDENCE, is_match=False, place=None)
        return None

    def matches(self) -> tuple[Match, ...]:
        """The runs as matches, surest first, then scenes of single moments that none of them holds."""
        runs = self.runs()
        found = [self._as_match(run, runs) for run in runs]
        found.sort(key=lambda match: -match.confidence)
        apart: list[Match] = []
        for match in found:
            if not any(_meet(match, other) for other in apart):
                apart.append(match)
        rest = sorted((m for answer in self.answers for m in answer.matches), key=lambda m: -m.confidence)
        for match in rest:
            if len(apart) >= self.options.limit:
                break
            if not any(_meet(match, other) for other in apart):
                apart.append(replace(match, confidence=min(match.confidence, LONELY), is_match=False))
        return tuple(apart[: self.options.limit])

    def confidence(self, run: Run, runs: Sequence[Run]) -> float:
        """How sure a run is: its surest moment, and what the others add.

        Moments of one shot err alike, so that each adds only a part of its evidence.
        """
        sure = [
            (self._match(s).confidence * fit, self._match(s).shot)
            for s, fit in zip(run.sightings, run.agreement, strict=True)
        ]
        sure.sort(reverse=True)
        if len(sure) == 1:
            alone = not any(len(other.sightings) > 1 for other in runs)
            return sure[0][0] if alone else min(sure[0][0], LONELY)
        z = _logit(sure[0][0] * self._unanimity(run, runs)[1])
        seen = Counter([sure[0][1]])
        for confidence, shot in sure[1:]:
            share = SAME_SHOT / seen[shot] if shot in seen else ANOTHER_SHOT
            seen[shot] += 1
            z += share * max(0.0, _logit(confidence) - _logit(DOUBT))
        return min(1.0 / (1.0 + math.exp(-z)), MOST_SURE)

    def _unanimity(self, run: Run, runs: Sequence[Run]) -> tuple[float, float]:
        """The shares, by confidence, of the frames found that lie on the run's line, and in its shots.

        Frames on another run's line, where more than one is, are not counted: the clip is cut there.
        """
        elsewhere = {
            seen.moment
            for other in runs
            if other is not run and len(_found_on(other)) > 1
            for seen in other.sightings
        }
        found = {
            number: self.answers[number].matches[0]
            for number in self.looked - elsewhere
            if self.answers[number].matches and self.answers[number].matches[0].confidence >= FOUND
        }
        total = sum(match.confidence for match in found.values())
        if not total:
            return 1.0, 1.0
        on_line = {seen.moment for seen in _found_on(run)}
        shots = {(m.pack_id, m.shot) for m in (self._match(seen) for seen in run.sightings if seen.exact)}
        line = sum(match.confidence for number, match in found.items() if number in on_line)
        inside = sum(match.confidence for match in found.values() if (match.pack_id, match.shot) in shots)
        return line / total, max(line, inside) / total

    def _as_match(self, run: Run, runs: Sequence[Run]) -> Match:
        """The stretch of film that the run's part of the clip shows; its frame is the middle moment's.

        Where frames were found in the right shot, but not in the order of the clip, nothing tells its times
        apart: then it is the scene of the surest moment.
        """
        begin_s, end_s = self._part(run, runs)
        middle = min(run.sightings, key=lambda seen: abs(self._time(seen) - (begin_s + end_s) / 2))
        match = self._match(middle)
        confidence = self.confidence(run, runs)
        alone = len(run.sightings) == 1 and not any(len(other.sightings) > 1 for other in runs)
        if alone or self._unanimity(run, runs)[0] < ON_LINE:
            match = max((self._match(seen) for seen in run.sightings), key=lambda match: match.confidence)
            start_s, at_s, stop_s = match.start_s, match.at_s, match.end_s
        else:
            last_s = match.video.duration_s
            start_s = min(max(run.film_time(begin_s), 0.0), last_s)
            stop_s = min(max(run.film_time(end_s), start_s), last_s)
            at_s = min(max(run.film_time(self._time(middle)), start_s), stop_s)
        return replace(
            match,
            start_s=start_s,
            at_s=at_s,
            end_s=stop_s,
            place=match.place or self._place(run),
            similarity=max(self._match(seen).similarity for seen in run.sightings),
            confidence=confidence,
            is_match=confidence >= self.options.threshold,
        )

    def _place(self, run: Run) -> Place | None:
        """Where in the frame the surest moment lies that says so: all of a clip are cut alike."""
        held = [match for match in map(self._match, run.sightings) if match.place is not None]
        return max(held, key=lambda match: match.confidence).place if held else None

    def _part(self, run: Run, runs: Sequence[Run]) -> tuple[float, float]:
        """The seconds of the clip that a run explains: up to the cut, or half way, to another run's."""
        times_s = [moment.at_s for moment in self.moments.all]
        others = sorted(
            m for other in runs if other is not run and len(other.sightings) > 1 for m in other.moments
        )
        first, last = run.moments[0], run.moments[-1]
        before = [number for number in others if number < first]
        after = [number for number in others if number > last]
        begin_s = self._border(times_s[before[-1]], times_s[first]) if before else 0.0
        end_s = self._border(times_s[last], times_s[after[0]]) if after else self.moments.length_s
        return begin_s, end_s

    def _border(self, one_s: float, other_s: float) -> float:
        cuts = [cut for cut in self.moments.cuts_s if one_s < cut <= other_s]
        return cuts[0] if cuts else (one_s + other_s) / 2

    def _sightings(self) -> list[Sighting]:
        return [
            Sighting(
                number,
                match.video.fingerprint,
                match.start_s,
                match.at_s,
                match.end_s,
                max(match.confidence, PLACE_WEIGHT / (2 + place)),
                place,
                exact=place == 0 and number in self.looked and match.confidence >= FOUND,
            )
            for number, answer in enumerate(self.answers)
            for place, match in enumerate(answer.matches)
        ]

    def _time(self, sighting: Sighting) -> float:
        return self.moments.all[sighting.moment].at_s

    def _match(self, sighting: Sighting) -> Match:
        return self.answers[sighting.moment].matches[sighting.key]


def _found_on(run: Run) -> list[Sighting]:
    """The sightings of a run that were found in the film and lie on its line."""
    return [
        seen for seen, fit in zip(run.sightings, run.agreement, strict=True) if seen.exact and fit >= ON_LINE
    ]


def _holds(match: Match, run: Run, at_s: float) -> bool:
    return match.video.fingerprint == run.film and match.start_s <= at_s <= match.end_s


def _meet(one: Match, other: Match) -> bool:
    """Whether two matches, be they of two packs, are of one film and share any time."""
    same = one.video.fingerprint == other.video.fingerprint
    return same and one.start_s < other.end_s and other.start_s < one.end_s


def _logit(probability: float) -> float:
    within = min(max(probability, 0.01), 0.995)
    return math.log(within / (1 - within))
