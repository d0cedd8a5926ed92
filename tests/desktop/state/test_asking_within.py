"""What the service is kept to, and what asking it costs, told before."""

from __future__ import annotations

import pytest

from desktop.lookup.policy import AskWhen, Reason
from desktop.lookup.quota import Cost
from desktop.state.remote import RemoteStage
from desktop.state.running import Lane
from desktop.state.series import Series
from tests.desktop.state.far_desk import Desk


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
