"""The films of a pack, under its card in the library."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop.window import words
from index_tools.nouns import Video

#: So many rows are seen at once; the others are scrolled to.
MOST_ROWS = 8

#: Pixels above and below each row.
ROW_GAP = 3


class FilmList(QWidget):
    """Lists films by title and episode; with `removable`, the selected one can be taken out."""

    film_unwanted = Signal(str)
    """The file name of a film."""

    def __init__(self, videos: Sequence[Video], *, removable: bool) -> None:
        super().__init__()
        self.films = QListWidget()
        self.films.setAccessibleName(self.tr("Films"))
        self.films.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.films.setSpacing(ROW_GAP)
        self.films.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        for video in sorted(videos, key=_order):
            item = QListWidgetItem(words.film(video), self.films)
            item.setToolTip(video.file_name)
            item.setData(Qt.ItemDataRole.UserRole, video.file_name)
        high = max(self.films.sizeHintForRow(0), self.fontMetrics().height()) + 2 * ROW_GAP
        self.films.setFixedHeight(high * min(max(len(videos), 1), MOST_ROWS) + 8)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.addWidget(self.films)
        if removable:
            column.addLayout(self._make_foot())

    def _make_foot(self) -> QHBoxLayout:
        self.remove = QPushButton(self.tr("Remove this film"))
        self.remove.setToolTip(self.tr("Search this film no longer; its file stays where it is"))
        self.remove.setEnabled(False)
        self.remove.clicked.connect(self._give_up)
        self.films.itemSelectionChanged.connect(
            lambda: self.remove.setEnabled(bool(self.films.selectedItems()))
        )
        row = QHBoxLayout()
        row.addStretch()
        row.addWidget(self.remove)
        return row

    def _give_up(self) -> None:
        for item in self.films.selectedItems():
            self.remove.setEnabled(False)
            self.film_unwanted.emit(item.data(Qt.ItemDataRole.UserRole))


def _order(video: Video) -> tuple[str, int, str, str]:
    """By title, season and episode; a film before its series."""
    number = video.episode.zfill(4) if video.episode[:1].isdigit() else video.episode
    return words.title(video).casefold(), video.season or 0, number, video.file_name
