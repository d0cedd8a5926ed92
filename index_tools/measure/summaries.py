"""Outcomes as figures with intervals of confidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index_tools.measure.judging import Outcome

#: Resamplings of the percentile bootstrap, and the share that lies in the interval.
RESAMPLINGS, INSIDE = 2000, 95.0

#: The outcomes of one class, in the order of the drawn frames.
Outcomes = Sequence[Outcome]


def summary(classes: Mapping[str, Outcomes], unknown: Mapping[str, Outcomes]) -> dict[str, Any]:
    """The figures of one class, or of several as a group: the mean over its classes.

    All classes hold the same frames.  Frames are resampled with all their degradations together, so that
    an interval is not narrowed by counting a frame many times.
    """
    first = _table(classes, lambda outcome: outcome.right_first)
    ten = _table(classes, lambda outcome: outcome.right_among_ten)
    claimed_right = _table(classes, lambda outcome: outcome.claimed and outcome.right_first)
    claimed_wrong = _table(classes, lambda outcome: outcome.claimed and not outcome.right_first)
    false = _table(unknown, lambda outcome: outcome.claimed)
    every = [outcome for outcomes in classes.values() for outcome in outcomes]
    return {
        "n": first.size,
        "recall_at_1": share(first),
        "recall_at_1_ci95": interval(first),
        "recall_at_10": share(ten),
        "recall_at_10_ci95": interval(ten),
        "claimed_and_right": share(claimed_right),
        "claimed_but_wrong": share(claimed_wrong),
        "localisation_s": spread([outcome.error_s for outcome in every]),
        "localisation_frames": spread([outcome.error_frames for outcome in every]),
        "unknown_n": false.size,
        "false_matches": share(false),
        "false_matches_ci95": interval(false),
    }


def share(table: NDArray[np.bool_]) -> float | None:
    """The share of true ones in a table (classes, frames); None if it is empty."""
    return round(float(table.mean()), 4) if table.size else None


def interval(table: NDArray[np.bool_]) -> list[float] | None:
    """The 95 % interval of the share in a table (classes, frames), by resampling its frames."""
    if not table.size:
        return None
    by_frame = table.mean(0)
    numbers = np.random.default_rng(0)
    picks = numbers.integers(0, len(by_frame), (RESAMPLINGS, len(by_frame)))
    outside = (100 - INSIDE) / 2
    low, high = np.percentile(by_frame[picks].mean(1), [outside, 100 - outside])
    return [round(float(low), 4), round(float(high), 4)]


def spread(values: Sequence[float | None]) -> dict[str, float | None]:
    """Median and 95th percentile of what is known; None where nothing is."""
    known = [value for value in values if value is not None]
    if not known:
        return {"median": None, "p95": None}
    median, high = np.percentile(known, [50, 95])
    return {"median": round(float(median), 4), "p95": round(float(high), 4)}


def _table(classes: Mapping[str, Outcomes], true: Any) -> NDArray[np.bool_]:
    return np.array(
        [[bool(true(outcome)) for outcome in outcomes] for outcomes in classes.values()], np.bool_
    )
