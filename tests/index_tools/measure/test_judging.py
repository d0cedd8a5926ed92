from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index_tools.film import read_frame
from index_tools.measure.judging import is_right, judge
from index_tools.measure.queries import Drawn, as_png, draw
from index_tools.measure.survey import Survey, near_uniform, survey
from index_tools.nouns import Answer, Match, Video
from index_tools.picture import read_picture


@pytest.fixture(scope="module")
def clip_survey(clip: Path) -> Survey:
    return survey(clip)


def drawn_at(film: Survey, at_s: float) -> Drawn:
    time_s = float(film.times_s[np.argmin(np.abs(film.times_s - at_s))])
    return Drawn(0, film, time_s, read_frame(film.path, time_s).rgb)


def match(name: str, start_s: float, at_s: float, end_s: float, *, is_match: bool = True) -> Match:
    video = Video(name, 1, "", 75.0, 1800, 24.0, 854, 480, "Film")
    return Match(video, start_s, at_s, end_s, 0.9, 0.9, is_match, "as_is", "", "", 0, 0)


def test_a_survey_finds_times_and_cuts(clip_survey: Survey) -> None:
    assert len(clip_survey.times_s) == 192
    assert clip_survey.length_s == pytest.approx(8.0, abs=0.01)
    assert 2 <= clip_survey.shots[-1] + 1 <= 4
    assert clip_survey.shot_at(0.0) == 0
    assert clip_survey.shot_at(7.9) == clip_survey.shots[-1]


def test_right_is_near_or_in_the_shot_or_the_same_picture(clip_survey: Survey) -> None:
    drawn = drawn_at(clip_survey, 1.0)
    name, at_s = clip_survey.path.name, drawn.at_s
    assert is_right(drawn, match(name, at_s, at_s, at_s))
    assert is_right(drawn, match(name, 0, at_s - 4.9, 1))
    assert not is_right(drawn, match(name, at_s + 6.5, at_s + 6.6, at_s + 6.7))
    assert not is_right(drawn, match("another.mp4", at_s, at_s, at_s))
    # far in time, the frame inside the bounds, but in another shot
    assert clip_survey.shot_at(at_s + 6.5) != clip_survey.shot_at(at_s)
    assert not is_right(drawn, match(name, 0, at_s + 6.5, 75))


def test_an_outcome_counts_errors_only_where_right(clip_survey: Survey) -> None:
    drawn = drawn_at(clip_survey, 1.0)
    name = clip_survey.path.name
    right = match(name, 0, drawn.at_s + 2 / 24, 5)
    wrong = match("another.mp4", 1, 2, 3, is_match=False)
    first = judge(drawn, Answer((right, wrong), 1, 1.0, ()), 5.0)
    assert (first.right_first, first.right_among_ten, first.claimed) == (True, True, True)
    assert first.error_frames == pytest.approx(2, abs=0.01)
    second = judge(drawn, Answer((wrong, right), 1, 1.0, ()), 5.0)
    assert (second.right_first, second.right_among_ten, second.claimed) == (False, True, False)
    assert second.error_s is None
    none = judge(drawn, Answer((), 1, 1.0, ()), 5.0)
    assert (none.right_first, none.right_among_ten, none.claimed, none.answered) == (False,) * 4


def test_queries_are_drawn_the_same_again_and_show_something(clip_survey: Survey) -> None:
    one, again, other = ([(d.number, d.at_s) for d in draw([clip_survey], 4, seed, 7)] for seed in (1, 1, 2))
    assert one == again
    assert [at_s for _, at_s in one] != [at_s for _, at_s in other]
    assert [number for number, _ in one] == [7, 8, 9, 10]
    for drawn in draw([clip_survey], 3, 1):
        assert drawn.at_s in clip_survey.times_s
        assert not near_uniform(drawn.rgb)
        assert np.array_equal(drawn.degraded("noise", 1), drawn.degraded("noise", 1))
        assert not np.array_equal(drawn.degraded("noise", 1), drawn.degraded("noise", 2))
        assert np.array_equal(read_picture(as_png(drawn.rgb)).rgb, drawn.rgb)


def test_near_uniform_pictures_are_told() -> None:
    assert near_uniform(np.full((90, 160, 3), 200, np.uint8))
    mostly = np.full((90, 160, 3), 20, np.uint8)
    mostly[:5] = 255
    assert near_uniform(mostly)
    assert not near_uniform(np.random.default_rng(0).integers(0, 256, (36, 64, 3), dtype=np.uint8))
