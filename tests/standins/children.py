"""A child process that is talked to line by line, each wait with a time limit."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path
from queue import Empty, Queue
from typing import Any

ROOT = Path(__file__).parent.parent.parent

#: Seconds that a line, or the end, may take.
WAIT_S = 15.0


class Child:
    """This Python with arguments; its lines are read as they come."""

    def __init__(self, *words: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
        )
        self._lines: Queue[str] = Queue()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def line(self, limit_s: float = WAIT_S) -> str:
        return self._lines.get(timeout=limit_s)

    def told(self, limit_s: float = WAIT_S) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.line(limit_s))
        return told

    def is_silent(self, for_s: float) -> bool:
        try:
            self._lines.get(timeout=for_s)
        except Empty:
            return True
        return False

    def send(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()

    def end(self) -> int:
        if self.process.poll() is None:
            self.send("end")
        try:
            code = self.process.wait(WAIT_S)
        finally:
            self.process.kill()
            self._reader.join(WAIT_S)
            for pipe in (self.process.stdin, self.process.stdout):
                if pipe is not None:
                    pipe.close()
        return code

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line.rstrip("\n"))
