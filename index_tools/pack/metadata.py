"""`metadata.sqlite`: videos and series of a pack, their titles by language and their numbers elsewhere.

Written once with a revision and then never changed; opened read-only and immutable.  A pack may come from
a stranger, so the schema must be this one to the letter (no views, triggers or other surprises), the
lengths are limited, the time is limited, and every value is checked.
"""

from __future__ import annotations

import errno
import math
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from index_tools.nouns import Video
from index_tools.pack.checked_json import checked_text
from index_tools.pack.durable import flush_file
from index_tools.pack.manifest import MOST_VIDEOS

#: Longest file, in bytes, that is opened: some 2 kB for each of a million videos is far below.
MOST_BYTES = 1 << 31
#: Longest episode, in characters, and the highest season.
LONGEST_EPISODE, MOST_SEASON = 200, 1_000_000
#: No frame is wider or higher, in square pixels.
_MOST_SIDE = 100_000
_APPLICATION_ID = 0x53434C31  # "SCL1"
#: Instructions of SQLite's machine between two looks at the counter, and looks until it is too much.
_STEPS, _MOST_LOOKS = 1_000_000, 20_000

_SCHEMA = (
    "CREATE TABLE series (number INTEGER PRIMARY KEY, title TEXT NOT NULL)",
    "CREATE TABLE series_titles (series INTEGER NOT NULL REFERENCES series, language TEXT NOT NULL, "
    "title TEXT NOT NULL, PRIMARY KEY (series, language)) WITHOUT ROWID",
    "CREATE TABLE videos (number INTEGER PRIMARY KEY, series INTEGER NOT NULL REFERENCES series, "
    "season INTEGER, episode TEXT NOT NULL, file_name TEXT NOT NULL, size_bytes INTEGER NOT NULL, "
    "fingerprint TEXT NOT NULL UNIQUE, duration_s REAL NOT NULL, frame_count INTEGER NOT NULL, "
    "fps REAL NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL)",
    "CREATE TABLE video_ids (video INTEGER NOT NULL REFERENCES videos, register TEXT NOT NULL, "
    "id TEXT NOT NULL, PRIMARY KEY (video, register)) WITHOUT ROWID",
)


def write_metadata(path: Path, videos: Sequence[Video]) -> None:
    """Write the file anew and wait until it is on the disk; the same videos give the same bytes.

    Raises `OSError`.
    """
    path.unlink(missing_ok=True)
    try:
        _write(path, videos)
    except sqlite3.OperationalError as error:
        full = error.sqlite_errorcode == sqlite3.SQLITE_FULL
        raise OSError(errno.ENOSPC if full else errno.EIO, str(error)) from error
    flush_file(path)


def _write(path: Path, videos: Sequence[Video]) -> None:
    series: dict[tuple[str, tuple[tuple[str, str], ...]], int] = {}
    with closing(sqlite3.connect(path, isolation_level=None)) as base:
        base.execute("PRAGMA journal_mode = OFF")
        base.execute("PRAGMA synchronous = OFF")
        base.execute("PRAGMA page_size = 1024")
        base.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
        base.execute("PRAGMA user_version = 1")
        base.execute("BEGIN")
        for statement in _SCHEMA:
            base.execute(statement)
        for number, video in enumerate(videos):
            key = (video.title, tuple(sorted(video.titles.items())))
            if key not in series:
                series[key] = len(series)
                base.execute("INSERT INTO series VALUES (?, ?)", (series[key], video.title))
                base.executemany(
                    "INSERT INTO series_titles VALUES (?, ?, ?)", [(series[key], *pair) for pair in key[1]]
                )
            base.execute(
                f"INSERT INTO videos VALUES ({', '.join('?' * 12)})",
                (number, series[key], video.season, video.episode, video.file_name, video.size_bytes,
                 video.fingerprint, float(video.duration_s), video.frame_count, float(video.fps),
                 video.width, video.height),
            )  # fmt: skip
            base.executemany(
                "INSERT INTO video_ids VALUES (?, ?, ?)",
                [(number, *pair) for pair in sorted(video.ids.items())],
            )
        base.execute("COMMIT")


