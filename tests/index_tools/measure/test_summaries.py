from __future__ import annotations

import numpy as np
import pytest

from index_tools.measure.judging import Outcome
from index_tools.measure.summaries import interval, spread, summary


def outcome(right: bool, claimed: bool, error_s: float | None = None) -> Outcome:
    frames = None if error_s is None else error_s * 24
    return Outcome(right, right, claimed, error_s, frames, 10.0, True)


RIGHT, MISSED, WRONG = outcome(True, True, 0.5), outcome(True, False, 1.0), outcome(False, True)


def test_shares_are_counted() -> None:
    figures = summary({"a": [RIGHT, RIGHT, MISSED, WRONG]}, {"a": [WRONG, outcome(False, False)]})
    assert figures["n"] == 4
    assert figures["recall_at_1"] == 0.75
    assert figures["claimed_and_right"] == 0.5
    assert figures["claimed_but_wrong"] == 0.25
    assert (figures["unknown_n"], figures["false_matches"]) == (2, 0.5)
    assert figures["localisation_s"]["median"] == 0.5
    assert figures["localisation_frames"]["p95"] == pytest.approx(24 * 0.95)
    low, high = figures["recall_at_1_ci95"]
    assert 0 <= low < 0.75 < high <= 1


def test_a_group_is_the_mean_over_its_classes() -> None:
    figures = summary({"a": [RIGHT, RIGHT], "b": [WRONG, RIGHT]}, {})
    assert figures["n"] == 4
    assert figures["recall_at_1"] == 0.75
    assert figures["false_matches"] is None
    assert figures["false_matches_ci95"] is None


def test_an_interval_is_not_narrowed_by_counting_a_frame_several_times() -> None:
    frames = [RIGHT, WRONG] * 20
    one = summary({"a": frames}, {})["recall_at_1_ci95"]
    many = summary(dict.fromkeys("abcdefgh", frames), {})["recall_at_1_ci95"]
    assert many == one


def test_what_is_unknown_is_none() -> None:
    figures = summary({"a": [WRONG]}, {})
    assert figures["localisation_s"] == {"median": None, "p95": None}
    assert spread([]) == {"median": None, "p95": None}
    assert spread([None, 3.0]) == {"median": 3.0, "p95": 3.0}
    assert interval(np.zeros((0, 0), bool)) is None
