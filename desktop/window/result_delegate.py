"""How a result is painted: thumbnail, title, place and time, and how far it is to be believed."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QPainter, QPainterPath
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop.lookup.merged import Hit
from desktop.window import hit_words
from desktop.window.icons import pixmap
from desktop.window.result_model import HIT_ROLE, IMAGE_ROLE, ResultModel
from desktop.window.theme import current, scale

Index = QModelIndex | QPersistentModelIndex

PADDING = 8
THUMBNAIL = QSize(112, 63)
GAP = 4


class ResultDelegate(QStyledItemDelegate):
    """Paints rows of a `ResultModel`."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Give the height of a row; the list sets the width."""
        text = 3 * QFontMetrics(option.font).height() + 2 * GAP
        if index.data(HIT_ROLE) is None:
            return QSize(200, QFontMetrics(option.font).height() + 3 * PADDING)
        return QSize(200, max(THUMBNAIL.height(), text) + 2 * PADDING + GAP)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one row."""
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        hit = index.data(HIT_ROLE)
        area = option.rect.adjusted(0, 0, -GAP, -GAP)
        self._ground(painter, area, option)
        if isinstance(hit, Hit):
            self._hit(painter, area, option.font, hit, index.data(IMAGE_ROLE))
        else:
            self._line(painter, area, option.font, index)
        painter.restore()

    def _ground(self, painter: QPainter, area: QRect, option: QStyleOptionViewItem) -> None:
        colours = current()
        ground = ""
        if option.state & QStyle.StateFlag.State_Selected:
            ground = colours.accent_soft
        elif option.state & QStyle.StateFlag.State_MouseOver:
            ground = colours.raised
        if ground:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(ground))
            painter.drawRoundedRect(area, 8, 8)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setBrush(QColor(colours.accent))
            painter.drawRoundedRect(QRectF(area.x(), area.y() + 12, 3, area.height() - 24), 1.5, 1.5)

    def _line(self, painter: QPainter, area: QRect, font: QFont, index: Index) -> None:
        model = index.model()
        unfolded = isinstance(model, ResultModel) and model.unfolded
        colours = current()
        painter.setPen(QColor(colours.border))
        painter.drawLine(area.left() + PADDING, area.top() + 2, area.right() - PADDING, area.top() + 2)
        painter.setFont(_sized(font, scale(font).small))
        painter.setPen(QColor(colours.muted))
        hint = self.tr("hide") if unfolded else self.tr("show")
        text = f"{index.data()} — {hint}"
        painter.drawText(area.adjusted(PADDING, 4, -PADDING, 0), Qt.AlignmentFlag.AlignVCenter, text)

    def _hit(self, painter: QPainter, area: QRect, font: QFont, hit: Hit, image: object) -> None:
        colours, sizes = current(), scale(font)
        inner = area.adjusted(PADDING + 4, PADDING, -PADDING, -PADDING)
        thumbnail = QRect(
            inner.left(), inner.center().y() - THUMBNAIL.height() // 2, THUMBNAIL.width(), THUMBNAIL.height()
        )
        _thumbnail(painter, thumbnail, image)
        column = inner.adjusted(THUMBNAIL.width() + 12, 0, 0, 0)
        strong, small = _sized(font, sizes.body, QFont.Weight.DemiBold), _sized(font, sizes.small)
        lines = [
            (strong, colours.text, hit_words.title(hit)),
            (small, colours.muted, _place(hit)),
        ]
        heights = [QFontMetrics(line[0]).height() for line in lines] + [QFontMetrics(small).height()]
        top = column.center().y() - (sum(heights) + 2 * GAP) // 2
        for (line_font, colour, text), height in zip(lines, heights, strict=False):
            painter.setFont(line_font)
            painter.setPen(QColor(colour))
            box = QRect(column.left(), top, column.width(), height)
            shown = QFontMetrics(line_font).elidedText(text, Qt.TextElideMode.ElideRight, box.width())
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
            left = column.left() + QFontMetrics(line_font).horizontalAdvance(shown) + 12
            top += height + GAP
        self._source(painter, QRect(left, box.top(), column.right() - left, box.height()), small, hit)
        self._belief(painter, QRect(column.left(), top, column.width(), heights[-1]), small, hit)

    def _source(self, painter: QPainter, box: QRect, font: QFont, hit: Hit) -> None:
        """Paint, behind the time, where the hit comes from."""
        painter.setFont(font)
        painter.setPen(QColor(current().muted))
        text = painter.fontMetrics().elidedText(
            hit_words.source(hit), Qt.TextElideMode.ElideRight, max(box.width(), 0)
        )
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, text)

    def _belief(self, painter: QPainter, box: QRect, font: QFont, hit: Hit) -> None:
        """Paint number and verdict."""
        colours = current()
        painter.setFont(_sized(font, font.pixelSize(), QFont.Weight.DemiBold))
        painter.setPen(QColor(colours.accent if hit.is_match else colours.muted))
        number = hit_words.measure(hit)
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, number)
        left = box.left() + painter.fontMetrics().horizontalAdvance(number) + 8
        painter.setFont(font)
        text = hit_words.verdict(hit)
        if "mirrored" in hit_words.hypothesis(hit):
            text = self.tr("{0}, mirrored").format(text)
        room = QRect(left, box.top(), box.right() - left, box.height())
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, shown)


def _place(hit: Hit) -> str:
    episode = hit_words.short_episode(hit)
    return f"{episode} · {hit_words.span(hit)}" if episode else hit_words.span(hit)


def _sized(font: QFont, pixels: int, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    made = QFont(font)
    made.setPixelSize(max(pixels, 8))
    made.setWeight(weight)
    return made


def _thumbnail(painter: QPainter, box: QRect, image: object) -> None:
    """Paint a thumbnail filling the box, or the sign of a film while there is none."""
    painter.save()
    frame = QPainterPath()
    frame.addRoundedRect(QRectF(box), 5, 5)
    painter.setClipPath(frame)
    painter.fillRect(box, QColor(current().raised))
    if isinstance(image, QImage) and not image.isNull():
        size = image.size().scaled(box.size(), Qt.AspectRatioMode.KeepAspectRatio)
        spot = QRect(0, 0, size.width(), size.height())
        spot.moveCenter(box.center())
        painter.fillRect(box, QColor("#000000"))
        painter.drawImage(spot, image)
    else:
        ratio = painter.device().devicePixelRatio()
        sign = pixmap("film", 24, ratio, current().faint)
        painter.drawPixmap(box.center().x() - 12, box.center().y() - 12, sign)
    painter.restore()
