"""A page that says something: a sign, a title, a sentence or two, what can be done now."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.window.flow_layout import FlowLayout
from desktop.window.picture_view import PictureView
from desktop.window.pieces import Glyph, label

TEXT_WIDTH = 560

#: Widths of the still, and the height that title, text and buttons want beside it, in pixels.
LEAST_STILL, MOST_STILL = 96, TEXT_WIDTH * 3 // 4
TEXT_HEIGHT = 260


class MessagePage(QWidget):
    """One designed state.  Buttons are handed in and belong to the page."""

    def __init__(self, sign: str, *buttons: QPushButton, colour: str = "muted") -> None:
        super().__init__()
        self._glyph = Glyph(sign, 48, colour)
        self._buttons = buttons
        self._title = label("", "heading", wrap=True, centred=True)
        self._title.setObjectName("messageTitle")
        self._text = label("", "muted", wrap=True, centred=True)
        self._text.setObjectName("messageText")
        self.still = PictureView()
        self.still.setMaximumWidth(MOST_STILL)
        self.still.hide()
        column = QVBoxLayout()
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(12)
        column.addStretch(2)
        holding = QHBoxLayout()
        holding.addStretch(1)
        holding.addWidget(self.still, 100)
        holding.addStretch(1)
        column.addLayout(holding)
        column.addWidget(self._glyph, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._title)
        column.addWidget(self._text)
        column.addSpacing(12)
        rows = FlowLayout(gap=8, centred=True)
        for button in buttons:
            rows.addWidget(button)
        column.addLayout(rows)
        column.addStretch(3)
        holder = QWidget()
        holder.setLayout(column)
        holder.setMaximumWidth(TEXT_WIDTH + 48)
        middle = QHBoxLayout(self)
        middle.setContentsMargins(0, 0, 0, 0)
        middle.addStretch(1)
        middle.addWidget(holder, 100)
        middle.addStretch(1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Make the still small enough for what stands below it."""
        super().resizeEvent(event)
        room = (self.height() - TEXT_HEIGHT) * 16 // 9
        self.still.setMaximumWidth(min(max(room, LEAST_STILL), MOST_STILL))

    @property
    def texts(self) -> tuple[str, str]:
        """Title and text shown."""
        return self._title.text(), self._text.text()

    def say(self, title: str, text: str) -> None:
        """Show title and text."""
        self._title.setText(title)
        self._text.setText(text)
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)

    def hide_disabled(self) -> None:
        """Offer only what can be done."""
        for button in self._buttons:
            button.setVisible(button.isEnabled())

    def show_still(self, image: QImage) -> None:
        """Show a picture in place of the sign."""
        self.still.show_image(image)
        self.still.setVisible(not image.isNull())
        self._glyph.setVisible(image.isNull())
