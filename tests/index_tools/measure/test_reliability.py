from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import pytest

from index_tools.measure.judging import Outcome
from index_tools.measure.reliability import BINS, diagram, reliability


def outcome(confidence: float, right: bool) -> Outcome:
    return Outcome(right, right, confidence >= 0.6, None, None, 1.0, True, confidence)


def test_confidence_that_is_kept_has_no_calibration_error() -> None:
    told = [outcome(0.75, number < 3) for number in range(4)] + [
        outcome(0.25, number < 1) for number in range(4)
    ]
    figures = reliability(told)
    assert figures["n"] == 8
    assert figures["ece"] == pytest.approx(0.0)
    assert figures["brier"] == pytest.approx(0.1875)
    held = {entry["from"]: (entry["n"], entry["right"]) for entry in figures["bins"] if entry["n"]}
    assert held == {0.2: (4, 0.25), 0.7: (4, 0.75)}


def test_overconfidence_and_strangers_are_counted() -> None:
    sure_and_wrong = reliability([outcome(1.0, False)] * 5)
    assert (sure_and_wrong["ece"], sure_and_wrong["brier"]) == (1.0, 1.0)
    # of films that are not indexed a match is wrong whatever it says
    with_strangers = reliability([outcome(0.9, True)] * 9, [outcome(0.9, True)])
    assert with_strangers["bins"][9]["right"] == 0.9
    assert with_strangers["ece"] == pytest.approx(0.0)


def test_nothing_answered_is_no_figure() -> None:
    unanswered = Outcome(False, False, False, None, None, 1.0, False)
    assert reliability([unanswered]) == {"n": 0, "brier": None, "ece": None, "bins": []}


def test_the_drawing_is_sound_and_shows_what_the_bins_hold() -> None:
    numbers = np.random.default_rng(1)
    told = [outcome(float(sure), bool(numbers.random() < sure)) for sure in numbers.random(400)]
    figures = reliability(told)
    drawn = diagram(
        figures, title='A "title" & more', across="x", upwards="y", below="b", ideal="as <claimed>"
    )
    root = ElementTree.fromstring(drawn)
    boxes = [element for element in root if element.tag.endswith("rect")]
    assert len(boxes) == 2 * BINS
    bars = [element for element in boxes if len(element)]
    heights = [float(element.attrib["height"]) for element in bars]
    shares = [entry["right"] for entry in figures["bins"]]
    assert np.corrcoef(heights, shares)[0, 1] > 0.999
    assert max(heights) <= 300
    # no ground of its own, so that it can lie on a dark page and on a light one
    assert "background" not in drawn
    assert "A &quot;title&quot; &amp; more" in drawn
    empty = diagram(reliability([]), title="t", across="x", upwards="y", below="b", ideal="i")
    assert ElementTree.fromstring(empty) is not None
