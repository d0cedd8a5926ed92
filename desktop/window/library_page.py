"""The page of the library: which packs are searched, and how to have more or fewer."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.library.library import AbsentPack, LibraryState
from desktop.library.shelf import PackOnShelf
from desktop.window import words
from desktop.window.action_set import ActionSet
from desktop.window.dialogs import Page
from desktop.window.film_list import FilmList
from desktop.window.pieces import ElidedLabel, label, push_button


class LibraryPage(Page):
    """Lists the packs and, unfolded, their films; follows the library while it is open."""

    pack_unwanted = Signal(str)
    film_unwanted = Signal(str)
    """The file name of a film of the user's own pack."""
    absent_unwanted = Signal(Path)

    def __init__(self, parent: QWidget, actions: ActionSet) -> None:
        self._shown: LibraryState | None = None
        self._unfolded: set[str] = set()
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
        """Show the packs of a state; how far an indexing is changes nothing here."""
        shown, self._shown = self._shown, state
        if shown is not None and (shown.packs, shown.absent) == (state.packs, state.absent):
            return
        while (item := self._rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for pack in state.packs:
            self._rows.addWidget(self._row(pack))
        for absent in state.absent:
            self._rows.addWidget(self._absent_row(absent))
        if not state.packs and not state.absent:
            empty = self.tr("No pack is open. Add videos of your own, or open a pack that someone has made.")
            self._rows.addWidget(label(empty, "muted", wrap=True))
        self._rows.addStretch()

    def _row(self, pack: PackOnShelf) -> QFrame:
        counts = (
            f"{words.films(pack.films)} · {words.duration(pack.duration_s)} · {words.frames(pack.frames)}"
        )
        about = " · ".join(part for part in (pack.creator, pack.licence) if part)
        proxies = ""
        if pack.proxies_bytes:
            size = QLocale().formattedDataSize(
                pack.proxies_bytes, 0, QLocale.DataSizeFormat.DataSizeTraditionalFormat
            )
            proxies = self.tr("Small copies of the films, to look pictures up in quickly: {0}").format(size)
        remove = None
        if pack.kind != "own":
            remove = self._remove_button(pack.title)
            remove.clicked.connect(lambda: self.pack_unwanted.emit(pack.pack_id))
        return _card(pack.title, [counts, about, proxies], remove, self._make_films(pack))

    def _make_films(self, pack: PackOnShelf) -> QWidget:
        """Make the list of the films, folded at first; it is filled when it is unfolded."""
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        fold = QPushButton()
        fold.setProperty("role", "quiet")
        fold.setAccessibleName(self.tr("Show the films of {0}").format(pack.title))
        fold.setCheckable(True)
        column.addWidget(fold, 0, Qt.AlignmentFlag.AlignLeft)
        films: list[FilmList] = []

        def unfold(on: bool) -> None:
            fold.setText(self.tr("Hide the films") if on else self.tr("Show the films"))
            (self._unfolded.add if on else self._unfolded.discard)(pack.pack_id)
            if on and not films:
                films.append(FilmList(pack.videos, removable=pack.kind == "own"))
                films[0].film_unwanted.connect(self.film_unwanted)
                column.addWidget(films[0])
            for one in films:
                one.setVisible(on)

        fold.toggled.connect(unfold)
        unfold(pack.pack_id in self._unfolded)
        fold.setChecked(pack.pack_id in self._unfolded)
        holder.setVisible(bool(pack.videos))
        return holder

    def _absent_row(self, absent: AbsentPack) -> QFrame:
        remove = self._remove_button(absent.path.name)
        remove.clicked.connect(lambda: self.absent_unwanted.emit(absent.path))
        return _card(self.tr("{0}, not open").format(absent.path.name), [absent.reason], remove)

    def _remove_button(self, title: str) -> QPushButton:
        remove = QPushButton(self.tr("Remove"))
        remove.setAccessibleName(self.tr("Remove the pack {0} from the library").format(title))
        remove.setToolTip(self.tr("Search this pack no longer; its files stay where they are"))
        return remove


def _card(title: str, lines: list[str], button: QPushButton | None, below: QWidget | None = None) -> QFrame:
    frame = QFrame()
    frame.setObjectName("card")
    row = QHBoxLayout(frame)
    row.setContentsMargins(16, 12, 12, 12)
    row.setSpacing(16)
    column = QVBoxLayout()
    column.setSpacing(4)
    heading = ElidedLabel("strong")
    heading.show_text(title)
    column.addWidget(heading)
    for line in lines:
        if line:
            column.addWidget(label(line, "small", wrap=True))
    if below is not None:
        column.addWidget(below)
    row.addLayout(column, 1)
    if button is not None:
        row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
    return frame
