"""What covers the window while something is dragged over it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from desktop.window.icons import pixmap
from desktop.window.theme import current, scale


class DropOverlay(QWidget):
    """Dims the window and says what a drop will do; takes no mouse events itself."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(self.tr("Drop to search"))
        self.hide()

    def cover(self) -> None:
        """Cover the whole parent."""
        parent = self.parentWidget()
        if parent is not None:
            self.setGeometry(parent.rect())
        self.show()
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint a veil, a dashed frame, and the words."""
        colours = current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        veil = QColor(colours.window)
        veil.setAlpha(225)
        painter.fillRect(self.rect(), veil)
        pen = QPen(QColor(colours.accent), 2, Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(24, 24, -24, -24), 16, 16)
        middle = self.rect().center()
        painter.drawPixmap(
            middle.x() - 24, middle.y() - 64, pixmap("drop", 48, self.devicePixelRatioF(), colours.accent)
        )
        font = QFont(self.font())
        font.setPixelSize(scale(self.font()).heading)
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(QColor(colours.text))
        painter.drawText(
            self.rect().adjusted(0, 48, 0, 48), Qt.AlignmentFlag.AlignCenter, self.tr("Drop to search")
        )
        painter.end()
