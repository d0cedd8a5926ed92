"""What says, above the list, that one series alone is searched, and ends that."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton

from desktop.state.query import Query
from desktop.window.action_set import ActionSet
from desktop.window.icons import icon
from desktop.window.pieces import ElidedLabel


class SeriesChip(QFrame):
    """Names the series that `Query.within` keeps to, with a cross to search everything again."""

    def __init__(self, actions: ActionSet) -> None:
        super().__init__()
        self.setObjectName("seriesChip")
        self._text = ElidedLabel("chipText")
        self._text.setObjectName("seriesText")
        action = actions["all_series"]
        self._close = QToolButton()
        self._close.setObjectName("seriesClose")
        self._close.setProperty("role", "quiet")
        self._close.setToolTip(action.toolTip())
        self._close.setAccessibleName(action.text())
        self._close.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._close.setCursor(Qt.CursorShape.PointingHandCursor)
        self._close.clicked.connect(action.trigger)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 2, 2, 2)
        row.setSpacing(4)
        row.addWidget(self._text, 1)
        row.addWidget(self._close)
        self.hide()

    @property
    def text(self) -> str:
        """What is said."""
        return self._text.accessibleName()

    def show_query(self, query: Query | None) -> None:
        """Show what a query keeps to, nothing where it keeps to nothing."""
        within = query.within if query is not None else None
        if within is not None:
            self._text.show_text(self.tr("Only in {0}").format(within.shown))
            self.colour()
        self.setVisible(within is not None)

    def colour(self) -> None:
        """Draw the cross anew after the theme has changed."""
        self._close.setIcon(icon("close"))
