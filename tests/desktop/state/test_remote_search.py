"""When the service is asked beside the search here, and how both answers make one list."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from desktop.lookup.policy import AskWhen, Reason
from desktop.lookup.quota import Cost
from desktop.lookup.service_errors import RemoteError, Trouble
from desktop.state.query import Found, Query, SearchState, Stage
from desktop.state.remote import RemoteStage
from desktop.state.remote_search import RemoteSearch
from desktop.state.running import Lane
from desktop.state.search_session import SearchSession
from desktop.state.series import Series
from index_tools.picture import Picture
from tests.desktop.state.far_hands import HandRemote, make_answer, make_far
from tests.desktop.state.hands import HandFinder, HandRunner, make_found, make_match

NEAR, GUESS = make_found(make_match(20.0)), make_found(make_match(20.0, 0.7, is_match=False))


class Desk:
    """A session with everything in the test's hands."""

    def __init__(self) -> None:
        self.runner, self.finder, self.remote = HandRunner(), HandFinder(), HandRemote()
        self.wish = AskWhen.UNSURE
        search = RemoteSearch(self.runner, self.remote, lambda: self.wish)
        self.session = SearchSession(self.runner, self.finder, search)
        self.finder.first = self.finder.sharpened = make_found()
        self.remote.answer = make_answer(make_far(30.0))

    @property
    def state(self) -> SearchState:
        return self.session.state

    @property
    def far(self) -> RemoteStage:
        return self.state.remote.stage

    def search(self) -> None:
        picture = Picture.of(np.zeros((36, 64, 3), np.uint8), "query")
        self.session.search(Query(picture, "query"))

    def lanes(self) -> list[Lane]:
        return [queued.lane for queued in self.runner.queue]

    def finish(self) -> None:
        while self.runner.queue:
            self.runner.step()


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_confident_answer_here_needs_no_service(desk: Desk) -> None:
    desk.finder.first = NEAR
    desk.search()
    assert desk.lanes() == [Lane.ENGINE]
    desk.finish()
    assert desk.remote.asked == []
    assert (desk.far, desk.state.remote.reason) == (RemoteStage.NOT_ASKED, Reason.NO_NEED)
    assert desk.state.stage is Stage.ANSWERED


@pytest.mark.parametrize("found", [make_found(), GUESS], ids=["nothing", "a guess"])
def test_without_one_the_service_is_asked(found: Found, desk: Desk) -> None:
    desk.finder.first = found
    desk.search()
    desk.runner.step()
    assert desk.lanes() == [Lane.REMOTE]
    assert desk.far is RemoteStage.RUNNING
    assert desk.state.is_busy
    desk.finish()
    assert desk.state.stage is Stage.ANSWERED
    assert desk.state.hit is not None
    assert desk.state.hit.remote is not None
    assert desk.state.hit.remote.at_s == 30.0
    assert desk.state.match is None
    assert not desk.state.is_busy


def test_always_means_beside_the_search_here(desk: Desk) -> None:
    desk.wish, desk.finder.first = AskWhen.ALWAYS, NEAR
    desk.search()
    assert sorted(lane.value for lane in desk.lanes()) == ["engine", "remote"]
    desk.runner.queue.reverse()  # the service is quicker
    desk.runner.step()
    assert desk.state.stage is Stage.SEARCHING
    assert desk.state.hit is not None
    desk.runner.step()
    assert [hit.here is not None for hit in desk.state.hits] == [True, False]
    assert desk.state.match is not None  # what was found here stands first
    assert desk.state.claimed == 2


def test_both_searches_begin_before_that_is_shown_once(desk: Desk) -> None:
    desk.wish = AskWhen.ALWAYS
    shown: list[tuple[Stage, RemoteStage, list[Lane]]] = []
    desk.session.observe(lambda state: shown.append((state.stage, state.remote.stage, desk.lanes())))
    desk.search()
    assert shown[1:] == [(Stage.SEARCHING, RemoteStage.RUNNING, [Lane.ENGINE, Lane.REMOTE])]


def test_never_means_never_and_the_button_still_asks(desk: Desk) -> None:
    desk.wish = AskWhen.NEVER
    desk.search()
    desk.finish()
    assert desk.remote.asked == []
    assert desk.state.stage is Stage.NO_MATCH
    desk.session.ask_remote()
    desk.finish()
    assert desk.remote.asked == ["vectors"]
    assert desk.state.hit is not None


