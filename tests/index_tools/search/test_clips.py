"""Clips of the demo's film, found again: where they lie, at any pace, cut together, still, disturbed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index_tools.errors import Cancelled
from index_tools.film.excerpt import read_excerpt
from index_tools.measure.degradations import DEGRADATIONS
from index_tools.moments import Moments, moments_of
from index_tools.nouns import Answer, Match
from index_tools.pack import ScenePack
from index_tools.picture import Picture
from index_tools.progress import Progress
from index_tools.search import Engine, SearchOptions
from index_tools.search.clips import find_clip, in_turn

Frames = Iterable[tuple[float, float, Picture]]
#: Seconds between the frames of a clip.
STEP_S = 1 / 8


@pytest.fixture
def film(demo: ScenePack) -> Path:
    path = demo.film_path(0)
    assert path is not None
    return path


def stretch(film: Path, start_s: float, end_s: float, side: int = 480) -> list[Picture]:
    """Frames of a film, `STEP_S` apart."""
    taken: list[Picture] = []
    for at_s, _, picture in read_excerpt(film, start_s, end_s, side):
        if at_s >= STEP_S * len(taken) - 1e-6:
            taken.append(picture)
    return taken


def clip(pictures: Iterable[Picture], step_s: float = STEP_S) -> Moments:
    """The pictures shown one after another."""

    def frames() -> Iterator[tuple[float, float, Picture]]:
        for number, picture in enumerate(pictures):
            yield number * step_s, step_s, picture

    return moments_of(frames(), 30.0, Progress())


def test_a_clip_is_found_from_its_first_to_its_last_frame(demo: ScenePack, film: Path) -> None:
    moments = clip(stretch(film, 30.0, 33.0))
    assert 8 <= len(moments.all) <= 12
    answer = Engine([demo]).find_clip(moments)
    best = answer.best
    assert best is not None
    assert answer.refined
    assert best.start_s == pytest.approx(30.0, abs=0.15)
    assert best.end_s == pytest.approx(33.0, abs=0.15)
    assert best.start_s <= best.at_s <= best.end_s
    assert best.confidence > 0.98
    assert [match.is_match for match in answer.matches].count(True) == 1


@pytest.mark.parametrize("pace", [0.5, 2.0])
def test_a_clip_is_found_slowed_down_and_sped_up(demo: ScenePack, film: Path, pace: float) -> None:
    moments = clip(stretch(film, 20.0, 24.0), STEP_S / pace)
    best = Engine([demo]).find_clip(moments).best
    assert best is not None
    assert moments.length_s == pytest.approx(4.0 / pace, abs=0.3)
    assert best.start_s == pytest.approx(20.0, abs=0.25)
    assert best.end_s == pytest.approx(24.0, abs=0.25)


def test_without_films_a_clip_is_found_by_the_packs_own_data(demo: ScenePack, film: Path) -> None:
    answer = Engine([demo]).find_clip(clip(stretch(film, 50.0, 53.0)), refine=False)
    assert not answer.refined
    assert answer.best is not None
    assert answer.best.start_s == pytest.approx(50.0, abs=0.5)
    assert answer.best.end_s == pytest.approx(53.0, abs=0.5)


def test_a_clip_cut_together_from_two_places_gives_both(demo: ScenePack, film: Path) -> None:
    moments = clip([*stretch(film, 8.0, 10.0), *stretch(film, 61.0, 63.0)])
    assert moments.cuts_s
    answer = Engine([demo]).find_clip(moments)
    claimed = sorted((match.start_s, match.end_s) for match in answer.matches if match.is_match)
    assert len(claimed) == 2
    assert claimed[0] == pytest.approx((8.0, 10.0), abs=0.3)
    assert claimed[1] == pytest.approx((61.0, 63.0), abs=0.3)


def test_a_clip_cut_down_to_less_than_a_third_is_found(demo: ScenePack, film: Path) -> None:
    pictures = [
        Picture.of(DEGRADATIONS["crop30"](picture.rgb, np.random.default_rng(7)))
        for picture in stretch(film, 40.0, 42.0, 854)
    ]
    best = Engine([demo]).find_clip(clip(pictures)).best
    assert best is not None
    assert best.start_s == pytest.approx(40.0, abs=0.5)


class GivenAnswers:
    """A seeker that is as sure of each picture, numbered by its brightness, as the test says."""

    def __init__(self, confidences: list[float], match: Match) -> None:
        self._confidences, self._match = confidences, match

    def search(
        self, picture: Picture, options: SearchOptions | None = None, progress: Progress | None = None
    ) -> Answer:
        number = int(picture.rgb[1, 0, 0]) // 10
        at_s = 20.0 + number * STEP_S
        match = replace(self._match, at_s=at_s, start_s=at_s - 1, end_s=at_s + 1, shot=number // 2)
        return Answer((replace(match, confidence=self._confidences[number]),), 9, 1.0, ("pack",))

    def rerank(
        self,
        picture: Picture,
        answer: Answer,
        progress: Progress | None = None,
        options: SearchOptions | None = None,
    ) -> Answer:
        return answer

    refine = rerank


def test_confidence_rises_with_agreeing_frames(demo: ScenePack, film: Path) -> None:
    known = Engine([demo]).search(stretch(film, 30.0, 30.1)[0]).matches[0]
    pattern = np.zeros((36, 64, 3), np.uint8)
    pattern[::4] = 60
    pictures = [Picture.of(pattern + np.uint8(10 * number)) for number in range(8)]

    def sureness(*confidences: float) -> float:
        asked = clip(pictures[: len(confidences)])
        assert len(asked.all) == len(confidences)
        seeker = GivenAnswers(list(confidences), known)
        return find_clip(seeker, asked, SearchOptions(), None, refine=True).matches[0].confidence

    rising = [sureness(*[0.4] * count) for count in (2, 4, 6, 8)]
    assert rising == sorted(rising)
    assert rising[0] > 0.4
    assert rising[-1] > rising[0] + 0.2
    assert sureness(0.02, 0.02, 0.02, 0.02) < 0.1


def test_a_clip_that_stands_still_is_a_picture(demo: ScenePack, film: Path) -> None:
    picture = stretch(film, 30.5, 30.6)[0]
    moments = clip([picture] * 10)
    assert moments.still
    engine = Engine([demo])
    assert engine.find_clip(moments).matches == engine.find(picture).matches


def test_a_search_of_a_clip_can_be_stopped_and_tells_how_far_it_is(demo: ScenePack, film: Path) -> None:
    told: list[float] = []
    progress = Progress(lambda report: told.append(report.done / report.total))
    moments = clip(stretch(film, 30.0, 32.0))
    engine = Engine([demo])
    engine.find_clip(moments, SearchOptions(), progress)
    assert told == sorted(told)
    assert 0.5 <= told[-1] < 1
    progress.cancel()
    with pytest.raises(Cancelled):
        engine.find_clip(moments, SearchOptions(), progress)


@pytest.mark.parametrize("count", [2, 3, 7, 12])
def test_moments_are_looked_at_far_apart_first(count: int) -> None:
    order = in_turn(count)
    assert sorted(order) == list(range(count))
    assert order[:2] == [0, count - 1]
    if count > 2:
        assert abs(order[2] - (count - 1) / 2) <= 0.5


def test_without_films_a_clip_is_not_said_to_have_been_looked_up(demo: ScenePack, film: Path) -> None:
    pictures = stretch(film, 50.0, 53.0)
    film.unlink()
    assert not Engine([demo]).find_clip(clip(pictures)).refined
