from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from desktop.intake.reading import whole
from desktop.state.query import Query, SearchState, Stage
from desktop.state.running import Lane
from desktop.state.search_session import SearchSession
from index_tools.errors import FilmError, PictureError
from index_tools.moments import Moment, Moments
from index_tools.nouns import Sharpness
from index_tools.picture import Picture
from index_tools.progress import Progress, Report
from tests.desktop.state.hands import HandFinder, HandRunner, make_found, make_match


def picture() -> Picture:
    return Picture.of(np.zeros((9, 16, 3), np.uint8))


@dataclass(frozen=True, eq=False)
class CountingClip:
    """A clip whose picture is as wide as its position."""

    origin: str = "clip.gif"
    length: float = 20.0
    step: float = 1.0
    counts_seconds: bool = False
    is_short: bool = True

    def moments_at(self, position: float, progress: Progress) -> tuple[Moments, float]:
        pictures = [Picture.of(np.full((8, 8, 3), 20 * number, np.uint8)) for number in range(5)]
        all_ = tuple(Moment(number / 10, picture, number) for number, picture in enumerate(pictures))
        return Moments(all_, 0.5), 2.0

    def picture_at(self, position: float) -> Picture:
        if position > self.length:
            raise FilmError("clip.gif has no such frame.")
        return Picture.of(np.zeros((4, int(position) + 1, 3), np.uint8))


class Session:
    """A session with its hands and what it told."""

    def __init__(self) -> None:
        self.runner = HandRunner()
        self.finder = HandFinder()
        self.session = SearchSession(self.runner, self.finder)
        self.stages: list[Stage] = []
        self.session.observe(lambda state: self.stages.append(state.stage))

    @property
    def state(self) -> SearchState:
        return self.session.state

    def stands_at(self, stage: Stage) -> bool:
        return self.session.state.stage is stage

    def answer(self) -> None:
        """Give a picture and run until the first answer."""
        self.session.search(Query(picture(), "a.png"))
        assert self.runner.step() is Lane.ENGINE


@pytest.fixture
def hands() -> Session:
    return Session()


def test_from_reading_to_sharpened_answer(hands: Session) -> None:
    hands.finder.first = make_found(make_match(10), make_match(50, 0.7, is_match=False))
    hands.finder.sharpened = make_found(make_match(10.04), refined=True)
    hands.session.open("a.png", lambda _progress: Query(picture(), "a.png"))
    assert hands.state.origin == "a.png"
    assert hands.runner.step() is Lane.READING
    assert hands.state.query is not None
    assert hands.runner.step() is Lane.ENGINE
    assert hands.state.selected == 0
    assert hands.state.claimed == 1
    assert hands.runner.queue == []
    hands.session.sharpen()
    hands.session.sharpen()
    assert len(hands.runner.queue) == 1
    hands.runner.step()
    assert hands.state.match is not None
    assert hands.state.match.at_s == 10.04
    hands.session.sharpen()
    assert hands.runner.queue == []
    expected = [Stage.EMPTY, Stage.READING, Stage.SEARCHING, Stage.ANSWERED, Stage.ANSWERED]
    assert hands.stages == expected


def test_sharpening_goes_on_until_nothing_is_left(hands: Session) -> None:
    hands.finder.first = make_found(make_match(10))
    hands.finder.sharpened = make_found(make_match(10.04), refined=True, sharpness=Sharpness.NEARLY)
    hands.answer()
    hands.session.sharpen()
    hands.runner.step()
    hands.finder.sharpened = make_found(make_match(10.12), refined=True)
    hands.session.sharpen()
    hands.runner.step()
    assert hands.state.match is not None
    assert hands.state.match.at_s == 10.12
    hands.session.sharpen()
    assert hands.runner.queue == []


def test_what_no_film_can_sharpen_is_not_tried_again(hands: Session) -> None:
    hands.finder.first = make_found(make_match(10))
    hands.finder.sharpened = make_found(make_match(10.0), sharpness=Sharpness.EXACT)
    hands.answer()
    hands.session.sharpen()
    hands.runner.step()
    hands.session.sharpen()
    assert hands.runner.queue == []


