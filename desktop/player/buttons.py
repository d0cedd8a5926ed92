"""Icon buttons of the player, painted from the palette."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QActionGroup,
    QColor,
    QEnterEvent,
    QFocusEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from desktop.player.icons import paint_icon

_SIDE = 34
_ICON = 20

#: The speeds on offer, in seconds of film a second.
SPEEDS = (0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0)


class GlyphButton(QToolButton):
    """A button that shows one of the player's icons; when checked, in the accent colour."""

    def __init__(self, icon: str, name: str, parent: QWidget | None = None, *, side: int = _SIDE) -> None:
        super().__init__(parent)
        self._icon_name = icon
        self._side = side
        self._by_key = False  # whether the focus came by the keyboard, and is worth a ring
        self.setObjectName(name)
        self.setFixedSize(side, side)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def sizeHint(self) -> QSize:
        """The size it likes to have."""
        return QSize(self._side, self._side)

    def describe(self, text: str, key: str = "") -> None:
        """Its name for screen readers and, with the key that does the same, for the pointer."""
        self.setAccessibleName(text)
        self.setToolTip(f"{text}  ({key})" if key else text)

    def set_icon_name(self, icon: str) -> None:
        """Show another icon."""
        if icon != self._icon_name:
            self._icon_name = icon
            self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show a ring if the focus came by the keyboard."""
        self._by_key = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        super().focusInEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Brighten under the pointer."""
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer is gone."""
        self.update()
        super().leaveEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_body(painter)
        self._paint_face(painter, self._ink())
        painter.end()

    def _paint_face(self, painter: QPainter, ink: QColor) -> None:
        margin = (self._side - _ICON * self._side / _SIDE) / 2
        rect = QRectF(self.rect()).adjusted(margin, margin, -margin, -margin)
        paint_icon(painter, self._icon_name, rect, ink)

    def _paint_body(self, painter: QPainter) -> None:
        palette = self.palette()
        accent = palette.color(QPalette.ColorRole.Highlight)
        body = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        fill = QColor(accent if self.isChecked() else palette.color(QPalette.ColorRole.WindowText))
        fill.setAlphaF(self._fill_strength())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawRoundedRect(body, 8, 8)
        if self.hasFocus() and self._by_key:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(accent, 2))
            painter.drawRoundedRect(body, 8, 8)

    def _ink(self) -> QColor:
        palette = self.palette()
        if self.isChecked():
            ink = accent_ink(palette)
        else:
            ink = QColor(palette.color(QPalette.ColorRole.WindowText))
            ink.setAlphaF(1.0 if self.underMouse() else 0.78)
        if not self.isEnabled():
            ink.setAlphaF(0.3)
        return ink

    def _fill_strength(self) -> float:
        if not self.isEnabled():
            return 0.0
        if self.isDown():
            return 0.22
        if self.isChecked():
            return 0.2 if self.underMouse() else 0.15
        return 0.1 if self.underMouse() else 0.0


class SpeedButton(GlyphButton):
    """Shows the speed, and offers others."""

    speed_chosen = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("play", "speed", parent)
        self.setFixedWidth(_SIDE + 16)
        self._speed = 1.0
        menu = QMenu(self)
        self._choices = QActionGroup(menu)
        for speed in SPEEDS:
            choice = menu.addAction(speed_text(speed))
            choice.setCheckable(True)
            choice.setData(speed)
            self._choices.addAction(choice)
            choice.triggered.connect(lambda _on, speed=speed: self.speed_chosen.emit(speed))
        self.setMenu(menu)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.set_speed(1.0)

    def set_speed(self, speed: float) -> None:
        """Show a speed."""
        self._speed = speed
        for choice in self._choices.actions():
            choice.setChecked(choice.data() == speed)
        self.describe(self.tr("Speed: {speed}").format(speed=speed_text(speed)))
        self.update()

    def _paint_face(self, painter: QPainter, ink: QColor) -> None:
        painter.setPen(accent_ink(self.palette()) if self._speed != 1.0 else ink)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, speed_text(self._speed))


def speed_text(speed: float) -> str:
    """A speed as people write it: 1×, 0.25×."""
    return f"{speed:g}×"


def accent_ink(palette: QPalette) -> QColor:
    """The accent colour, made lighter or darker until it reads well on the window's ground."""
    ground = palette.color(QPalette.ColorRole.Window)
    ink = palette.color(QPalette.ColorRole.Highlight)
    dark = ground.lightnessF() < 0.5
    for _ in range(8):
        if abs(ink.lightnessF() - ground.lightnessF()) >= 0.4:
            break
        ink = ink.lighter(115) if dark else ink.darker(115)
    return ink
