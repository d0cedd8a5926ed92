"""Lines of film time over clip time, out of sightings of which many are wrong."""

from __future__ import annotations

import numpy as np
import pytest

from index_tools.search.sequence import Sighting, best_run, find_runs

TIMES = [0.25 * number for number in range(12)]


def seen(moment: int, at_s: float, weight: float = 0.5, film: str = "a", *, exact: bool = True) -> Sighting:
    return Sighting(moment, film, at_s - 2.0, at_s, at_s + 2.0, weight, exact=exact)


def noise(seed: int, count: int, weight: float = 0.5) -> list[Sighting]:
    """Sightings anywhere in two films, `count` a moment."""
    numbers = np.random.default_rng(seed)
    return [
        seen(moment, float(numbers.uniform(5, 600)), weight, str(numbers.choice(["a", "b"])), exact=False)
        for moment in range(len(TIMES))
        for _ in range(count)
    ]


@pytest.mark.parametrize("pace", [0.3, 0.5, 1.0, 1.25, 2.0, 3.8])
def test_the_line_is_found_among_false_sightings_at_any_pace(pace: float) -> None:
    right = [seen(moment, 100.0 + pace * t) for moment, t in enumerate(TIMES) if moment % 3]
    run = best_run(right + noise(3, 4), TIMES)
    assert run is not None
    assert run.film == "a"
    assert run.pace == pytest.approx(pace, abs=0.02)
    assert run.film_time(0.0) == pytest.approx(100.0, abs=0.05)
    assert set(run.moments) >= {moment for moment in range(12) if moment % 3}


def test_a_clip_played_backwards_is_no_run() -> None:
    right = [seen(moment, 100.0 - 8.0 * t) for moment, t in enumerate(TIMES)]
    run = best_run(right, TIMES)
    assert run is not None
    # one or two neighbours share a scene, the others are contradicted
    assert len([fit for fit in run.agreement if fit > 0.9]) <= 2


def test_one_frame_for_all_moments_says_less_than_frames_that_go_on() -> None:
    still = [seen(moment, 50.0, 0.5, "still", exact=False) for moment in range(12)]
    moving = [seen(moment, 200.0 + t, 0.4, "moving", exact=False) for moment, t in enumerate(TIMES)]
    run = best_run(still + moving, TIMES)
    assert run is not None
    assert run.film == "moving"
    alone = best_run(still, TIMES)
    assert alone is not None
    assert alone.pace == 1.0


def test_two_places_give_two_runs_that_share_no_moment() -> None:
    one = [seen(moment, 30.0 + t) for moment, t in enumerate(TIMES[:6])]
    other = [seen(moment, 400.0 + TIMES[moment], film="b") for moment in range(6, 12)]
    runs = find_runs(one + other + noise(5, 2, 0.1), TIMES, 5)
    found = {(run.film, round(run.offset_s)): set(run.moments) for run in runs[:2]}
    assert found[("a", 30)] >= set(range(6))
    assert found[("b", 400)] >= set(range(6, 12))
    assert not set(runs[0].moments) & set(runs[1].moments)


def test_exact_sightings_draw_the_line_to_themselves() -> None:
    rough = [seen(moment, 80.7, exact=False) for moment in range(12)]
    exact = [seen(moment, 80.0 + TIMES[moment]) for moment in (0, 5, 11)]
    rest = [sighting for sighting in rough if sighting.moment not in (0, 5, 11)]
    run = best_run(exact + rest, TIMES)
    assert run is not None
    assert run.film_time(0.0) == pytest.approx(80.0, abs=0.03)
    assert run.pace == pytest.approx(1.0, abs=0.02)


def test_nothing_sighted_is_no_run() -> None:
    assert best_run([], TIMES) is None
    assert find_runs([], TIMES, 3) == []


def test_every_run_has_moments_that_speak_for_it() -> None:
    numbers = np.random.default_rng(0)
    for _ in range(300):
        times_s = np.sort(numbers.uniform(0, 8, 2)).tolist()
        sightings = [
            seen(moment, float(numbers.uniform(0, 30)), float(numbers.uniform(0.1, 1.0)), exact=False)
            for moment in (0, 1)
            for _ in range(3)
        ]
        runs = find_runs(sightings, times_s, 10)
        assert 1 <= len(runs) <= 2
        assert all(run.moments for run in runs)