def test_the_work_begins_before_that_is_shown(hands: Session) -> None:
    """Showing takes milliseconds in the window's thread, which a worker need not wait for."""
    queued: list[tuple[Stage, int]] = []
    hands.session.observe(lambda state: queued.append((state.stage, len(hands.runner.queue))))
    hands.session.open("a.png", lambda _progress: Query(picture(), "a.png"))
    hands.runner.step()
    assert queued[1:] == [(Stage.READING, 1), (Stage.SEARCHING, 1)]


def test_newer_query_replaces_older_at_every_stage(hands: Session) -> None:
    hands.session.open("old", lambda _progress: Query(picture(), "old"))
    hands.session.open("new", lambda _progress: Query(picture(), "new"))
    assert len(hands.runner.queue) == 1
    hands.runner.step()
    assert hands.state.query is not None
    assert hands.state.query.origin == "new"
    hands.session.open("newest", lambda _progress: Query(picture(), "newest"))
    assert len(hands.runner.queue) == 1
    hands.runner.step()
    hands.runner.step()
    assert hands.state.query.origin == "newest"


def test_no_match_selects_nothing_and_sharpening_may_find_one(hands: Session) -> None:
    hands.finder.first = make_found(make_match(10, 0.8, is_match=False))
    hands.finder.sharpened = make_found(make_match(10, 0.97), refined=True)
    hands.answer()
    assert hands.stands_at(Stage.LOOKING)
    assert hands.state.match is None
    hands.session.sharpen()  # it is done already, by itself
    assert len(hands.runner.queue) == 1
    hands.runner.step()
    assert hands.stands_at(Stage.ANSWERED)
    assert hands.state.selected == 0


def test_best_claim_is_shown_where_sharpening_puts_a_guess_before_it(hands: Session) -> None:
    hands.finder.first = make_found(make_match(10, 1.0), make_match(30, 0.62, is_match=False, video=1))
    hands.finder.sharpened = make_found(
        make_match(30, 0.62, is_match=False, video=1), make_match(10, 1.0), refined=True
    )
    hands.answer()
    hands.session.sharpen()
    hands.runner.step()
    assert hands.state.match is not None
    assert hands.state.match.is_match


def test_what_was_chosen_by_hand_stays_chosen(hands: Session) -> None:
    hands.finder.first = make_found(make_match(10), make_match(30, video=1), make_match(70, video=1))
    hands.finder.sharpened = make_found(make_match(70.1, video=1), make_match(30.1, video=1), make_match(10))
    hands.answer()
    hands.session.select(2)
    hands.session.sharpen()
    hands.runner.step()
    assert hands.state.match is not None
    assert hands.state.match.at_s == 70.1


def test_choice_that_vanished_gives_way_to_the_best(hands: Session) -> None:
    hands.finder.first = make_found(make_match(10), make_match(30, video=1))
    hands.finder.sharpened = make_found(make_match(10))
    hands.answer()
    hands.session.select(1)
    hands.session.sharpen()
    hands.runner.step()
    assert (hands.state.selected, hands.state.chosen_by_hand) == (0, False)


def test_select_outside_the_list_changes_nothing(hands: Session) -> None:
    hands.finder.first = make_found(make_match(10))
    hands.answer()
    told = len(hands.stages)
    for index in (-1, 0, 1, 99):
        hands.session.select(index)
    assert hands.state.selected == 0
    assert len(hands.stages) == told


def test_unreadable_picture_fails_with_its_sentence(hands: Session) -> None:
    def read(_progress: Progress) -> Query:
        raise PictureError("a.png is no picture.")

    hands.session.open("a.png", read)
    hands.runner.step()
    assert hands.stands_at(Stage.FAILED)
    assert hands.state.failure == "a.png is no picture."
    assert hands.state.origin == "a.png"


def test_failed_sharpening_keeps_the_answer(hands: Session) -> None:
    hands.finder.first = make_found(make_match(10))
    hands.answer()
    hands.finder.error = FilmError("film-0.mkv is gone.")
    hands.session.sharpen()
    hands.runner.step()
    assert hands.stands_at(Stage.ANSWERED)
    assert hands.state.match is not None


