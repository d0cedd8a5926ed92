"""A runner that does the work when told to, in the test's own thread, and answers made by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from desktop.state.query import Found, Query
from desktop.state.running import Failure, Lane, Telling
from index_tools.errors import SceneLensError
from index_tools.nouns import Answer, Match, Sharpness, Video
from index_tools.progress import Progress

T = TypeVar("T")


@dataclass
class Queued:
    lane: Lane
    work: Callable[[Telling], Any]
    done: Callable[[Any], None]
    failed: Callable[[Failure], None]
    key: str
    reported: Callable[[object], None] | None = None


class HandRunner:
    """Keeps the work until `step`."""

    def __init__(self) -> None:
        self.queue: list[Queued] = []
        self.stopped: list[str] = []

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
        if key:
            self.cancel(key)
        self.queue.append(Queued(lane, work, done, failed, key, reported))

    def cancel(self, key: str) -> None:
        self.queue = [queued for queued in self.queue if queued.key != key]

    def wish_to_stop(self, key: str) -> None:
        self.stopped.append(key)

    def step(self) -> Lane:
        queued = self.queue.pop(0)
        try:
            result = queued.work(Telling(lambda _told: None))
        except SceneLensError as error:
            queued.failed(Failure(str(error)))
        else:
            queued.done(result)
        return queued.lane


def make_match(at_s: float, similarity: float = 0.99, *, is_match: bool = True, video: int = 0) -> Match:
    film = Video(f"film-{video}.mkv", 1, f"print-{video}", 100.0, 2400, 24.0, 640, 360, f"Film {video}")
    return Match(
        film, at_s - 1, at_s, at_s + 1, similarity, 0.9 if is_match else 0.1, is_match,
        "as_is", "pack", "Pack", video, int(at_s), Path(f"/films/film-{video}.mkv"),
    )  # fmt: skip


def make_found(*matches: Match, refined: bool = False, sharpness: Sharpness | None = None) -> Found:
    if sharpness is None:
        sharpness = Sharpness.EXACT if refined else Sharpness.QUICK
    answer = Answer(matches, 1000, 5.0, ("Pack",), refined, sharpness=sharpness)
    return Found(answer, (None,) * len(matches), (), 5.0)


class HandFinder:
    """Gives the answers that the test sets."""

    def __init__(self) -> None:
        self.first = make_found()
        self.sharpened = make_found()
        self.error: SceneLensError | None = None

    def search(self, query: Query, progress: Progress) -> Found:
        if self.error is not None:
            raise self.error
        return self.first

    def refine(self, query: Query, found: Found, progress: Progress) -> Found:
        if self.error is not None:
            raise self.error
        return self.sharpened
