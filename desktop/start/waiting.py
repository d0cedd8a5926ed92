"""Turning the event loop from code that measures."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtGui import QGuiApplication

LIMIT_MS = 20_000


def wait_until(happened: Callable[[], bool]) -> None:
    """Turn the event loop until something has happened.  Raises TimeoutError after 20 s."""
    deadline = time.monotonic() + LIMIT_MS / 1000
    while not happened():
        QGuiApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 20)
        if time.monotonic() > deadline:
            raise TimeoutError("the demo's scene did not show within 20 s")


def turn_for(duration_ms: int) -> None:
    """Turn the event loop for a while."""
    loop = QEventLoop()
    QTimer.singleShot(duration_ms, loop.quit)
    loop.exec()
