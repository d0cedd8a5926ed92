"""The question to trace.moe about the current picture: asked or not as the user wishes, one at a time.

Lives in the window's thread beside the search here; the policy decides, the client works in a lane of its
own.  A newer picture replaces an older question wherever that is; what was answered to the same picture stays
until there is a newer answer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from desktop.lookup.paces import Waiting
from desktop.lookup.policy import AskWhen, Reason, Situation, Step, decide
from desktop.lookup.quota import Cost
from desktop.lookup.remote_answer import RemoteAnswer
from desktop.lookup.service_errors import RemoteError, Trouble
from desktop.state.query import Query
from desktop.state.remote import RemoteStage, RemoteState
from desktop.state.running import Failure, Lane, Runner, Telling

REMOTE_KEY, FORESIGHT_KEY = "remote search", "foresight"

if TYPE_CHECKING:
    from desktop.lookup.remote import Remote
    from desktop.lookup.tracemoe_plan import Plan

Asking = Callable[[Telling], RemoteAnswer]


class RemoteSearch:
    """Holds the state of the question; `observer` is told of each new one.

    `wish` gives the user's setting at the moment it is needed.
    """

    def __init__(self, runner: Runner, remote: Remote, wish: Callable[[], AskWhen]) -> None:
        self._runner = runner
        self._remote = remote
        self._wish = wish
        self._query: Query | None = None
        self._found_here: bool | None = None
        self._foreseen: Plan | None = None
        self._by_hand = False
        self._known = RemoteState()  # what was last answered to this picture
        self.state = RemoteState()
        self.observer: Callable[[RemoteState], None] = _nobody

    def begin(self, query: Query) -> None:
        """Begin with a picture, of which the search here begins, too."""
        self.forget()
        self._query = query
        self._decide()

    def here_ended(self, found_here: bool) -> None:
        """Decide once more: the search here has ended, with a confident match or without.

        What the user did not want, or the quota did not allow, is not begun by this.
        """
        self._found_here = found_here
        is_open = self.state.stage in (RemoteStage.IDLE, RemoteStage.QUESTION)
        if is_open or self.state.reason is Reason.NO_NEED:
            self._decide()

    def decide_again(self) -> None:
        """Decide anew, as after the user has answered the question of the first use.

        What began by itself is given up where the user does not want it any more.
        """
        if self.state.is_busy and not self._by_hand and self._wish() is AskWhen.NEVER:
            self.cancel()
        elif self.state.stage in (RemoteStage.IDLE, RemoteStage.NOT_ASKED, RemoteStage.QUESTION):
            self._decide()

    def foresee(self) -> None:
        """Find out what asking would cost, where the user may yet decide to; once, and nothing is sent."""
        query = self._query
        if query is None or not query.is_askable or not self.state.is_open or self.state.cost is not None:
            return
        remote, within = self._remote, _number(query)
        self._runner.run(
            Lane.REMOTE,
            lambda _progress: remote.foresee(query.searched, within),
            self._has_foreseen,
            _leave,
            key=FORESIGHT_KEY,
        )

    def ask(self) -> None:
        """Ask about this very picture, whatever was found here."""
        if not self.state.is_busy:
            self._decide(asked_for=True)

    def send_picture(self) -> None:
        """Send the picture itself: only because the user said so for this very picture."""
        query = self._query
        if query is not None and query.is_askable:
            within = _number(query)
            self._run(
                lambda progress: self._remote.send_picture(query.searched, progress, within),
                by_hand=True,
                by_picture=True,
            )

    def cancel(self) -> None:
        """Give up what is under way, or would begin by itself; what is known stays."""
        is_awaited = self._query is not None and self.state.stage is RemoteStage.IDLE
        if self.state.is_busy or is_awaited:
            self._runner.cancel(REMOTE_KEY)
            self._foreseen = None
            self._change(replace(self._known, stage=RemoteStage.NOT_ASKED, reason=Reason.NOT_WANTED))

    def forget(self) -> None:
        """Forget picture and answer."""
        self._runner.cancel(REMOTE_KEY)
        self._runner.cancel(FORESIGHT_KEY)
        self._query, self._found_here, self._foreseen = None, None, None
        self._known = RemoteState()
        if self.state.stage is not RemoteStage.IDLE:
            self._change(RemoteState())

    def _decide(self, *, asked_for: bool = False) -> None:
        if self._query is None:
            return
        query = self._query
        # whether the quota reaches is found out in the lane
        situation = Situation(self._wish(), self._found_here, 0, None, asked_for, query.is_askable)
        decision = decide(situation)
        if decision.step is Step.SEARCH:
            remote, within, foreseen = self._remote, _number(query), self._foreseen

            def search(progress: Telling) -> RemoteAnswer:
                plan = remote.plan(query.searched, progress, within, foreseen)
                progress.tell(plan.announced)
                return remote.search(plan, progress)

            self._run(search, by_hand=asked_for)
        elif decision.step is Step.WAIT:
            self._change(replace(self._known, stage=RemoteStage.IDLE))
        elif decision.step is Step.ASK_USER:
            self._change(replace(self._known, stage=RemoteStage.QUESTION, cost=self._cost))
        elif decision.step is Step.NONE:
            known, reason = self._known, decision.reason
            self._change(replace(known, stage=RemoteStage.NOT_ASKED, reason=reason, cost=self._cost))

    @property
    def _cost(self) -> Cost | None:
        return self._foreseen.announced if self._foreseen is not None else None

    def _has_foreseen(self, plan: Plan) -> None:
        if self.state.is_open:
            self._foreseen = plan
            self._change(replace(self.state, cost=plan.announced))

    def _run(self, ask: Asking, *, by_hand: bool, by_picture: bool = False) -> None:
        self._by_hand = by_hand
        self._runner.run(
            Lane.REMOTE,
            lambda progress: _answer_or_trouble(ask, progress),
            self._has_answered,
            self._has_failed,
            key=REMOTE_KEY,
            reported=self._told,
        )
        self._runner.cancel(FORESIGHT_KEY)
        self._foreseen = None
        # under way before it is shown
        self._change(replace(self._known, stage=RemoteStage.RUNNING, by_picture=by_picture))

    def _told(self, told: object) -> None:
        if isinstance(told, Waiting) and self.state.is_busy:
            self._change(replace(self.state, waiting=told))
        elif isinstance(told, Cost) and self.state.is_busy:
            self._change(replace(self.state, cost=told))

    def _has_answered(self, result: RemoteAnswer | RemoteError) -> None:
        if isinstance(result, RemoteAnswer):
            self._known = RemoteState(RemoteStage.ANSWERED, result, by_picture=self.state.by_picture)
            self._change(self._known)
            return
        failed = replace(self._known, failure=str(result), trouble=result.trouble)
        if result.trouble is Trouble.QUOTA_ENDED:
            self._change(replace(failed, stage=RemoteStage.NOT_ASKED, reason=Reason.QUOTA_ENDED))
        else:
            self._change(replace(failed, stage=RemoteStage.FAILED))

    def _has_failed(self, failure: Failure) -> None:
        if not failure.cancelled:
            self._change(replace(self._known, stage=RemoteStage.FAILED, failure=failure.sentence))

    def _change(self, state: RemoteState) -> None:
        self.state = state
        self.observer(state)


def _number(query: Query) -> int | None:
    """Give AniList's number of the series that alone is searched, None for all of them."""
    return (query.within.number or None) if query.within is not None else None


def _answer_or_trouble(ask: Asking, progress: Telling) -> RemoteAnswer | RemoteError:
    """Ask; trouble with the service comes home as a value, since its kind decides what is shown."""
    try:
        return ask(progress)
    except RemoteError as error:
        return error


def _leave(_failure: Failure) -> None:
    """Leave it unsaid what asking would cost; whatever stands in the way is told when it is asked."""


def _nobody(_state: RemoteState) -> None:
    """Take what nobody observes yet."""
