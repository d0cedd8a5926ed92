"""One line under the list: how the question to trace.moe stands, and what was left out."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.lookup.policy import Reason
from desktop.state.query import SearchState
from desktop.state.remote import RemoteStage, RemoteState
from desktop.window import words
from desktop.window.action_set import ActionSet
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
        self._ask = push_button(actions["ask_remote"], "quiet")
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


def said(remote: RemoteState, *, within: bool = False) -> str:
    """Say how the question to the service stands, "" where there is nothing to say.

    `within` says that one series alone is searched.
    """
    if remote.stage is RemoteStage.RUNNING:
        return waiting(remote)
    if remote.stage is RemoteStage.FAILED:
        return remote.failure
    if remote.stage is RemoteStage.NOT_ASKED:
        return remote.failure or reason(remote.reason)
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
        return translate("remote", "Asking trace.moe…")
    if remote.waiting.left_s is None:
        return remote.waiting.why
    left = max(int(remote.waiting.left_s + 0.999), 1)
    return translate("remote", "{0} It goes on in {1} s.").format(remote.waiting.why, left)


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
