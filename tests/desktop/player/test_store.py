"""What is kept, what is known to be missing, and what is forgotten first."""

from __future__ import annotations

import av
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.player import plan
from desktop.player.coverage import Coverage
from desktop.player.frame_store import FrameStore, StoredFrame
from desktop.player.plan import Wanted, next_gap

SIZE = 100
PIXELS = av.VideoFrame(2, 2, "yuv420p")


def frame(tick: int) -> StoredFrame:
    return StoredFrame(tick, 10, PIXELS, SIZE)


def fill(store: FrameStore, *ticks: int) -> None:
    """Frames decoded one after the other."""
    last = ticks[0]
    for tick in ticks:
        store.add(frame(tick), last)
        last = tick


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 40), st.integers(0, 12)), max_size=30))
def test_coverage_is_a_set_of_ticks(actions: list[tuple[bool, int, int]]) -> None:
    coverage, ticks = Coverage(), set[int]()
    for add, start, length in actions:
        if add:
            coverage.add(start, start + length)
            ticks |= set(range(start, start + length))
        else:
            coverage.remove(start, start + length)
            ticks -= set(range(start, start + length))
    for tick in range(55):
        gap = next((t for t in range(tick, 60) if t not in ticks), None)
        assert coverage.gap(tick, 60) == gap
        assert (coverage.end_of(tick) is not None) == (tick in ticks)


def test_a_frame_is_shown_until_the_next_is_known() -> None:
    store = FrameStore()
    fill(store, 0, 10, 20)
    shown = store.shown_at(15, 0, 100)
    assert shown is not None
    assert shown.tick == 10
    assert store.shown_at(20, 0, 100) is not None
    assert store.shown_at(25, 0, 100) is None, "another frame may lie at 22"
    store.end_here(21)
    assert store.shown_at(25, 0, 100) is not None


def test_a_range_begins_with_its_own_first_frame() -> None:
    store = FrameStore()
    fill(store, 0, 10, 20, 30)
    first = store.shown_at(5, 5, 30)
    assert first is not None
    assert first.tick == 10
    assert store.nothing_after(store.shown_at(29, 5, 30) or frame(0), 30)
    assert not store.nothing_in(5, 30)
    assert store.nothing_in(11, 20)


def test_neighbours_are_given_only_when_nothing_lies_between() -> None:
    store = FrameStore()
    fill(store, 0, 10)
    fill(store, 40, 50)
    ten, forty = store.shown_at(10, 0, 99), store.shown_at(40, 0, 99)
    assert ten is not None
    assert forty is not None
    assert store.after(ten) is None
    assert store.before(forty) is None
    assert store.end_of(ten) == 20
    store.add(frame(25), 10)
    assert store.end_of(ten) == 25


def test_what_is_forgotten_is_a_gap_again() -> None:
    store = FrameStore()
    fill(store, 0, 10, 20, 30)
    store.drop(10)
    assert store.gap(0, 31) == 10
    assert store.shown_at(15, 0, 99) is None
    assert store.size_bytes == 3 * SIZE
    fill(store, 10, 20)
    assert store.gap(0, 31) is None
    assert len(store) == 4


def test_a_frame_held_until_one_that_was_dropped_is_shown_as_long() -> None:
    store = FrameStore()
    fill(store, 0, 10, 90)
    held = store.shown_at(10, 0, 90)
    assert held is not None
    store.drop(90)
    assert store.end_of(held) == 90
    store.end_here(11)
    assert store.end_of(held) == 20, "the film ends with it"


def test_a_small_store_runs_around_the_loop_ahead_of_the_playhead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "BUDGET_BYTES", 5 * SIZE)
    store = FrameStore()
    decoded = []
    for playhead in (0, 40, 80, 90, 0, 10):
        while True:
            wanted = Wanted(0, 100, playhead, 1 << 40, behind=0, around=True)
            gap = next_gap(store, wanted, SIZE)
            if gap is None:
                break
            tick = -(-gap // 10) * 10
            decoded.append(tick)
            if tick < 100:
                store.add(frame(tick), gap)
            else:
                store.end_here(gap)
        assert store.size_bytes <= 5 * SIZE
        ahead = {(playhead // 10 * 10 + 10 * i) % 100 for i in range(5)}
        assert set(store.ticks()) == ahead


def test_the_whole_film_is_decoded_a_little_ahead_only() -> None:
    store = FrameStore()
    fill(store, *range(0, 60, 10))
    assert next_gap(store, Wanted(0, 1 << 40, 0, 40, behind=10, around=False), SIZE) is None
    assert next_gap(store, Wanted(0, 1 << 40, 30, 40, behind=10, around=False), SIZE) == 51
