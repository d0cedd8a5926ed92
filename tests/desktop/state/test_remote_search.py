"""When the service is asked beside the search here, and how both answers make one list."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desktop.lookup.policy import AskWhen, Reason
from desktop.lookup.service_errors import RemoteError, Trouble
from desktop.state.query import Found, Stage
from desktop.state.remote import RemoteStage, is_hidden
from desktop.state.running import Lane
from index_tools.errors import FilmError
from index_tools.nouns import Sharpness
from tests.desktop.state.far_desk import Desk
from tests.desktop.state.far_hands import make_answer, make_far
from tests.desktop.state.hands import make_found, make_match

NEAR, GUESS = make_found(make_match(20.0)), make_found(make_match(20.0, 0.7, is_match=False))


def exact(found: Found) -> Found:
    return replace(found, answer=replace(found.answer, refined=True, sharpness=Sharpness.EXACT))


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
    desk.finder.sharpened = exact(found)
    desk.search()
    while Lane.ENGINE in desk.lanes():
        assert desk.remote.asked == []
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


def test_a_wish_that_comes_during_the_search_here_is_heeded_at_its_end(desk: Desk) -> None:
    desk.wish = AskWhen.NEVER
    desk.search()
    desk.wish = AskWhen.UNSURE
    desk.session.decide_again()
    desk.finish()
    assert desk.remote.asked == ["vectors"]


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


@pytest.mark.parametrize("by_hand", [False, True], ids=["by itself", "asked for"])
def test_never_takes_back_what_waits_by_itself(by_hand: bool, desk: Desk) -> None:
    desk.wish = AskWhen.NEVER if by_hand else AskWhen.ALWAYS
    desk.search()
    if by_hand:
        desk.session.ask_remote()
    assert desk.far is RemoteStage.RUNNING
    desk.wish = AskWhen.NEVER
    desk.session.decide_again()
    desk.finish()
    assert desk.remote.asked == (["vectors"] if by_hand else [])
    assert desk.far is (RemoteStage.ANSWERED if by_hand else RemoteStage.NOT_ASKED)


def test_the_picture_itself_goes_only_when_told_to(desk: Desk) -> None:
    desk.remote.answer = make_answer()
    desk.search()
    desk.finish()
    assert desk.remote.asked == ["vectors"]
    desk.session.send_picture()
    assert desk.state.remote.by_picture
    desk.finish()
    assert desk.remote.asked == ["vectors", "picture"]


@pytest.mark.parametrize("trouble", [*Trouble, None])
def test_an_answer_stays_while_the_picture_is_sent_and_when_that_fails(
    trouble: Trouble | None, desk: Desk
) -> None:
    desk.search()
    desk.finish()
    known, hits = desk.state.remote.answer, len(desk.state.hits)
    desk.remote.error = RemoteError("The service is away.", trouble) if trouble is not None else None
    desk.session.send_picture()
    assert desk.state.remote.is_busy
    assert (desk.state.remote.answer, len(desk.state.hits)) == (known, hits)
    if trouble is None:
        desk.session.cancel()
    desk.finish()
    assert desk.far is not RemoteStage.ANSWERED
    assert (desk.state.remote.answer, len(desk.state.hits)) == (known, hits)
    assert not desk.state.remote.by_picture
    desk.search()
    assert desk.state.remote.answer is None


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
    desk.finder.first, desk.finder.sharpened = NEAR, exact(GUESS)
    desk.search()
    desk.finish()
    assert desk.remote.asked == []
    desk.session.sharpen()
    desk.finish()
    assert desk.remote.asked == ["vectors"]
    assert desk.state.hit is not None
    assert desk.state.hit.remote is not None


def test_the_service_waits_until_a_guess_was_looked_at_closely(desk: Desk) -> None:
    desk.finder.first, desk.finder.sharpened = GUESS, make_found(make_match(20.2), refined=True)
    desk.search()
    desk.runner.step()
    assert (desk.state.stage, desk.lanes()) == (Stage.LOOKING, [Lane.ENGINE])
    desk.finish()
    assert desk.state.stage is Stage.ANSWERED
    assert desk.remote.asked == []
    assert desk.state.remote.reason is Reason.NO_NEED


def test_the_service_is_asked_where_looking_closely_fails(desk: Desk) -> None:
    desk.finder.first = GUESS
    desk.search()
    desk.runner.step()
    desk.finder.error = FilmError("film-0.mkv is gone.")
    desk.finish()
    assert desk.remote.asked == ["vectors"]


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


@pytest.mark.parametrize("seen", [GUESS, exact(GUESS)], ids=["looking closely", "asking the service"])
def test_cancelling_leaves_what_was_found_here_and_asks_nobody(seen: Found, desk: Desk) -> None:
    desk.finder.first = seen
    desk.search()
    desk.runner.step()
    assert desk.state.is_busy
    desk.session.cancel()
    assert desk.runner.queue == []
    assert desk.state.stage is Stage.NO_MATCH
    assert len(desk.state.hits) == 1
    assert (desk.far, desk.state.remote.reason) == (RemoteStage.NOT_ASKED, Reason.NOT_WANTED)
    assert not desk.state.is_busy


@pytest.mark.parametrize("is_near", [False, True])
def test_in_a_library_that_grew_only_the_search_here_is_done_again(is_near: bool, desk: Desk) -> None:
    desk.search()
    desk.finish()
    remote = desk.state.remote
    desk.finder.first = NEAR if is_near else make_found()
    desk.session.search_in_more()
    assert desk.lanes() == [Lane.ENGINE]
    assert (desk.state.stage, len(desk.state.hits)) == (Stage.SEARCHING, 1)
    desk.finish()
    assert desk.remote.asked == ["vectors"]
    assert desk.state.remote is remote
    assert [hit.here is not None for hit in desk.state.hits] == ([True, False] if is_near else [False])


def test_what_was_given_up_is_not_asked_in_a_library_that_grew(desk: Desk) -> None:
    desk.finder.first = exact(GUESS)
    desk.search()
    desk.runner.step()
    desk.session.cancel()
    desk.session.search_in_more()
    desk.finish()
    assert desk.remote.asked == []
    assert desk.state.remote.reason is Reason.NOT_WANTED


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


def test_ones_own_film_is_never_hidden(desk: Desk) -> None:
    mine = make_match(30.0)
    video = replace(mine.video, episode="3", ids={"anilist": "5"})
    mine = replace(mine, video=video, pack_id="own", film=None)  # its disk may be away
    desk.wish = AskWhen.ALWAYS
    desk.remote.answer = make_answer(make_far(30.0, adult=True), make_far(90.0, adult=True))
    desk.finder.first = replace(make_found(mine), own_pack_id="own")
    desk.search()
    desk.finish()
    (hit,) = desk.state.hits
    assert hit.here is mine
    assert hit.remote is not None
    assert desk.state.hidden == 1
    assert desk.state.hit is hit
    of_others = replace(hit, here=replace(mine, pack_id="shared"))
    assert is_hidden(of_others, "own")
    assert not is_hidden(replace(of_others, here=make_match(30.0)), "own")  # lies on this machine
