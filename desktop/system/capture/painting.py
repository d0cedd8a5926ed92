"""What the overlay paints over the frozen screen: dimming, outline, size, magnifier, debug lines.

Positions are logical within the overlay, so that a painter of any ratio is right; what is one native pixel
is painted as one.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetrics, QImage, QPainter, QPen, QRegion

from desktop.system.capture.geometry import Rect, to_local

#: Over what is not marked.
DIM = QColor(0, 0, 0, 130)

#: Native pixels seen in the magnifier (odd: one is the middle), and logical pixels of one of them.
SEEN, CELL = 17, 9

#: Logical pixels between the pointer or a part and what is written beside it.
GAP = 14
_PADDING = 6
#: Ink of labels, on a ground that is dark on any screen.
_GROUND, _INK = QColor(18, 22, 25, 235), QColor("#f2f5f6")
_GRID = QColor(128, 128, 128, 110)


def visible(accent: QColor) -> QColor:
    """The accent, made lighter where it would not be seen on the dimmed screen."""
    return (
        accent if accent.lightness() >= 120 else QColor.fromHsl(accent.hslHue(), accent.hslSaturation(), 150)
    )


def area_of(part: Rect, ratio: float) -> QRectF:
    """A part in native pixels as an area of the overlay."""
    return QRectF(*to_local(part, ratio))


def paint_frozen(
    painter: QPainter, region: QRegion, image: QImage, size: QSize, bright: QRectF | None
) -> None:
    """Paint the frozen screen in a region, dimmed but for the bright part.

    The image carries the painter's ratio where its pixels are the screen's, and is then copied unscaled.
    """
    painter.setClipRegion(region)
    if image.deviceIndependentSize().toSize() == size or image.devicePixelRatio() != 1.0:
        painter.drawImage(0, 0, image)
    else:
        painter.drawImage(QRectF(QPointF(), size.toSizeF()), image)
    painter.save()
    if bright is not None:
        outside = QRegion(QRect(QPoint(), size)).subtracted(QRegion(bright.toAlignedRect()))
        painter.setClipRegion(region.intersected(outside))
        painter.fillRect(QRect(QPoint(), size), DIM)
        painter.setClipRegion(region)
        _dim_fringe(painter, bright)
    else:
        painter.fillRect(QRect(QPoint(), size), DIM)
    painter.restore()


def _dim_fringe(painter: QPainter, bright: QRectF) -> None:
    """Dim what of the whole logical pixels around the bright part is not in it; nothing at ratio 1."""
    whole = QRectF(bright.toAlignedRect())
    for strip in (
        QRectF(whole.left(), whole.top(), whole.width(), bright.top() - whole.top()),
        QRectF(whole.left(), bright.bottom(), whole.width(), whole.bottom() - bright.bottom()),
        QRectF(whole.left(), bright.top(), bright.left() - whole.left(), bright.height()),
        QRectF(bright.right(), bright.top(), whole.right() - bright.right(), bright.height()),
    ):
        if strip.width() > 0 and strip.height() > 0:
            painter.fillRect(strip, DIM)


def paint_outline(painter: QPainter, area: QRectF, accent: QColor, *, is_proposal: bool, grips: bool) -> None:
    """Paint the line around a part, outside of it, so that no pixel of the part is hidden."""
    dark, light = QPen(QColor(0, 0, 0, 160), 1), QPen(accent, 2)
    light.setStyle(Qt.PenStyle.DashLine if is_proposal else Qt.PenStyle.SolidLine)
    light.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(dark)
    painter.drawRect(area.adjusted(-3, -3, 3, 3))
    painter.setPen(light)
    painter.drawRect(area.adjusted(-1, -1, 1, 1))
    if grips:
        painter.setPen(dark)
        painter.setBrush(accent)
        for point in _grip_points(area):
            painter.drawRect(QRectF(point.x() - 4, point.y() - 4, 8, 8))


def _grip_points(area: QRectF) -> list[QPointF]:
    across = (area.left() - 1, area.center().x(), area.right() + 1)
    down = (area.top() - 1, area.center().y(), area.bottom() + 1)
    return [QPointF(x, y) for x in across for y in down if (x, y) != (across[1], down[1])]


def label_area(lines: Sequence[str], beside: QRectF, bounds: QRect, avoid: QRect | None = None) -> QRect:
    """Where a label goes: under a part, above it or inside it, wherever there is room first."""
    metrics = QFontMetrics(_font())
    width = max(metrics.horizontalAdvance(line) for line in lines) + 2 * _PADDING
    height = metrics.lineSpacing() * len(lines) + 2 * _PADDING
    left = max(min(round(beside.left()), bounds.right() - width - 4), bounds.left() + 4)
    for top in (round(beside.bottom()) + 6, round(beside.top()) - 6 - height, round(beside.top()) + 6):
        area = QRect(left, top, width, height)
        is_inside = bounds.top() + 4 <= top and top + height <= bounds.bottom() - 4
        if is_inside and (avoid is None or not area.intersects(avoid)):
            return area
    return QRect(left, bounds.bottom() - height - 4, width, height)


def paint_label(painter: QPainter, area: QRect, lines: Sequence[str]) -> None:
    """Paint lines of text on a dark ground."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_GROUND)
    painter.drawRoundedRect(area, 4, 4)
    painter.setPen(_INK)
    painter.setFont(_font())
    step = QFontMetrics(_font()).lineSpacing()
    for number, line in enumerate(lines):
        row = QRect(area.left() + _PADDING, area.top() + _PADDING + number * step, area.width(), step)
        painter.drawText(row, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, line)


