"""`scenelens` behind its tray, as a process on a private X server and session bus."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

LIMIT_S = 30.0


class BackgroundProgram:
    """A running instance, with or without a window; ended with the test."""

    def __init__(self, *words: str, **variables: str) -> None:
        self._variables = {**os.environ, **variables}
        self.process = subprocess.Popen(
            [sys.executable, "-X", "faulthandler", "-m", "desktop", *words],
            env=self._variables, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True,
        )  # fmt: skip

    def __enter__(self) -> BackgroundProgram:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End it if it still runs, and show what it said if a test failed."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGABRT if error else signal.SIGKILL)
        _, said = self.process.communicate(timeout=20)
        if error is not None:
            sys.stderr.write(said)

    def start_again(self, *words: str) -> tuple[int, str, float]:
        """A later start: its exit status, what it said, its seconds."""
        begun = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-m", "desktop", *words],
            env=self._variables, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=LIMIT_S,
            check=False,
        )  # fmt: skip
        return done.returncode, done.stderr, time.perf_counter() - begun

    def wait_until(self, come_true: Callable[[], bool], what: str, limit_s: float = LIMIT_S) -> None:
        """Look every twentieth of a second until `come_true()`."""
        deadline = time.monotonic() + limit_s
        while not come_true():
            if time.monotonic() > deadline or self.process.poll() is not None:
                raise AssertionError(f"waited in vain until {what}; status {self.process.poll()}")
            time.sleep(0.05)

    def windows(self, name: str) -> list[str]:
        """The visible windows of the program with a name, by X's numbers."""
        process = str(self.process.pid)
        return xdotool("search", "--all", "--onlyvisible", "--pid", process, "--name", name).split()

    def cpu_ticks(self) -> int:
        """Processor time so far, in the kernel's ticks (100 a second)."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return int(fields[11]) + int(fields[12])

    def memory_mb(self) -> dict[str, float]:
        """Resident and proportional memory, in MB of 10⁶ bytes."""
        rollup = Path(f"/proc/{self.process.pid}/smaps_rollup").read_text()
        rows = [line.split() for line in rollup.splitlines()]
        found = {row[0].rstrip(":"): int(row[1]) for row in rows if row[0] in ("Rss:", "Pss:")}
        return {name: round(kb * 1024 / 1e6, 1) for name, kb in found.items()}


def xdotool(*words: str) -> str:
    """Run xdotool; its output, "" where it found nothing."""
    return subprocess.run(
        ["xdotool", *words], capture_output=True, text=True, timeout=20, check=False
    ).stdout.strip()
