"""Where in a film a clip lies, out of where each of its moments may lie.

Each moment of the clip was sighted in a few scenes.  A run says that film time is a line over clip time: of
one film, going forwards, at a quarter to four times the clip's own pace.  Every pair of sightings proposes a
line, and every sighting alone one at the clip's pace; the line that most moments agree with wins, sightings
counting as much as they are sure (RANSAC, Fischler and Bolles 1981, with all pairs instead of random ones).
The line is then fitted to the sightings that agree, those nearer to it counting more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

#: Pace of the film against the clip: 2 for a clip that was slowed down to half its speed.
SLOWEST, FASTEST = 0.25, 4.0
#: A sighting this near the line, in seconds of film, agrees wholly; the further, the less.
NEAR_S = 0.3
#: A sighting whose scene holds the time that the line says agrees so far, however far its frame is off:
#: the right frame of a scene is found less surely than the scene.
SAME_SCENE = 0.4
#: Sightings so near the line, in seconds, draw it to themselves; those further off, ever less.
PULL_S = 0.12
#: Sightings of one film that propose lines by pairs, the surest ones.
PROPOSING = 72
#: A line at the clip's own pace is taken where it fits this nearly as well as one at another.
AS_WELL = 0.85
#: What a line loses for each doubling or halving of the pace.
UNUSUAL = 0.1
#: Frames of the film that must speak for another pace than the clip's own.
PACING = 3
#: How strongly a sighting draws the line whose frame was not compared with the moment's, but is only the one
#: by which the index knows the scene.
INEXACT = 0.03
#: The least agreement that counts.
AGREES = 0.2
#: A moment that is so much surer of another place, times its agreement here, is no part of a run.
LOYAL = 0.1


@dataclass(frozen=True, slots=True)
class Sighting:
    """A scene in which a moment was seen: `film` by fingerprint, `weight` 0..1 says how surely.

    `key` is the caller's own, to find his match again.  `start_s <= at_s <= end_s` in the film; `exact` says
    that the frame at `at_s` was looked for in the film.
    """

    moment: int
    film: str
    start_s: float
    at_s: float
    end_s: float
    weight: float
    key: int = 0
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """Moments that lie on one line in one film: `film time = offset_s + pace * clip time`.

    `sightings` holds one a moment, by rising moment; `agreement` says of each, 0..1, how well it fits;
    `score` is the sum of weights times agreements.
    """

    film: str
    offset_s: float
    pace: float
    sightings: tuple[Sighting, ...]
    agreement: tuple[float, ...]
    score: float

    @property
    def moments(self) -> tuple[int, ...]:
        """The numbers of its moments."""
        return tuple(sighting.moment for sighting in self.sightings)

    def film_time(self, clip_s: float) -> float:
        """The second of the film that a second of the clip shows."""
        return self.offset_s + self.pace * clip_s


def find_runs(sightings: Sequence[Sighting], times_s: Sequence[float], most: int) -> list[Run]:
    """The runs that explain the moments at `times_s`, best first, no moment in two of them."""
    left = list(sightings)
    runs: list[Run] = []
    while left and len(runs) < most:
        run = best_run(left, times_s)
        if run is None:
            break
        runs.append(run)
        gone = set(run.moments)
        left = [sighting for sighting in left if sighting.moment not in gone]
    return runs


def best_run(sightings: Sequence[Sighting], times_s: Sequence[float]) -> Run | None:
    """The run on which the moments agree most; None where nothing was sighted."""
    films: dict[str, list[Sighting]] = {}
    surest = np.zeros(len(times_s))
    for sighting in sightings:
        films.setdefault(sighting.film, []).append(sighting)
        surest[sighting.moment] = max(surest[sighting.moment], sighting.weight)
    clip_s = np.asarray(times_s, np.float64)
    runs = [_best_of_film(film, seen, clip_s, surest) for film, seen in films.items()]
    return max((run for run in runs if run.sightings), key=lambda run: run.score, default=None)


def _best_of_film(
    film: str, seen: Sequence[Sighting], times_s: NDArray[np.float64], surest: NDArray[np.float64]
) -> Run:
    """The best run within one film; `surest` is the greatest weight of each moment, wherever it was seen."""
    table = _Table.of(seen, times_s, surest)
    offsets, paces = _proposals(table)
    scores = np.array([table.score(a, b) for a, b in zip(offsets, paces, strict=True)])
    first = int(scores.argmax())
    proposed = float(offsets[first]), float(paces[first])
    offset_s, pace = _settled(table, *proposed)
    chosen, agreement = table.agreeing(offset_s, pace)
    if not len(chosen):
        offset_s, pace = proposed
        chosen, agreement = table.agreeing(offset_s, pace)
    return Run(
        film,
        offset_s,
        pace,
        tuple(seen[number] for number in chosen),
        tuple(round(float(value), 4) for value in agreement),
        table.score(offset_s, pace),
    )


@dataclass(frozen=True, eq=False, slots=True)
class _Table:
    """Sightings of one film as arrays (n,): moment, its clip time and greatest weight, film time and
    bounds, weight, pull.
    """

    moment: NDArray[np.int64]
    clip_s: NDArray[np.float64]
    surest: NDArray[np.float64]
    at_s: NDArray[np.float64]
    start_s: NDArray[np.float64]
    end_s: NDArray[np.float64]
    weight: NDArray[np.float64]
    pull: NDArray[np.float64]

    @classmethod
    def of(
        cls, seen: Sequence[Sighting], times_s: NDArray[np.float64], surest: NDArray[np.float64]
    ) -> _Table:
        moment = np.array([sighting.moment for sighting in seen])
        return cls(
            moment,
            times_s[moment],
            surest[moment],
            *(np.array(column, np.float64) for column in zip(*(_numbers(one) for one in seen), strict=True)),
        )

    def agreement(self, offset_s: float, pace: float) -> NDArray[np.float64]:
        """How well each sighting fits a line, 0..1."""
        told = offset_s + pace * self.clip_s
        near = 1.0 / (1.0 + ((self.at_s - told) / NEAR_S) ** 2)
        inside = (self.start_s <= told) & (told <= self.end_s)
        return np.where(inside, np.maximum(near, SAME_SCENE), near)

    def score(self, offset_s: float, pace: float) -> float:
        """What the moments say for a line; each has one voice."""
        _, agreement, weight = self._voices(offset_s, pace)
        return float((agreement * weight).sum()) * (1.0 - UNUSUAL * abs(float(np.log2(pace))))

    def agreeing(self, offset_s: float, pace: float) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """The sighting of each moment that speaks for a line, by rising moment, and how well it fits."""
        rows, agreement, _ = self._voices(offset_s, pace)
        return rows, agreement

    def _voices(
        self, offset_s: float, pace: float
    ) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
        agreement = self.agreement(offset_s, pace)
        value = agreement * self.weight
        order = np.lexsort((-value, self.moment))
        _, first = np.unique(self.moment[order], return_index=True)
        rows = order[first]
        rows = rows[(agreement[rows] >= AGREES) & (value[rows] >= LOYAL * self.surest[rows])]
        fits = agreement[rows]
        # one frame for several moments does not say that time goes on: it counts once
        order = np.lexsort((-fits, self.at_s[rows]))
        again = np.zeros(len(rows), np.bool_)
        again[order[1:]] = np.diff(self.at_s[rows][order]) < 1e-3
        return rows, np.where(again, np.minimum(fits, SAME_SCENE), fits), self.weight[rows]


def _numbers(one: Sighting) -> tuple[float, float, float, float, float]:
    return one.at_s, one.start_s, one.end_s, one.weight, one.weight * (1.0 if one.exact else INEXACT)


def _proposals(table: _Table) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Lines worth a look: through each sighting at the clip's pace, and through each pair."""
    surest = np.argsort(-table.weight, kind="stable")[:PROPOSING]
    clip_s, at_s = table.clip_s[surest], table.at_s[surest]
    one, other = np.triu_indices(len(surest), 1)
    apart_s = clip_s[other] - clip_s[one]
    with np.errstate(divide="ignore", invalid="ignore"):
        pace = (at_s[other] - at_s[one]) / apart_s
    usable = (np.abs(apart_s) > 1e-3) & (pace >= SLOWEST) & (pace <= FASTEST)
    pace, clip_of_pair, at_of_pair = pace[usable], clip_s[one][usable], at_s[one][usable]
    offsets = np.concatenate([table.at_s - table.clip_s, at_of_pair - pace * clip_of_pair])
    return offsets, np.concatenate([np.ones(len(table.at_s)), pace])


