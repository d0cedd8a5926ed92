"""One queue for all requests of the program, so that no limit of a service is ever broken.

Requests of a kind go one after another in the order in which they came; those of trace.moe share its limit
a minute, of which previews leave a part to searches.  Whoever must wait is told for how long.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Protocol

from desktop.lookup.paces import LONGEST_WINDOW_S, PACES, TRACEMOE_KINDS, Kind, Pace, Waiting
from index_tools.progress import Progress

if TYPE_CHECKING:
    from desktop.lookup.neighbours import Beside, Release


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


_SLICE_S = 0.2
_TOLD_EVERY_S = 1.0
_BEFORE_US = "Another request to the service is running."


class RequestQueue:
    """See `Turns`.  With `beside`, the pace is shared with other processes, and searches wait for theirs."""

    def __init__(self, clock: Clock | None = None, beside: Beside | None = None) -> None:
        self._clock = clock or SystemClock()
        self._beside = beside
        self._changed = threading.Condition()
        self._lines: dict[Kind, deque[object]] = {kind: deque() for kind in Kind}
        self._running: set[Kind] = set()
        self._sent: dict[Kind, deque[float]] = {kind: deque() for kind in Kind}
        self._held: dict[Kind, tuple[float, str]] = {}

    @contextmanager
    def turn(self, kind: Kind, progress: Progress, told: Callable[[Waiting], None]) -> Iterator[None]:
        """Wait for one's turn and hold it while the request runs.  Raises `Cancelled`."""
        release = self._take(kind, progress, told)
        try:
            yield
        finally:
            release()
            with self._changed:
                self._running.discard(kind)
                self._changed.notify_all()

    def hold(self, kind: Kind, seconds: float, why: str) -> None:
        """Let no request of this kind go for so long; an earlier hold that lasts longer stays."""
        self._hold((kind,), seconds, why)

    def hold_all(self, seconds: float, why: str) -> None:
        """Let no request to trace.moe go for so long."""
        self._hold(TRACEMOE_KINDS, seconds, why)

    def _hold(self, kinds: Collection[Kind], seconds: float, why: str) -> None:
        with self._changed:
            until = self._clock.now() + seconds
            for kind in kinds:
                if until > self._held.get(kind, (0.0, ""))[0]:
                    self._held[kind] = until, why
            self._changed.notify_all()
        if self._beside is not None:
            self._beside.rest(kinds, seconds, why)

    def _take(self, kind: Kind, progress: Progress, told: Callable[[Waiting], None]) -> Release:
        """Stand in line until it is our turn; gives what ends it."""
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
                        admitted = _nothing if self._beside is None else self._beside.admit(kind)
                        if not isinstance(admitted, Waiting):
                            self._running.add(kind)
                            self._sent[kind].append(self._clock.now())
                            return admitted
                        waiting = admitted
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
            while sent and sent[0] <= now - LONGEST_WINDOW_S:
                sent.popleft()
            recent += (at for at in sent if at > now - pace.window_s)
        if len(recent) < pace.requests:
            return 0.0
        return sorted(recent)[-pace.requests] + pace.window_s - now


def _nothing() -> None:
    """End a request of which no other process was told."""