def test_failed_search_keeps_the_picture(hands: Session) -> None:
    hands.finder.error = FilmError("The pack is damaged.")
    hands.answer()
    assert hands.stands_at(Stage.FAILED)
    assert hands.state.query is not None
    hands.finder.error = None
    hands.finder.first = make_found(make_match(10))
    hands.session.search_again()
    hands.runner.step()
    assert hands.stands_at(Stage.ANSWERED)


def test_another_frame_of_the_clip(hands: Session) -> None:
    clip = CountingClip()
    hands.finder.first = make_found(make_match(10))
    hands.session.search(Query(clip.picture_at(3), clip.origin, clip, 3.0))
    hands.runner.step()
    hands.session.search_position(7.0)
    assert hands.stands_at(Stage.READING)
    assert hands.state.query is not None  # the picture stays on screen meanwhile
    assert hands.runner.step() is Lane.READING
    hands.runner.step()
    assert hands.state.query.position == 7.0
    assert hands.state.query.picture.width == 8
    hands.session.search_position(99.0)
    hands.runner.step()
    assert hands.stands_at(Stage.FAILED)
    assert "no such frame" in hands.state.failure


def test_position_without_a_clip_does_nothing(hands: Session) -> None:
    hands.session.search_position(1.0)
    hands.session.search_again()
    hands.session.sharpen()
    assert hands.runner.queue == []


def test_cancel_and_clear(hands: Session) -> None:
    hands.session.open("a.png", lambda _progress: Query(picture(), "a.png"))
    hands.session.cancel()
    assert hands.stands_at(Stage.EMPTY)
    assert hands.runner.queue == []
    hands.finder.first = make_found(make_match(10))
    hands.answer()
    hands.session.cancel()
    assert hands.stands_at(Stage.ANSWERED)
    hands.session.clear()
    assert hands.stands_at(Stage.EMPTY)
    assert hands.state.matches == ()


def test_fail_shows_a_sentence(hands: Session) -> None:
    hands.session.fail("x", "It did not work.")
    assert (hands.state.stage, hands.state.failure) == (Stage.FAILED, "It did not work.")


def test_a_clip_is_searched_whole_and_then_by_one_frame(hands: Session) -> None:
    hands.finder.first = make_found(make_match(10))
    clip = CountingClip()
    hands.session.open("clip.gif", lambda progress: whole(Query(picture(), "clip.gif", clip), 0.0, progress))
    hands.runner.step()
    query = hands.state.query
    assert query is not None
    assert query.moments is not None
    assert query.position == 2.0
    assert query.picture is query.moments.middle.picture
    hands.runner.step()
    hands.session.search_position(7.0)
    hands.runner.step()
    assert hands.state.query is not None
    assert hands.state.query.moments is None
    assert hands.state.query.position == 7.0
    hands.session.search_clip(7.0, whole)
    assert hands.stands_at(Stage.READING)
    hands.runner.step()
    assert hands.state.query.moments is not None


def test_a_marked_part_is_that_of_every_moment() -> None:
    moments, _ = CountingClip().moments_at(0.0, Progress())
    query = Query(moments.middle.picture, "clip.gif", CountingClip(), moments=moments, region=(2, 1, 7, 5))
    searched = query.searched_moments
    assert searched is not None
    assert {moment.picture.rgb.shape for moment in searched.all} == {(4, 5, 3)}
    assert [moment.at_s for moment in searched.all] == [moment.at_s for moment in moments.all]
    assert query.searched.rgb.shape == (4, 5, 3)


def test_how_far_the_work_is_is_told_and_ends_with_it(hands: Session) -> None:
    told: list[float | None] = []
    hands.finder.first = make_found(make_match(10))
    hands.session.watch(told.append)
    hands.session.search(Query(picture(), "a.png"))
    report = hands.runner.queue[0].reported
    assert report is not None
    report(Report(3, 12))
    report(Report(3, 0))
    report("something else")
    assert told[-1] == 0.25
    hands.runner.step()
    assert told[-1] is None
