"""The user's own pack: made of the first films added, extended by the later ones."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop.state.running import Telling

TITLE = "My films"


@dataclass(frozen=True, slots=True)
class Indexing:
    """How far adding films is.  `step` names the files being read, "" before the first; `share` is 0..1,
    `times_real` seconds of film a second of work, 0 while unknown.
    """

    step: str = ""
    files_done: int = 0
    files_total: int = 0
    share: float = 0.0
    times_real: float = 0.0
    left_s: float | None = None
    stopping: bool = False
    writing: bool = False
    """Whether all films are read and the library is being written."""


@dataclass(frozen=True, slots=True)
class Added:
    """What came of adding films; `skipped` holds files and the reasons, as sentences, `warnings` what could
    not be read of the films that were added.
    """

    films: int
    skipped: tuple[tuple[Path, str], ...] = ()
    warnings: tuple[str, ...] = ()
    stopped: bool = False


def remove_film(pack: Path, file_name: str, telling: Telling) -> None:
    """Take one film out of the pack; its file stays where it is.  Raises BuildError, PackError, Cancelled."""
    from index_tools.build import remove_from_pack

    remove_from_pack(pack, [file_name], progress=telling)


def index_films(pack: Path, sources: Sequence[Path], telling: Telling) -> Added:
    """Index films into the pack; tells an `Indexing` now and then.

    Runs in a worker; the reading is done by child processes of the builder.  Raises BuildError, PackError,
    Cancelled; the pack stays as it was, and a later run goes on after the films that were finished.
    """
    from index_tools.build import BuildProgress, add_to_pack, build_pack
    from index_tools.pack import PackAbout

    def tell(progress: BuildProgress) -> None:
        telling.tell(
            Indexing(
                ", ".join(film.path.name for film in progress.films),
                progress.files_done,
                progress.files_total,
                progress.share,
                progress.times_real,
                progress.left_s,
                writing=progress.step == "writing",
            )
        )

    pack.parent.mkdir(parents=True, exist_ok=True)
    workers = max(1, min(2, (os.cpu_count() or 2) - 1))
    if pack.exists():
        report = add_to_pack(pack, sources, workers=workers, on_progress=tell, progress=telling)
    else:
        report = build_pack(
            pack, sources, about=PackAbout(title=TITLE), workers=workers, on_progress=tell, progress=telling
        )
    skipped = tuple((one.path, one.reason) for one in report.skipped)
    return Added(len(report.added), skipped, report.warnings)
