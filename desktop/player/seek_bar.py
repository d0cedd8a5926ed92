"""The bar over the scene, or over the whole film with the scene marked."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QAbstractSlider, QSizePolicy, QWidget

from desktop.player.buttons import accent_ink
from desktop.player.times import clock_text

_HEIGHT = 40
_TRACK_Y = 27.0
_TRACK = 5.0
_KNOB = 7.0
#: Room at both ends, for the knob and for half of a time label.
_MARGIN = 10.0


class SeekBar(QAbstractSlider):
    """A slider in ms of film; `sought` tells the time that the user wants, in s.

    The matched frame is a small flag on the track, the scene within a whole film a brighter stretch.
    Left and Right move by a second (with Ctrl by a frame: `stepped`), Page keys by a tenth, Home and End.
    """

    sought = Signal(float)
    stepped = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("seek-bar")
        self.setAccessibleName(self.tr("Position in the scene"))
        self.setOrientation(Qt.Orientation.Horizontal)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSingleStep(1000)
        self._start_s, self._end_s = 0.0, 0.0
        self._at_s = 0.0
        self._match_s: float | None = None
        self.shown_from_s = 0.0
        """What is added to a time to show it, in s."""
        self._scene: tuple[float, float] | None = None
        self._hover_x: float | None = None
        self._drag = False
        self._by_key = False  # whether the focus came by the keyboard, and is worth a ring
        self.actionTriggered.connect(self._on_action)

    def sizeHint(self) -> QSize:
        """The size it likes to have."""
        return QSize(320, _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """The size it can do with."""
        return QSize(120, _HEIGHT)

    @property
    def at_s(self) -> float:
        """Where the knob is."""
        return self._at_s

    @property
    def match_s(self) -> float | None:
        """Where the matched frame is marked."""
        return self._match_s

    def set_span(self, start_s: float, end_s: float, match_s: float | None) -> None:
        """The stretch of film under the bar, and the matched frame in it."""
        self._start_s, self._end_s, self._match_s = start_s, end_s, match_s
        self.setRange(round(start_s * 1000), max(round(start_s * 1000), round(end_s * 1000)))
        self.setPageStep(max(1, round((end_s - start_s) * 100)))
        self.update()

    def set_scene(self, scene: tuple[float, float] | None) -> None:
        """Mark a stretch of the film as the scene; None marks none."""
        self._scene = scene
        self.update()

    def set_at(self, at_s: float) -> None:
        """Move the knob."""
        self._at_s = at_s
        self.setValue(round(at_s * 1000))
        self.update()

    def x_of(self, at_s: float) -> float:
        """Where a time lies, in the widget's coordinates."""
        length_s = self._end_s - self._start_s
        share = (at_s - self._start_s) / length_s if length_s > 0 else 0.0
        share = min(max(share, 0.0), 1.0)
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            share = 1 - share
        return _MARGIN + share * (self.width() - 2 * _MARGIN)

    def time_at(self, x: float) -> float:
        """The time that lies at a place, in s."""
        share = min(max((x - _MARGIN) / max(1.0, self.width() - 2 * _MARGIN), 0.0), 1.0)
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            share = 1 - share
        return self._start_s + share * (self._end_s - self._start_s)

    # -- pointer and keys ----------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Follow the pointer."""
        if event.button() is Qt.MouseButton.LeftButton and self._end_s > self._start_s:
            self._drag = True
            self.sought.emit(self.time_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the pointer; a drag whose end went elsewhere, as into a menu, is over."""
        self._hover_x = event.position().x()
        self._drag = self._drag and bool(event.buttons() & Qt.MouseButton.LeftButton)
        if self._drag:
            self.sought.emit(self.time_at(self._hover_x))
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let the pointer go."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._drag = False
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer is gone."""
        self._hover_x = None
        self.update()
        super().leaveEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show a ring if the focus came by the keyboard."""
        self._by_key = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys that a slider does not have."""
        way = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if way and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.stepped.emit(way)
        else:
            super().keyPressEvent(event)

    def _on_action(self, action: int) -> None:
        wished_ms = self.sliderPosition()
        self.setSliderPosition(self.value())
        if wished_ms != self.value():
            self.sought.emit(wished_ms / 1000)

    # -- painting ------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self.palette()
        ink = palette.color(QPalette.ColorRole.WindowText)
        accent = accent_ink(palette)
        active = self.isEnabled() and self._end_s > self._start_s
        left, right = _MARGIN, self.width() - _MARGIN
        self._stretch(painter, left, right, _with_alpha(ink, 0.16))
        if not active:
            return
        if self._scene is not None:
            self._stretch(painter, *self._ends(*self._scene), _with_alpha(accent, 0.45))
        self._stretch(painter, *self._ends(self._start_s, self._at_s), accent)
        if self._match_s is not None:
            self._paint_match(painter, self.x_of(self._match_s), ink, accent)
        x = self.x_of(self._at_s)
        if self.hasFocus() and self._by_key:
            painter.setPen(QPen(_with_alpha(accent, 0.5), 3))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(QPointF(x, _TRACK_Y), _KNOB + 3, _KNOB + 3)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(accent)
        size = _KNOB if self._drag or self._hover_x is not None else _KNOB - 1.5
        painter.drawEllipse(QPointF(x, _TRACK_Y), size, size)
        if self._hover_x is not None:
            self._paint_hover(painter, self._hover_x, palette)

    def _ends(self, start_s: float, end_s: float) -> tuple[float, float]:
        a, b = sorted((self.x_of(start_s), self.x_of(end_s)))
        return a, max(b, a + 2)

    def _stretch(self, painter: QPainter, left: float, right: float, color: QColor) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawRoundedRect(
            QRectF(left, _TRACK_Y - _TRACK / 2, max(1.0, right - left), _TRACK), _TRACK / 2, _TRACK / 2
        )

    def _paint_match(self, painter: QPainter, x: float, ink: QColor, accent: QColor) -> None:
        """A small flag that points at the matched frame."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        painter.drawRoundedRect(QRectF(x - 1, _TRACK_Y - 7, 2, 14), 1, 1)
        top = _TRACK_Y - 9
        painter.drawPolygon(
            QPolygonF([QPointF(x - 5, top - 6), QPointF(x + 5, top - 6), QPointF(x, top + 1)])
        )

    def _paint_hover(self, painter: QPainter, x: float, palette: QPalette) -> None:
        text = clock_text(self.time_at(x) + self.shown_from_s, tenths=True)
        metrics = painter.fontMetrics()
        width = metrics.horizontalAdvance(text) + 12.0
        left = min(max(x - width / 2, 0.0), self.width() - width)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_with_alpha(palette.color(QPalette.ColorRole.WindowText), 0.9))
        box = QRectF(left, 0, width, min(17.0, metrics.height() + 2.0))
        painter.drawRoundedRect(box, 5, 5)
        painter.setPen(palette.color(QPalette.ColorRole.Window))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def _with_alpha(color: QColor, alpha: float) -> QColor:
    result = QColor(color)
    result.setAlphaF(alpha)
    return result
