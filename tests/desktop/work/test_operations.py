from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from desktop.state.running import Failure, Lane, Telling
from desktop.work import Operations
from index_tools.errors import PictureError
from index_tools.progress import Report


@pytest.fixture
def operations(qtbot: QtBot) -> Iterator[Operations]:
    made = Operations()
    yield made
    made.refuse_more()
    made.cancel_all()
    assert made.join(5.0)


class Heard:
    """Notes what came back and in which thread."""

    def __init__(self) -> None:
        self.done: list[object] = []
        self.failed: list[Failure] = []
        self.told: list[object] = []
        self.threads: set[int] = set()

    def take(self, result: object) -> None:
        self.done.append(result)
        self.threads.add(threading.get_ident())

    def fail(self, failure: Failure) -> None:
        self.failed.append(failure)

    def hear(self, told: object) -> None:
        self.told.append(told)


def test_result_comes_back_in_the_main_thread(operations: Operations, qtbot: QtBot) -> None:
    heard = Heard()
    operations.run(Lane.ENGINE, lambda _progress: threading.get_ident(), heard.take, heard.fail)
    assert operations.busy
    qtbot.waitUntil(lambda: len(heard.done) == 1)
    assert heard.done[0] != threading.get_ident()
    assert heard.threads == {threading.get_ident()}
    assert not operations.busy


def test_one_lane_runs_one_after_another(operations: Operations, qtbot: QtBot) -> None:
    heard = Heard()
    order: list[str] = []

    def slow(_progress: Telling) -> None:
        order.append("slow begins")
        time.sleep(0.05)
        order.append("slow ends")

    operations.run(Lane.ENGINE, slow, heard.take, heard.fail)
    operations.run(Lane.ENGINE, lambda _progress: order.append("quick"), heard.take, heard.fail)
    qtbot.waitUntil(lambda: len(heard.done) == 2)
    assert order == ["slow begins", "slow ends", "quick"]


def test_failures_are_sentences(
    operations: Operations, qtbot: QtBot, expected_log: Callable[[str], None]
) -> None:
    heard = Heard()
    expected_log("Work failed unexpectedly")

    def unreadable(_progress: Telling) -> None:
        raise PictureError("a.png is no picture.")

    def surprising(_progress: Telling) -> None:
        raise ZeroDivisionError("by nothing")

    operations.run(Lane.ENGINE, unreadable, heard.take, heard.fail)
    operations.run(Lane.ENGINE, surprising, heard.take, heard.fail)
    qtbot.waitUntil(lambda: len(heard.failed) == 2)
    assert heard.failed[0].sentence == "a.png is no picture."
    assert "files are untouched" in heard.failed[1].sentence
    assert heard.done == []


def test_newer_work_supersedes_older(operations: Operations, qtbot: QtBot) -> None:
    heard = Heard()
    gate = threading.Event()
    begun = threading.Event()
    seen: list[bool] = []

    def old(progress: Telling) -> str:
        begun.set()
        gate.wait(5)
        seen.append(progress.cancelled)
        return "old"

    operations.run(Lane.ENGINE, old, heard.take, heard.fail, key="search")
    assert begun.wait(5)
    operations.run(Lane.ENGINE, lambda _progress: "queued", heard.take, heard.fail, key="search")
    operations.run(Lane.ENGINE, lambda _progress: "new", heard.take, heard.fail, key="search")
    gate.set()
    qtbot.waitUntil(lambda: heard.done == ["new"])
    qtbot.waitUntil(lambda: not operations.busy)
    assert heard.failed == []
    assert seen == [True]


def test_cancelled_work_is_silent_and_stopped_work_tells(operations: Operations, qtbot: QtBot) -> None:
    heard = Heard()

    def patient(progress: Telling) -> None:
        while True:
            progress.check()
            time.sleep(0.001)

    operations.run(Lane.BUILDING, patient, heard.take, heard.fail, key="silent")
    operations.cancel("silent")
    operations.run(Lane.BUILDING, patient, heard.take, heard.fail, key="build")
    operations.wish_to_stop("build")
    qtbot.waitUntil(lambda: len(heard.failed) == 1)
    assert heard.failed[0].cancelled
    operations.wish_to_stop("unknown")
    operations.cancel("unknown")
    assert heard.done == []


def test_reports_come_now_and_then(operations: Operations, qtbot: QtBot) -> None:
    heard = Heard()

    def talkative(progress: Telling) -> None:
        for number in range(2000):
            progress.report(number, 2000, "x")
        progress.tell("own value")

    operations.run(Lane.ENGINE, talkative, heard.take, heard.fail, reported=heard.hear)
    qtbot.waitUntil(lambda: len(heard.done) == 1)
    assert 1 <= len(heard.told) < 20
    assert heard.told[0] == Report(0, 2000, "x")


def test_after_the_end_nothing_is_taken_and_nothing_comes(qtbot: QtBot) -> None:
    operations = Operations()
    heard = Heard()
    begun = threading.Event()

    def patient(progress: Telling) -> None:
        begun.set()
        while not progress.cancelled:
            time.sleep(0.001)

    operations.run(Lane.ENGINE, patient, heard.take, heard.fail)
    operations.run(Lane.ENGINE, lambda _progress: "queued", heard.take, heard.fail)
    assert begun.wait(5)
    operations.refuse_more()
    operations.run(Lane.NETWORK, lambda _progress: "late", heard.take, heard.fail)
    operations.cancel_all()
    assert operations.join(5.0)
    qtbot.wait(20)
    assert heard.done == []
    assert heard.failed == []


def test_worker_that_does_not_end_is_left_behind(qtbot: QtBot) -> None:
    operations = Operations()
    gate = threading.Event()
    begun = threading.Event()

    def deaf(_progress: Telling) -> None:
        begun.set()
        gate.wait(5)

    operations.run(Lane.ENGINE, deaf, lambda _result: None, lambda _failure: None)
    assert begun.wait(5)
    operations.cancel_all()
    started = time.monotonic()
    assert not operations.join(0.05)
    assert time.monotonic() - started < 2.0
    gate.set()


def test_plain_reports_do_not_swallow_what_else_is_told(operations: Operations, qtbot: QtBot) -> None:
    heard = Heard()

    def told_twice(progress: Telling) -> None:
        progress.report(0.5, 1.0, "indexing")
        progress.tell("half of it, in words")

    operations.run(Lane.BUILDING, told_twice, heard.take, heard.fail, reported=heard.hear)
    qtbot.waitUntil(lambda: bool(heard.done))
    assert heard.told[-1] == "half of it, in words"
