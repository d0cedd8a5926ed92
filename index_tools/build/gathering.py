"""Getting films indexed into the journal, by as many processes as are wanted, and out of it again."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from index_tools.build.journal import FOLDER, entry_path, read_entry
from index_tools.build.meter import Meter
from index_tools.build.naming import NameOverrides, named
from index_tools.build.pool import Event, Task, run
from index_tools.build.report import OnProgress, Skipped
from index_tools.build.sources import FilmFile
from index_tools.descriptors.model_file import NetworkFile
from index_tools.nouns import Video
from index_tools.pack.beside import parts_path, proxy_path
from index_tools.pack.stored_film import StoredFilm
from index_tools.progress import Progress


@dataclass(frozen=True, slots=True)
class HowToBuild:
    """How films are to be indexed; `workers` None takes one process a core, `network` None makes no scene
    embeddings; `proxies` says whether small videos of the films, and vectors of parts of their frames, are
    kept for looking pictures up.
    """

    workers: int | None = None
    thumbnails: bool = True
    gentle: bool = False
    network: NetworkFile | None = None
    proxies: bool = True


@dataclass(frozen=True, slots=True)
class Gathered:
    """The films that are in the journal now, and what happened on the way."""

    films: tuple[FilmFile, ...]
    entries: Mapping[str, Path]
    skipped: tuple[Skipped, ...]
    resumed: int
    frames: int
    film_s: float
    meter: Meter


def gather(
    part: Path, films: Sequence[FilmFile], how: HowToBuild, on_progress: OnProgress | None, progress: Progress
) -> Gathered:
    """Index what is not in the journal of `part` yet; films that fail are named and left out.

    Raises `Cancelled` and `BuildError`; what is finished stays in the journal.
    """
    entries = {
        film.fingerprint: entry_path(part, film.fingerprint, thumbnails=how.thumbnails, network=how.network)
        for film in films
    }
    network = how.network.path if how.network is not None else None
    (part / FOLDER).mkdir(parents=True, exist_ok=True)
    tasks: list[tuple[Task, int]] = []
    for film in films:
        progress.check()
        if read_entry(entries[film.fingerprint]) is None:
            task = Task(film.path, entries[film.fingerprint], how.thumbnails, network)
            if how.proxies:
                task = replace(task, proxy=proxy_path(part, film.fingerprint))
            if how.proxies and how.network is not None:
                task = replace(task, parts=parts_path(part, film.fingerprint, how.network.sha256))
            tasks.append((task, film.size_bytes))
    meter = Meter(tasks, len(films) - len(tasks), on_progress, progress)
    skipped: list[Skipped] = []

    def take(event: Event) -> None:
        if event.kind == "failed":
            skipped.append(Skipped(event.task.path, event.reason))
        meter.take(event)

    meter.tell("indexing")
    wanted = how.workers if how.workers is not None else len(_cores())
    run([task for task, _ in tasks], max(1, min(wanted, len(tasks))), take, progress, gentle=how.gentle)
    failed = {item.path for item in skipped}
    return Gathered(
        films=tuple(film for film in films if film.path not in failed),
        entries=entries,
        skipped=tuple(skipped),
        resumed=len(films) - len(tasks),
        frames=meter.frames,
        film_s=meter.film_s,
        meter=meter,
    )


def stored(
    gathered: Gathered, said: NameOverrides, warnings: list[str], progress: Progress
) -> Iterator[StoredFilm]:
    """The gathered films one by one, under the names that their files have now.

    Adds the warnings of each to `warnings`.  Raises `Cancelled`.
    """
    for film in gathered.films:
        progress.check()
        found = read_entry(gathered.entries[film.fingerprint])
        if found is None:
            # it was there and sound a moment ago: the disk, or somebody, has taken it away
            raise OSError(None, f"the journal entry of {film.path.name} has gone; run the same command again")
        entry, source = found
        warnings += entry.warnings
        yield replace(entry, video=_with_file(entry.video, film, source, said), warnings=())


def _with_file(video: Video, film: FilmFile, source: Path, said: NameOverrides) -> Video:
    # the fingerprint samples the file; a film that grew meanwhile must not be known by a wrong length
    video = replace(video, fingerprint=film.fingerprint, size_bytes=film.size_bytes)
    return named(video, film.path, said, guessed_from=source)


def _cores() -> set[int]:
    if hasattr(os, "sched_getaffinity"):
        return os.sched_getaffinity(0)
    return set(range(os.cpu_count() or 1))
