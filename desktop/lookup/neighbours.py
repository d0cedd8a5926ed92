"""The other processes of this user that ask the same services: all keep one pace, and search one at a time.

What was sent lately, and how long the services are to be left alone, stands in an SQLite file; a search
holds a lock on a file, which the system takes back when the process dies.  Nothing in these files is older
than some minutes, so nothing is repaired.  Where they cannot be used a process keeps to its own pace alone.

Format version 1 of `requests.sqlite` (`PRAGMA user_version`): `sent` of service address, kind and Unix time,
`rests` of service address, kind, Unix time of the end, and why.
"""

from __future__ import annotations

import logging
import os
import sqlite3
import time
import zlib
from collections.abc import Callable, Iterable
from contextlib import closing, suppress
from pathlib import Path
from typing import Protocol

from desktop.lookup import service_facts as facts
from desktop.lookup.paces import LONGEST_WINDOW_S, PACES, Kind, Pace, Waiting
from desktop.lookup.services import Services
from index_tools.file_lock import try_lock

log = logging.getLogger("scenelens.lookup")

VERSION = 1
#: How long the file may be in another process's hands, in seconds; a step of theirs takes a millisecond.
PATIENCE_S = 0.5
#: No service asks for a longer rest, in seconds: what ends later was written by another clock.
_LONGEST_REST_S = facts.CRASH_CLEARED_S

_BESIDE_US = "Another SceneLens on this machine is searching."

Release = Callable[[], None]
"""Called when the request has ended."""


class Beside(Protocol):
    """Other processes as the queue sees them."""

    def admit(self, kind: Kind) -> Waiting | Release:
        """Let a request go, and note it; or say what stands in its way."""

    def rest(self, kinds: Iterable[Kind], seconds: float, why: str) -> None:
        """Let no process send a request of these kinds for so long."""


class Neighbours:
    """See `Beside`; the files are in `folder`, `now` gives Unix time.  Thread-safe."""

    def __init__(self, folder: Path, services: Services, now: Callable[[], float] = time.time) -> None:
        self._folder = folder
        self._services = services
        self._now = now

    def admit(self, kind: Kind) -> Waiting | Release:
        """Let a request go, and note it; or say what stands in its way.  Takes a moment at most."""
        lock = self._lock() if kind is Kind.SEARCH else None
        if isinstance(lock, Waiting):
            return lock
        waiting = self._use(lambda base: self._note(base, kind))
        if lock is None:
            return waiting or _nothing
        if waiting is not None:
            os.close(lock)
            return waiting
        return lambda: os.close(lock)

    def rest(self, kinds: Iterable[Kind], seconds: float, why: str) -> None:
        """Let no process send a request of these kinds for so long; a rest that ends later stays."""
        until = self._now() + seconds
        rows = [(self._service(kind), kind.value, until, why) for kind in kinds]
        self._use(
            lambda base: base.executemany(
                "INSERT INTO rests VALUES (?, ?, ?, ?) ON CONFLICT (service, kind) DO UPDATE "
                "SET until_s = excluded.until_s, why = excluded.why WHERE excluded.until_s > until_s",
                rows,
            )
        )

    def _lock(self) -> int | Waiting | None:
        """The open file whose lock is ours while we search; None where no file can be written."""
        path = self._folder / f"search-{zlib.crc32(self._services.tracemoe.encode()):08x}.lock"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            log.info("Searches of other processes are not waited for: %s", error)
            return None
        if try_lock(handle):
            return handle
        os.close(handle)
        return Waiting(None, _BESIDE_US)

    def _note(self, base: sqlite3.Connection, kind: Kind) -> Waiting | None:
        """Note a request as sent now, unless something stands in its way."""
        now = self._now()
        base.execute("DELETE FROM sent WHERE at_s <= ? OR at_s > ?", (now - LONGEST_WINDOW_S, now))
        base.execute("DELETE FROM rests WHERE until_s <= ? OR until_s > ?", (now, now + _LONGEST_REST_S))
        service = self._service(kind)
        rest = base.execute(
            "SELECT until_s, why FROM rests WHERE service = ? AND kind = ?", (service, kind.value)
        ).fetchone()
        waiting = [] if rest is None else [Waiting(rest[0] - now, rest[1])]
        for pace in PACES:
            if kind in pace.kinds and (free_in := _free_in(base, service, pace, now)) > 0:
                waiting.append(Waiting(free_in, pace.why))
        if waiting:
            return max(waiting, key=lambda one: one.left_s or 0.0)
        base.execute("INSERT INTO sent VALUES (?, ?, ?)", (service, kind.value, now))
        return None

    def _use(self, work: Callable[[sqlite3.Connection], object]) -> Waiting | None:
        """Do something with the file in one step of which other processes see all or nothing."""
        path = self._folder / "requests.sqlite"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(path, timeout=PATIENCE_S, isolation_level=None)) as base:
                base.execute("PRAGMA synchronous = OFF")  # of no use after the machine has stopped
                base.execute("BEGIN IMMEDIATE")
                _prepare(base)
                done = work(base)
                base.execute("COMMIT")
                return done if isinstance(done, Waiting) else None
        except (sqlite3.OperationalError, OSError) as error:
            log.info("The pace of other processes is not known: %s", error)
        except sqlite3.DatabaseError as error:
            log.info("What was sent lately is begun anew: %s", error)
            with suppress(OSError):
                path.unlink()
        return None

    def _service(self, kind: Kind) -> str:
        return self._services.anilist if kind is Kind.ANILIST else self._services.tracemoe


def _prepare(base: sqlite3.Connection) -> None:
    """Make the tables of a new file.  Raises OperationalError for a file of another version."""
    version = base.execute("PRAGMA user_version").fetchone()[0]
    if version == VERSION:
        return
    if version:
        raise sqlite3.OperationalError(f"the file is of version {version}")
    base.execute("CREATE TABLE sent (service TEXT NOT NULL, kind TEXT NOT NULL, at_s REAL NOT NULL)")
    base.execute(
        "CREATE TABLE rests (service TEXT NOT NULL, kind TEXT NOT NULL, until_s REAL NOT NULL, "
        "why TEXT NOT NULL, PRIMARY KEY (service, kind))"
    )
    base.execute(f"PRAGMA user_version = {VERSION}")


def _free_in(base: sqlite3.Connection, service: str, pace: Pace, now: float) -> float:
    """Seconds until a pace allows one more request."""
    marks = ",".join("?" * len(pace.kinds))
    row = base.execute(
        f"SELECT at_s FROM sent WHERE service = ? AND kind IN ({marks}) AND at_s > ? "
        "ORDER BY at_s DESC LIMIT 1 OFFSET ?",
        (service, *(kind.value for kind in pace.kinds), now - pace.window_s, pace.requests - 1),
    ).fetchone()
    return 0.0 if row is None else float(row[0]) + pace.window_s - now


def _nothing() -> None:
    """End a request that holds no lock."""
