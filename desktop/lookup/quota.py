"""The quota: how many searches the service still answers today; a value, and the book it is kept in.

Format version 1 of the book: a JSON object with "version", and under "services" for each base address
"limit", "used", "at_s", "concurrency" and "spent": pairs of Unix time and cost of our own searches.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from desktop.lookup import service_facts as facts

VERSION = 1
_MOST_SPENT = 2000


@dataclass(frozen=True, slots=True)
class Quota:
    """`used` of `limit` searches in the last 24 hours, as of Unix time `at_s`.

    `concurrency` searches may run at a time.
    """

    limit: int
    used: int
    at_s: float
    concurrency: int = 1

    @property
    def left(self) -> int:
        """Searches that are left."""
        return max(0, self.limit - self.used)

    def after(self, cost: int) -> Quota:
        """The quota when a search of so many vectors was answered."""
        return replace(self, used=self.used + cost)


@dataclass(frozen=True, slots=True)
class Cost:
    """What a search takes of the quota, told before it: `searches` of the `left` ones, None where that is not
    known.  `is_short` says that more would have been asked for than is left.
    """

    searches: int
    left: int | None = None
    is_short: bool = False


@dataclass(frozen=True, slots=True)
class Renewing:
    """Told before the addresses of previews are renewed by one search: what that takes."""

    cost: Cost


@dataclass(frozen=True, slots=True)
class Renewed:
    """Told when that search has ended, with what is left then; None where it is not known."""

    quota: Quota | None


class QuotaBook:
    """Remembers what the service said last and what was spent since; thread-safe.

    Searches count for 24 hours: own ones that are older are taken off again.  A book that cannot be read
    or written is no book: the service is asked again.
    """

    def __init__(self, path: Path | None, service: str, now: Callable[[], float]) -> None:
        self._path = path
        self._service = service
        self._now = now
        self._lock = threading.Lock()
        self._quota: Quota | None = None
        self._spent: list[tuple[float, int]] = []
        self._read()

    def current(self) -> Quota | None:
        """The quota as far as is known, None if nothing is."""
        with self._lock:
            quota, now = self._quota, self._now()
            if quota is None or quota.at_s > now + 60 or now - quota.at_s > facts.QUOTA_WINDOW_S:
                return None
            gone = sum(
                cost
                for at_s, cost in self._spent
                if quota.at_s - facts.QUOTA_WINDOW_S < at_s <= now - facts.QUOTA_WINDOW_S
            )
            return replace(quota, used=max(0, quota.used - gone))

    def next_free_s(self) -> float | None:
        """Seconds until the oldest own search no longer counts; None where none is known."""
        with self._lock:
            ends = [at_s + facts.QUOTA_WINDOW_S - self._now() for at_s, _ in self._spent]
            return min((left for left in ends if left > 0), default=None)

    def note(self, limit: int, used: int, cost: int = 0, concurrency: int | None = None) -> Quota:
        """Keep what the service said: `used` before a search that took `cost`."""
        with self._lock:
            now = self._now()
            before = self._quota.concurrency if self._quota is not None else 1
            self._quota = Quota(limit, used + cost, now, before if concurrency is None else concurrency)
            self._spend(cost)
            return self._quota

    def note_ended(self) -> None:
        """Keep that the service takes no more searches."""
        with self._lock:
            quota = self._quota or Quota(0, 0, 0.0)
            self._quota = replace(quota, used=max(quota.limit, quota.used), at_s=self._now())
            self._write()

    def spend(self, cost: int) -> None:
        """A search was answered without a word on the quota."""
        with self._lock:
            if self._quota is not None:
                self._quota = self._quota.after(cost)
            self._spend(cost)

    def _spend(self, cost: int) -> None:
        now = self._now()
        if cost:
            self._spent.append((now, cost))
        since = now - 2 * facts.QUOTA_WINDOW_S
        self._spent = [pair for pair in self._spent if pair[0] > since][-_MOST_SPENT:]
        self._write()

    def forget(self) -> None:
        """Forget what is known, as when another key is used."""
        with self._lock:
            self._quota, self._spent = None, []
            self._write()

    def _read(self) -> None:
        entry = self._stored().get(self._service)
        if not isinstance(entry, dict):
            return
        figures = [_figure(entry.get(name)) for name in ("limit", "used", "at_s", "concurrency")]
        limit, used, at_s, concurrency = figures
        if limit is not None and used is not None and at_s is not None:
            self._quota = Quota(int(limit), int(used), at_s, int(concurrency or 1))
        spent = entry.get("spent")
        for pair in spent if isinstance(spent, list) else []:
            if isinstance(pair, list) and len(pair) == 2:
                moment, cost = _figure(pair[0]), _figure(pair[1])
                if moment is not None and cost is not None:
                    self._spent.append((moment, int(cost)))

    def _stored(self) -> dict[str, Any]:
        if self._path is None:
            return {}
        try:
            book = json.loads(self._path.read_text("utf-8"))
        except (OSError, ValueError, RecursionError):
            return {}
        if not isinstance(book, dict) or book.get("version") != VERSION:
            return {}
        services = book.get("services")
        return services if isinstance(services, dict) else {}

    def _write(self) -> None:
        """Write the book; where that is not possible it holds until the program ends."""
        if self._path is None:
            return
        entry: dict[str, object] = {"spent": [[round(at_s, 1), cost] for at_s, cost in self._spent]}
        if self._quota is not None:
            quota = self._quota
            entry |= {"limit": quota.limit, "used": quota.used, "at_s": round(quota.at_s, 3)}
            entry["concurrency"] = quota.concurrency
        services = {**self._stored(), self._service: entry}
        fresh = self._path.with_name(f"{self._path.name}.{os.getpid()}.new")
        with contextlib.suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            fresh.write_text(json.dumps({"version": VERSION, "services": services}), "utf-8")
            fresh.replace(self._path)


def _figure(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    fits = math.isfinite(value) and 0 <= value < 2**53
    return float(value) if fits else None
