"""The bar at the foot of the overlay: what else can be taken, as buttons with their keys; a line of hints."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from desktop.system.capture.commands import Deed

#: Logical pixels between the bar and the screen's lower edge.
MARGIN = 28

_SHEET = """
#captureBar { background: palette(window); border: 1px solid palette(mid); border-radius: 10px; }
#captureBar QLabel { color: palette(window-text); background: transparent; }
"""


class Bar(QFrame):
    """Buttons, the hint above them, and a remark where something could not be done."""

    commanded = Signal(object)
    """The `Deed` of a button."""

    def __init__(self, *, hint: bool, windows: bool, again: bool) -> None:
        super().__init__()
        self.setObjectName("captureBar")
        self.setStyleSheet(_SHEET)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self._bounds = QRect()
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(8)
        self._hint = self._line("captureHint", self.tr(
            "Drag over the picture, or click the one that is outlined.  Arrows move it, Ctrl + arrows and "
            "Alt + arrows move its edges, Shift makes ten of one.  Enter searches, Esc leaves, the right "
            "button starts again."
        ))  # fmt: skip
        self._hint.setVisible(hint)
        self._remark = self._line("captureRemark", "")
        self._remark.hide()
        row = QHBoxLayout()
        row.setSpacing(8)
        offered = (
            (Deed.WHOLE, self.tr("Whole screen"), "F", True),
            (Deed.WINDOW, self.tr("This window"), "W", windows),
            (Deed.AGAIN, self.tr("Same place again"), "R", again),
            (Deed.HINT, self.tr("Keys"), "F1", True),
            (Deed.CANCEL, self.tr("Cancel"), "Esc", True),
        )
        for deed, text, key, is_there in offered:
            if is_there:
                row.addWidget(self._button(deed, text, key))
        row.insertStretch(0)
        row.addStretch()
        column.addWidget(self._hint)
        column.addWidget(self._remark)
        column.addLayout(row)

    @property
    def has_hint(self) -> bool:
        """Whether the line of hints is shown."""
        return not self._hint.isHidden()

    @property
    def remark(self) -> str:
        """What is remarked, "" mostly."""
        return "" if self._remark.isHidden() else self._remark.text()

    def toggle_hint(self) -> None:
        """Show the line of hints, or hide it."""
        self._hint.setVisible(not self.has_hint)
        self.settle(self._bounds)

    def tell(self, sentence: str) -> None:
        """Say why something was not done."""
        self._remark.setText(sentence)
        self._remark.setAccessibleName(sentence)
        self._remark.show()
        self.settle(self._bounds)

    def set_dragging(self, dragging: bool) -> None:
        """Be out of the way while something is marked."""
        self.setVisible(not dragging)

    def settle(self, bounds: QRect) -> None:
        """Lie in the middle of the foot of an area, no wider than it."""
        self._bounds = bounds
        if bounds.isEmpty():
            return
        room = min(760, bounds.width() - 2 * MARGIN)
        self.setMaximumWidth(max(room, 1))
        width = min(max(self.sizeHint().width(), 520), room)
        height = self.heightForWidth(width) if self.hasHeightForWidth() else self.sizeHint().height()
        height = max(height, self.minimumSizeHint().height())
        left = bounds.left() + (bounds.width() - width) // 2
        self.setGeometry(left, bounds.bottom() - height - MARGIN, width, height)

    def _line(self, name: str, text: str) -> QLabel:
        made = QLabel(text)
        made.setObjectName(name)
        made.setTextFormat(Qt.TextFormat.PlainText)
        made.setWordWrap(True)
        made.setAlignment(Qt.AlignmentFlag.AlignCenter)
        return made

    def _button(self, deed: Deed, text: str, key: str) -> QPushButton:
        made = QPushButton(f"{text}  ({key})")
        made.setObjectName(f"capture{deed.name.title()}")
        made.setAccessibleName(text)
        made.setAccessibleDescription(key)
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        made.clicked.connect(lambda: self.commanded.emit(deed))
        return made
