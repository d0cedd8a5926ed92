"""From what a person names to the films in it: files as they are, folders with all below them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from index_tools.build.report import Skipped
from index_tools.errors import FilmError
from index_tools.film import fingerprint, is_film_name
from index_tools.pack import manifest
from index_tools.pack.beside import FOLDER as PROXIES
from index_tools.progress import Progress


@dataclass(frozen=True, slots=True)
class FilmFile:
    """A file to be indexed: absolute path, length, and the fingerprint of its content."""

    path: Path
    size_bytes: int
    fingerprint: str


def find_films(
    sources: Sequence[Path], progress: Progress | None = None
) -> tuple[tuple[FilmFile, ...], tuple[Skipped, ...]]:
    """The films in `sources`, each content once, and what was named but cannot be read.

    A file is taken whatever its name; in a folder those with the name of a film, hidden files and
    folders left out, "2" before "10".  Of equal files the first counts.
    """
    films: dict[str, FilmFile] = {}
    skipped: list[Skipped] = []
    seen: set[Path] = set()
    for path in (found for source in sources for found in _below(source, skipped)):
        if progress is not None:
            progress.check()
        where = Path(os.path.realpath(path))
        if where in seen:
            continue
        seen.add(where)
        try:
            size = path.stat().st_size
            if not path.is_file():
                raise FilmError(f"{path.name} is not a file.")
            if size == 0:
                raise FilmError(f"{path.name} is empty; it was left out.")
            film = FilmFile(path.absolute(), size, fingerprint(path))
        except FileNotFoundError:
            skipped.append(Skipped(path, f"{path} is not there."))
        except OSError as error:
            skipped.append(Skipped(path, f"{path.name} cannot be read: {error.strerror}."))
        except FilmError as error:
            skipped.append(Skipped(path, str(error)))
        else:
            first = films.setdefault(film.fingerprint, film)
            if first is not film:
                skipped.append(Skipped(path, f"{path.name} has the same content as {first.path.name}."))
    return tuple(films.values()), tuple(skipped)


def _below(source: Path, skipped: list[Skipped]) -> Iterator[Path]:
    def unreadable(error: OSError) -> None:
        folder = Path(error.filename)
        skipped.append(Skipped(folder, f"The folder {folder} cannot be read: {error.strerror}."))

    if not os.path.isdir(source):  # noqa: PTH112 - Path.is_dir() raises in a folder that cannot be read
        yield source
        return
    for folder, folders, names in os.walk(source, onerror=unreadable):
        folders[:] = sorted((name for name in folders if not name.startswith(".")), key=natural)
        # what lies beside a pack, or where one is being built, are no films
        beside = (PROXIES,) if manifest.FILE_NAME in names else ()
        folders[:] = [name for name in folders if not name.endswith(".part") and name not in beside]
        for name in sorted(names, key=natural):
            if not name.startswith(".") and is_film_name(Path(name)):
                yield Path(folder, name)


def natural(name: str) -> tuple[tuple[int, int, str], ...]:
    """A sorting key by which "episode 2" comes before "episode 10"."""
    parts = re.findall(r"\d+|\D+", name.casefold())
    return tuple((0, int(part), part) if part.isdecimal() else (1, 0, part) for part in parts)
