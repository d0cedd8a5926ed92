"""A still picture fitted into its widget, with the part that was searched outlined."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.window.theme import current

if TYPE_CHECKING:
    from index_tools.picture import Picture

#: Longest side of what is kept for showing, in pixels; a query of 60 megapixels is not needed twice.
LARGEST_SHOWN = 1024


def image_of(picture: Picture) -> QImage:
    """Give a Qt image of a picture; large ones are thinned out first, as it is only shown small."""
    step = max(1, max(picture.width, picture.height) // LARGEST_SHOWN)
    rgb = picture.rgb[::step, ::step]
    height, width = rgb.shape[:2]
    return QImage(rgb.tobytes(), width, height, width * 3, QImage.Format.Format_RGB888).copy()


def image_at_full_size(picture: Picture) -> QImage:
    """Give a Qt image of every pixel of a picture."""
    rgb = picture.rgb
    return QImage(
        rgb.tobytes(), picture.width, picture.height, picture.width * 3, QImage.Format.Format_RGB888
    ).copy()


class PictureView(QWidget):
    """Shows one picture, nothing while there is none."""

    region_marked = Signal(float, float, float, float)
    """Left, top, right, bottom of a rectangle that was drawn, as shares 0..1 of the picture."""

    RADIUS = 6.0
    #: A rectangle of a smaller share in either direction is a slip of the hand.
    LEAST_REGION = 0.08
    #: Taller pictures are shown narrower, as a share of the width.
    TALLEST = 0.75

    def __init__(self) -> None:
        super().__init__()
        self._image = QImage()
        self._fitted = QImage()
        self._box: QRectF | None = None
        self._pressed: QPointF | None = None
        self._marked: QRectF | None = None
        self._most_height = 10_000
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_image(self, image: QImage) -> None:
        """Show an image."""
        self._image, self._fitted, self._box = image, QImage(), None
        self._take_height()
        self.update()

    def allow_height(self, height: int) -> None:
        """Never be taller than this; the picture is then shown narrower."""
        if height != self._most_height:
            self._most_height = height
            self._take_height()

    def outline(self, box: tuple[float, float, float, float] | None) -> None:
        """Outline a part: left, top, right, bottom as shares 0..1 of the picture."""
        self._box = None if box is None else QRectF(box[0], box[1], box[2] - box[0], box[3] - box[1])
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a rectangle."""
        if event.button() is Qt.MouseButton.LeftButton and not self._image.isNull():
            self._pressed = self._share(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Draw it."""
        if self._pressed is not None:
            self._marked = QRectF(self._pressed, self._share(event.position())).normalized()
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End it."""
        marked, self._pressed, self._marked = self._marked, None, None
        self.update()
        if marked is not None and min(marked.width(), marked.height()) >= self.LEAST_REGION:
            self.region_marked.emit(marked.left(), marked.top(), marked.right(), marked.bottom())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the picture's shape."""
        super().resizeEvent(event)
        self._take_height()

    def _take_height(self) -> None:
        """Take the height that the picture has at this width; layouts of Qt do not ask for it reliably."""
        width = self.width()
        shape = 9 / 16 if self._image.isNull() else self._image.height() / self._image.width()
        height = max(min(round(width * min(shape, self.TALLEST)), self._most_height), 1)
        if height != self.height():
            self.setFixedHeight(height)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the picture centred, corners rounded, the outline over it."""
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.SmoothPixmapTransform | QPainter.RenderHint.Antialiasing)
        frame = QPainterPath()
        frame.addRoundedRect(QRectF(self.rect()), self.RADIUS, self.RADIUS)
        painter.setClipPath(frame)
        painter.fillRect(self.rect(), QColor(current().raised))
        if not self._image.isNull():
            target = self._target()
            painter.drawImage(target, self._fitted_to(target))
            box = self._marked or self._box
            if box is not None:
                painter.setPen(QPen(QColor(current().accent), 2))
                painter.drawRect(QRectF(
                    target.x() + box.x() * target.width(),
                    target.y() + box.y() * target.height(),
                    box.width() * target.width(),
                    box.height() * target.height(),
                ).adjusted(1, 1, -1, -1))  # fmt: skip
        painter.end()

    def _share(self, at: QPointF) -> QPointF:
        """A place in the widget as shares of the picture, brought into it."""
        target = self._target()
        across = (at.x() - target.x()) / max(target.width(), 1)
        down = (at.y() - target.y()) / max(target.height(), 1)
        return QPointF(min(max(across, 0.0), 1.0), min(max(down, 0.0), 1.0))

    def _target(self) -> QRect:
        """Where the picture lies in the widget."""
        shown = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        left, top = (self.width() - shown.width()) // 2, (self.height() - shown.height()) // 2
        return QRect(left, top, shown.width(), shown.height())

    def _fitted_to(self, target: QRect) -> QImage:
        """Give the picture in the screen's own pixels; scaled once, not at each painting."""
        native = target.size() * self.devicePixelRatioF()
        if self._fitted.size() != native:
            smooth = Qt.TransformationMode.SmoothTransformation
            self._fitted = self._image.scaled(native, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)
        return self._fitted
