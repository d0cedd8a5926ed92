"""The cover of a work, in the shape that covers have, with a sign in its place while there is none."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QWidget

from desktop.window.icons import pixmap
from desktop.window.theme import current


class Cover(QWidget):
    """Shows one picture scaled to fill; a plain ground in the work's colour before it comes."""

    SIZE = QSize(120, 170)
    RADIUS = 6.0

    def __init__(self) -> None:
        super().__init__()
        self._image = QImage()
        self._colour = ""
        self.setFixedSize(self.SIZE)

    @property
    def has_image(self) -> bool:
        """Whether a cover is shown."""
        return not self._image.isNull()

    def expect(self, colour: str) -> None:
        """Show the ground for a cover to come; `colour` is #rrggbb or ""."""
        self._image, self._colour = QImage(), colour
        self.update()

    def show_image(self, image: QImage) -> None:
        """Show a cover."""
        self._image = image
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the cover cut to the shape, or the ground with a sign."""
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.SmoothPixmapTransform | QPainter.RenderHint.Antialiasing)
        frame = QPainterPath()
        frame.addRoundedRect(QRectF(self.rect()), self.RADIUS, self.RADIUS)
        painter.setClipPath(frame)
        painter.fillRect(self.rect(), QColor(current().raised))
        if self._image.isNull():
            if self._colour:
                ground = QColor(self._colour)
                ground.setAlphaF(0.35)
                painter.fillRect(self.rect(), ground)
            sign = pixmap("film", 32, self.devicePixelRatioF(), current().faint)
            painter.drawPixmap(self.rect().center().x() - 16, self.rect().center().y() - 16, sign)
        else:
            size = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatioByExpanding)
            left, top = (self.width() - size.width()) // 2, (self.height() - size.height()) // 2
            painter.drawImage(QRectF(left, top, size.width(), size.height()), self._image)
        painter.end()
