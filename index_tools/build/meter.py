"""Counts what a running build has done and tells how long the rest will take."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from time import monotonic

from index_tools.build.pool import Event, Task
from index_tools.build.report import BuildProgress, FilmProgress, OnProgress
from index_tools.progress import Progress

#: Seconds between two reports.
_EVERY_S = 0.1


class Meter:
    """Takes the events of the workers in and gives `BuildProgress` out.

    The time left is reckoned from bytes of film files: their sum is known from the start, the length of
    the films is not.
    """

    def __init__(
        self,
        tasks: Sequence[tuple[Task, int]],
        done_before: int,
        on_progress: OnProgress | None,
        progress: Progress,
    ) -> None:
        self._bytes = {task.path: size for task, size in tasks}
        self._total_bytes = sum(self._bytes.values())
        self._done_bytes = 0
        self._files_total = done_before + len(tasks)
        self._files_done = done_before
        self._skipped = 0
        self._running: dict[Path, FilmProgress] = {}
        self._on_progress = on_progress
        self._progress = progress
        self._begun = monotonic()
        self._told = 0.0
        self.frames = 0
        self.film_s = 0.0

    def take(self, event: Event) -> None:
        """Take in what a worker said."""
        path = event.task.path
        if event.kind == "progress":
            self._running[path] = FilmProgress(path, event.done_s, event.total_s)
        else:
            self._running.pop(path, None)
            self._done_bytes += self._bytes[path]
            self._files_done += event.kind == "done"
            self._skipped += event.kind == "failed"
            self.frames += event.frames
            self.film_s += event.film_s
        if event.kind != "progress" or monotonic() - self._told >= _EVERY_S:
            self.tell("indexing")

    def tell(self, step: str) -> None:
        """Tell the caller how things stand."""
        self._told = monotonic()
        elapsed = self._told - self._begun
        film_s = self.film_s + sum(film.done_s for film in self._running.values())
        done = self._done_bytes + sum(
            self._bytes[film.path] * min(1.0, film.done_s / film.total_s)
            for film in self._running.values()
            if film.total_s > 0
        )
        share = done / self._total_bytes if self._total_bytes else 1.0
        self._progress.report(share, 1.0, step)
        if self._on_progress is None:
            return
        self._on_progress(
            BuildProgress(
                step=step,
                files_done=self._files_done,
                files_total=self._files_total,
                files_skipped=self._skipped,
                frames=self.frames,
                film_s=film_s,
                elapsed_s=elapsed,
                times_real=film_s / elapsed if elapsed > 0 else 0.0,
                left_s=elapsed * (1 - share) / share if share > 0 else None,
                share=share,
                films=tuple(self._running.values()),
            )
        )
