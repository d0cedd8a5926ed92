"""What several threads ask for at a time is made once, and nothing is kept."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from index_tools.hypotheses import Hypothesis
from index_tools.picture import Picture
from index_tools.search import readings
from index_tools.search.together import Together


def test_two_who_ask_at_a_time_get_one_thing() -> None:
    together: Together[object] = Together()
    begun, goes_on = threading.Event(), threading.Event()
    made: list[object] = []

    def work() -> object:
        begun.set()
        assert goes_on.wait(10)
        made.append(object())
        return made[-1]

    thing = object()
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(together.give, thing, work)
        assert begun.wait(10)
        second = threads.submit(together.give, thing, work)
        assert together.give(object(), lambda: "another thing waits for nobody") != first
        goes_on.set()
        assert first.result(10) is second.result(10)
    assert len(made) == 1


def test_nothing_is_kept() -> None:
    together: Together[object] = Together()
    thing = object()
    assert together.give(thing, object) is not together.give(thing, object)


def test_where_one_fails_the_other_does_it() -> None:
    together: Together[int] = Together()
    begun, goes_on = threading.Event(), threading.Event()

    def fail() -> int:
        begun.set()
        assert goes_on.wait(10)
        raise ValueError("no")

    thing = object()
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(together.give, thing, fail)
        assert begun.wait(10)
        second = threads.submit(together.give, thing, lambda: 3)
        goes_on.set()
        with pytest.raises(ValueError, match="no"):
            first.result(10)
        assert second.result(10) == 3
    assert together.give(thing, lambda: 4) == 4


def test_a_picture_is_looked_into_once_for_two_searches(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[Picture] = []
    waiting = threading.Barrier(2)

    def look(picture: Picture, _plain: object) -> tuple[Hypothesis, ...]:
        looked.append(picture)
        threading.Event().wait(0.3)
        return ()

    monkeypatch.setattr(readings, "look_inside", look)
    picture = Picture.of(np.random.default_rng(1).integers(0, 256, (90, 160, 3), np.uint8))
    plain = readings.read(picture)

    def search() -> readings.Readings:
        waiting.wait(10)
        return readings.read_inside(picture, plain)

    with ThreadPoolExecutor(2) as threads:
        both = [future.result(10) for future in [threads.submit(search) for _ in range(2)]]
    assert both[0] is both[1] is plain
    assert looked == [picture]
