"""The seam between what is to be done and the threads that do it."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from index_tools.errors import SceneLensError
from index_tools.progress import Progress

T = TypeVar("T")


class Lane(enum.Enum):
    """A queue of work: what shares a lane runs one after another."""

    ENGINE = "engine"
    """Search, packs: one caller at a time."""
    READING = "reading"
    """Pictures and frames on their way in."""
    THUMBNAILS = "thumbnails"
    NETWORK = "network"
    BUILDING = "building"


@dataclass(frozen=True, slots=True)
class Failure:
    """Why some work has no result, as a sentence; `cancelled` when that was the user's wish."""

    sentence: str
    cancelled: bool = False
    error: SceneLensError | None = None
    """What was raised, where somebody may do more about it than tell it."""


class Telling(Progress):
    """Progress that can also tell its caller a value of the work's own; reports go the same way."""

    def __init__(self, tell: Callable[[object], None]) -> None:
        super().__init__(tell)
        self.tell = tell


class Runner(Protocol):
    """Runs work elsewhere and brings the result back to the caller's thread."""

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
        """Queue `work`; exactly one of `done` and `failed` is called later, or neither when superseded.

        Work with the same `key`, if not "", supersedes what was queued or running under it: that is
        cancelled and its result dropped.  `reported` gets what the work tells, not each of it.
        """

    def cancel(self, key: str) -> None:
        """Cancel what runs under `key`; it ends with neither call-back."""

    def wish_to_stop(self, key: str) -> None:
        """Ask what runs under `key` to stop; `failed` tells when it has, unless it ended in time."""
