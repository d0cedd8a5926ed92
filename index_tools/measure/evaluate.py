"""How well a pack finds: recall, claims, false matches, localisation, for every class of degradation."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from index_tools.errors import FilmError, PackError, PictureError
from index_tools.measure.degradations import DEGRADATIONS, GROUPS
from index_tools.measure.judging import Outcome, judge
from index_tools.measure.queries import UNKNOWN_FROM, Drawn, as_png, draw
from index_tools.measure.summaries import spread, summary
from index_tools.measure.survey import Survey, survey
from index_tools.nouns import Answer
from index_tools.pack import ScenePack
from index_tools.picture import read_picture
from index_tools.progress import Progress
from index_tools.search import Engine, SearchOptions


@dataclass(frozen=True, slots=True)
class Settings:
    """What is asked: frames a class from indexed films and from others, which classes, with which seed."""

    queries: int = 150
    unknown_queries: int = 50
    classes: tuple[str, ...] = tuple(DEGRADATIONS)
    seed: int = 1
    refine: bool = True
    options: SearchOptions = field(default_factory=SearchOptions)


class Evaluation:
    """One run over one pack; `run` gives the object that `evaluate --json` prints."""

    def __init__(self, pack: ScenePack, settings: Settings, progress: Progress | None = None) -> None:
        self._pack = pack
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
        engine = Engine([self._pack])
        try:
            engine.wait_for_graphs()
            known = self._ask(engine, self._surveys(films), settings.queries, 0, "indexed films")
            others = self._ask(
                engine, self._surveys(unknown), settings.unknown_queries, UNKNOWN_FROM, "other films"
            )
        finally:
            engine.close()
        every = [outcome for outcomes in known.values() for outcome in outcomes]
        return {
            "seed": settings.seed,
            "queries_per_class": settings.queries,
            "unknown_per_class": settings.unknown_queries if unknown else 0,
            "films": [path.name for path in films],
            "unknown": [path.name for path in unknown],
            "refined": settings.refine,
            "classes": {
                name: summary({name: known[name]}, _only(others, [name])) for name in settings.classes
            },
            "groups": {
                group: summary(_only(known, names), _only(others, names))
                for group, names in GROUPS.items()
                if _only(known, names)
            },
            "frames_searched": self._frames_searched,
            "hours_indexed": round(sum(video.duration_s for video in self._pack.videos) / 3600, 4),
            "search_elapsed_ms": spread([outcome.elapsed_ms for outcome in every]),
            "unanswered": sum(not outcome.answered for outcome in every),
            "errors": self._errors,
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
        self, engine: Engine, films: Sequence[Survey], count: int, first: int, step: str
    ) -> dict[str, list[Outcome]]:
        outcomes: dict[str, list[Outcome]] = {name: [] for name in self._settings.classes}
        if not films:
            return {}
        for done, drawn in enumerate(draw(films, count, self._settings.seed, first)):
            self._progress.report(done, count, step)
            for name in self._settings.classes:
                self._progress.check()
                outcomes[name].append(self._one(engine, drawn, name))
        return outcomes

    def _one(self, engine: Engine, drawn: Drawn, name: str) -> Outcome:
        data = as_png(drawn.degraded(name, self._settings.seed))
        begun = time.perf_counter()
        try:
            picture = read_picture(data, origin=name)
            search = engine.find if self._settings.refine else engine.search
            answer = search(picture, self._settings.options)
        except (PictureError, PackError, FilmError) as error:
            self._errors.append(f"{name} of {drawn.film.path.name} at {drawn.at_s:.3f} s: {error}")
            answer = Answer((), 0, 0.0, ())
        elapsed_ms = (time.perf_counter() - begun) * 1000
        self._frames_searched = max(self._frames_searched, answer.frames_searched)
        return judge(drawn, answer, elapsed_ms)


def _only(outcomes: dict[str, list[Outcome]], names: Iterable[str]) -> dict[str, list[Outcome]]:
    return {name: outcomes[name] for name in names if name in outcomes}