def read_metadata(path: Path, *, thorough: bool = True) -> tuple[Video, ...]:
    """The videos of a pack in the order of their numbers.

    `thorough` lets SQLite look through the whole file first, for files that were not checked before.
    Raises `ValueError` in a few words when the file is not one that `write_metadata` wrote.
    """
    if path.stat().st_size > MOST_BYTES:
        raise ValueError("it is too long")
    looks = 0

    def too_long() -> bool:
        nonlocal looks
        looks += 1
        return looks > _MOST_LOOKS

    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as base:
            base.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 1_000_000)
            base.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
            base.set_progress_handler(too_long, _STEPS)
            for pragma in ("trusted_schema = OFF", "cell_size_check = ON", "query_only = ON"):
                base.execute(f"PRAGMA {pragma}")
            _check_schema(base)
            if thorough and base.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                raise ValueError("its pages contradict each other")
            return _read(base)
    except (sqlite3.Error, OverflowError, UnicodeDecodeError) as error:
        raise ValueError(f"SQLite says: {error}") from None


def check_measures(video: Video) -> None:
    """Raise `ValueError` in a few words if a pack cannot hold the length or the size of a video."""
    _whole(video.size_bytes, "its length in bytes", 2**60)
    _whole(video.frame_count, "its number of frames", 2**40)
    _whole(video.width, "its width", _MOST_SIDE, least=1)
    _whole(video.height, "its height", _MOST_SIDE, least=1)
    _real(video.duration_s, "its duration")
    _real(video.fps, "its frame rate")


def _check_schema(base: sqlite3.Connection) -> None:
    found = base.execute(
        "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid LIMIT 20"
    ).fetchall()
    if tuple(row[0] for row in found) != _SCHEMA:
        raise ValueError("its tables are not those of version 1")


def _read(base: sqlite3.Connection) -> tuple[Video, ...]:
    names = {number: _text(title, "a title") for number, title in base.execute("SELECT * FROM series")}
    titles: dict[int, dict[str, str]] = {}
    for series, language, title in base.execute("SELECT * FROM series_titles"):
        titles.setdefault(series, {})[_text(language, "a language", 40)] = _text(title, "a title")
    ids: dict[int, dict[str, str]] = {}
    for video, register, value in base.execute("SELECT * FROM video_ids"):
        ids.setdefault(video, {})[_text(register, "a register", 40)] = _text(value, "a number", 200)
    videos: list[Video] = []
    for row in base.execute(f"SELECT * FROM videos ORDER BY number LIMIT {MOST_VIDEOS + 1}"):
        number, series, season, episode, file_name, size, print_, duration, frames, fps, width, height = row
        if number != len(videos) or series not in names:
            raise ValueError("its videos are not numbered as they should be")
        video = Video(
            file_name=_file_name(file_name),
            size_bytes=size,
            fingerprint=_text(print_, "a fingerprint", 200),
            duration_s=duration,
            frame_count=frames,
            fps=fps,
            width=width,
            height=height,
            title=names[series],
            season=None if season is None else _whole(season, "a season", MOST_SEASON),
            episode=_text(episode, "an episode", LONGEST_EPISODE),
            titles=titles.get(series, {}),
            ids=ids.get(number, {}),
        )
        check_measures(video)
        videos.append(video)
    return tuple(videos)


def _text(value: Any, what: str, longest: int = 10_000) -> str:
    return checked_text(value, what, longest=longest)


def _file_name(value: Any) -> str:
    name = _text(value, "a file name", 1000)
    if not name or "/" in name or name in (".", ".."):
        raise ValueError("a file name is a path")
    return name


def _whole(value: Any, what: str, most: int, least: int = 0) -> int:
    if type(value) is not int or not least <= value <= most:
        raise ValueError(f"{what} is out of range")
    return value


def _real(value: Any, what: str) -> float:
    if not isinstance(value, float) or not math.isfinite(value) or not 0 <= value <= 1e9:
        raise ValueError(f"{what} is out of range")
    return value
