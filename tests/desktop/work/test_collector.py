from __future__ import annotations

import gc
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from desktop.work.collector import Collector


@pytest.fixture
def collector(qtbot: QtBot) -> Iterator[Collector]:
    parent = QObject()
    made = Collector(parent)
    yield made
    made.stop()
    assert gc.isenabled()
    parent.deleteLater()


class Ring:
    """A reference cycle that tells in which thread it is destroyed."""

    def __init__(self, destroyed_in: list[int]) -> None:
        self.me = self
        self.destroyed_in = destroyed_in

    def __del__(self) -> None:
        self.destroyed_in.append(threading.get_ident())


def test_workers_collect_nothing(collector: Collector) -> None:
    destroyed_in: list[int] = []

    def make_rubbish() -> None:
        for _ in range(5000):
            Ring(destroyed_in)

    worker = threading.Thread(target=make_rubbish)
    worker.start()
    worker.join()
    assert destroyed_in == []
    collector.collect()
    assert len(destroyed_in) == 5000
    assert set(destroyed_in) == {threading.get_ident()}
