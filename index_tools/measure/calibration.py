"""Fitting the confidence to cases, and judging it: weights of a logistic regression, reliability.

The likeliest scene of the first step is judged by what the network says of it.  Scenes over which a picture
was laid are judged by two regressions, one for thumbnails and one for the films' own frames.  All are fitted
by Newton's method with a little ridge (Hastie et al., The Elements of Statistical Learning, 4.4.1).  A claim
that is wrong costs more than one that is missed, but weights know no costs: the threshold does, and the
reliability tells what it comes to.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index_tools.measure.cases import Case
from index_tools.search import fitted
from index_tools.search.confidence import first_values

#: How strongly weights are drawn towards 0, in cases of a value's own spread.
RIDGE = 3.0
#: With so many right and so many wrong cases each weight is fitted; with fewer only how sure all of them
#: together make (Platt 1999: one factor and one constant); with fewer than this nothing changes.  Cases of
#: one frame are alike, so they count for less than their number.
ENOUGH_CASES, LEAST_CASES = 300, 20
_STEPS = 60

Weights = tuple[float, ...]


def fit(cases: Sequence[Case], before: Weights, *, of_film: bool) -> Weights:
    """Constant and weights for the evidence of one kind; `before` where there are too few cases."""
    chosen = [case for case in cases if case.evidence is not None and case.evidence.of_film is of_film]
    right = np.array([case.evidence_right for case in chosen], np.float64)
    fewer = min(right.sum(), len(right) - right.sum())
    if fewer < LEAST_CASES:
        return before
    values = np.array([case.evidence.values() for case in chosen if case.evidence is not None])
    if fewer < ENOUGH_CASES:
        sums = before[0] + values @ np.array(before[1:])
        constant, factor = regression(sums[:, None], right)
        weights = factor * np.array(before) + constant * (np.arange(len(before)) == 0)
    else:
        weights = monotonous(values, right)
    return tuple(round(float(weight), 4) for weight in weights)


def fit_first(cases: Sequence[Case], before: Weights) -> Weights:
    """Constant and weights for the first step; `before` where there are too few cases."""
    chosen = [case for case in cases if case.first is not None]
    right = np.array([case.first_right for case in chosen], np.float64)
    if min(right.sum(), len(right) - right.sum()) < LEAST_CASES:
        return before
    values = np.array([first_values(*case.first) for case in chosen if case.first is not None])
    return tuple(round(float(weight), 4) for weight in regression(values, right))


def monotonous(values: NDArray[np.float64], right: NDArray[np.float64]) -> NDArray[np.float64]:
    """As `regression`, but no weight is negative: values that seem to speak against are left out, the worst
    first.

    Evidence is made so that more of it speaks for a match; with few cases chance says otherwise.
    """
    kept = list(range(values.shape[1]))
    while True:
        found = regression(values[:, kept], right)
        worst = int(found[1:].argmin())
        if found[1 + worst] >= 0:
            break
        del kept[worst]
    weights = np.zeros(1 + values.shape[1])
    weights[0] = found[0]
    weights[1 + np.array(kept)] = found[1:]
    return weights


def regression(values: NDArray[np.float64], right: NDArray[np.float64]) -> NDArray[np.float64]:
    """Constant and weights, float64 (k + 1,), of a logistic regression of `right`, 0 or 1 (n,), on values
    (n, k).
    """
    middle, spread = values.mean(0), np.maximum(values.std(0), 1e-6)
    table = np.column_stack([np.ones(len(values)), (values - middle) / spread])
    ridge = RIDGE * np.eye(table.shape[1])
    ridge[0, 0] = 1e-6
    weights = np.zeros(table.shape[1])
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-np.clip(table @ weights, -30, 30)))
        slope = table.T @ (right - chance) - ridge @ weights
        bend = (table * (chance * (1 - chance))[:, None]).T @ table + ridge
        step = np.linalg.solve(bend, slope)
        weights += np.clip(step, -2, 2)
        if np.abs(step).max() < 1e-8:
            break
    scaled = weights[1:] / spread
    return np.concatenate([[weights[0] - scaled @ middle], scaled])


def reliability(cases: Sequence[Case], edges: Sequence[float]) -> list[tuple[float, float, float, int]]:
    """For each bin of confidence: its lower edge, the mean confidence, the share of right first matches,
    and how many cases there are.  Cases of films that the pack does not hold are never right.
    """
    rows: list[tuple[float, float, float, int]] = []
    for low, high in zip(edges, [*edges[1:], 1.0 + 1e-9], strict=True):
        inside = [case for case in cases if low <= case.confidence < high]
        if inside:
            mean = float(np.mean([case.confidence for case in inside]))
            rows.append((low, mean, float(np.mean([case.right for case in inside])), len(inside)))
    return rows


def claims(cases: Sequence[Case], threshold: float) -> tuple[float, float, float]:
    """With a threshold: the share of known films' cases claimed rightly, that of those claimed wrongly, and
    that of unknown films' cases claimed.
    """
    known = [case for case in cases if case.known]
    unknown = [case for case in cases if not case.known]
    claimed = [case for case in known if case.confidence >= threshold]
    false = sum(case.confidence >= threshold for case in unknown)
    right = sum(case.right for case in claimed)
    return (
        right / max(len(known), 1),
        (len(claimed) - right) / max(len(known), 1),
        false / max(len(unknown), 1),
    )


def write_fitted(cases: Sequence[Case], target: Path) -> None:
    """Fit the weights and write them as the module `index_tools.search.fitted`."""
    films = Counter(case.film for case in cases)
    known = sum(case.known for case in cases)
    rows = {
        name: fit(cases, getattr(fitted, name), of_film=of_film)
        for name, of_film in (("BY_THUMBNAIL", False), ("BY_FILM", True))
    }
    rows["FIRST"] = fit_first(cases, fitted.FIRST)
    counts = {
        name: sum(case.evidence is not None and case.evidence.of_film is of_film for case in cases)
        for name, of_film in (("BY_THUMBNAIL", False), ("BY_FILM", True))
    }
    counts["FIRST"] = sum(case.first is not None for case in cases)
    lines = [
        '"""Weights of the confidence by evidence, written by `scenelens-index calibrate`; not to be edited.',
        "",
        "The first two rows hold the constant and one weight for each of `Evidence.values`, the third those",
        "of `confidence.first_values`; see `confidence.from_evidence` and `from_embedding`.  Fitted to",
        f"{len(cases)} queries, {known} of them of films in the pack, degraded in "
        f"{len({case.degradation for case in cases})} ways, of {len(films)} films.",
        '"""',
        "",
        "from __future__ import annotations",
        "",
    ]
    for name, weights in rows.items():
        lines.append(f"#: {counts[name]} cases.")
        lines.append(f"{name} = (")
        lines += [f"    {weight}," for weight in weights]
        lines.append(")")
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")