def _settled(table: _Table, offset_s: float, pace: float) -> tuple[float, float]:
    """The line drawn to the sightings that agree with it; at the clip's own pace where that fits."""
    rows, _ = table.agreeing(offset_s, pace)
    middle = float(np.median(table.clip_s[rows])) if len(rows) else 0.0
    own = _drawn(table, rows, offset_s + (pace - 1.0) * middle, 1.0, free=False)
    if len(np.unique(table.at_s[rows][_telling(table, rows)].round(3))) < PACING:
        return own
    free = _drawn(table, rows, offset_s, pace, free=True)
    if free[1] in (SLOWEST, FASTEST):
        return own  # the moments stand still in the film, or leap about
    return own if _closeness(table, rows, *own) >= AS_WELL * _closeness(table, rows, *free) else free


def _telling(table: _Table, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which of the rows are exact, or as good as the best where none is."""
    pull = table.pull[rows]
    telling: NDArray[np.bool_] = pull >= 0.1 * pull.max(initial=0.0)
    return telling


def _drawn(
    table: _Table, rows: NDArray[np.int64], offset_s: float, pace: float, *, free: bool
) -> tuple[float, float]:
    """Least squares in which what lies further off counts less, so often that it settles."""
    clip_s, at_s = table.clip_s[rows], table.at_s[rows]
    if len(rows) == 0:
        return offset_s, pace
    if not free:
        offset_s = float(np.median(at_s - clip_s))
    for _ in range(8):
        off = at_s - offset_s - pace * clip_s
        pull = table.pull[rows] / (1.0 + (off / PULL_S) ** 2)
        total = float(pull.sum())
        middle_clip, middle_at = float((pull * clip_s).sum()) / total, float((pull * at_s).sum()) / total
        spread = float((pull * (clip_s - middle_clip) ** 2).sum())
        if free and spread > 1e-9:
            slope = float((pull * (clip_s - middle_clip) * (at_s - middle_at)).sum()) / spread
            pace = min(max(slope, SLOWEST), FASTEST)
        offset_s = middle_at - pace * middle_clip
    return offset_s, pace


def _closeness(table: _Table, rows: NDArray[np.int64], offset_s: float, pace: float) -> float:
    off = table.at_s[rows] - offset_s - pace * table.clip_s[rows]
    return float((table.pull[rows] / (1.0 + (off / NEAR_S) ** 2)).sum())
