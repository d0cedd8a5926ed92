"""The picture: the frame, letter-boxed on black, or what stands in its place."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QHideEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
    QTextOption,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.player.frame_store import StoredFrame
from desktop.player.outline import Corners, paint_outline
from desktop.player.pictures import PictureMaker, ShownPicture, upright_size
from desktop.player.state import State

_BACKGROUND = QColor(14, 15, 17)
_FAINT = QColor(255, 255, 255, 40)
_TEXT = QColor(236, 238, 242)
_SOFT_TEXT = QColor(168, 174, 184)
_WARNING = QColor(240, 184, 96)
#: A load that takes longer than this shows that something is going on, in ms.
_PATIENCE_MS = 250
#: How long a notice stays, in ms.
_NOTICE_MS = 6000
_SPINNER_MS = 50
#: Aspects that differ less are the same but for the rounding of sides to even numbers.
_SAME_SHAPE = 0.03


class SceneView(QWidget):
    """Paints frames with their aspect kept; says what is missing when there is none."""

    painted = Signal(object)
    pixels_changed = Signal(int, int)
    clicked = Signal()
    double_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("scene-view")
        self.setAccessibleName(self.tr("Scene"))
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(240, 135)
        self._maker = PictureMaker()
        self._frame: StoredFrame | None = None
        self._aspect = 16 / 9
        self._picture: ShownPicture | None = None
        self._state = State.EMPTY
        self._text = ""
        self._notice = ""
        self._outline: tuple[Corners, str] | None = None
        self._turn = 0
        self._late = QTimer(self, singleShot=True, interval=_PATIENCE_MS)
        self._late.timeout.connect(self._spin)
        self._spinner = QTimer(self, interval=_SPINNER_MS)
        self._spinner.timeout.connect(self._spin)
        self._settle = QTimer(self, singleShot=True, interval=_PATIENCE_MS)
        self._settle.timeout.connect(self._tell_pixels)
        self._notice_end = QTimer(self, singleShot=True, interval=_NOTICE_MS)
        self._notice_end.timeout.connect(lambda: self.show_notice(""))

    def sizeHint(self) -> QSize:
        """The size it likes to have."""
        return QSize(640, 360)

    @property
    def frame(self) -> StoredFrame | None:
        """The frame on the screen."""
        return self._frame

    @property
    def notice(self) -> str:
        """The sentence laid over the picture, if any."""
        return self._notice

    @property
    def text(self) -> str:
        """The sentence in place of the picture, if any."""
        return self._text

    def set_aspect(self, width: int, height: int) -> None:
        """The shape of the film."""
        self._aspect = width / height

    def set_label(self, title: str) -> None:
        """What is shown, for screen readers."""
        self.setAccessibleDescription(title)

    def show_frame(self, frame: StoredFrame) -> None:
        """Put a frame on the screen."""
        self._frame, self._picture = frame, None
        self._set_state(State.READY)
        self.update()

    def outline(self, corners: Corners | None, legend: str) -> None:
        """Outline a part of the frame, given in shares of its width and height, under a legend."""
        outline = None if corners is None else (corners, legend)
        if outline != self._outline:
            self._outline = outline
            self.update()

    @property
    def outlined(self) -> tuple[Corners, str] | None:
        """The outline and its legend, if there is one."""
        return self._outline

    def show_state(self, state: State, text: str = "") -> None:
        """Show that there is nothing, that it is loading, or why it failed."""
        if state is not State.READY:
            self._frame = self._picture = None
            self.show_notice("")
        self._text = text
        self._set_state(state)
        self.update()

    def show_notice(self, text: str) -> None:
        """Lay a sentence over the picture for some seconds."""
        self._notice = text
        self._notice_end.stop()
        if text:
            self._notice_end.start()
        self.update()

    def _set_state(self, state: State) -> None:
        self._state = state
        self._late.stop()
        self._spinner.stop()
        self._turn = 0
        if state is State.LOADING:
            self._late.start()

    def _spin(self) -> None:
        self._turn += 1
        if not self._spinner.isActive():
            self._spinner.start()
        self.update()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody sees it any more."""
        self._spinner.stop()
        super().hideEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Its size changed."""
        self._picture = None
        self._settle.start()
        super().resizeEvent(event)

    def _tell_pixels(self) -> None:
        self.pixels_changed.emit(*self.pixels())

    def pixels(self) -> tuple[int, int]:
        """The size in pixels of the screen."""
        ratio = self.devicePixelRatioF()
        return round(self.width() * ratio), round(self.height() * ratio)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let the pointer go."""
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Two clicks mean full screen."""
        if event.button() is Qt.MouseButton.LeftButton:
            self.double_clicked.emit()

    # -- painting ------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it."""
        painter = QPainter(self)
        if self._frame is not None:
            self._paint_frame(painter, self._frame)
        else:
            painter.fillRect(self.rect(), _BACKGROUND)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if self._state is State.EMPTY:
                self._paint_empty(painter)
            elif self._state is State.FAILED:
                self._paint_failure(painter)
            elif self._turn:
                self._paint_spinner(painter)
        if self._notice:
            self._paint_notice(painter)
        painter.end()
        if self._frame is not None:
            self.painted.emit(self._frame)

    def picture_rect(self) -> QRect:
        """Where the picture lies, in the widget's coordinates."""
        width, height = self.width(), self.height()
        aspect = self._shape()
        if width > height * aspect:
            wide = round(height * aspect)
            return QRect((width - wide) // 2, 0, max(1, wide), height)
        high = round(width / aspect)
        return QRect(0, (height - high) // 2, width, max(1, high))

    def _shape(self) -> float:
        """The film's aspect, but the frame's own where the film changes its size on the way."""
        if self._frame is not None:
            wide, high = upright_size(self._frame)
            if abs(wide / high / self._aspect - 1) > _SAME_SHAPE:
                return wide / high
        return self._aspect

    def _paint_frame(self, painter: QPainter, frame: StoredFrame) -> None:
        rect = self.picture_rect()
        if self._picture is None:
            ratio = self.devicePixelRatioF()
            self._picture = self._maker.make(
                frame, max(1, round(rect.width() * ratio)), max(1, round(rect.height() * ratio))
            )
        for bar in (
            QRect(0, 0, self.width(), rect.top()),
            QRect(0, rect.top() + rect.height(), self.width(), self.height()),
            QRect(0, 0, rect.left(), self.height()),
            QRect(rect.left() + rect.width(), 0, self.width(), self.height()),
        ):
            if not bar.isEmpty():
                painter.fillRect(bar, _BACKGROUND)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(rect, self._picture.image)
        if self._outline is not None:
            paint_outline(painter, rect, *self._outline)

    def _paint_empty(self, painter: QPainter) -> None:
        middle = QPointF(self.rect().center())
        frame = QRectF(middle.x() - 44, middle.y() - 52, 88, 58)
        painter.setPen(QPen(_FAINT, 2.5))
        painter.drawRoundedRect(frame, 9, 9)
        nose = QPolygonF([QPointF(-9, -13), QPointF(14, 0), QPointF(-9, 13)]).translated(frame.center())
        painter.setBrush(_FAINT)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawPolygon(nose)
        self._paint_text(painter, self.tr("The scene plays here."), middle.y() + 26, _SOFT_TEXT)

    def _paint_failure(self, painter: QPainter) -> None:
        middle = QPointF(self.rect().center())
        circle = QRectF(middle.x() - 19, middle.y() - 58, 38, 38)
        painter.setPen(QPen(_WARNING, 2.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawEllipse(circle)
        centre = circle.center()
        painter.drawLine(centre + QPointF(0, -9), centre + QPointF(0, 2))
        painter.drawPoint(centre + QPointF(0, 9))
        self._paint_text(painter, self._text, middle.y() - 2, _TEXT)

    def _paint_spinner(self, painter: QPainter) -> None:
        middle = QPointF(self.rect().center())
        circle = QRectF(middle.x() - 16, middle.y() - 16, 32, 32)
        painter.setPen(QPen(_FAINT, 3))
        painter.drawEllipse(circle)
        painter.setPen(QPen(_SOFT_TEXT, 3, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawArc(circle, -self._turn * 18 * 16, 80 * 16)

    def _paint_text(self, painter: QPainter, text: str, top: float, color: QColor) -> None:
        width = min(self.width() - 32, 460)
        area = QRectF((self.width() - width) / 2, top, width, self.height() - top)
        option = QTextOption(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        option.setWrapMode(QTextOption.WrapMode.WordWrap)
        painter.setPen(color)
        painter.drawText(area, text, option)

    def _paint_notice(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = QFont(self.font())
        painter.setFont(font)
        most = QRect(0, 0, max(80, min(self.width() - 56, 520)), self.height())
        flags = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignHCenter
        text = painter.fontMetrics().boundingRect(most, int(flags), self._notice)
        text.moveCenter(self.rect().center())
        text.moveBottom(self.height() - 22)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(18, 19, 22, 215))
        painter.drawRoundedRect(text.adjusted(-14, -8, 14, 8), 10, 10)
        painter.setPen(_TEXT)
        painter.drawText(text, int(flags), self._notice)
