"""The results as rows: what the engine stands for, a line, and the guesses folded below it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QImage

from desktop.window import words
from index_tools.nouns import Match

MATCH_ROLE = Qt.ItemDataRole.UserRole + 1
IMAGE_ROLE = Qt.ItemDataRole.UserRole + 2

#: What tells a match from the others of an answer, sharpened or not.
SceneKey = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Row:
    """A match by its place in the answer, or None for the line between."""

    match_index: int | None


def key_of(match: Match) -> SceneKey:
    """Give what a thumbnail is kept under."""
    return match.pack_id, match.video_number, match.shot


class ResultModel(QAbstractListModel):
    """Rows for a list; thumbnails may come later."""

    def __init__(self) -> None:
        super().__init__()
        self._matches: tuple[Match, ...] = ()
        self._rows: list[Row] = []
        self._images: dict[SceneKey, QImage] = {}
        self.unfolded = False

    def show(self, matches: tuple[Match, ...], unfolded: bool) -> None:
        """Show an answer.  Thumbnails of scenes that stay are kept."""
        rows = _rows(matches, unfolded)
        keys = {key_of(match) for match in matches}
        images = {key: image for key, image in self._images.items() if key in keys}
        if len(rows) == len(self._rows) and unfolded == self.unfolded:
            self._matches, self._rows, self._images = matches, rows, images
            if rows:
                self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
            return
        self.beginResetModel()
        self._matches, self._rows, self._images, self.unfolded = matches, rows, images, unfolded
        self.endResetModel()

    def set_image(self, key: SceneKey, image: QImage) -> None:
        """Show the thumbnail of a scene."""
        self._images[key] = image
        for number, row in enumerate(self._rows):
            if row.match_index is not None and key_of(self._matches[row.match_index]) == key:
                self.dataChanged.emit(self.index(number), self.index(number), [IMAGE_ROLE])

    def lacks_image(self, match: Match) -> bool:
        """Whether the thumbnail of a match has still to be found."""
        return key_of(match) not in self._images

    def match_index(self, row: int) -> int | None:
        """Give the place in the answer of a row, None for the line."""
        return self._rows[row].match_index if 0 <= row < len(self._rows) else None

    def row_of(self, match_index: int | None) -> int:
        """Give the row of a match, -1 where it is not shown."""
        if match_index is None:
            return -1
        return next((n for n, row in enumerate(self._rows) if row.match_index == match_index), -1)

    @property
    def guesses(self) -> int:
        """How many matches lie below the line."""
        return sum(not match.is_match for match in self._matches)

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        """Give the number of rows."""
        return 0 if parent.isValid() else len(self._rows)

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Give what a row shows, and what a screen reader says."""
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        place = self._rows[index.row()].match_index
        match = None if place is None else self._matches[place]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.line_text() if match is None else f"{words.as_text(match)} · {words.verdict(match)}"
        if role == MATCH_ROLE:
            return match
        if role == IMAGE_ROLE and match is not None:
            return self._images.get(key_of(match))
        return None

    def line_text(self) -> str:
        """Say what lies below the line."""
        number = self.guesses
        if number == 1:
            return self.tr("1 guess below the threshold")
        return self.tr("{0} guesses below the threshold").format(number)


def _rows(matches: tuple[Match, ...], unfolded: bool) -> list[Row]:
    claimed = [Row(n) for n, match in enumerate(matches) if match.is_match]
    guesses = [Row(n) for n, match in enumerate(matches) if not match.is_match]
    if not guesses:
        return claimed
    return [*claimed, Row(None), *(guesses if unfolded else [])]
