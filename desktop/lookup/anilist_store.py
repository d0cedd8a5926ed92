"""Works that were looked up, kept for weeks in SQLite, so that they cost nothing twice and work offline.

Format version 1 (`PRAGMA user_version`): table `works` of number, time in seconds since 1970, the record as
JSON ("" where AniList knows no such number).  A file of another version, or a damaged one, is begun anew:
all of it can be fetched again.
"""

from __future__ import annotations

import json
import logging
import sqlite3
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from desktop.state.work import Day, Link, Titles, Work

log = logging.getLogger("scenelens.lookup")

VERSION = 1

#: A work is asked for again after so long: dates and numbers of episodes change while it airs.
FRESH_S = 21 * 86400.0

#: Works kept; the oldest go first.  One takes 1 to 4 kB.
MOST = 5000


@dataclass(frozen=True, slots=True)
class Stored:
    """A work as it was kept; `work` is None where AniList knows none."""

    work: Work | None
    is_fresh: bool


class WorkStore:
    """Keeps works by AniList's numbers; called in one thread at a time, opens the file for each call."""

    def __init__(self, path: Path, *, now: Callable[[], float] = time.time) -> None:
        self._path = path
        self._now = now

    def find(self, numbers: Iterable[int]) -> dict[int, Stored]:
        """Give what is kept of some works.  A file that cannot be used holds nothing."""
        wanted = list(dict.fromkeys(numbers))
        marks = ",".join("?" * len(wanted))
        statement = f"SELECT number, kept_s, record FROM works WHERE number IN ({marks})"
        try:
            with closing(self._open()) as base:
                rows = base.execute(statement, wanted).fetchall()
        except (sqlite3.OperationalError, OSError) as error:
            log.info("What is known of works could not be read: %s", error)
            return {}
        except sqlite3.DatabaseError as error:
            log.info("What is known of works is begun anew: %s", error)
            self._path.unlink(missing_ok=True)
            return {}
        found = {}
        for number, kept_s, record in rows:
            work = _from_json(record) if record else None
            if work is not None or not record:
                found[int(number)] = Stored(work, 0 <= self._now() - kept_s < FRESH_S)
        return found

    def keep(self, works: dict[int, Work | None]) -> None:
        """Keep works; None notes that there is none of that number.  Raises sqlite3.Error, OSError."""
        now = self._now()
        rows = [(number, now, _as_json(work) if work else "") for number, work in works.items()]
        with closing(self._open()) as base, base:
            base.executemany("INSERT OR REPLACE INTO works VALUES (?, ?, ?)", rows)
            base.execute(
                "DELETE FROM works WHERE number NOT IN "
                "(SELECT number FROM works ORDER BY kept_s DESC LIMIT ?)",
                (MOST,),
            )

    def _open(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        base = sqlite3.connect(self._path, timeout=5.0)
        version = base.execute("PRAGMA user_version").fetchone()[0]
        if version != VERSION:
            with base:
                base.execute("DROP TABLE IF EXISTS works")
                base.execute(
                    "CREATE TABLE works "
                    "(number INTEGER PRIMARY KEY, kept_s REAL NOT NULL, record TEXT NOT NULL)"
                )
                base.execute(f"PRAGMA user_version = {VERSION}")
        return base


def _as_json(work: Work) -> str:
    return json.dumps(asdict(work), ensure_ascii=False)


def _from_json(record: str) -> Work | None:
    """Read a kept work; one that does not fit counts as not kept."""
    try:
        stored: dict[str, Any] = json.loads(record)
        known = {field.name: stored[field.name] for field in fields(Work)}
        known["titles"] = Titles(**known["titles"])
        for name in ("start", "end"):
            known[name] = Day(**known[name]) if known[name] else None
        for name in ("studios", "links"):
            known[name] = tuple(Link(**link) for link in known[name])
        for name in ("synonyms", "genres"):
            known[name] = tuple(known[name])
        return Work(**known)
    except (ValueError, KeyError, TypeError):
        return None
