"""What a build tells while it runs and when it is done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class FilmProgress:
    """A film being indexed: `done_s` of `total_s` seconds (0 while not known)."""

    path: Path
    done_s: float
    total_s: float


@dataclass(frozen=True, slots=True)
class BuildProgress:
    """How far a build is.

    `step` is "indexing", "writing" or "graph"; `frames` and `film_s` count what this run has read,
    `times_real` is `film_s` a second of work, `left_s` the seconds that are likely left (None while
    nobody can know), `share` is 0..1 of the indexing.
    """

    step: str
    files_done: int
    files_total: int
    files_skipped: int
    frames: int
    film_s: float
    elapsed_s: float
    times_real: float
    left_s: float | None
    share: float
    films: tuple[FilmProgress, ...] = ()


OnProgress = Callable[[BuildProgress], None]


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that is not in the pack, and why, as a sentence."""

    path: Path
    reason: str


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build, an addition or a removal did.

    `videos` is the number of videos in the pack afterwards; `added`, `renamed` and `removed` hold file names,
    `renewed` those of films that got the scene embeddings of this program; `resumed` counts films that an
    earlier, interrupted run had finished.  `frames`, `film_s` and `elapsed_s` are of this run.  `warnings`
    are sentences on films that are in the pack but not whole.
    """

    pack: Path
    videos: int
    added: tuple[str, ...] = ()
    renamed: tuple[str, ...] = ()
    renewed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    warnings: tuple[str, ...] = ()
    resumed: int = 0
    frames: int = 0
    film_s: float = 0.0
    elapsed_s: float = 0.0
