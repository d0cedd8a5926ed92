"""Where in the film's frame the picture lies that was asked for: an outline over the frame while held."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

if TYPE_CHECKING:
    from desktop.player.panel import PlayerPanel

#: Shown as long as the frame is so near the matched one, in s: further off the film may have moved on.
_NEAR_S = 0.1
#: A picture of at least this share of the frame is the frame; one of less can hardly be seen.
_WHOLE, _LEAST = 0.94, 0.005
_SHADE, _LINE, _UNDER = QColor(0, 0, 0, 110), QColor(255, 255, 255, 235), QColor(0, 0, 0, 150)
_GROUND, _INK = QColor(18, 19, 22, 215), QColor(236, 238, 242)

#: Points in shares of the frame's width and height.
Corners = Sequence[tuple[float, float]]


class PlaceOutline(QObject):
    """Shows the outline while the scene is held at its matched frame, and takes it away when it goes on."""

    def __init__(self, panel: PlayerPanel) -> None:
        super().__init__(panel)
        self._panel = panel
        self._at_s, self._mirrored = 0.0, False
        self._corners: Corners | None = None
        panel.frame_shown.connect(lambda _at_s: self._judge())
        panel.playing_changed.connect(lambda _playing: self._judge())

    def set_place(self, at_s: float, corners: Corners | None, *, mirrored: bool = False) -> None:
        """The picture lies there in the frame at `at_s`, mirrored perhaps; None where that is not known."""
        if corners is not None and not worth_outlining(corners):
            corners = None
        self._at_s, self._corners, self._mirrored = at_s, corners, mirrored
        self._judge()

    def _judge(self) -> None:
        panel = self._panel
        held = panel.scene is not None and not panel.playing and abs(panel.at_s - self._at_s) <= _NEAR_S
        legend = self.tr("Your picture, mirrored") if self._mirrored else self.tr("Your picture")
        panel.view.outline(self._corners if held else None, legend)


def worth_outlining(corners: Corners) -> bool:
    """Whether a picture with these corners shows only a part of the frame."""
    frame, picture = QPainterPath(), QPainterPath()
    frame.addRect(0, 0, 1, 1)
    picture.addPolygon(QPolygonF([QPointF(x, y) for x, y in corners]))
    picture.closeSubpath()
    shared = QPolygonF(frame.intersected(picture).toFillPolygon())
    points = [shared.at(number) for number in range(shared.size())]
    area = abs(sum(a.x() * b.y() - b.x() * a.y() for a, b in pairwise(points))) / 2
    return _LEAST < area < _WHOLE


def paint_outline(painter: QPainter, frame: QRect, corners: Corners, legend: str) -> None:
    """Paint the outline over a frame that fills `frame`; outside of it the frame is a little darker."""
    area = QRectF(frame)
    outline = QPolygonF(
        [QPointF(area.x() + x * area.width(), area.y() + y * area.height()) for x, y in corners]
    )
    inside, outside = QPainterPath(), QPainterPath()
    inside.addPolygon(outline)
    inside.closeSubpath()
    outside.addRect(area)
    painter.save()
    painter.setClipRect(frame)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillPath(outside.subtracted(inside), _SHADE)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in ((_UNDER, 4.0), (_LINE, 1.75)):
        painter.setPen(
            QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap, Qt.PenJoinStyle.MiterJoin)
        )
        painter.drawPath(inside)
    _paint_legend(painter, area, inside.boundingRect().intersected(area), legend)
    painter.restore()


def _paint_legend(painter: QPainter, area: QRectF, box: QRectF, legend: str) -> None:
    """The legend above the outline, or inside its upper edge where there is no room above."""
    text = QRectF(painter.fontMetrics().boundingRect(legend)).adjusted(-8, -3, 8, 3)
    left = min(max(box.left(), area.left() + 4), area.right() - text.width() - 4)
    above = box.top() - text.height() - 6
    text.moveTopLeft(QPointF(left, above) if above >= area.top() + 2 else box.topLeft() + QPointF(8, 8))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_GROUND)
    painter.drawRoundedRect(text, 6, 6)
    painter.setPen(_INK)
    painter.drawText(text, Qt.AlignmentFlag.AlignCenter, legend)