def magnifier_area(pointer: QPointF, bounds: QRect) -> QRect:
    """Where the magnifier goes: right of and below the pointer, on the other side where that is outside."""
    width, height = SEEN * CELL, SEEN * CELL + QFontMetrics(_font()).lineSpacing() + 2 * _PADDING
    left, top = round(pointer.x()) + 2 * GAP, round(pointer.y()) + 2 * GAP
    if left + width > bounds.right() - 4:
        left = round(pointer.x()) - 2 * GAP - width
    if top + height > bounds.bottom() - 4:
        top = round(pointer.y()) - 2 * GAP - height
    return QRect(left, top, width, height)


def paint_magnifier(
    painter: QPainter, area: QRect, image: QImage, pixel: tuple[int, int], accent: QColor
) -> None:
    """Paint the pixels around one, with a grid, that one framed, and its place in words."""
    half = SEEN // 2
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_GROUND)
    painter.drawRoundedRect(area, 4, 4)
    view = QRect(area.left(), area.top(), SEEN * CELL, SEEN * CELL)
    # `copy` fills with transparent pixels what lies beyond the screen
    around = image.copy(pixel[0] - half, pixel[1] - half, SEEN, SEEN)
    around.setDevicePixelRatio(1.0)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    painter.drawImage(view, around)
    painter.setPen(QPen(_GRID, 1))
    for number in range(1, SEEN):
        painter.drawLine(view.left() + number * CELL, view.top(), view.left() + number * CELL, view.bottom())
        painter.drawLine(view.left(), view.top() + number * CELL, view.right(), view.top() + number * CELL)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(0, 0, 0), 1))
    middle = QRect(view.left() + half * CELL, view.top() + half * CELL, CELL, CELL)
    painter.drawRect(middle.adjusted(-2, -2, 2, 2))
    painter.setPen(QPen(accent, 2))
    painter.drawRect(middle)
    painter.setPen(QPen(accent, 1))
    painter.drawRect(view)
    colour = around.pixelColor(half, half).name() if image.rect().contains(*pixel) else ""
    painter.setPen(_INK)
    painter.setFont(_font())
    under = QRect(area.left(), view.bottom() + 1, area.width(), area.bottom() - view.bottom())
    painter.drawText(under, Qt.AlignmentFlag.AlignCenter, f"{pixel[0]}, {pixel[1]}  {colour}")


def _font() -> QFont:
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    font.setPixelSize(13)
    return font
