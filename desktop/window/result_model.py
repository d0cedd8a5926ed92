"""The results as rows: what the engine stands for, a line, and the guesses folded below it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QImage

from desktop.lookup.merged import Hit
from desktop.window import hit_words
from desktop.window.hit_words import HitKey, key_of

HIT_ROLE = Qt.ItemDataRole.UserRole + 1
IMAGE_ROLE = Qt.ItemDataRole.UserRole + 2


@dataclass(frozen=True, slots=True)
class Row:
    """A hit by its place in the list, or None for the line between."""

    place: int | None


class ResultModel(QAbstractListModel):
    """Rows for a list; thumbnails may come later."""

    def __init__(self) -> None:
        super().__init__()
        self._hits: tuple[Hit, ...] = ()
        self._rows: list[Row] = []
        self._images: dict[HitKey, QImage] = {}
        self.unfolded = False

    def show(self, hits: tuple[Hit, ...], unfolded: bool) -> None:
        """Show an answer.  Thumbnails of scenes that stay are kept."""
        rows = _rows(hits, unfolded)
        keys = {key_of(hit) for hit in hits}
        images = {key: image for key, image in self._images.items() if key in keys}
        if len(rows) == len(self._rows) and unfolded == self.unfolded:
            self._hits, self._rows, self._images = hits, rows, images
            if rows:
                self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
            return
        self.beginResetModel()
        self._hits, self._rows, self._images, self.unfolded = hits, rows, images, unfolded
        self.endResetModel()

    def set_image(self, key: HitKey, image: QImage) -> None:
        """Show the thumbnail of a scene."""
        self._images[key] = image
        for number, row in enumerate(self._rows):
            if row.place is not None and key_of(self._hits[row.place]) == key:
                self.dataChanged.emit(self.index(number), self.index(number), [IMAGE_ROLE])

    def lacks_image(self, hit: Hit) -> bool:
        """Whether the thumbnail of a hit has still to be found."""
        return key_of(hit) not in self._images

    def image(self, hit: Hit) -> QImage:
        """Give the thumbnail of a hit, an empty one while there is none."""
        return self._images.get(key_of(hit), QImage())

    def place_of(self, row: int) -> int | None:
        """Give the place in the list of a row, None for the line."""
        return self._rows[row].place if 0 <= row < len(self._rows) else None

    def row_of(self, place: int | None) -> int:
        """Give the row of a hit, -1 where it is not shown."""
        if place is None:
            return -1
        return next((n for n, row in enumerate(self._rows) if row.place == place), -1)

    @property
    def guesses(self) -> int:
        """How many hits lie below the line."""
        return sum(not hit.is_match for hit in self._hits)

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        """Give the number of rows."""
        return 0 if parent.isValid() else len(self._rows)

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Give what a row shows, and what a screen reader says."""
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        place = self._rows[index.row()].place
        hit = None if place is None else self._hits[place]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.line_text() if hit is None else _said(hit)
        if role == HIT_ROLE:
            return hit
        if role == IMAGE_ROLE and hit is not None:
            return self._images.get(key_of(hit))
        return None

    def line_text(self) -> str:
        """Say what lies below the line."""
        number = self.guesses
        if number == 1:
            return self.tr("1 guess below the threshold")
        return self.tr("{0} guesses below the threshold").format(number)


def _rows(hits: tuple[Hit, ...], unfolded: bool) -> list[Row]:
    claimed = [Row(n) for n, hit in enumerate(hits) if hit.is_match]
    guesses = [Row(n) for n, hit in enumerate(hits) if not hit.is_match]
    if not guesses:
        return claimed
    return [*claimed, Row(None), *(guesses if unfolded else [])]


def _said(hit: Hit) -> str:
    """Give what a screen reader says of a hit."""
    return f"{hit_words.as_text(hit)} · {hit_words.verdict(hit)} · {hit_words.source(hit)}"
