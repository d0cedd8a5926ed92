"""What stands above the words of the small window while no scene plays in it."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.window.pieces import Glyph, label


class StillPage(QWidget):
    """A picture filling the place of the scene, its aspect kept."""

    def __init__(self) -> None:
        super().__init__()
        self._image = QImage()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_image(self, image: QImage) -> None:
        """Show a picture."""
        self._image = image
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it on black, as the player does."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(14, 15, 17))
        if not self._image.isNull():
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            size = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
            left, top = (self.width() - size.width()) // 2, (self.height() - size.height()) // 2
            painter.drawImage(QRect(QPoint(left, top), size), self._image)
        painter.end()


class MessageSign(QWidget):
    """A sign and a hint in the place of the scene."""

    def __init__(self) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._glyph = Glyph("lens", 48)
        self._hint = label("", "muted", wrap=True, centred=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(12)
        column.addStretch()
        column.addWidget(self._glyph, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._hint)
        column.addStretch()

    def show_sign(self, sign: str, hint: str, *, warns: bool) -> None:
        """Show a sign, and a hint of a few words."""
        self._glyph.show_icon(sign, "warning" if warns else "muted")
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))
