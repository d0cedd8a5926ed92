"""The volume slider."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSlider, QWidget

from desktop.player.buttons import accent_ink

_MARGIN = 7.0


class VolumeSlider(QSlider):
    """A thin slider from 0 to 100."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setObjectName("volume")
        self.setAccessibleName(self.tr("Volume"))
        self.setToolTip(self.tr("Volume"))
        self.setRange(0, 100)
        self.setPageStep(10)
        self.setFixedSize(84, 34)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def sizeHint(self) -> QSize:
        """The size it likes to have."""
        return QSize(84, 34)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Follow the pointer."""
        self._take(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the pointer."""
        self._take(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let the pointer go."""
        event.accept()

    def _take(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            share = (event.position().x() - _MARGIN) / (self.width() - 2 * _MARGIN)
            if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
                share = 1 - share
            self.setValue(round(min(max(share, 0.0), 1.0) * 100))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        ink = QColor(self.palette().color(QPalette.ColorRole.WindowText))
        level = QColor(accent_ink(self.palette())) if self.hasFocus() else QColor(ink)
        level.setAlphaF(0.85 if self.isEnabled() else 0.25)
        ink.setAlphaF(0.16)
        share = self.value() / 100
        width = self.width() - 2 * _MARGIN
        y = self.height() / 2
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            painter.translate(self.width(), 0)
            painter.scale(-1, 1)
        painter.setBrush(ink)
        painter.drawRoundedRect(QRectF(_MARGIN, y - 2, width, 4), 2, 2)
        painter.setBrush(level)
        painter.drawRoundedRect(QRectF(_MARGIN, y - 2, max(4.0, width * share), 4), 2, 2)
        painter.drawEllipse(QPointF(_MARGIN + width * share, y), 5, 5)
        painter.end()
