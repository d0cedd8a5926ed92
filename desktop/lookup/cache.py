"""Answers of the service, kept by vector: the same picture costs nothing twice, and works offline.

Format version 1 (`PRAGMA user_version`): an SQLite file with one table, `answers`: service address, vector,
AniList number (0: all titles), Unix time, frames searched, and the matches as zlib-compressed JSON.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
import threading
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Protocol, TypeVar

from desktop.lookup.remote_answer import RemoteAnime, RemoteMatch

VERSION, APPLICATION_ID = 1, 0x534C4341
#: Most answers and bytes of them that are kept; the oldest go first.
MOST_ANSWERS, MOST_BYTES = 20_000, 64 * 1024 * 1024
#: A compressed answer may unpack to so many bytes; what claims more is damaged.
_UNPACKED_BYTES = 16 * 1024 * 1024
_PATIENCE_S = 1.0
#: Troubles that say nothing about the file: held by another process, a full disk, no right to write.
_NOT_DAMAGED = frozenset({
    sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH,
    sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_INTERRUPT,
})  # fmt: skip

#: Whether a match is claimed is judged anew each time.
_FIELDS = {field.name for field in fields(RemoteMatch)} - {"is_match"}

T = TypeVar("T")

_TABLE = """
CREATE TABLE IF NOT EXISTS answers (
    service TEXT NOT NULL, vector BLOB NOT NULL, anilist INTEGER NOT NULL,
    at_s REAL NOT NULL, frames INTEGER, matches BLOB NOT NULL,
    PRIMARY KEY (service, vector, anilist)
) WITHOUT ROWID
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """What was answered to one vector at Unix time `at_s`."""

    matches: tuple[RemoteMatch, ...]
    frames_searched: int | None
    at_s: float


class Answers(Protocol):
    """The cache as the client sees it; thread-safe."""

    def get(self, vector: bytes, anilist: int | None) -> Kept | None:
        """What was answered to this vector within this title (None: all titles), of any age."""

    def put(self, vector: bytes, anilist: int | None, kept: Kept) -> None:
        """Keep an answer; the oldest go when there are too many."""

    def take_notice(self) -> str:
        """A sentence on what happened to the cache since the last call, "" if all is well."""

    def close(self) -> None:
        """Let the file go; the next use opens it again."""


