"""The list of results: one row is selected, the guesses fold."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from desktop.state.query import SearchState
from desktop.window.hit_words import HitKey, key_of
from desktop.window.result_delegate import ResultDelegate
from desktop.window.result_model import ResultModel


class ResultList(QListView):
    """Shows the hits of a state."""

    match_chosen = Signal(int)
    fold_wanted = Signal()
    menu_wanted = Signal(QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("results")
        self.setAccessibleName(self.tr("Results"))
        self.results = ResultModel()
        self.results.setParent(self)
        self.setModel(self.results)
        self.setItemDelegate(ResultDelegate(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self._selected: HitKey | None = None
        self.setUniformItemSizes(False)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._want_menu)
        self.clicked.connect(self._pressed)

    def show_state(self, state: SearchState, unfolded: bool) -> None:
        """Show the hits and the selected one."""
        self.results.show(state.hits, unfolded)
        for hit in state.hits:
            data = state.thumbnail(hit)
            if data and self.results.lacks_image(hit):
                self.results.set_image(key_of(hit), QImage.fromData(data))
        row, selected = self.results.row_of(state.selected), state.hit
        if row < 0 or selected is None:
            self.clearSelection()
            return
        index, before, self._selected = self.results.index(row), self._selected, key_of(selected)
        if self._selected == before and self.selectionModel().isSelected(index):
            return  # wherever the user has scrolled meanwhile
        self.selectionModel().setCurrentIndex(index, self.selectionModel().SelectionFlag.ClearAndSelect)
        self.scrollTo(index)

    def show_thumbnail(self, key: HitKey, image: QImage) -> None:
        """Show a thumbnail that came later."""
        self.results.set_image(key, image)

    def step(self, rows: int) -> None:
        """Choose the row so many further, passing over the line."""
        row = self.currentIndex().row() if self.selectionModel().hasSelection() else -1
        row += rows
        while 0 <= row < self.results.rowCount():
            place = self.results.place_of(row)
            if place is not None:
                self.match_chosen.emit(place)
                return
            row += 1 if rows > 0 else -1

    def _want_menu(self, at: QPoint) -> None:
        """Choose the row under the mouse, which the menu is then about."""
        place = self.results.place_of(self.indexAt(at).row())
        if place is not None:
            self.match_chosen.emit(place)
        self.menu_wanted.emit(self.mapToGlobal(at))

    def _pressed(self, index: QModelIndex) -> None:
        place = self.results.place_of(index.row())
        if place is None:
            self.fold_wanted.emit()
        else:
            self.match_chosen.emit(place)
