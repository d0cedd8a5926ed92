"""How well a pack finds: recall, claims, false matches, localisation, for every class of degradation.

The product is measured, and beside it, on the same pictures, what it is held against (`searchers`).
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from index_tools.errors import FilmError, PackError, PictureError
from index_tools.measure.clip_gain import LENGTH_S, ClipOutcome, ask_clip, clip_summary
from index_tools.measure.degradations import DEGRADATIONS, GROUPS
from index_tools.measure.judging import Outcome, judge
from index_tools.measure.queries import UNKNOWN_FROM, Drawn, as_png, draw
from index_tools.measure.reliability import reliability
from index_tools.measure.searchers import PRODUCT, Searcher, side_by_side
from index_tools.measure.summaries import spread, summary
from index_tools.measure.survey import Survey, survey
from index_tools.nouns import Answer
from index_tools.pack import ScenePack
from index_tools.picture import read_picture
from index_tools.progress import Progress
from index_tools.search import Engine, SearchOptions


@dataclass(frozen=True, slots=True)
class Settings:
    """What is asked: frames a class from indexed films and from others, which classes, with which seed.

    Without `beside` the product alone is measured.
    """

    queries: int = 150
    unknown_queries: int = 50
    classes: tuple[str, ...] = tuple(DEGRADATIONS)
    seed: int = 1
    refine: bool = True
    options: SearchOptions = field(default_factory=SearchOptions)
    beside: bool = True


#: Outcomes by the name of the searcher and of the class.
Outcomes = dict[str, dict[str, list[Outcome]]]


class Evaluation:
    """One run over one pack; `run` and `run_clips` give the objects that `evaluate --json` prints.

    `besides` are packs that are searched too, so that there is more to be mistaken about; nothing is asked of
    their films.
    """

    def __init__(
        self,
        pack: ScenePack,
        settings: Settings,
        progress: Progress | None = None,
        besides: Sequence[ScenePack] = (),
    ) -> None:
        self._pack = pack
        self._packs = (pack, *besides)
        self._settings = settings
        self._progress = progress or Progress()
        self._errors: list[str] = []
        self._frames_searched = 0

    def run(self, films: Sequence[Path], unknown: Sequence[Path] = ()) -> dict[str, Any]:
        """Ask for frames of `films`, which the pack holds, and of `unknown`, which it does not.

        Raises `FilmError` for a film that cannot be read, `PackError` when the pack holds one of the
        films not or one of the unknown ones, `Cancelled`.
        """
        self._check_names(films, unknown)
        settings = self._settings
        engine = Engine(self._packs)
        try:
            engine.wait_for_graphs()
            searchers, absent = side_by_side(engine, settings.refine)
            if not settings.beside:
                searchers, absent = searchers[:1], {}
            known = self._ask(searchers, self._surveys(films), settings.queries, 0, "indexed films")
            others = self._ask(
                searchers, self._surveys(unknown), settings.unknown_queries, UNKNOWN_FROM, "other films"
            )
        finally:
            engine.close()
        systems = {
            searcher.name: self._figures(known[searcher.name], others.get(searcher.name, {}))
            for searcher in searchers
        }
        product = systems.pop(PRODUCT)
        return {
            "seed": settings.seed,
            "queries_per_class": settings.queries,
            "unknown_per_class": settings.unknown_queries if unknown else 0,
            "films": [path.name for path in films],
            "unknown": [path.name for path in unknown],
            "refined": settings.refine,
            **product,
            "frames_searched": self._frames_searched,
            "hours_indexed": self._hours(),
            "errors": self._errors,
            "beside": systems,
            "absent": absent,
        }

    def run_clips(self, films: Sequence[Path], unknown: Sequence[Path] = ()) -> dict[str, Any]:
        """Ask for clips of the films, and for the middle frame of each alone.  Raises as `run`."""
        self._check_names(films, unknown)
        settings = self._settings
        engine = Engine(self._packs)
        outcomes: list[dict[str, list[ClipOutcome]]] = []
        try:
            engine.wait_for_graphs()
            for some, count, first in (
                (films, settings.queries, 0),
                (unknown, settings.unknown_queries, UNKNOWN_FROM),
            ):
                asked: dict[str, list[ClipOutcome]] = {name: [] for name in settings.classes}
                outcomes.append(asked)
                surveys = self._surveys(some)
                for done, drawn in enumerate(draw(surveys, count, settings.seed, first) if surveys else ()):
                    self._progress.report(done, count, "clips")
                    for name in settings.classes:
                        self._progress.check()
                        asked[name].append(ask_clip(engine, drawn, name, settings.seed, settings.options))
        finally:
            engine.close()
        known, others = outcomes
        return {
            "seed": settings.seed,
            "clips_per_class": settings.queries,
            "unknown_per_class": settings.unknown_queries if unknown else 0,
            "films": [path.name for path in films],
            "unknown": [path.name for path in unknown],
            "clip_s": LENGTH_S,
            "hours_indexed": self._hours(),
            "clips": {name: clip_summary(known[name], others[name]) for name in settings.classes},
        }

    def _hours(self) -> float:
        return round(sum(v.duration_s for pack in self._packs for v in pack.videos) / 3600, 4)

    def _figures(self, known: dict[str, list[Outcome]], others: dict[str, list[Outcome]]) -> dict[str, Any]:
        """The figures of one searcher, by class and group, and as a whole."""
        every = [outcome for outcomes in known.values() for outcome in outcomes]
        strangers = [outcome for outcomes in others.values() for outcome in outcomes]
        return {
            "classes": {
                name: summary({name: known[name]}, _only(others, [name])) for name in self._settings.classes
            },
            "groups": {
                group: summary(_only(known, names), _only(others, names))
                for group, names in GROUPS.items()
                if _only(known, names)
            },
            "search_elapsed_ms": spread([outcome.elapsed_ms for outcome in every]),
            "reranked_ms": spread([outcome.reranked_ms for outcome in every]),
            "unanswered": sum(not outcome.answered for outcome in every),
            "reliability": reliability(every, strangers),
        }

    def _check_names(self, films: Sequence[Path], unknown: Sequence[Path]) -> None:
        held = {video.file_name for video in self._pack.videos}
        for path in films:
            if path.name not in held:
                raise PackError(
                    f"The pack “{self._pack.path}” does not hold {path.name}; add it or leave it out."
                )
        for path in unknown:
            if path.name in held:
                raise PackError(f"{path.name} is to be unknown, but the pack “{self._pack.path}” holds it.")

    def _surveys(self, films: Iterable[Path]) -> list[Survey]:
        return [survey(path, self._progress) for path in films]

    def _ask(
        self, searchers: Sequence[Searcher], films: Sequence[Survey], count: int, first: int, step: str
    ) -> Outcomes:
        names = self._settings.classes
        outcomes: Outcomes = {searcher.name: {name: [] for name in names} for searcher in searchers}
        if not films:
            return {}
        for done, drawn in enumerate(draw(films, count, self._settings.seed, first)):
            self._progress.report(done, count, step)
            for name in names:
                self._progress.check()
                data = as_png(drawn.degraded(name, self._settings.seed))
                for searcher in searchers:
                    outcomes[searcher.name][name].append(self._one(searcher, drawn, name, data))
        return outcomes

    def _one(self, searcher: Searcher, drawn: Drawn, name: str, data: bytes) -> Outcome:
        begun = time.perf_counter()
        try:
            answer = searcher.answer(read_picture(data, origin=name), self._settings.options)
        except (PictureError, PackError, FilmError) as error:
            self._errors.append(f"{name} of {drawn.film.path.name} at {drawn.at_s:.3f} s: {error}")
            answer = Answer((), 0, 0.0, ())
        elapsed_ms = (time.perf_counter() - begun) * 1000
        self._frames_searched = max(self._frames_searched, answer.frames_searched)
        return judge(drawn, answer, elapsed_ms)


def _only(outcomes: dict[str, list[Outcome]], names: Iterable[str]) -> dict[str, list[Outcome]]:
    return {name: outcomes[name] for name in names if name in outcomes}
