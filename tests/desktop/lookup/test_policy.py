from __future__ import annotations

import pytest

from desktop.lookup.policy import AskWhen, Decision, Reason, Situation, Step, decide
from desktop.lookup.quota import Quota
from desktop.start.settings import CHOICES

ENDED, SOME = Quota(100, 100, 0.0), Quota(100, 98, 0.0)
NO_NEED, NOT_WANTED, NO_QUOTA = (
    Decision(Step.NONE, reason) for reason in (Reason.NO_NEED, Reason.NOT_WANTED, Reason.QUOTA_ENDED)
)
ASK, SEARCH, WAIT = Decision(Step.ASK_USER), Decision(Step.SEARCH), Decision(Step.WAIT)


@pytest.mark.parametrize(
    ("wish", "while_searching", "found", "nothing_found"),
    [
        (AskWhen.NOT_CHOSEN, WAIT, NO_NEED, ASK),
        (AskWhen.UNSURE, WAIT, NO_NEED, SEARCH),
        (AskWhen.ALWAYS, SEARCH, SEARCH, SEARCH),
        (AskWhen.NEVER, NOT_WANTED, NOT_WANTED, NOT_WANTED),
    ],
)
def test_the_wish_of_the_user_decides(
    wish: AskWhen, while_searching: Decision, found: Decision, nothing_found: Decision
) -> None:
    assert decide(Situation(wish, None)) == while_searching
    assert decide(Situation(wish, True)) == found
    assert decide(Situation(wish, False)) == nothing_found


@pytest.mark.parametrize("here", [None, True, False])
def test_a_press_of_the_button_counts_before_all_but_the_first_question(here: bool | None) -> None:
    for wish in (AskWhen.UNSURE, AskWhen.ALWAYS, AskWhen.NEVER):
        assert decide(Situation(wish, here, asked_for=True)) == SEARCH
    assert decide(Situation(AskWhen.NOT_CHOSEN, here, asked_for=True)) == ASK


def test_without_quota_only_what_costs_nothing_is_asked() -> None:
    assert decide(Situation(AskWhen.ALWAYS, None, quota=ENDED)) == NO_QUOTA
    assert decide(Situation(AskWhen.ALWAYS, None, quota=ENDED, asked_for=True)) == NO_QUOTA
    assert decide(Situation(AskWhen.ALWAYS, None, cost=0, quota=ENDED)) == SEARCH
    assert decide(Situation(AskWhen.ALWAYS, None, quota=SOME)) == SEARCH


def test_the_setting_holds_every_wish() -> None:
    assert set(CHOICES["ask_remote"]) == {wish.value for wish in AskWhen}
