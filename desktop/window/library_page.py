"""The page of the library: which packs are searched, and how to have more or fewer."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.library.library import LibraryState
from desktop.library.shelf import PackOnShelf
from desktop.window import words
from desktop.window.action_set import ActionSet
from desktop.window.dialogs import Page
from desktop.window.pieces import ElidedLabel, label, push_button


class LibraryPage(Page):
    """Lists the packs; follows the library while it is open."""

    pack_unwanted = Signal(str)

    def __init__(self, parent: QWidget, actions: ActionSet) -> None:
        self._middle = QWidget()
        self._rows = QVBoxLayout(self._middle)
        self._rows.setContentsMargins(0, 0, 8, 0)
        self._rows.setSpacing(8)
        super().__init__(parent, parent.tr("Library"), self._middle)
        self.setObjectName("libraryPage")
        for number, action_id in enumerate(("add_videos", "add_folder", "open_pack")):
            self.buttons.insertWidget(number, push_button(actions[action_id]))
        self.resize(640, 480)

    def show_library(self, state: LibraryState) -> None:
        """Show the packs of a state."""
        while (item := self._rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for pack in state.packs:
            self._rows.addWidget(self._row(pack))
        if not state.packs:
            empty = self.tr("No pack is open. Add videos of your own, or open a pack that someone has made.")
            self._rows.addWidget(label(empty, "muted", wrap=True))
        self._rows.addStretch()

    def _row(self, pack: PackOnShelf) -> QFrame:
        frame = QFrame()
        frame.setObjectName("card")
        row = QHBoxLayout(frame)
        row.setContentsMargins(16, 12, 12, 12)
        column = QVBoxLayout()
        column.setSpacing(4)
        title = ElidedLabel("strong")
        title.show_text(pack.title)
        column.addWidget(title)
        counts = (
            f"{words.films(pack.films)} · {words.duration(pack.duration_s)} · {words.frames(pack.frames)}"
        )
        column.addWidget(label(counts, "small"))
        about = " · ".join(part for part in (pack.creator, pack.licence) if part)
        if about:
            column.addWidget(label(about, "small", wrap=True))
        row.addLayout(column, 1)
        if pack.kind != "own":
            remove = QPushButton(self.tr("Close"))
            remove.setAccessibleName(self.tr("Close the pack {0}").format(pack.title))
            remove.setToolTip(self.tr("Search this pack no longer; its files stay where they are"))
            remove.clicked.connect(
                lambda _checked=False, pack_id=pack.pack_id: self.pack_unwanted.emit(pack_id)
            )
            row.addWidget(remove)
        return frame
