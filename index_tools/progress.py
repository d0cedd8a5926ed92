"""Progress and cancellation, handed in by the caller as one small object."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from index_tools.errors import Cancelled


@dataclass(frozen=True, slots=True)
class Report:
    """How far a piece of work is.

    `done` and `total` share a unit of the work's choosing (seconds of film, bytes, files); `total` is 0
    when it is not known.  `step` says in a few words what is being worked on (a file name, "graph").
    """

    done: float
    total: float
    step: str = ""


class Progress:
    """Carries reports up to the caller and the wish to stop down to the work.  Thread-safe."""

    def __init__(self, on_report: Callable[[Report], None] | None = None) -> None:
        self._on_report = on_report
        self._stop = threading.Event()

    def report(self, done: float, total: float = 0.0, step: str = "") -> None:
        """Tell the caller how far the work is; may be called often, from any thread."""
        if self._on_report is not None:
            self._on_report(Report(done, total, step))

    def cancel(self) -> None:
        """Ask the work to stop at its next check."""
        self._stop.set()

    @property
    def cancelled(self) -> bool:
        """Whether the caller asked to stop."""
        return self._stop.is_set()

    def check(self) -> None:
        """Raise `Cancelled` if the caller asked to stop."""
        if self._stop.is_set():
            raise Cancelled
