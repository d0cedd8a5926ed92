"""One queue for all requests of the program, so that no limit of a service is ever broken.

Requests of a kind go one after another in the order in which they came; those of trace.moe share its limit
a minute, of which previews leave a part to searches.  Whoever must wait is told for how long.
"""

from __future__ import annotations

import enum
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from desktop.lookup import service_facts as facts
from index_tools.file_lock import try_lock
from index_tools.progress import Progress


class Kind(enum.Enum):
    """Kinds of requests, each with its own pace; those of trace.moe also share one."""

    SEARCH = "search"
    QUOTA = "quota"
    PREVIEW = "preview"
    ANILIST = "anilist"


@dataclass(frozen=True, slots=True)
class Waiting:
    """Told through `Progress` of an operation (`Telling.tell`) about once a second while a request waits.

    `left_s` counts down; None where nobody knows.  `why` is a sentence.
    """

    left_s: float | None
    why: str


class Turns(Protocol):
    """The queue as those who send requests see it; thread-safe."""

    def turn(
        self, kind: Kind, progress: Progress, told: Callable[[Waiting], None]
    ) -> AbstractContextManager[None]:
        """Wait for one's turn and hold it while the request runs.  Raises `Cancelled`."""

    def hold(self, kind: Kind, seconds: float, why: str) -> None:
        """Let no request of this kind go for so long."""

    def hold_all(self, seconds: float, why: str) -> None:
        """Let no request to trace.moe go for so long."""


class Clock(Protocol):
    """Time as the queue knows it; replaced in tests that simulate a day."""

    def now(self) -> float:
        """Seconds that only grow."""

    def wait(self, condition: threading.Condition, seconds: float) -> None:
        """Wait on a condition that is held, at most so long."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> float:
        """Seconds that only grow."""
        return time.monotonic()

    def wait(self, condition: threading.Condition, seconds: float) -> None:
        """Wait on a condition that is held, at most so long."""
        condition.wait(seconds)


@dataclass(frozen=True, slots=True)
class Pace:
    """At most `requests` in any `window_s` seconds, by the kinds named."""

    kinds: frozenset[Kind]
    requests: int
    window_s: float
    why: str


TRACEMOE_KINDS = frozenset({Kind.SEARCH, Kind.QUOTA, Kind.PREVIEW})

#: What the queue keeps to.  Below the service's own figure, since others may share this address and a
#: request that left later than another may arrive sooner.
PACES = (
    Pace(TRACEMOE_KINDS, facts.OUR_REQUESTS, facts.WINDOW_S, "trace.moe takes so many requests a minute."),
    Pace(
        frozenset({Kind.PREVIEW}),
        facts.OUR_PREVIEWS,
        facts.WINDOW_S,
        "Previews leave a part of trace.moe's requests to searches.",
    ),
    Pace(frozenset({Kind.ANILIST}), 1, facts.ANILIST_INTERVAL_S, "AniList takes one request in two seconds."),
)

_SLICE_S = 0.2
_TOLD_EVERY_S = 1.0
_BEFORE_US = "Another request to the service is running."
_BESIDE_US = "Another SceneLens on this machine is searching."


class RequestQueue:
    """See `Turns`.  With `lock_file`, searches of other processes of this user are waited for as well."""

    def __init__(self, clock: Clock | None = None, lock_file: Path | None = None) -> None:
        self._clock = clock or SystemClock()
        self._lock_file = lock_file
        self._changed = threading.Condition()
        self._lines: dict[Kind, deque[object]] = {kind: deque() for kind in Kind}
        self._running: set[Kind] = set()
        self._sent: dict[Kind, deque[float]] = {kind: deque() for kind in Kind}
        self._held: dict[Kind, tuple[float, str]] = {}

    @contextmanager
    def turn(self, kind: Kind, progress: Progress, told: Callable[[Waiting], None]) -> Iterator[None]:
        """Wait for one's turn and hold it while the request runs.  Raises `Cancelled`."""
        lock = self._take(kind, progress, told)
        try:
            yield
        finally:
            with self._changed:
                self._running.discard(kind)
                self._changed.notify_all()
            if lock is not None:
                os.close(lock)

    def hold(self, kind: Kind, seconds: float, why: str) -> None:
        """Let no request of this kind go for so long; an earlier hold that lasts longer stays."""
        with self._changed:
            until = self._clock.now() + seconds
            if until > self._held.get(kind, (0.0, ""))[0]:
                self._held[kind] = until, why
            self._changed.notify_all()

    def hold_all(self, seconds: float, why: str) -> None:
        """Let no request to trace.moe go for so long."""
        for kind in TRACEMOE_KINDS:
            self.hold(kind, seconds, why)

    def _take(self, kind: Kind, progress: Progress, told: Callable[[Waiting], None]) -> int | None:
        """Stand in line until it is our turn; gives the lock between processes, if there is one."""
        ticket = object()
        line = self._lines[kind]
        last_told: float | None = None
        with self._changed:
            line.append(ticket)
            try:
                while True:
                    progress.check()
                    waiting = self._obstacle(kind, ticket)
                    if waiting is None:
                        lock, free = self._lock(kind)
                        if free:
                            self._running.add(kind)
                            self._sent[kind].append(self._clock.now())
                            return lock
                        waiting = Waiting(None, _BESIDE_US)
                    now = self._clock.now()
                    if last_told is None or now - last_told >= _TOLD_EVERY_S:
                        told(waiting)
                        last_told = now
                    left = _SLICE_S if waiting.left_s is None else min(waiting.left_s, _SLICE_S)
                    self._clock.wait(self._changed, max(left, 0.001))
            finally:
                line.remove(ticket)
                self._changed.notify_all()

    def _obstacle(self, kind: Kind, ticket: object) -> Waiting | None:
        """What stands before this request now; None where it may go."""
        if kind in self._running or self._lines[kind][0] is not ticket:
            return Waiting(None, _BEFORE_US)
        now = self._clock.now()
        until, why = self._held.get(kind, (0.0, ""))
        obstacle = Waiting(until - now, why) if until > now else None
        for pace in PACES:
            if kind in pace.kinds:
                free_in = self._free_in(pace, now)
                if free_in > 0 and (obstacle is None or free_in > (obstacle.left_s or 0.0)):
                    obstacle = Waiting(free_in, pace.why)
        return obstacle

    def _free_in(self, pace: Pace, now: float) -> float:
        """Seconds until the pace allows one more request."""
        recent: list[float] = []
        for kind in pace.kinds:
            sent = self._sent[kind]
            while sent and sent[0] <= now - max(facts.WINDOW_S, facts.ANILIST_INTERVAL_S):
                sent.popleft()
            recent += (at for at in sent if at > now - pace.window_s)
        if len(recent) < pace.requests:
            return 0.0
        return sorted(recent)[-pace.requests] + pace.window_s - now

    def _lock(self, kind: Kind) -> tuple[int | None, bool]:
        """Take the lock between processes; says whether the request may go."""
        if kind is not Kind.SEARCH or self._lock_file is None:
            return None, True
        try:
            self._lock_file.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(self._lock_file, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError:
            return None, True  # where nothing can be written no other process can be waited for
        if try_lock(handle):
            return handle, True
        os.close(handle)
        return None, False
