"""A private session bus, with or without a desktop's tray on it."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

LIMIT_S = 20.0


@contextmanager
def session_bus() -> Iterator[str]:
    """Start a bus of its own; yields its address.  Raises FileNotFoundError where none is installed."""
    daemon = subprocess.Popen(
        ["dbus-daemon", "--session", "--print-address", "--nofork"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert daemon.stdout is not None
    try:
        yield daemon.stdout.readline().strip()
    finally:
        daemon.terminate()
        daemon.communicate(timeout=10)


class TrayHost:
    """The tray of `tests.standins.tray_host`, as a process on a bus."""

    def __init__(self, address: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.standins.tray_host"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
            env={**os.environ, "DBUS_SESSION_BUS_ADDRESS": address},
        )  # fmt: skip
        assert self.told() == {"ready": True}

    def told(self) -> dict[str, Any]:
        """The next line that it tells.  Raises TimeoutError."""
        assert self._process.stdout is not None
        ready, _, _ = select.select([self._process.stdout], [], [], LIMIT_S)
        if not ready:
            raise TimeoutError("the tray told nothing")
        told: dict[str, Any] = json.loads(self._process.stdout.readline())
        return told

    def do(self, line: str) -> dict[str, Any]:
        """Have it do something; what it tells of it."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n")
        return self.told()

    def entries(self) -> dict[str, int]:
        """The entries of the icon's menu by their labels."""
        return {label: number for number, label in self.do("menu")["menu"]}

    def choose(self, label: str) -> None:
        """Choose an entry of the menu."""
        self.do(f"press {self.entries()[label]}")

    def end(self) -> None:
        """End, as a panel that crashes."""
        if self._process.poll() is None:
            self._process.communicate("quit\n", timeout=10)