def test_the_first_use_asks_and_nothing_is_sent_before(desk: Desk) -> None:
    desk.wish = AskWhen.NOT_CHOSEN
    desk.search()
    desk.finish()
    assert desk.far is RemoteStage.QUESTION
    assert desk.remote.asked == []
    desk.wish = AskWhen.NEVER
    desk.session.decide_again()
    assert (desk.far, desk.state.remote.reason) == (RemoteStage.NOT_ASKED, Reason.NOT_WANTED)
    desk.wish = AskWhen.UNSURE
    desk.session.decide_again()
    desk.finish()
    assert desk.remote.asked == ["vectors"]


def test_the_picture_itself_goes_only_when_told_to(desk: Desk) -> None:
    desk.remote.answer = make_answer()
    desk.search()
    desk.finish()
    assert desk.remote.asked == ["vectors"]
    desk.session.send_picture()
    assert desk.state.remote.by_picture
    desk.finish()
    assert desk.remote.asked == ["vectors", "picture"]


def test_a_sharpened_answer_and_a_late_one_do_not_fight(desk: Desk) -> None:
    desk.wish, desk.finder.first = AskWhen.ALWAYS, NEAR
    sharpened = make_found(make_match(20.2), refined=True)
    desk.finder.sharpened = sharpened
    desk.search()
    desk.runner.step()  # found here, while the service is still asked
    desk.session.select(0)
    desk.session.sharpen()
    desk.runner.queue.reverse()
    desk.runner.step()  # sharpened first
    desk.finish()  # then the service
    assert desk.state.found is sharpened
    assert desk.state.match is not None
    assert desk.state.match.at_s == 20.2
    assert len(desk.state.hits) == 2


def test_a_hit_chosen_by_hand_stays_chosen_wherever_it_goes(desk: Desk) -> None:
    desk.wish = AskWhen.ALWAYS
    desk.search()
    desk.runner.queue.reverse()
    desk.remote.answer = make_answer(make_far(30.0), make_far(60.0, 0.95))
    desk.runner.step()
    desk.session.select(1)
    desk.finder.first = NEAR
    desk.finish()
    assert [hit.here is None for hit in desk.state.hits] == [False, True, True]
    assert desk.state.hit is not None
    assert desk.state.hit.remote is not None
    assert desk.state.hit.remote.at_s == 60.0


def test_a_claim_that_falls_when_sharpened_brings_the_service_in(desk: Desk) -> None:
    desk.finder.first, desk.finder.sharpened = NEAR, replace_guess()
    desk.search()
    desk.finish()
    assert desk.remote.asked == []
    desk.session.sharpen()
    desk.finish()
    assert desk.remote.asked == ["vectors"]
    assert desk.state.hit is not None
    assert desk.state.hit.remote is not None


def replace_guess() -> Found:
    return replace(GUESS, answer=replace(GUESS.answer, refined=True))


def test_a_newer_picture_replaces_an_older_question(desk: Desk) -> None:
    desk.search()
    desk.runner.step()
    desk.search()
    assert desk.lanes() == [Lane.ENGINE]
    assert desk.far is RemoteStage.IDLE
    desk.finder.first = NEAR
    desk.finish()
    assert desk.remote.asked == []
    desk.session.clear()
    assert desk.state.stage is Stage.EMPTY
    assert desk.far is RemoteStage.IDLE


def test_cancelling_leaves_what_was_found_here(desk: Desk) -> None:
    desk.finder.first = GUESS
    desk.search()
    desk.runner.step()
    desk.session.cancel()
    assert desk.runner.queue == []
    assert desk.state.stage is Stage.NO_MATCH
    assert len(desk.state.hits) == 1
    assert desk.far is RemoteStage.NOT_ASKED
    assert not desk.state.is_busy


@pytest.mark.parametrize("trouble", list(Trouble))
def test_trouble_with_the_service_leaves_the_answer_from_here(trouble: Trouble, desk: Desk) -> None:
    desk.finder.first = GUESS
    desk.remote.error = RemoteError("The service is away. Try later.", trouble)
    desk.search()
    desk.finish()
    assert desk.state.stage is Stage.NO_MATCH
    assert desk.state.remote.failure == "The service is away. Try later."
    ended = trouble is Trouble.QUOTA_ENDED
    assert desk.far is (RemoteStage.NOT_ASKED if ended else RemoteStage.FAILED)
    desk.remote.error = None
    desk.session.ask_remote()
    desk.finish()
    assert desk.state.hit is not None
    assert desk.state.hit.is_match


