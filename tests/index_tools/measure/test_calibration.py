"""Cases are kept line by line, weights are fitted to them, claims and reliability counted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index_tools.measure.calibration import claims, monotonous, regression, reliability, write_fitted
from index_tools.measure.cases import Asking, Case, collect
from index_tools.pack import ScenePack
from index_tools.search import fitted
from index_tools.search.confidence import Evidence, from_evidence

EVIDENCE = Evidence(
    before=0.3,
    cells=12,
    agreeing=0.8,
    overall=0.95,
    middle=0.96,
    same=0.9,
    blocks=60,
    covered=0.5,
    of_film=True,
)


def case(confidence: float, right: bool, *, known: bool = True, evidence: Evidence | None = None) -> Case:
    return Case("crop50", "a.mkv", known, right, confidence >= 0.6, confidence, None, 10.0, evidence, right)


def test_a_regression_finds_the_weights_that_made_the_cases() -> None:
    numbers = np.random.default_rng(1)
    values = numbers.normal((3, -1), 2, (4000, 2))
    chance = 1 / (1 + np.exp(-(0.5 + 1.2 * values[:, 0] - 0.7 * values[:, 1])))
    weights = regression(values, (numbers.random(4000) < chance).astype(np.float64))
    assert weights == pytest.approx([0.5, 1.2, -0.7], abs=0.25)


def test_what_seems_to_speak_against_is_left_out() -> None:
    numbers = np.random.default_rng(4)
    values = numbers.normal(0, 1, (800, 3))
    right = (values[:, 0] - 0.4 * values[:, 2] + numbers.normal(0, 0.5, 800) > 0).astype(np.float64)
    weights = monotonous(values, right)
    assert weights[1] > 1
    assert weights[3] == 0
    assert (weights[1:] >= 0).all()


def test_separated_cases_do_not_run_away() -> None:
    values = np.linspace(-1, 1, 60)[:, None]
    weights = regression(values, (values[:, 0] > 0).astype(np.float64))
    assert np.isfinite(weights).all()
    assert 1 < weights[1] < 100


def test_claims_and_reliability_count() -> None:
    cases = [case(0.95, True), case(0.92, False), case(0.2, True), case(0.7, False, known=False)]
    assert claims(cases, 0.6) == pytest.approx((1 / 3, 1 / 3, 1.0))
    assert claims(cases, 0.94) == pytest.approx((1 / 3, 0.0, 0.0))
    rows = reliability(cases, [0.0, 0.5, 0.9])
    assert [(low, count) for low, _, _, count in rows] == [(0.0, 1), (0.5, 1), (0.9, 2)]
    assert [right for _, _, right, _ in rows] == [1.0, 0.0, 0.5]


def test_a_case_is_a_line() -> None:
    for one in (case(0.9, True), case(0.4, False, evidence=EVIDENCE)):
        assert Case.of_line(one.as_line()) == one


def test_fitted_weights_are_a_module(tmp_path: Path) -> None:
    numbers = np.random.default_rng(2)
    cases = []
    for number in range(80):
        overall = float(numbers.uniform(0.1, 0.5) + 0.45 * (number % 2))
        evidence = replace(EVIDENCE, overall=overall, middle=overall, same=overall)
        cases.append(case(0.9, bool(number % 2), evidence=evidence))
    target = tmp_path / "fitted.py"
    write_fitted(cases, target)
    names: dict[str, object] = {}
    exec(compile(target.read_text(encoding="utf-8"), str(target), "exec"), names)
    assert names["BY_THUMBNAIL"] == fitted.BY_THUMBNAIL  # no cases of that kind
    by_film = names["BY_FILM"]
    assert isinstance(by_film, tuple)
    assert len(by_film) == 1 + len(EVIDENCE.values())
    assert by_film != fitted.BY_FILM


def test_better_evidence_makes_surer() -> None:
    for of_film in (True, False):
        here = replace(EVIDENCE, of_film=of_film)
        assert from_evidence(here) > 0.9
        assert from_evidence(replace(here, cells=0, agreeing=0.0, overall=0.1, middle=0.1, same=0.1)) < 0.15
        assert from_evidence(replace(here, lead=-0.1)) < from_evidence(here)


def test_cases_are_collected_from_a_pack(clip: Path, clip_pack: Path) -> None:
    with ScenePack.open(clip_pack) as pack:
        found = list(collect(Asking(pack, 3), [clip], ["identity", "crop50"], 1, known=True))
    assert [one.degradation for one in found] == ["identity", "crop50"]
    assert found[0].right
    assert found[0].claimed
    assert found[0].elapsed_ms > 0
