"""The main window: tool bar, the page of welcome or of work, status line."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QImage,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QMainWindow,
    QSplitter,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.intake.mime import is_acceptable, offers_of
from desktop.library.demo import Demo
from desktop.library.library import LibraryState
from desktop.lookup.quota import Quota, Renewing
from desktop.state.preview import PreviewStage, PreviewState
from desktop.state.query import SearchState, Stage
from desktop.window import words
from desktop.window.action_set import ActionSet
from desktop.window.beside import Beside
from desktop.window.details_panel import DetailsPanel
from desktop.window.drop_overlay import DropOverlay
from desktop.window.index_strip import IndexStrip
from desktop.window.key_courtesy import KeyCourtesy
from desktop.window.pieces import (
    BusyLine,
    ElidedLabel,
    Notice,
    PrimaryTool,
    label,
    push_button,
    tool_button,
)
from desktop.window.query_card import QueryCard
from desktop.window.quota_button import QuotaButton
from desktop.window.remote_line import RemoteLine, waiting
from desktop.window.result_list import ResultList
from desktop.window.scene_panel import ScenePanel
from desktop.window.series_chip import SeriesChip
from desktop.window.welcome import Welcome
from index_tools.nouns import Sharpness

if TYPE_CHECKING:
    from desktop.player import PlayerPanel

#: Beside "Paste"; the page of welcome has them all in its middle, so the tool bar leaves them out there.
TOOLS = ("capture", "open", "add_videos", "open_pack")

NO_PREVIEW = PreviewState()

#: Height of all that stands above and below the searched picture, frame chooser and one result included, and
#: the least height of the picture, in pixels.
BESIDE_PICTURE, LEAST_PICTURE = 366, 90

#: Milliseconds that a passing remark stays in the status line.
REMARK_MS = 6000


class MainWindow(QMainWindow):
    """Shows the states of search and library; says by signals what was given and that it closes."""

    offered = Signal(object)
    """A drop: tuple of offers."""
    closing = Signal()

    def __init__(self, player: PlayerPanel, demo: Demo | None) -> None:
        super().__init__()
        self.setObjectName("mainWindow")
        self.setWindowTitle("SceneLens")
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.actions_set = ActionSet(self)
        self.notice = Notice()
        self.busy = BusyLine()
        self.welcome = Welcome(self.actions_set, demo)
        self.card = QueryCard(self.actions_set)
        self.results = ResultList()
        self.scene = ScenePanel(self.actions_set, player)
        self.details = DetailsPanel(self.actions_set)
        self.beside = Beside(self.scene, self.details)
        self.series = SeriesChip(self.actions_set)
        self.remote_line = RemoteLine(self.actions_set)
        self.strip = IndexStrip(self.actions_set)
        self._heading = label("", "strong")
        self._status = ElidedLabel("small")
        self._status.setObjectName("statusText")
        self._library = push_button(self.actions_set["library"], "quiet")
        self._quota = QuotaButton(self.actions_set)
        self._toolbar = self._make_toolbar()
        self._status_line = self._make_status_line()
        self.splitter = self._make_work(player.minimumSizeHint().width())
        self._pages = QStackedWidget()
        self._pages.addWidget(self.welcome)
        self._pages.addWidget(self.splitter)
        self._lay_out()
        self._overlay = DropOverlay(self)
        self._courtesy = KeyCourtesy(self)
        self._lasting, self._bare = "", False
        self.may_close: Callable[[], bool] = lambda: True
        self._remark = QTimer(self, singleShot=True, interval=REMARK_MS)
        self._remark.timeout.connect(lambda: self._status.show_text(self._lasting))

    @property
    def is_welcoming(self) -> bool:
        """Whether the first page is shown."""
        return self._pages.currentWidget() is self.welcome

    @property
    def status(self) -> str:
        """The text of the status line."""
        return self._status.accessibleName()

    def show_search(
        self, state: SearchState, unfolded: bool, still: QImage, preview: PreviewState = NO_PREVIEW
    ) -> None:
        """Show a state of the search."""
        self._turn_to(self.welcome if state.stage is Stage.EMPTY else self.splitter)
        self.busy.set_busy(state.is_busy or preview.stage is PreviewStage.PLAYING)
        self.card.show_state(state)
        self.series.show_query(state.query)
        self.results.show_state(state, unfolded)
        self.remote_line.show_state(state)
        self._quota.show_cost(state.remote)
        self.scene.show_state(state, still, preview)
        self._heading.setText(self._heading_of(state))
        if state.stage.is_busy:
            return
        self._lasting = self._status_of(state)
        self._remark.stop()
        self._status.show_text(self._lasting)

    def changeEvent(self, event: QEvent) -> None:
        """Show everything once the desktop has ended the full screen; in between it may seem to."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.WindowStateChange and self._bare:
            self._lay_bare(self.isFullScreen())

    def showEvent(self, event: QShowEvent) -> None:
        """Begin without a control in focus; Tab finds the first."""
        super().showEvent(event)
        self.setFocus()

    def show_library(self, state: LibraryState) -> None:
        """Show a state of the library."""
        self.scene.set_library(state)
        self.strip.show_indexing(state.indexing)
        if state.opening and not state.packs:
            text = self.tr("Opening the library…")
        elif state.packs:
            text = f"{words.films(state.films)} · {words.frames(state.frames)}"
        else:
            text = self.tr("No films yet")
        self._library.setText(text)

    def show_renewing(self, renewing: Renewing | None) -> None:
        """Show what renewing the address of a preview takes, None when it takes nothing any more."""
        self._quota.show_renewing(renewing)

    def show_quota(self, quota: Quota | None) -> None:
        """Show small how many searches of the service are left, nothing while that is not known."""
        self._quota.show_quota(quota)

    def remark(self, text: str) -> None:
        """Say something in passing in the status line."""
        self._status.show_text(text)
        self._remark.start()

    def set_bare(self, bare: bool) -> None:
        """Show the player alone, for the full screen, or everything."""
        self._bare = bare
        self._lay_bare(bare)

    def _lay_bare(self, bare: bool) -> None:
        for part in (self._toolbar, self._status_line, self._left, self.busy):
            part.setVisible(not bare)
        if bare:
            self.notice.hide()
        self.scene.bare(bare)
        self.beside.set_bare(bare)
        margin = 0 if bare else 16
        self._right.setContentsMargins(0 if bare else 8, margin, margin, 0 if bare else 8)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept by the formats alone."""
        if is_acceptable(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self._overlay.cover()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Lift the veil."""
        self._overlay.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        """Copy out what was dropped; nothing is moved, nothing decoded here."""
        self._overlay.hide()
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.offered.emit(offers_of(event.mimeData(), self.tr("Dropped picture")))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the veil over the whole window, and room below the picture."""
        super().resizeEvent(event)
        self.card.view.allow_height(max(self.height() - BESIDE_PICTURE, LEAST_PICTURE))
        if self._overlay.isVisible():
            self._overlay.cover()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tell the application, which leaves in order, unless the window only goes behind the tray."""
        if self.may_close():
            self.closing.emit()
            event.accept()
        else:
            event.ignore()

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: N802 - Qt's name
        """Move the focus by Tab, and let the control reached have its own keys."""
        moved = super().focusNextPrevChild(next)
        self._courtesy.reach(self.focusWidget() if moved else None)
        return moved

    def colour(self) -> None:
        """Draw the icons anew after the theme has changed."""
        self.actions_set.colour()
        self.paste_tool.colour()
        self.card.chooser.colour()
        self.series.colour()

    def _turn_to(self, page: QWidget) -> None:
        is_welcome = page is self.welcome
        if self._pages.currentWidget() is not page:
            self._pages.setCurrentWidget(page)
            self.setFocus()
        for tool in self._tools:
            tool.setVisible(not is_welcome)
        self._wordmark.setVisible(is_welcome)

    def _heading_of(self, state: SearchState) -> str:
        claimed = state.claimed
        if state.stage is Stage.ANSWERED:
            return self.tr("1 scene") if claimed == 1 else self.tr("{0} scenes").format(claimed)
        is_over = state.stage is Stage.NO_MATCH and not state.remote.is_busy
        return self.tr("No scene") if is_over else ""

    def _status_of(self, state: SearchState) -> str:
        if state.found is None:
            return waiting(state.remote) if state.remote.is_busy else ""
        answer = state.found.answer
        parts: list[str] = []
        if answer.frames_searched:
            text = self.tr("{0} searched in {1} ms")
            first_ms = max(round(state.found.first_ms), 1)
            parts.append(text.format(words.frames(answer.frames_searched), first_ms))
        if answer.sources:
            parts.append(", ".join(answer.sources[:3]) + ("…" if len(answer.sources) > 3 else ""))
        if answer.refined and answer.sharpness is Sharpness.EXACT:
            parts.append(self.tr("exact to the frame after {0} ms").format(round(answer.elapsed_ms)))
        if state.remote.answer is not None:
            parts.append(self.tr("trace.moe in {0} ms").format(max(round(state.remote.answer.elapsed_ms), 1)))
        return " · ".join(parts)

    def _make_toolbar(self) -> QFrame:
        bar = QFrame()
        bar.setObjectName("toolbar")
        row = QHBoxLayout(bar)
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(8)
        self.paste_tool = PrimaryTool(self.actions_set["paste"])
        self._wordmark = label("SceneLens", "wordmark")
        self._tools = [self.paste_tool, *(tool_button(self.actions_set[name]) for name in TOOLS)]
        row.addWidget(self._wordmark)
        for number, tool in enumerate(self._tools):
            if number == 3:
                row.addStretch()
            row.addWidget(tool)
        self.menu_button = tool_button(self.actions_set["menu"])
        self.menu_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        self.menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu = self.actions_set.menu()
        row.addWidget(self.menu_button)
        return bar

    def _make_status_line(self) -> QFrame:
        line = QFrame()
        line.setObjectName("statusLine")
        row = QHBoxLayout(line)
        row.setContentsMargins(16, 2, 8, 2)
        row.addWidget(self._status, 1)
        row.addWidget(self._quota)
        row.addWidget(self._library)
        return line

    def _make_work(self, player_width: int) -> QSplitter:
        self._left = QWidget()
        self._left.setMinimumWidth(240)
        left = QVBoxLayout(self._left)
        left.setContentsMargins(16, 16, 8, 8)
        left.setSpacing(12)
        left.addWidget(self.card)
        left.addWidget(self.series)
        left.addWidget(self._heading)
        left.addWidget(self.results, 1)
        left.addWidget(self.remote_line)
        holder = QWidget()
        self._right = QVBoxLayout(holder)
        self._right.setContentsMargins(8, 16, 16, 8)
        self._right.addWidget(self.beside)
        holder.setMinimumWidth(player_width + 24)
        self.setMinimumSize(max(player_width + 24 + 4 + self._left.minimumWidth(), 800), 500)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setHandleWidth(4)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self._left)
        splitter.addWidget(holder)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([380, 900])
        return splitter

    def _lay_out(self) -> None:
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._toolbar)
        column.addWidget(self.busy)
        column.addWidget(self.notice)
        column.addWidget(self._pages, 1)
        column.addWidget(self.strip)
        column.addWidget(self._status_line)
        self.setCentralWidget(middle)
