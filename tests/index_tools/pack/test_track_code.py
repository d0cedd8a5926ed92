"""Tracks come back bit for bit, whatever their times are."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from numpy.typing import NDArray

from index_tools.nouns import Track
from index_tools.pack.track_code import decode_track, encode_track


def check(times: NDArray[np.float64], layout: NDArray[np.uint8] | None = None) -> bytes:
    if layout is None:
        layout = np.zeros((len(times), 33), np.uint8)
    block = encode_track(Track(times, layout))
    track = decode_track(block)
    assert np.array_equal(track.times_s.view(np.int64), times.view(np.int64))
    assert np.array_equal(track.color_layout, layout)
    assert not track.times_s.flags.writeable
    return block


@pytest.mark.parametrize(
    "clock",
    [Fraction(1, 24), Fraction(1001, 24000), Fraction(1, 1000), Fraction(1, 90000), Fraction(1, 12800),
     Fraction(1, 14112000), Fraction(1, 119), Fraction(7, 100003)],
)  # fmt: skip
@pytest.mark.parametrize("way", ["times", "divided", "fraction"])
def test_clocks_of_containers(clock: Fraction, way: str) -> None:
    ticks = np.cumsum(np.random.default_rng(1).choice([41, 42, 42, 42, 83], 5000))
    ticks -= ticks[0]
    if way == "times":
        times = ticks * (clock.numerator / clock.denominator)
    elif way == "divided":
        times = ticks * clock.numerator / clock.denominator
    else:
        times = np.array([float(tick * clock) for tick in ticks.tolist()])
    block = check(times)
    if clock.numerator == 1 and clock.denominator in (24, 1000, 90000, 12800):
        assert len(block) < 5000  # under a byte a frame


@pytest.mark.parametrize(
    "times",
    [
        np.empty(0),
        np.zeros(1),
        np.zeros(5),
        np.array([0.0, 1e-300, 1.0]),
        np.array([0.0, 1.0, 1e12]),
        np.array([-0.5, 0.0, 0.1]),
        np.array([0.0, np.nextafter(0.04, 1), 0.08]),
        np.sort(np.random.default_rng(2).random(1000)) * 7200,
    ],
)
def test_odd_times(times: NDArray[np.float64]) -> None:
    check(times)


@given(some.lists(some.floats(0, 1e7), max_size=50))
@settings(max_examples=50, deadline=None)
def test_any_times(values: list[float]) -> None:
    check(np.sort(np.array(values, float)))


def test_any_layout() -> None:
    check(np.arange(777) / 30, np.random.default_rng(4).integers(0, 256, (777, 33), dtype=np.uint8))


def test_what_is_no_track() -> None:
    with pytest.raises(ValueError, match="33 values"):
        encode_track(Track(np.zeros(3), np.zeros((3, 32), np.uint8)))
    good = encode_track(Track(np.arange(100) / 24, np.zeros((100, 33), np.uint8)))
    for block in (b"", good[:-1], good[:20], b"\0" * 50):
        with pytest.raises(ValueError, match="track"):
            decode_track(block)
