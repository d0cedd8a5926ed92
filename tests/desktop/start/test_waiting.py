"""Code that measures must not take the processor from what it measures."""

from __future__ import annotations

import threading
import time

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from desktop.start import waiting
from desktop.start.waiting import wait_until


def test_waiting_takes_next_to_no_processor_time(qapp: QApplication) -> None:
    """Half a second of it; a loop that never sleeps takes all of it."""
    ends = time.monotonic() + 0.5
    computed = time.thread_time()
    wait_until(lambda: time.monotonic() > ends)
    assert time.thread_time() - computed < 0.2


def test_what_an_event_brings_about_is_seen_at_once(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "WAKE_MS", 5000)
    happened: list[float] = []
    QTimer.singleShot(50, lambda: happened.append(time.monotonic()))
    wait_until(lambda: bool(happened))
    assert time.monotonic() - happened[0] < 2


def test_what_comes_about_without_an_event_is_seen(qapp: QApplication) -> None:
    happened = threading.Event()
    other = threading.Timer(0.05, happened.set)
    other.start()
    wait_until(happened.is_set)
    other.join()


def test_what_never_happens_is_given_up(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "LIMIT_MS", 50)
    with pytest.raises(TimeoutError):
        wait_until(lambda: False)
