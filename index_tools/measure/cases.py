"""Cases to calibrate the confidence by: what spoke for the scene that was found, and whether it was right.

Frames of films that a pack holds and of others that it does not hold are degraded and asked for, as
`evaluate` does; each query yields one case.  Fit on some films, judge on others.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from index_tools.measure.judging import is_right
from index_tools.measure.queries import UNKNOWN_FROM, Drawn, draw
from index_tools.measure.survey import survey
from index_tools.nouns import Match
from index_tools.pack import ScenePack
from index_tools.picture import Picture
from index_tools.progress import Progress
from index_tools.search import Engine, SearchOptions
from index_tools.search.confidence import Evidence


@dataclass(frozen=True, slots=True)
class Case:
    """One query: the degradation, the film asked for and whether the pack holds it; the answer's first
    match: right, claimed, its confidence and what it was claimed by.

    `evidence` is that of the scene over which the picture was laid, right if `evidence_right`; None where
    the first look settled it.  `first` is what the network says of the likeliest scene of the first step:
    `Ranked.score`, `.lead` and `.distance`, right if `first_right`; None where color layouts settled it.
    `error_s` is None where the match is wrong; `elapsed_ms` is time of the processor.
    """

    degradation: str
    film: str
    known: bool
    right: bool
    claimed: bool
    confidence: float
    error_s: float | None
    elapsed_ms: float
    evidence: Evidence | None = None
    evidence_right: bool = False
    first: tuple[float, float, float] | None = None
    first_right: bool = False

    def as_line(self) -> str:
        """The case as a line of JSON."""
        return json.dumps(asdict(self))

    @staticmethod
    def of_line(line: str) -> Case:
        """The case of such a line."""
        values = json.loads(line)
        if values["evidence"] is not None:
            values["evidence"] = Evidence(**values["evidence"])
        if values["first"] is not None:
            values["first"] = tuple(values["first"])
        return Case(**values)


def collect(
    asking: Asking,
    films: Sequence[Path],
    classes: Sequence[str],
    count: int,
    *,
    known: bool,
    progress: Progress | None = None,
) -> Iterator[Case]:
    """Ask for `count` frames of films, each degraded in all ways; `known` says that the pack holds them.

    Raises `FilmError`, `Cancelled`.
    """
    progress = progress or Progress()
    surveys = [survey(path, progress) for path in films]
    first = 0 if known else UNKNOWN_FROM
    for done, drawn in enumerate(draw(surveys, count, asking.seed, first) if surveys else ()):
        progress.report(done, count, "indexed films" if known else "other films")
        for name in classes:
            progress.check()
            yield asking.case(drawn, name, known=known)


class Asking:
    """Asks a pack and notes what the answer went by."""

    def __init__(self, pack: ScenePack, seed: int) -> None:
        self.seed = seed
        self._engine = Engine([pack])
        self._engine.wait_for_graphs()
        self._found: list[tuple[Match, Evidence]] = []
        self._engine.witness(lambda match, evidence: self._found.append((match, evidence)))
        self._options = SearchOptions()

    def case(self, drawn: Drawn, name: str, *, known: bool) -> Case:
        """Ask for a frame, degraded."""
        self._found.clear()
        picture = Picture.of(np.ascontiguousarray(drawn.degraded(name, self.seed)))
        begun = time.process_time()
        answer = self._engine.find(picture, self._options)
        elapsed_ms = (time.process_time() - begun) * 1000
        first = answer.matches[0] if answer.matches else None
        right = known and first is not None and is_right(drawn, first)
        likeliest = next((one for one in answer.ranked[:1] if not math.isnan(one.score)), None)
        best = max(self._found, key=lambda pair: pair[0].confidence, default=None)
        return Case(
            degradation=name,
            film=drawn.film.path.name,
            known=known,
            right=right,
            claimed=first is not None and first.is_match,
            confidence=0.0 if first is None else first.confidence,
            error_s=abs(first.at_s - drawn.at_s) if first is not None and right else None,
            elapsed_ms=elapsed_ms,
            evidence=None if best is None else best[1],
            evidence_right=known and best is not None and is_right(drawn, best[0]),
            first=None if likeliest is None else (likeliest.score, likeliest.lead, likeliest.distance),
            first_right=known and likeliest is not None and is_right(drawn, likeliest.match),
        )
