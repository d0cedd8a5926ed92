"""Turning the event loop from code that measures."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtGui import QGuiApplication

LIMIT_MS = 20_000
#: What comes about without an event is seen after so long at most.
WAKE_MS = 20


def wait_until(happened: Callable[[], bool]) -> None:
    """Turn the event loop until something has happened.  Raises TimeoutError after 20 s.

    The thread sleeps while there are no events, as it does in the running program.  The form of
    `processEvents` that takes a time limit does not: Qt leaves `WaitForMoreEvents` out there, and what was
    to be measured shares processor and interpreter with a loop of half a million turns a second.
    """
    deadline = time.monotonic() + LIMIT_MS / 1000
    waker = QTimer(interval=WAKE_MS)
    waker.start()
    while not happened():
        QGuiApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        if time.monotonic() > deadline:
            raise TimeoutError("what was waited for did not happen within 20 s")


def turn_for(duration_ms: int) -> None:
    """Turn the event loop for a while."""
    loop = QEventLoop()
    QTimer.singleShot(duration_ms, loop.quit)
    loop.exec()
