"""Worker processes, watched: one film each at a time, one that dies takes only its own film with it."""

from __future__ import annotations

import json
import multiprocessing
import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import connection, resource_tracker
from multiprocessing.context import SpawnProcess
from pathlib import Path
from time import monotonic
from typing import Any

from index_tools.build.worker import work
from index_tools.errors import BuildError
from index_tools.progress import Progress

#: Seconds between two looks at the wish to stop.
_LOOK_S = 0.1
#: Seconds that a worker gets to end by itself before it is killed.
_PATIENCE_S = 2.0


@dataclass(frozen=True, slots=True)
class Task:
    """A film to index and where its journal entry goes, and its proxy and the vectors of parts of its frames,
    if these are wanted; `network` makes the scene embeddings, if any.
    """

    path: Path
    entry: Path
    thumbnails: bool
    network: Path | None = None
    proxy: Path | None = None
    parts: Path | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """News of a task: `kind` is "progress", "done" or "failed"; the rest belongs to one or another."""

    task: Task
    kind: str
    done_s: float = 0.0
    total_s: float = 0.0
    frames: int = 0
    film_s: float = 0.0
    reason: str = ""


@contextmanager
def _without_ctrl_c() -> Iterator[None]:
    """What is started here never gets Ctrl+C, which goes to all processes of a terminal."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows: the worker ignores it once it runs
        yield
        return
    # multiprocessing starts this one with the first process, and allows Ctrl+C again when it has
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Worker:
    """One process, its pipe, and what it is at."""

    def __init__(self, gentle: bool) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process: SpawnProcess = context.Process(
            target=work, args=(theirs,), kwargs={"gentle": gentle}, name="scenelens-indexing", daemon=True
        )
        with _without_ctrl_c():
            self.process.start()
        theirs.close()
        self.task: Task | None = None
        self.ready = False

    def give(self, task: Task) -> None:
        self.task = task
        message = {
            "path": str(task.path),
            "entry": str(task.entry),
            "thumbnails": task.thumbnails,
            "network": str(task.network) if task.network else None,
            "proxy": str(task.proxy) if task.proxy else None,
            "parts": str(task.parts) if task.parts else None,
        }
        try:
            self.pipe.send_bytes(json.dumps(message).encode())
        except (BrokenPipeError, ConnectionResetError):
            return  # it has died: its sentinel tells, and the task counts as its own

    def messages(self) -> list[dict[str, Any]]:
        """What has come from the worker; also after it has died."""
        found = []
        try:
            while self.pipe.poll():
                found.append(json.loads(self.pipe.recv_bytes()))
        except (EOFError, ConnectionResetError, BrokenPipeError):
            return found  # no more will come
        return found

    def end(self) -> None:
        """Let an idle worker go, or stop a busy one."""
        self.pipe.close()
        if self.task is not None:
            self.process.terminate()
        self.process.join(_PATIENCE_S)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        self.process.close()


def run(
    tasks: Sequence[Task],
    workers: int,
    on_event: Callable[[Event], None],
    progress: Progress,
    *,
    gentle: bool = False,
) -> None:
    """Index all `tasks` in at most `workers` processes, telling `on_event` in the caller's thread.

    Raises `Cancelled` promptly when `progress` says so, `BuildError` when the disk refuses the journal or
    no process can be started; the processes are gone when this returns.
    """
    waiting = deque(tasks)
    crew: list[_Worker] = []
    try:
        while waiting or any(worker.task for worker in crew):
            progress.check()
            idle = sum(worker.task is None for worker in crew)
            if len(crew) < workers and len(waiting) > idle:
                crew.append(_Worker(gentle))
            for worker in crew:
                if worker.task is None and waiting:
                    worker.give(waiting.popleft())
            connection.wait(
                [item for worker in crew for item in (worker.pipe, worker.process.sentinel)], _LOOK_S
            )
            progress.check()
            for worker in list(crew):
                if not _listen(worker, on_event):
                    crew.remove(worker)
    finally:
        _end_all(crew)


def _listen(worker: _Worker, on_event: Callable[[Event], None]) -> bool:
    """Pass on what a worker says; False when it has died, and its film with it."""
    died = not worker.process.is_alive()
    for message in worker.messages():
        kind = message.pop("kind")
        if kind == "ready":
            worker.ready = True
        elif kind == "disk":
            raise BuildError(
                f"The build cannot go on: {message['reason']}. The films that are finished are kept; "
                "the same command goes on from there."
            )
        elif worker.task is not None:
            on_event(Event(worker.task, kind, **message))
            if kind in ("done", "failed"):
                worker.task = None
    if not died:
        return True
    code, task = worker.process.exitcode or 0, worker.task
    if not worker.ready:
        worker.task = None
        raise BuildError(
            f"The process that indexes films could not be started (exit status {code}). Nothing was "
            "changed; start SceneLens again, or install it anew."
        )
    worker.task = None
    worker.end()
    if task is not None:
        on_event(Event(task, "failed", reason=f"{task.path.name} was left out: {_death(code)}."))
    return False


def _death(code: int) -> str:
    if code < 0:
        try:
            name = signal.Signals(-code).name
        except ValueError:
            name = str(-code)
        what = "the memory did not suffice, or it was ended" if name == "SIGKILL" else "the decoder crashed"
        return f"{what} while reading it ({name})"
    return f"the process that read it ended with status {code}"


def _end_all(crew: list[_Worker]) -> None:
    for worker in crew:
        if worker.task is not None:
            worker.process.terminate()
    begun = monotonic()
    while (
        any(worker.process.is_alive() for worker in crew if worker.task) and monotonic() - begun < _PATIENCE_S
    ):
        connection.wait([w.process.sentinel for w in crew if w.task and w.process.is_alive()], 0.1)
    for worker in crew:
        worker.end()
