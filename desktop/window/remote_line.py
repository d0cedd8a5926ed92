"""One line under the list: how the question to trace.moe stands, and what was left out."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.lookup.policy import Reason
from desktop.lookup.quota import Cost
from desktop.state.query import SearchState
from desktop.state.remote import RemoteStage, RemoteState
from desktop.window import words
from desktop.window.action_set import ActionSet, tip
from desktop.window.pieces import label, push_button

translate = QCoreApplication.translate

#: An answer from the cache is told of with its age from this on, in seconds.
OLD_S = 3600.0


class RemoteLine(QWidget):
    """Says it in a sentence, with the one thing that can be done about it."""

    def __init__(self, actions: ActionSet) -> None:
        super().__init__()
        self.setObjectName("remoteLine")
        self._text = label("", "small", wrap=True)
        self._text.setObjectName("remoteText")
        self._hidden = label("", "small", wrap=True)
        self._asking = actions["ask_remote"]
        self._cost: Cost | None = None
        self._ask = push_button(self._asking, "quiet")
        self._show = push_button(actions["show_adult"], "quiet", self.tr("Show"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        for text, button in ((self._text, self._ask), (self._hidden, self._show)):
            row = QHBoxLayout()
            row.setSpacing(8)
            row.addWidget(text, 1)
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
            column.addLayout(row)
        self.hide()

    @property
    def text(self) -> str:
        """What is said."""
        return self._text.text()

    @property
    def hidden_text(self) -> str:
        """What is said of the adult works left out."""
        return self._hidden.text()

    def show_state(self, state: SearchState) -> None:
        """Show how the question stands."""
        remote = state.remote
        self._show_price(remote)
        text = said(remote, within=state.is_within)
        self._text.setText(text)
        self._text.setVisible(bool(text))
        can_ask = remote.stage in (RemoteStage.FAILED, RemoteStage.NOT_ASKED) and state.query is not None
        self._ask.setVisible(can_ask and remote.reason not in (Reason.QUOTA_ENDED, Reason.NO_NUMBER))
        hidden = state.hidden
        self._hidden.setText(
            self.tr("1 result of an adult work is hidden.")
            if hidden == 1
            else self.tr("{0} results of adult works are hidden.").format(hidden)
        )
        self._hidden.setVisible(hidden > 0)
        self._show.setVisible(hidden > 0)
        self.setVisible(bool(text) or hidden > 0)

    def _show_price(self, remote: RemoteState) -> None:
        """Tell what asking takes where it is asked: in the tips of the action and of its button."""
        cost = remote.cost if remote.is_open else None
        if cost != self._cost:
            self._cost = cost
            text = "\n".join(part for part in (tip("ask_remote"), price(cost)) if part)
            self._asking.setToolTip(text)
            self._ask.setToolTip(text)


def said(remote: RemoteState, *, within: bool = False) -> str:
    """Say how the question to the service stands, "" where there is nothing to say.

    `within` says that one series alone is searched.
    """
    if remote.stage is RemoteStage.RUNNING:
        return waiting(remote)
    if remote.stage is RemoteStage.FAILED:
        return _and(remote.failure, remote.cost)
    if remote.stage is RemoteStage.NOT_ASKED:
        why = remote.failure or reason(remote.reason)
        return _and(why, remote.cost) if remote.reason is Reason.NOT_WANTED else why
    answer = remote.answer
    if remote.stage is not RemoteStage.ANSWERED or answer is None:
        return ""
    claimed = sum(match.is_match for match in answer.matches)
    if not claimed and within:
        text = translate("remote", "trace.moe knows no such scene in this series")
    elif not claimed:
        text = translate("remote", "trace.moe knows no such scene")
    elif claimed == 1:
        text = translate("remote", "trace.moe knows 1 scene")
    else:
        text = translate("remote", "trace.moe knows {0} scenes").format(claimed)
    parts = [text]
    if answer.frames_searched:
        parts.append(translate("remote", "{0} searched").format(words.frames(answer.frames_searched)))
    if answer.age_s >= OLD_S:
        age = words.duration(answer.age_s) if answer.age_s < 2 * 86400 else _days(answer.age_s)
        parts.append(translate("remote", "answered {0} ago").format(age))
    return " · ".join([*parts, *answer.notes])


def waiting(remote: RemoteState) -> str:
    """Say that the service is asked, or what is waited for, with a countdown where it is known."""
    if remote.waiting is None:
        if remote.by_picture:
            return translate("remote", "Sending the picture to trace.moe…")
        cost = remote.cost
        if cost is None or not cost.searches or cost.left is None:
            return translate("remote", "Asking trace.moe…")
        text = translate("remote", "Asking trace.moe with {0} of the {1} searches left today…")
        return text.format(cost.searches, words.count(cost.left))
    if remote.waiting.left_s is None:
        return remote.waiting.why
    left = max(int(remote.waiting.left_s + 0.999), 1)
    return translate("remote", "{0} It goes on in {1} s.").format(remote.waiting.why, left)


def price(cost: Cost | None) -> str:
    """Say, before it, what a search takes of the quota; "" where that is not known."""
    if cost is None:
        return ""
    if not cost.searches and cost.is_short:
        return translate("remote", "Today's searches at trace.moe are used up.")
    if not cost.searches:
        return translate("remote", "Asking takes no search: the answer is known from the last time.")
    if cost.left is not None:
        text = translate("remote", "Asking takes {0} of the {1} searches left today.")
        return text.format(cost.searches, words.count(cost.left))
    if cost.searches == 1:
        return translate("remote", "Asking takes 1 of today's searches.")
    return translate("remote", "Asking takes {0} of today's searches.").format(cost.searches)


def renewing(cost: Cost) -> str:
    """Say, before it, what a new address of a preview takes of the quota."""
    if cost.left is None:
        return translate("remote", "Its address has expired: a new one takes 1 of today's searches.")
    text = translate("remote", "Its address has expired: a new one takes 1 of the {0} searches left today.")
    return text.format(words.count(cost.left))


def _and(text: str, cost: Cost | None) -> str:
    return " ".join(part for part in (text, price(cost)) if part)


def reason(why: Reason | None) -> str:
    """Say why the service was not asked; "" where that needs no words."""
    return (
        {
            Reason.NOT_WANTED: translate("remote", "trace.moe was not asked."),
            Reason.QUOTA_ENDED: translate(
                "remote",
                "Today's searches at trace.moe are used up. What is here is searched all the same.",
            ),
            Reason.NO_NUMBER: translate(
                "remote", "trace.moe cannot be kept to this series: its number there is not known."
            ),
        }.get(why, "")
        if why is not None
        else ""
    )


def _days(seconds: float) -> str:
    return translate("remote", "{0} days").format(round(seconds / 86400))
