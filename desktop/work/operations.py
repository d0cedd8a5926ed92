"""Operations: work in a lane's thread, its result back in the main thread by one signal.

What was superseded is dropped here and nowhere else.  After Anki's task manager (two pools, closures
posted to the main thread) in shape.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Signal, Slot

from desktop.state.running import Failure, Lane, Telling
from index_tools.errors import Cancelled, SceneLensError

T = TypeVar("T")

log = logging.getLogger("scenelens.work")

#: Threads a lane.  Engine and building take one caller at a time; the others are short of processors
#: rather than of threads.
LANE_THREADS: Mapping[Lane, int] = {
    Lane.ENGINE: 1,
    Lane.READING: 1,
    Lane.THUMBNAILS: 1,
    Lane.NETWORK: 2,
    Lane.REMOTE: 1,
    Lane.PREVIEWS: 1,
    Lane.STILLS: 1,
    Lane.DETAILS: 1,
    Lane.BUILDING: 1,
}

#: What nobody waits for begins so long after a change of what is shown.  Qt paints that 5 ms after it came;
#: both more to show and workers that hold the interpreter put the painting off.
AFTER_PAINTING_MS = 15

#: Reports of one operation come to the window at most this often.
REPORT_INTERVAL_S = 0.1


@dataclass(eq=False, slots=True)
class _Operation:
    """One piece of work under way."""

    key: str
    generation: int
    done: Callable[[Any], None]
    failed: Callable[[Failure], None]
    reported: Callable[[object], None] | None
    progress: Telling = field(default_factory=lambda: Telling(_ignore))
    last_report_s: dict[type, float] = field(default_factory=dict)


@dataclass(frozen=True, eq=False, slots=True)
class _Arrival:
    """What a worker sends home: a result, a failure or a report."""

    operation: _Operation
    result: object = None
    failure: Failure | None = None
    told: object = None


class Operations(QObject):
    """Runs work in lanes; see `desktop.state.running.Runner`."""

    busy_changed = Signal(bool)
    _arrived = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pools: dict[Lane, ThreadPoolExecutor] = {}
        self._current: dict[str, _Operation] = {}
        self._alive: dict[_Operation, Future[Any]] = {}
        self._generation = 0
        self._accepting = True
        self.all_ended = False
        """Whether `join` saw every worker end; the interpreter would wait for those that did not."""
        self._arrived.connect(self._deliver)

    def run(
        self,
        lane: Lane,
        work: Callable[[Telling], T],
        done: Callable[[T], None],
        failed: Callable[[Failure], None],
        *,
        key: str = "",
        reported: Callable[[object], None] | None = None,
    ) -> None:
        """Queue work in a lane; called in the main thread."""
        if not self._accepting:
            return
        if key:
            self.cancel(key)
        self._generation += 1
        operation = _Operation(key, self._generation, done, failed, reported)
        operation.progress = Telling(lambda told: self._pass_on(operation, told))
        if key:
            self._current[key] = operation
        was_busy = self.busy
        self._alive[operation] = self._pool(lane).submit(self._work, operation, work)
        if not was_busy:
            self.busy_changed.emit(True)

    def cancel(self, key: str) -> None:
        """Cancel what runs under the key; neither of its call-backs will come."""
        operation = self._current.pop(key, None)
        if operation is not None:
            operation.progress.cancel()

    def wish_to_stop(self, key: str) -> None:
        """Ask the work under the key to stop; its failure call-back tells when it has."""
        operation = self._current.get(key)
        if operation is not None:
            operation.progress.cancel()

    @property
    def busy(self) -> bool:
        """Whether any work is queued or running."""
        return bool(self._alive)

    def refuse_more(self) -> None:
        """Take no further work."""
        self._accepting = False

    def cancel_all(self) -> None:
        """Cancel everything; no call-back comes any more."""
        self._current.clear()
        for operation in self._alive:
            operation.progress.cancel()
            operation.done, operation.failed, operation.reported = _ignore, _ignore, None

    def join(self, limit_s: float) -> bool:
        """Wait for the workers to end, at most so long; says whether all did."""
        for pool in self._pools.values():
            pool.shutdown(wait=False, cancel_futures=True)
        # a future that was cancelled while queued never counts as done for `wait`
        running = [future for future in self._alive.values() if not future.cancelled()]
        _, unfinished = wait(running, timeout=limit_s)
        self.all_ended = not unfinished
        return self.all_ended

    def _pool(self, lane: Lane) -> ThreadPoolExecutor:
        if lane not in self._pools:
            self._pools[lane] = ThreadPoolExecutor(LANE_THREADS[lane], thread_name_prefix=lane.value)
        return self._pools[lane]

    def _work(self, operation: _Operation, work: Callable[[Telling], Any]) -> None:
        """Run in the lane's thread; every way out sends exactly one arrival that ends the operation."""
        try:
            operation.progress.check()
            arrival = _Arrival(operation, result=work(operation.progress))
        except Cancelled as error:
            arrival = _Arrival(operation, failure=Failure(str(error), cancelled=True))
        except SceneLensError as error:
            arrival = _Arrival(operation, failure=Failure(str(error), error=error))
        except Exception as error:
            log.exception("Work failed unexpectedly")
            arrival = _Arrival(operation, failure=Failure(_surprise(error)))
        self._send(arrival)

    def _pass_on(self, operation: _Operation, told: object) -> None:
        """Send home what the work tells, now and then; runs in the work's thread.

        Each kind of value has its own measure: the plain reports of an engine that tells twice at a time
        would swallow the others.
        """
        now, kind = time.monotonic(), type(told)
        if operation.reported is None or now - operation.last_report_s.get(kind, 0.0) < REPORT_INTERVAL_S:
            return
        operation.last_report_s[kind] = now
        self._send(_Arrival(operation, told=told))

    def _send(self, arrival: _Arrival) -> None:
        try:
            self._arrived.emit(arrival)
        except RuntimeError:  # the window is gone; a worker left behind has nobody to tell
            log.debug("A result came after the end")

    @Slot(object)
    def _deliver(self, arrival: _Arrival) -> None:
        """Hand an arrival to whom it may concern; the one place where superseded work is dropped."""
        operation = arrival.operation
        ends = arrival.told is None
        if ends:
            self._alive.pop(operation, None)
        if not operation.key or self._current.get(operation.key) is operation:
            if ends and operation.key:
                del self._current[operation.key]
            if not ends:
                if operation.reported is not None:
                    operation.reported(arrival.told)
            elif arrival.failure is not None:
                operation.failed(arrival.failure)
            else:
                operation.done(arrival.result)
        if ends and not self._alive:
            self.busy_changed.emit(False)


def _ignore(_result: object) -> None:
    """Take a result that nobody waits for any more."""


def _surprise(error: Exception) -> str:
    return (
        f"Something unexpected happened ({type(error).__name__}: {error}). "
        "Your files are untouched; the details are in the log."
    )
