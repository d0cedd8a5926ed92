"""Starts the stand-in of the portal on a private bus, for tests."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent


@contextmanager
def private_bus() -> Iterator[str]:
    """A session bus of our own; its address."""
    daemon = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--print-address"], stdout=subprocess.PIPE, text=True
    )
    try:
        assert daemon.stdout is not None
        yield daemon.stdout.readline().strip()
    finally:
        daemon.terminate()
        daemon.communicate(timeout=10)


@dataclass
class RunningPortal:
    """The stand-in: what it was asked so far, and a way to have it press a key."""

    process: subprocess.Popen[str]
    asked: list[dict[str, Any]] = field(default_factory=list)

    def activate(self, shortcut: str) -> None:
        """Tell that a shortcut was pressed."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{shortcut}\n")
        self.process.stdin.flush()


@contextmanager
def running_portal(address: str, **told: str) -> Iterator[RunningPortal]:
    """The stand-in on a bus, answering as told."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.standins.portal", json.dumps(told)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
        env={**os.environ, "DBUS_SESSION_BUS_ADDRESS": address},
    )  # fmt: skip
    portal = RunningPortal(process)
    assert process.stdout is not None
    said = process.stdout
    assert said.readline().strip() == "ready"
    reader = threading.Thread(target=lambda: portal.asked.extend(json.loads(line) for line in said))
    reader.start()
    try:
        yield portal
    finally:
        process.terminate()
        process.wait(10)
        reader.join(10)
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
