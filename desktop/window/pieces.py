"""Small pieces that every page is made of: labels, buttons, notice, busy line."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QSize, Qt, QTimer
from PySide6.QtGui import QAction, QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from desktop.window.icons import icon, pixmap
from desktop.window.theme import current


def label(text: str, role: str = "", *, wrap: bool = False, centred: bool = False) -> QLabel:
    """Make a label of a place in the type scale."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    if role:
        made.setProperty("role", role)
    made.setWordWrap(wrap)
    if centred:
        made.setAlignment(Qt.AlignmentFlag.AlignCenter)
    return made


def push_button(action: QAction, role: str = "", text: str = "") -> QPushButton:
    """Make a button that does what an action does; it follows the action being enabled."""
    made = QPushButton(text or action.text())
    made.setObjectName(f"{action.objectName()}Button")
    made.setToolTip(action.toolTip())
    made.setAccessibleDescription(action.statusTip())
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    if role:
        made.setProperty("role", role)
    made.clicked.connect(action.trigger)
    made.setEnabled(action.isEnabled())
    action.enabledChanged.connect(made.setEnabled)
    return made


def tool_button(action: QAction, role: str = "tool") -> QToolButton:
    """Make a button of the tool bar for an action."""
    made = QToolButton()
    made.setObjectName(f"{action.objectName()}Tool")
    made.setDefaultAction(action)
    made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    made.setIconSize(QSize(20, 20))
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    made.setProperty("role", role)
    made.setAccessibleName(action.text())
    return made


class PrimaryTool(QPushButton):
    """The one button of the tool bar that stands out."""

    def __init__(self, action: QAction) -> None:
        super().__init__()
        self._icon = action.objectName()
        self.setObjectName(f"{action.objectName()}Tool")
        self.setProperty("role", "primary")
        self.setText(f" {action.text()}")
        self.setToolTip(action.toolTip())
        self.setAccessibleName(action.text())
        self.setIconSize(QSize(20, 20))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.clicked.connect(action.trigger)
        self.colour()

    def colour(self) -> None:
        """Draw the icon in the colour that stands on the accent."""
        self.setIcon(icon(self._icon, current().on_accent))


class Glyph(QWidget):
    """An icon standing by itself, drawn in a colour of the theme by name."""

    def __init__(self, name: str, size: int, colour: str = "muted") -> None:
        super().__init__()
        self._name, self._colour = name, colour
        self.setFixedSize(size, size)

    def show_icon(self, name: str, colour: str = "muted") -> None:
        """Draw another icon."""
        self._name, self._colour = name, colour
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the icon over the whole widget."""
        colour = getattr(current(), self._colour)
        painter = QPainter(self)
        painter.drawPixmap(0, 0, pixmap(self._name, self.width(), self.devicePixelRatioF(), colour))
        painter.end()


class ElidedLabel(QLabel):
    """A label of one line that ends in "…" where there is no room, the whole text in its tip."""

    def __init__(self, role: str = "") -> None:
        super().__init__()
        self._whole = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        if role:
            self.setProperty("role", role)

    def show_text(self, text: str) -> None:
        """Show a text, cut to the room."""
        self._whole = text
        self.setAccessibleName(text)
        self._cut()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cut the text anew."""
        super().resizeEvent(event)
        self._cut()

    def _cut(self) -> None:
        shown = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, max(self.width(), 40))
        self.setText(shown)
        self.setToolTip(self._whole if shown != self._whole else "")


class Notice(QFrame):
    """A quiet line of something the user should know, until it is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("notice")
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 8, 8)
        row.setSpacing(8)
        self._glyph = Glyph("warning", 20, "warning")
        self._text = label("", wrap=True)
        self._text.setObjectName("noticeText")
        close = self._close = QToolButton()
        close.setObjectName("noticeClose")
        close.setProperty("role", "quiet")
        close.setAccessibleName(self.tr("Close this notice"))
        close.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        close.clicked.connect(self.hide)
        row.addWidget(self._glyph)
        row.addWidget(self._text, 1)
        row.addWidget(close)
        self.hide()

    @property
    def text(self) -> str:
        """The sentence shown."""
        return self._text.text()

    def tell(self, sentence: str) -> None:
        """Show what went wrong, in place of the last sentence."""
        self._show(sentence, "warning", "warning")

    def tell_calmly(self, sentence: str) -> None:
        """Show what went well."""
        self._show(sentence, "calm", "done")

    def _show(self, sentence: str, tone: str, sign: str) -> None:
        self._glyph.show_icon(sign, "warning" if tone == "warning" else "accent")
        self.setProperty("tone", tone)
        for part in (self, self._text):  # Qt looks at properties only when it polishes
            self.style().unpolish(part)
            self.style().polish(part)
        self._close.setIcon(icon("close"))
        self._text.setText(sentence)
        self.setAccessibleName(sentence)
        self.show()


class BusyLine(QWidget):
    """A thin line that runs while work is under way, or grows where it is told how much is done.

    It comes only after a moment, and takes no room.
    """

    #: Work that ends sooner shows nothing.
    DELAY_MS = 200
    PERIOD_MS = 1400

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(2)
        self.setAccessibleName(self.tr("Working"))
        self._busy = False
        self._share: float | None = None
        self._clock = QElapsedTimer()
        self._delay = QTimer(self, singleShot=True, interval=self.DELAY_MS)
        self._delay.timeout.connect(self._begin)
        self._tick = QTimer(self, interval=33)
        self._tick.timeout.connect(self.update)

    def set_busy(self, busy: bool) -> None:
        """Run, or stop."""
        self._busy = busy
        self._follow()

    def set_share(self, share: float | None) -> None:
        """Grow to so much, 0..1; None where that is not known, or there is nothing more to come."""
        self._share = share
        self._follow()

    def _follow(self) -> None:
        busy = self._busy or self._share is not None
        if busy and not self._tick.isActive() and not self._delay.isActive():
            self._delay.start()
        if not busy:
            self._delay.stop()
            self._tick.stop()
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the running part, or the part that is done."""
        if not self._tick.isActive():
            return
        if self._share is not None:
            painter = QPainter(self)
            done = round(self._share * self.width())
            painter.fillRect(0, 0, done, self.height(), QColor(current().accent))
            painter.end()
            return
        phase = self._clock.elapsed() % self.PERIOD_MS / self.PERIOD_MS
        width = self.width() // 4
        painter = QPainter(self)
        left = round(phase * (self.width() + width)) - width
        painter.fillRect(left, 0, width, self.height(), QColor(current().accent))
        painter.end()

    def _begin(self) -> None:
        self._clock.start()
        self._tick.start()
