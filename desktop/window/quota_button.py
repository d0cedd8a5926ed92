"""What is left of the quota, small in the status line; pressed, it leads to the page of online lookups."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from desktop.lookup.quota import Quota, Renewing
from desktop.state.remote import RemoteState
from desktop.window import words
from desktop.window.action_set import ActionSet


class QuotaButton(QPushButton):
    """Shows nothing while nothing is known of the quota."""

    def __init__(self, actions: ActionSet) -> None:
        super().__init__()
        action = actions["online"]
        self.setObjectName("quota")
        self.setProperty("role", "quiet")
        self.setToolTip(action.toolTip())
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.clicked.connect(action.trigger)
        self._left = ""
        self._takes: int | None = None
        self._renewing: Renewing | None = None
        self.hide()

    def show_quota(self, quota: Quota | None) -> None:
        """Show how many searches of the service are left."""
        self._renewing = None
        if quota is not None:
            left, limit = words.count(quota.left), words.count(quota.limit)
            self._left = self.tr("trace.moe: {0} of {1} left").format(left, limit)
            told = self.tr("Searches of trace.moe that are left of the last 24 hours")
            self.setAccessibleDescription(told)
            self._say()
        self.setVisible(quota is not None)

    def show_cost(self, remote: RemoteState) -> None:
        """Show beside it what asking about the picture would take, while that is to be decided."""
        takes = remote.cost.searches if remote.cost is not None and remote.is_open else None
        if takes != self._takes:
            self._takes = takes
            self._say()

    def show_renewing(self, renewing: Renewing | None) -> None:
        """Show beside it what renewing the address of a preview takes, until the next quota is shown."""
        self._renewing = renewing
        self._say()

    def _say(self) -> None:
        takes = "" if self._takes is None else self.tr("this picture takes {0}").format(self._takes)
        if self._renewing is not None:
            takes = self.tr("a new address of the preview takes {0}").format(self._renewing.cost.searches)
        self.setText(" · ".join(part for part in (self._left, takes) if part))
