"""The small window beside a selection: the best scene plays in it, so that nobody need leave their work."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QEnterEvent, QHideEvent, QImage, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.lookup.merged import Hit
from desktop.player import PlayerPanel, Scene
from desktop.player.sound import Sound
from desktop.state.preview import PreviewStage, PreviewState
from desktop.state.query import SearchState, Stage
from desktop.window import popup_words
from desktop.window.icons import icon
from desktop.window.pieces import BusyLine, ElidedLabel, label
from desktop.window.popup_pages import MessageSign, StillPage
from desktop.window.popup_words import Words, words_of

#: The picture's size in device-independent pixels; 16 : 9.
PICTURE = QSize(400, 225)

#: Once there is an answer, it stays so long unless the pointer or the keyboard is in it.
LINGER_MS = 20_000

NO_PREVIEW = PreviewState()


class Popup(QFrame):
    """Shows one search.  A click or Enter wants the window, Esc closes.

    It never asks for the keyboard: `show_at` says whether it may take it, which only a window that follows
    another one of ours does.
    """

    window_wanted = Signal()
    offer_taken = Signal()
    closed = Signal()
    playing = Signal()
    """The first frame of a scene is on the screen."""

    def __init__(self) -> None:
        super().__init__(
            None,
            Qt.WindowType.Tool
            | Qt.WindowType.FramelessWindowHint
            | Qt.WindowType.WindowStaysOnTopHint
            | Qt.WindowType.NoDropShadowWindowHint,
        )
        self.setObjectName("popup")
        self.setWindowTitle(self.tr("SceneLens: result"))
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.player = PlayerPanel(sound=Sound(self))
        self.player.controls.hide()
        self.player.set_autoplay(True)
        self.player.set_loop(True)
        self.player.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        # the player comes in place of the still only with its first frame, so nothing flickers
        self.player.playback.frame_changed.connect(self._turn_to_player)
        self.player.first_frame_shown.connect(self._has_frame)
        self.player.failed.connect(self._has_no_scene)
        self._still = StillPage()
        self._message = MessageSign()
        self._pages = QStackedWidget()
        for page in (self._message, self._still, self.player):
            self._pages.addWidget(page)
        self._busy = BusyLine()
        self._title = ElidedLabel("title")
        self._title.setObjectName("popupTitle")
        self._line = ElidedLabel("muted")
        self._line.setObjectName("popupLine")
        self._badge = label("", "badge")
        self._badge.setObjectName("popupBadge")
        self._source = label("", "small")
        self._source.setObjectName("popupSource")
        self._note = label("", "small", wrap=True)
        self._note.setObjectName("popupNote")
        self._close = QToolButton()
        self._take = QPushButton()
        self._leave = QPushButton(self.tr("Not now"))
        self._lay_out()
        self._linger = QTimer(self, singleShot=True, interval=LINGER_MS)
        self._linger.timeout.connect(self._fade)
        self._words = Words("")

    # -- what is shown -------------------------------------------------------------------------------

    @property
    def texts(self) -> tuple[str, str, str]:
        """Title, line and badge shown."""
        return self._title.accessibleName(), self._line.accessibleName(), self._badge.text()

    @property
    def source(self) -> str:
        """Where the answer shown comes from."""
        return self._words.source

    @property
    def page(self) -> QWidget | None:
        """The part above the words: the message, the still or the player."""
        return self._pages.currentWidget()

    def show_state(
        self, state: SearchState, still: QImage, films: int, preview: PreviewState = NO_PREVIEW
    ) -> None:
        """Show where a search stands; `still` is the hit's picture or the query's, `films` the library.

        A scene that plays goes on; `preview` says how far that of a hit found elsewhere is.
        """
        told = words_of(state, films)
        self._say(replace(told, note=preview.text) if preview.text else told)
        self._busy.set_busy(state.is_busy or preview.is_coming)
        if preview.stage is PreviewStage.FAILED:
            self.player.clear()  # what came of it, too
        hit = state.hit
        if hit is not None and (
            hit.remote is not None or (hit.here is not None and hit.here.film is not None)
        ):
            if self.player.scene is None:
                self._show_still(still)
                if preview.stage is PreviewStage.FAILED:
                    self._linger.start()
            return
        self.player.clear()
        if still.isNull() or (self._words.hint and not state.is_busy):
            self._message.show_sign(self._words.sign, self._words.hint, warns=state.stage is Stage.FAILED)
            self._pages.setCurrentWidget(self._message)
        else:
            self._show_still(still)
        if not state.is_busy:
            self._linger.start()

    def play(self, scene: Scene) -> None:
        """Play a scene in the place of the picture."""
        self.player.load(scene)

    def offer(self) -> None:
        """Ask whether a copied picture is to be searched."""
        self.player.clear()
        self._busy.set_busy(False)
        self._say(popup_words.offer())
        self._message.hide()
        self._pages.hide()
        self._linger.start()

    def tell(self, title: str, text: str) -> None:
        """Tell a word, where the desktop has no place for it."""
        self.player.clear()
        self._busy.set_busy(False)
        self._say(Words(title, text))
        self._pages.hide()
        self._linger.start()

    def show_at(self, place: QPoint | None, *, takes_keyboard: bool) -> None:
        """Come up, at a place of the desktop unless the desktop decides itself."""
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating, not takes_keyboard)
        self.adjustSize()
        if place is not None:
            self.move(place)
        self.show()
        self.raise_()
        if takes_keyboard:
            self.activateWindow()
            self.setFocus()

    def colour(self) -> None:
        """Draw the icons anew after the theme has changed."""
        self._close.setIcon(icon("close"))

    # -- what is done to it --------------------------------------------------------------------------

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click wants the whole window."""
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self._accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes, Enter wants the window, the space bar holds the scene or plays on."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        elif event.key() == Qt.Key.Key_Space:
            self.player.toggle_playing()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._accept()
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Stay while it is looked at."""
        super().enterEvent(event)
        self._linger.stop()

    def leaveEvent(self, event: QEvent) -> None:
        """Go a while after the pointer has left."""
        super().leaveEvent(event)
        if not self.isActiveWindow():
            self._linger.start()

    def changeEvent(self, event: QEvent) -> None:
        """Stay while it has the keyboard."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.ActivationChange and hasattr(self, "_linger"):
            if self.isActiveWindow():
                self._linger.stop()
            elif self.isVisible() and not self.underMouse():
                self._linger.start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stay on the screen when a sentence makes it larger."""
        super().resizeEvent(event)
        if self.isVisible():
            beyond = self.geometry().bottom() - self.screen().availableGeometry().bottom()
            if beyond > 0:
                self.move(self.x(), self.y() - beyond)

    def hideEvent(self, event: QHideEvent) -> None:
        """Let the scene go."""
        super().hideEvent(event)
        self._linger.stop()
        self._busy.set_busy(False)
        self.player.clear()
        self.closed.emit()

    def _accept(self) -> None:
        (self.offer_taken if self._words.is_offer else self.window_wanted).emit()

    def _fade(self) -> None:
        if not self.isActiveWindow() and not self.underMouse():
            self.close()

    def _turn_to_player(self) -> None:
        if self.player.scene is not None:
            self._pages.setCurrentWidget(self.player)

    def _has_frame(self) -> None:
        self._linger.start()
        self.playing.emit()

    def _has_no_scene(self, sentence: str) -> None:
        """The film cannot be played: its still stays, and the reason is told."""
        self._say(replace(self._words, note=sentence))
        self._linger.start()

    def _say(self, told: Words) -> None:
        self._words = told
        self._title.show_text(told.title)
        self._line.show_text(told.line)
        self._line.setVisible(bool(told.line))
        self._badge.setText(told.badge)
        self._badge.setVisible(bool(told.badge))
        self._source.setText(told.source)
        self._source.setVisible(bool(told.source))
        self._note.setText(told.note)
        self._note.setVisible(bool(told.note))
        self._take.setText(told.button)
        for button in (self._take, self._leave):
            button.setVisible(bool(told.button))
        self._pages.setVisible(True)
        self.setAccessibleName(
            " ".join((f"{told.title}.", told.line, told.source, told.note, told.hint)).strip()
        )

    def _show_still(self, still: QImage) -> None:
        self._still.show_image(still)
        self._pages.setCurrentWidget(self._still)

    def _lay_out(self) -> None:
        self._pages.setFixedSize(PICTURE)
        self.player.resize(PICTURE)  # frames are decoded for this size before the player is seen
        self.player.view.resize(PICTURE)
        self._close.setProperty("role", "quiet")
        self._close.setObjectName("popupClose")
        self._close.setAccessibleName(self.tr("Close"))
        self._close.setToolTip(self.tr("Close (Esc)"))
        self._close.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._close.clicked.connect(self.close)
        self._take.setProperty("role", "primary")
        self._take.setObjectName("popupTake")
        self._take.clicked.connect(self._accept)
        self._leave.clicked.connect(self.close)
        for button in (self._take, self._leave):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.setCursor(Qt.CursorShape.PointingHandCursor)
        self.colour()
        first = QHBoxLayout()
        first.setSpacing(8)
        first.addWidget(self._title, 1)
        first.addWidget(self._badge)
        first.addWidget(self._close)
        second = QHBoxLayout()
        second.setContentsMargins(0, 0, 6, 0)
        second.setSpacing(12)
        second.addWidget(self._line, 1)
        second.addWidget(self._source)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(0, 8, 4, 0)
        buttons.setSpacing(8)
        buttons.addStretch()
        buttons.addWidget(self._leave)
        buttons.addWidget(self._take)
        below = QVBoxLayout()
        below.setContentsMargins(14, 8, 8, 12)
        below.setSpacing(4)
        below.addLayout(first)
        below.addLayout(second)
        below.addWidget(self._note)
        below.addLayout(buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addStrut(PICTURE.width())
        column.addWidget(self._pages)
        column.addWidget(self._busy)
        column.addLayout(below)
        column.setSizeConstraint(QVBoxLayout.SizeConstraint.SetFixedSize)


def _can_play(hit: Hit | None) -> bool:
    """Whether a scene is there for a hit, or its preview will be."""
    return hit is not None and (
        hit.remote is not None or (hit.here is not None and hit.here.film is not None)
    )
