"""Who asks the stand-in, and how often: requests a minute, quota a day, searches at a time.

The counters leak as the real ones do: a search that crashes is counted as running until all are cleared,
which happens at each full quarter of an hour.
"""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

REQUESTS, WINDOW_S = 100, 60
DAY_S, CLEARED_S = 24 * 3600, 15 * 60
PERIODS = {"minute": (60, 60), "hour": (3600, 72), "day": (86400, 60)}


@dataclass(frozen=True, slots=True)
class Tier:
    """What an account may do."""

    name: str
    quota: int
    concurrency: int = 1
    priority: int = 0


KEYS = {"standin-key-10-dollars": Tier("someone@example.org", 10_000, 1, 5)}


class Accounts:
    """Counts; thread-safe.  `now` gives Unix time."""

    def __init__(self, now: Callable[[], float], guest: Tier, keys: Mapping[str, Tier] = KEYS) -> None:
        self.now = now
        self.guest = guest
        self.keys = dict(keys)
        self._lock = threading.Lock()
        self._windows: dict[str, tuple[float, int]] = {}
        self._spent: defaultdict[str, list[tuple[float, int]]] = defaultdict(list)
        self._running: Counter[str] = Counter()
        self._cleared_s = 0.0
        self._traffic: defaultdict[str, list[tuple[float, int]]] = defaultdict(list)

    def count_request(self, peer: str) -> tuple[bool, list[tuple[str, str]]]:
        """Count one of the requests a minute; whether it may go, and the headers that tell of the limit."""
        with self._lock:
            now = self.now()
            begun, count = self._windows.get(peer, (now, 0))
            if now - begun >= WINDOW_S:
                begun, count = now, 0
            self._windows[peer] = begun, count + 1
        left, reset_s = max(0, REQUESTS - count - 1), max(0, round(begun + WINDOW_S - now))
        headers = [
            ("RateLimit-Policy", f"{REQUESTS};w={WINDOW_S}"),
            ("RateLimit-Limit", str(REQUESTS)),
            ("RateLimit-Remaining", str(left)),
            ("RateLimit-Reset", str(reset_s)),
            ("X-RateLimit-Limit", str(REQUESTS)),
            ("X-RateLimit-Remaining", str(left)),
            ("X-RateLimit-Reset", str(int(begun + WINDOW_S))),
        ]
        allowed = count < REQUESTS
        return allowed, headers if allowed else [*headers, ("Retry-After", str(reset_s))]

    def tier(self, key: str | None) -> Tier | None:
        """What the holder of a key may do; None for an unknown one."""
        return self.guest if key is None else self.keys.get(key)

    def used(self, account: str) -> int:
        """Vectors searched in the last 24 hours."""
        with self._lock:
            since = self.now() - DAY_S
            return sum(cost for at_s, cost in self._spent[account] if at_s > since)

    def spend(self, account: str, cost: int) -> None:
        """Count an answered search."""
        with self._lock:
            self._spent[account].append((self.now(), cost))

    def begin(self, account: str, tier: Tier) -> bool:
        """Count a search as running; False when as many run as may."""
        with self._lock:
            quarter = self.now() // CLEARED_S * CLEARED_S
            if quarter > self._cleared_s:
                self._cleared_s = quarter
                self._running.clear()
            if self._running[account] >= tier.concurrency:
                return False
            self._running[account] += 1
            return True

    def end(self, account: str) -> None:
        """A search has ended; one that crashed never gets here."""
        with self._lock:
            self._running[account] = max(0, self._running[account] - 1)

    def note(self, account: str, status: int) -> None:
        """Count a search's status for its account's own traffic."""
        with self._lock:
            self._traffic[account].append((self.now(), status))

    def traffic(self, account: str, period: str) -> list[dict[str, object]]:
        """One's own traffic by minute, hour or day."""
        from datetime import UTC, datetime

        width_s, most = PERIODS[period]
        with self._lock:
            since = self.now() - width_s * most
            parts: defaultdict[int, Counter[int]] = defaultdict(Counter)
            for at_s, status in self._traffic[account]:
                if at_s >= since:
                    parts[int(at_s // width_s)][status] += 1
        told: list[dict[str, object]] = []
        for part, counts in sorted(parts.items()):
            moment = datetime.fromtimestamp(part * width_s, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
            figures = {str(status): counts[status] for status in (200, 400, 402, 405, 500, 503)}
            told.append({"time": moment, **figures, "total": counts.total()})
        return told
