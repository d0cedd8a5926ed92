"""The bar at the foot of the overlay: what else can be taken, as buttons with their keys; a line of hints."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QPushButton, QVBoxLayout

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
        self._avoid: QRect | None = None
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
        self._grid = QGridLayout()
        self._grid.setSpacing(8)
        self._columns = 0
        offered = (
            (Deed.WHOLE, self.tr("Whole screen"), "F", True),
            (Deed.WINDOW, self.tr("This window"), "W", windows),
            (Deed.AGAIN, self.tr("Same place again"), "R", again),
            (Deed.HINT, self.tr("Keys"), "F1", True),
            (Deed.CANCEL, self.tr("Cancel"), "Esc", True),
        )
        self._buttons = [self._button(deed, text, key) for deed, text, key, is_there in offered if is_there]
        self._arrange(len(self._buttons))
        column.addWidget(self._hint)
        column.addWidget(self._remark)
        column.addLayout(self._grid)

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
        self.settle(self._bounds, self._avoid)

    def tell(self, sentence: str) -> None:
        """Say why something was not done."""
        self._remark.setText(sentence)
        self._remark.setAccessibleName(sentence)
        self._remark.show()
        self.settle(self._bounds, self._avoid)

    def set_dragging(self, dragging: bool) -> None:
        """Be out of the way while something is marked."""
        self.setVisible(not dragging)

    def settle(self, bounds: QRect, avoid: QRect | None = None) -> None:
        """Lie in the middle of the foot of an area, or of its head where that leaves more of `avoid` free."""
        self._bounds, self._avoid = bounds, avoid
        if bounds.isEmpty():
            return
        room = max(min(760, bounds.width() - 2 * MARGIN), 1)
        widest = max(button.sizeHint().width() for button in self._buttons) + self._grid.spacing()
        self._arrange(min(max((room - 24) // widest, 1), len(self._buttons)))
        self.setMaximumWidth(room)
        width = min(max(self.sizeHint().width(), 520), room)
        height = self.heightForWidth(width) if self.hasHeightForWidth() else self.sizeHint().height()
        height = max(height, self.minimumSizeHint().height())
        left = bounds.left() + (bounds.width() - width) // 2
        foot = QRect(left, bounds.bottom() - height - MARGIN, width, height)
        head = QRect(left, bounds.top() + MARGIN, width, height)
        is_in_the_way = avoid is not None and foot.intersects(avoid) and not head.intersects(avoid)
        self.setGeometry(head if is_in_the_way else foot)

    def _arrange(self, columns: int) -> None:
        """Lay the buttons in so many columns; on a narrow screen they take several rows."""
        if columns != self._columns:
            self._columns = columns
            for number, button in enumerate(self._buttons):
                self._grid.addWidget(button, number // columns, number % columns)

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
