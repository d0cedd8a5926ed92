"""The strip that shows films being added: what, how far, how fast, how long, and a way to stop."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout

from desktop.library.own_pack import Indexing
from desktop.window import words
from desktop.window.action_set import ActionSet
from desktop.window.pieces import ElidedLabel, label, push_button


class IndexStrip(QFrame):
    """Shows an `Indexing`, nothing while there is none."""

    STEPS = 1000

    def __init__(self, actions: ActionSet) -> None:
        super().__init__()
        self.setObjectName("strip")
        self._text = ElidedLabel()
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(self.tr("Adding films"))
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 8, 8)
        row.setSpacing(16)
        row.addWidget(label(self.tr("Adding films"), "strong"))
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addWidget(self._text)
        column.addWidget(self._bar)
        row.addLayout(column, 1)
        row.addWidget(push_button(actions["stop_indexing"], "", self.tr("Stop")))
        self.hide()

    def show_indexing(self, indexing: Indexing | None) -> None:
        """Show how far it is."""
        self.setVisible(indexing is not None)
        if indexing is None:
            return
        self._text.show_text(words.indexing(indexing))
        self._bar.setRange(0, self.STEPS if indexing.share > 0 else 0)
        self._bar.setValue(round(indexing.share * self.STEPS))
