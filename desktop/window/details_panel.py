"""What is known of the work that the selected scene belongs to: cover, titles, dates, studios, links.

Every text comes from outside and is shown as plain text; a link opens in the browser only when it is pressed.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QImage
from PySide6.QtWidgets import (
    QBoxLayout,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from desktop.state.details import DetailsStage, DetailsState
from desktop.state.work import Link, Work
from desktop.window import hit_words, work_words
from desktop.window.action_set import ActionSet
from desktop.window.cover import Cover
from desktop.window.flow_layout import FlowLayout
from desktop.window.pieces import label, plain_tip, push_button

#: Other names that are listed; the rest are counted.
MOST_NAMES = 8

#: Pixels between links, which have no edges.
LINKS_GAP = 10
#: Characters of a link's name; sites can be called anything.
LINK_CHARACTERS = 36


class DetailsPanel(QScrollArea):
    """Shows a `DetailsState` as a column, or as a strip where there is more width than height."""

    link_wanted = Signal(str)
    retry_wanted = Signal()

    def __init__(self, actions: ActionSet) -> None:
        super().__init__()
        self.setObjectName("details")
        self.setAccessibleName(self.tr("Details of the work"))
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._shown = DetailsState()
        self.cover = Cover()
        self._text = QWidget()
        self._rows = QVBoxLayout(self._text)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(8)
        self._whole = QWidget()
        self._box = QBoxLayout(QBoxLayout.Direction.TopToBottom, self._whole)
        self._box.setContentsMargins(4, 0, 8, 8)
        self._box.setSpacing(16)
        self._box.addWidget(self.cover, 0, Qt.AlignmentFlag.AlignTop)
        self._within = push_button(actions["this_series"], "link")
        self._within.setVisible(self._within.isEnabled())
        actions["this_series"].enabledChanged.connect(self._within.setVisible)
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addWidget(self._text)
        column.addWidget(self._within, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        self._box.addLayout(column, 1)
        self.setWidget(self._whole)
        self.link_wanted.connect(_open)

    @property
    def state(self) -> DetailsState:
        """What is shown."""
        return self._shown

    def texts(self) -> list[str]:
        """Give all texts that are shown, from the top."""
        labels = [one.text() for one in self._text.findChildren(QLabel)]
        return [*labels, *(one.text() for one in self._text.findChildren(QPushButton))]

    def set_column(self, column: bool) -> None:
        """Stand as a column, or lie as a strip."""
        direction = QBoxLayout.Direction.TopToBottom if column else QBoxLayout.Direction.LeftToRight
        self._box.setDirection(direction)

    def show_state(self, state: DetailsState) -> None:
        """Show another state; the cover of the same work stays."""
        if state == self._shown:
            return
        old, self._shown = self._shown.work, state
        if state.work is None or old is None or old.number != state.work.number or not old.cover:
            self.cover.expect(state.work.colour if state.work else "")
        self.cover.setVisible(state.has_cover)
        self._fill(state)

    def show_cover(self, number: int, image: QImage) -> None:
        """Show the cover of a work, if that is still the one shown."""
        if self._shown.work is not None and self._shown.work.number == number:
            self.cover.show_image(image)

    def show_titles(self) -> None:
        """Show the titles anew, in another order."""
        self._fill(self._shown)

    def sizeHint(self) -> QSize:
        """Want the width of a column."""
        return QSize(300, 400)

    def _fill(self, state: DetailsState) -> None:
        while (item := self._rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.setParent(None)
                widget.deleteLater()
        if state.work is not None:
            self._add_work(state.work)
        if state.facts:
            self._rows.addWidget(_facts(state.facts))
        if state.text:
            self._rows.addWidget(self._message(state))

    def _add_work(self, work: Work) -> None:
        """Add what there is, and no row for what there is not."""
        order = hit_words.title_order()
        titles = work.titles.ordered(order) or (work.title(order),)
        self._add(_copyable(titles[0], "title"))
        for other in titles[1:]:
            self._add(_copyable(other, "muted"))
        for text in (work_words.kind(work), work_words.aired(work)):
            if text:
                self._add(label(text, wrap=True))
        if work.genres:
            chips = [label(genre, "chip") for genre in work.genres[:12]]
            self._add(_flow(chips))
        if work.studios:
            studios = [self._link(studio) for studio in work.studios[:6]]
            self._add(_flow([label(self.tr("By"), "muted"), *studios], LINKS_GAP))
        names = work.aliases(titles)
        if names:
            more = len(names) - MOST_NAMES
            text = " · ".join(names[:MOST_NAMES])
            text = self.tr("{0} and {1} more").format(text, more) if more > 0 else text
            self._add(_copyable(self.tr("Also: {0}").format(text), "small"))
        links = [Link("AniList", work.page)] if work.page else []
        shown = [self._link(link) for link in (*links, *work.links[:12])]
        if shown:
            self._add(_flow(shown, LINKS_GAP))

    def _message(self, state: DetailsState) -> QWidget:
        """Make the line on what is missing, with a way to try again where that may help."""
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(label(state.text, "small", wrap=True), 1)
        if state.stage is DetailsStage.FAILED:
            again = QPushButton(self.tr("Try again"))
            again.setProperty("role", "quiet")
            again.clicked.connect(self.retry_wanted)
            row.addWidget(again, 0, Qt.AlignmentFlag.AlignTop)
        return holder

    def _link(self, link: Link) -> QWidget:
        name = link.name if len(link.name) <= LINK_CHARACTERS else f"{link.name[: LINK_CHARACTERS - 1]}…"
        if not link.address:
            return label(name)
        button = QPushButton(name.replace("&", "&&"))
        button.setProperty("role", "link")
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setToolTip(plain_tip(link.address))
        button.setAccessibleName(self.tr("Open {0} in the browser").format(link.name))
        button.clicked.connect(lambda: self.link_wanted.emit(link.address))
        return button

    def _add(self, widget: QWidget) -> None:
        self._rows.addWidget(widget)


def _copyable(text: str, role: str) -> QLabel:
    """Make a text that can be marked and copied."""
    made = label(text, role, wrap=True)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.MinimumExpanding)
    return made


def _flow(widgets: Sequence[QWidget], gap: int = 4) -> QWidget:
    holder = QWidget()
    flow = FlowLayout(holder, gap)
    for widget in widgets:
        flow.addWidget(widget)
    policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    policy.setHeightForWidth(True)
    holder.setSizePolicy(policy)
    return holder


def _facts(facts: Sequence[tuple[str, str]]) -> QWidget:
    holder = QWidget()
    grid = QGridLayout(holder)
    grid.setContentsMargins(0, 4, 0, 0)
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(4)
    grid.setColumnStretch(1, 1)
    for row, (name, value) in enumerate(facts):
        grid.addWidget(label(name, "small"), row, 0, Qt.AlignmentFlag.AlignTop)
        text = _copyable(_breakable(value), "small")
        grid.addWidget(text, row, 1)
    return holder


def _breakable(text: str) -> str:
    """Let a long file name break after what it is pieced together with."""
    for sign in "_.-]":
        text = text.replace(sign, f"{sign}\u200b")
    return text


def _open(address: str) -> None:
    """Open a web address, and nothing but that, in the browser."""
    url = QUrl(address, QUrl.ParsingMode.StrictMode)
    if url.isValid() and url.scheme() in ("http", "https"):
        QDesktopServices.openUrl(url)
