"""The player's own icons: strokes and shapes on a grid of 24 by 24, painted in any colour."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

#: Width of the strokes on the grid.
_STROKE = 1.9


def paint_icon(painter: QPainter, name: str, rect: QRectF, color: QColor) -> None:
    """Paint the icon `name`, one of `ICON_NAMES`, into a square."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(rect.topLeft())
    painter.scale(rect.width() / 24, rect.height() / 24)
    pen = QPen(color, _STROKE, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    _ICONS[name](painter, color)
    painter.restore()


def _lines(painter: QPainter, *strokes: list[tuple[float, float]]) -> None:
    for stroke in strokes:
        painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in stroke]))


def _filled(painter: QPainter, color: QColor, points: list[tuple[float, float]]) -> None:
    painter.setBrush(color)
    painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in points]))
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _bar(painter: QPainter, color: QColor, x: float, y: float, width: float, height: float) -> None:
    path = QPainterPath()
    path.addRoundedRect(QRectF(x, y, width, height), 1.2, 1.2)
    painter.fillPath(path, color)


def _arc(painter: QPainter, x: float, y: float, size: float, start: float, sweep: float) -> None:
    painter.drawArc(QRectF(x, y, size, size), round(start * 16), round(sweep * 16))


def _play(painter: QPainter, color: QColor) -> None:
    _filled(painter, color, [(7.5, 5), (18.5, 12), (7.5, 19)])


def _pause(painter: QPainter, color: QColor) -> None:
    _bar(painter, color, 6.5, 4.5, 4, 15)
    _bar(painter, color, 13.5, 4.5, 4, 15)


def _step_back(painter: QPainter, color: QColor) -> None:
    _filled(painter, color, [(15.5, 7), (8.5, 12), (15.5, 17)])
    _lines(painter, [(5.5, 6.5), (5.5, 17.5)])


def _step_forward(painter: QPainter, color: QColor) -> None:
    _filled(painter, color, [(8.5, 7), (15.5, 12), (8.5, 17)])
    _lines(painter, [(18.5, 6.5), (18.5, 17.5)])


def _loop(painter: QPainter, color: QColor) -> None:
    path = QPainterPath(QPointF(4, 11.5))
    path.lineTo(4, 10.5)
    path.quadTo(4, 7, 7.5, 7)
    path.lineTo(19.5, 7)
    path.moveTo(20, 12.5)
    path.lineTo(20, 13.5)
    path.quadTo(20, 17, 16.5, 17)
    path.lineTo(4.5, 17)
    painter.drawPath(path)
    _lines(painter, [(17, 4.2), (19.8, 7), (17, 9.8)], [(7, 14.2), (4.2, 17), (7, 19.8)])


def _autoplay(painter: QPainter, color: QColor) -> None:
    _arc(painter, 3.5, 3.5, 17, 60, 330 - 60)
    _filled(painter, color, [(10, 8.6), (15.4, 12), (10, 15.4)])
    _lines(painter, [(16.2, 1.8), (16.4, 4.9), (13.4, 5.8)])


def _speaker(painter: QPainter, color: QColor) -> None:
    _filled(painter, color, [(3.5, 9.5), (6.5, 9.5), (10.5, 6), (10.5, 18), (6.5, 14.5), (3.5, 14.5)])


def _sound(painter: QPainter, color: QColor) -> None:
    _speaker(painter, color)
    _arc(painter, 9, 8.5, 7, -45, 90)
    _arc(painter, 6.5, 5.5, 13, -48, 96)


def _muted(painter: QPainter, color: QColor) -> None:
    _speaker(painter, color)
    _lines(painter, [(14.5, 9.3), (20, 14.7)], [(20, 9.3), (14.5, 14.7)])


def _film(painter: QPainter, color: QColor) -> None:
    painter.drawRoundedRect(QRectF(3.5, 5, 17, 14), 2.2, 2.2)
    _lines(painter, [(7.6, 5.4), (7.6, 18.6)], [(16.4, 5.4), (16.4, 18.6)])
    for y in (8.2, 12, 15.8):
        painter.drawPoint(QPointF(5.5, y))
        painter.drawPoint(QPointF(18.5, y))


def _outside(painter: QPainter, color: QColor) -> None:
    _lines(
        painter,
        [(11, 5.5), (6.5, 5.5), (5, 7), (5, 17.5), (6.5, 19), (17, 19), (18.5, 17.5), (18.5, 13)],
        [(14.5, 4.5), (19.5, 4.5), (19.5, 9.5)],
        [(19, 5), (11.5, 12.5)],
    )


def _folder(painter: QPainter, color: QColor) -> None:
    path = QPainterPath(QPointF(3.5, 17))
    path.lineTo(3.5, 7)
    path.quadTo(3.5, 5.5, 5, 5.5)
    path.lineTo(9.5, 5.5)
    path.lineTo(11.5, 8)
    path.lineTo(19, 8)
    path.quadTo(20.5, 8, 20.5, 9.5)
    path.lineTo(20.5, 17)
    path.quadTo(20.5, 18.5, 19, 18.5)
    path.lineTo(5, 18.5)
    path.quadTo(3.5, 18.5, 3.5, 17)
    painter.drawPath(path)


def _full_screen(painter: QPainter, color: QColor) -> None:
    _lines(
        painter,
        [(4.5, 9), (4.5, 4.5), (9, 4.5)],
        [(15, 4.5), (19.5, 4.5), (19.5, 9)],
        [(19.5, 15), (19.5, 19.5), (15, 19.5)],
        [(9, 19.5), (4.5, 19.5), (4.5, 15)],
    )


_ICONS: dict[str, Callable[[QPainter, QColor], None]] = {
    "play": _play,
    "pause": _pause,
    "step-back": _step_back,
    "step-forward": _step_forward,
    "loop": _loop,
    "autoplay": _autoplay,
    "sound": _sound,
    "muted": _muted,
    "film": _film,
    "outside": _outside,
    "folder": _folder,
    "full-screen": _full_screen,
}

#: What `paint_icon` knows.
ICON_NAMES = tuple(_ICONS)