def test_an_engine_that_fails_leaves_the_service(desk: Desk) -> None:
    desk.finder.error = RemoteError("The pack is gone.", Trouble.FAILED)
    desk.search()
    desk.finish()
    assert desk.state.stage is Stage.ANSWERED
    assert desk.state.hit is not None


def test_adult_works_are_counted_and_not_listed(desk: Desk) -> None:
    desk.remote.answer = make_answer(make_far(10.0, adult=True), make_far(30.0, 0.95), make_far(50.0, 0.3))
    desk.search()
    desk.finish()
    assert desk.state.hidden == 1
    assert [hit.remote.at_s for hit in desk.state.hits if hit.remote] == [30.0]  # nor what is far off
    desk.session.show_adult(True)
    assert desk.state.hidden == 0
    assert [hit.remote.at_s for hit in desk.state.hits if hit.remote] == [10.0, 30.0]
    assert desk.state.hit is not None
    desk.session.show_adult(False)
    assert desk.state.hit is not None
    assert desk.state.hit.remote is not None
    assert desk.state.hit.remote.at_s == 30.0


def test_a_series_alone_is_searched_here_and_there_until_it_is_left(desk: Desk) -> None:
    kept: list[Series | None] = []
    desk.session.observe(lambda state: kept.append(state.query.within if state.query else None))
    desk.search()
    desk.finish()
    series = Series(5, ("Work 5",))
    desk.session.search_within(series)
    desk.finish()
    desk.session.search_region((0, 0, 32, 18))
    desk.finish()
    desk.session.send_picture()
    desk.finish()
    assert desk.state.is_within
    desk.session.search_within(None)
    desk.finish()
    assert desk.remote.within == [None, 5, 5, 5, None]
    assert kept[-1] is None
    assert desk.state.query is not None
    assert desk.state.query.region is not None
    desk.search()  # another picture is searched everywhere
    assert not desk.state.is_within


@pytest.mark.parametrize("wish", [AskWhen.NOT_CHOSEN, AskWhen.UNSURE, AskWhen.ALWAYS])
def test_of_a_series_without_a_number_the_service_is_not_asked(wish: AskWhen, desk: Desk) -> None:
    desk.wish = AskWhen.NEVER
    desk.search()
    desk.finish()
    desk.wish = wish
    desk.session.search_within(Series(0, ("Home video",)))
    desk.finish()
    desk.session.ask_remote()
    desk.session.send_picture()
    desk.finish()
    assert desk.remote.asked == []
    assert (desk.far, desk.state.remote.reason) == (RemoteStage.NOT_ASKED, Reason.NO_NUMBER)


@pytest.mark.parametrize("wish", [AskWhen.NOT_CHOSEN, AskWhen.NEVER])
def test_the_cost_is_told_before_and_the_very_plan_is_searched(wish: AskWhen, desk: Desk) -> None:
    desk.wish = wish
    desk.search()
    desk.finish()
    costs: list[Cost | None] = []
    desk.session.observe(lambda state: costs.append(state.remote.cost))
    desk.session.foresee()
    desk.finish()
    assert desk.remote.asked == []
    assert costs == [None, Cost(1, 812)]
    desk.session.foresee()  # once is enough
    assert desk.runner.queue == []
    desk.remote.left = 811
    desk.wish = AskWhen.UNSURE
    desk.session.ask_remote()
    desk.finish()
    assert [plan.announced for plan in desk.remote.plans] == [Cost(1, 812)]
    assert costs[-1] is None


def test_nothing_is_foreseen_where_nothing_can_be_asked(desk: Desk) -> None:
    desk.session.foresee()
    desk.search()
    desk.session.foresee()
    assert desk.lanes() == [Lane.ENGINE]
    desk.finish()
    assert desk.far is RemoteStage.ANSWERED
    desk.session.foresee()
    assert desk.lanes() == []
    desk.wish = AskWhen.NEVER
    desk.session.search_within(Series(0, ("Home video",)))
    desk.finish()
    desk.session.foresee()
    assert desk.lanes() == []


def test_a_newer_picture_forgets_what_an_older_one_would_cost(desk: Desk) -> None:
    desk.wish = AskWhen.NEVER
    desk.search()
    desk.finish()
    desk.session.foresee()
    desk.search()
    assert desk.lanes() == [Lane.ENGINE]
    desk.finish()
    assert desk.state.remote.cost is None
