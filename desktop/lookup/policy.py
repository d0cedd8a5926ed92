"""When trace.moe is asked, and whether: values and pure functions; the user's wish decides."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from desktop.lookup.quota import Quota


class AskWhen(enum.StrEnum):
    """The setting `ask_remote`."""

    NOT_CHOSEN = ""
    """The user was not asked yet: nothing is sent before."""
    UNSURE = "unsure"
    """Only when there is no confident local match."""
    ALWAYS = "always"
    """At once, beside the search here."""
    NEVER = "never"


class Step(enum.Enum):
    """What to do about the service now."""

    ASK_USER = "ask the user"
    """Show the question of the first use."""
    SEARCH = "search"
    WAIT = "wait for the search here"
    NONE = "none"
    """Nothing; `Decision.reason` says why if that is not what the user chose."""


class Reason(enum.Enum):
    """Why the service is not asked."""

    NO_NEED = "a confident match was found here"
    NOT_WANTED = "the user does not want it"
    QUOTA_ENDED = "the quota is used up"
    NO_NUMBER = "the series that alone is searched has no number there"


@dataclass(frozen=True, slots=True)
class Decision:
    """A step, and why, where it is `Step.NONE`."""

    step: Step
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Situation:
    """What the decision hangs on.

    `found_here` is None while the search here is under way, else whether it has a confident match.
    `asked_for` says that the user pressed the button for this very picture, which counts before everything
    but the question of the first use.  `numbered` says that the service can be kept to the series that alone
    is searched, if one is.  `cost` is what the search would take of the quota, 0 when the cache
    knows its answer.
    """

    wish: AskWhen
    found_here: bool | None
    cost: int = 1
    quota: Quota | None = None
    asked_for: bool = False
    numbered: bool = True


def decide(situation: Situation) -> Decision:
    """What to do about the service for the picture at hand; called again when the search here has ended."""
    wish, here = situation.wish, situation.found_here
    if not situation.numbered:
        return Decision(Step.NONE, Reason.NO_NUMBER)
    if not situation.asked_for:
        if wish is AskWhen.NEVER:
            return Decision(Step.NONE, Reason.NOT_WANTED)
        if wish is not AskWhen.ALWAYS and here is None:
            return Decision(Step.WAIT)
        if wish is not AskWhen.ALWAYS and here:
            return Decision(Step.NONE, Reason.NO_NEED)
    if wish is AskWhen.NOT_CHOSEN:
        return Decision(Step.ASK_USER)
    if situation.cost and situation.quota is not None and not situation.quota.left:
        return Decision(Step.NONE, Reason.QUOTA_ENDED)
    return Decision(Step.SEARCH)