class AnswerCache:
    """See `Answers`; opened at the first use.

    A damaged file is set aside under another name and a new one begun; a cache that cannot be used at all
    is done without.  Neither keeps a search from its answer: `take_notice` has the sentence.
    """

    def __init__(
        self, path: Path, service: str, *, answers: int = MOST_ANSWERS, size: int = MOST_BYTES
    ) -> None:
        self._path = path
        self._service = service
        self._most_answers, self._most_bytes = answers, size
        self._lock = threading.Lock()
        self._open: sqlite3.Connection | None = None
        self._useless = False
        self._notice = ""

    def get(self, vector: bytes, anilist: int | None) -> Kept | None:
        """What was answered to this vector within this title (None: all titles), of any age."""

        def read(database: sqlite3.Connection) -> Kept | None:
            row = database.execute(
                "SELECT at_s, frames, matches FROM answers WHERE service = ? AND vector = ? AND anilist = ?",
                (self._service, vector, anilist or 0),
            ).fetchone()
            return None if row is None else Kept(_unpacked(row[2]), row[1], float(row[0]))

        return self._use(read)

    def put(self, vector: bytes, anilist: int | None, kept: Kept) -> None:
        """Keep an answer; the oldest go when there are too many."""

        def write(database: sqlite3.Connection) -> None:
            with database:
                database.execute(
                    "INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?, ?, ?)",
                    (self._service, vector, anilist or 0, kept.at_s, kept.frames_searched, _packed(kept)),
                )
                self._bound(database)

        self._use(write)

    def take_notice(self) -> str:
        """A sentence on what happened to the cache since the last call, "" if all is well."""
        with self._lock:
            notice, self._notice = self._notice, ""
            return notice

    def close(self) -> None:
        """Let the file go; the next use opens it again."""
        with self._lock:
            self._shut()

    def _bound(self, database: sqlite3.Connection) -> None:
        count, size = database.execute("SELECT count(*), total(length(matches)) FROM answers").fetchone()
        while count > self._most_answers or (size > self._most_bytes and count > 1):
            oldest = database.execute(
                "SELECT service, vector, anilist, length(matches) FROM answers ORDER BY at_s LIMIT ?",
                (max(1, count - self._most_answers),),
            ).fetchall()
            database.executemany(
                "DELETE FROM answers WHERE service = ? AND vector = ? AND anilist = ?",
                [row[:3] for row in oldest],
            )
            count, size = count - len(oldest), size - sum(row[3] for row in oldest)

    def _use(self, work: Callable[[sqlite3.Connection], T]) -> T | None:
        """Do something with the database; None where it cannot be done."""
        with self._lock:
            for _ in range(2):
                if self._useless:
                    return None
                try:
                    return work(self._ready())
                except (sqlite3.Error, ValueError, zlib.error, RecursionError) as error:
                    if getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF in _NOT_DAMAGED:
                        self._shut()
                        self._useless = not self._path.exists()
                        self._notice = _without(self._path, str(error))
                        return None
                    self._set_aside(str(error))
            return None

    def _ready(self) -> sqlite3.Connection:
        if self._open is None:
            with contextlib.suppress(OSError):  # connecting tells what is wrong
                self._path.parent.mkdir(parents=True, exist_ok=True)
            made = sqlite3.connect(self._path, timeout=_PATIENCE_S, check_same_thread=False)
            try:
                version = made.execute("PRAGMA user_version").fetchone()[0]
                owner = made.execute("PRAGMA application_id").fetchone()[0]
                tables = made.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
                if tables and (version, owner) != (VERSION, APPLICATION_ID):
                    raise ValueError("it is of another version")
                made.execute("PRAGMA journal_mode = WAL")
                made.execute("PRAGMA synchronous = NORMAL")
                made.execute(_TABLE)
                made.execute(f"PRAGMA user_version = {VERSION}")
                made.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            except BaseException:
                made.close()
                raise
            self._open = made
        return self._open

    def _shut(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None

    def _set_aside(self, why: str) -> None:
        """Put a file that cannot be read out of the way, with what SQLite keeps beside it."""
        self._shut()
        aside = self._path.with_name(f"{self._path.stem}.damaged{self._path.suffix}")
        try:
            self._path.replace(aside)
            for suffix in ("-wal", "-shm"):
                self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
        except OSError as error:
            self._useless = True
            self._notice = _without(self._path, str(error))
            return
        self._notice = (
            f"The remembered answers in {self._path} could not be read ({why}). A new file was begun; "
            f"the old one is kept as {aside.name}, and pictures cost a search again."
        )


def _without(path: Path, why: str) -> str:
    return (
        f"The remembered answers in {path} cannot be used just now ({why}). "
        "Searches work; the same picture costs one again."
    )


def _packed(kept: Kept) -> bytes:
    listed = [_as_object(match) for match in kept.matches]
    return zlib.compress(json.dumps(listed).encode("ascii"), 6)


def _as_object(match: RemoteMatch) -> dict[str, Any]:
    """A match as JSON holds it."""
    plain = {name: getattr(match, name) for name in _FIELDS}
    anime = {field.name: getattr(match.anime, field.name) for field in fields(RemoteAnime)}
    return plain | {"vector": match.vector.hex(), "anime": anime}


def _unpacked(packed: bytes) -> tuple[RemoteMatch, ...]:
    """The matches of a row.  Raises ValueError or zlib.error where they are damaged."""
    unpacker = zlib.decompressobj()
    data = unpacker.decompress(packed, _UNPACKED_BYTES)
    listed = json.loads(data)
    if not unpacker.eof or not isinstance(listed, list):
        raise ValueError("a row is damaged")
    try:
        return tuple(_match(one) for one in listed)
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"a row is damaged: {error}") from error


def _match(value: Mapping[str, Any]) -> RemoteMatch:
    anime = dict(value["anime"])
    anime["synonyms"] = tuple(anime["synonyms"])
    if set(value) != _FIELDS:
        raise ValueError("a row has other fields")
    plain = {**value, "anime": RemoteAnime(**anime), "vector": bytes.fromhex(value["vector"])}
    return RemoteMatch(**plain, is_match=False)
