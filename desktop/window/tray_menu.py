"""The menu of the tray icon."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import QIcon, QImageReader, QPixmap
from PySide6.QtWidgets import QMenu

from desktop.library.recent import RecentSearch

#: Longest text of a remembered search, in letters.
LONGEST = 48

THUMBNAIL = 32


class TrayMenu(QMenu):
    """Says by signals what was chosen; `capture` entries are there only where the screen can be captured."""

    show_wanted = Signal()
    capture_wanted = Signal()
    capture_again_wanted = Signal()
    clipboard_wanted = Signal()
    recent_wanted = Signal(object)
    forget_wanted = Signal()
    quit_wanted = Signal()

    def __init__(self, *, can_capture: bool) -> None:
        super().__init__()
        self.setObjectName("trayMenu")
        if can_capture:
            self._add("capture", self.tr("Search a part of the screen"), self.capture_wanted)
            self._add("captureAgain", self.tr("Search the same place again"), self.capture_again_wanted)
        self._add("clipboard", self.tr("Search what was copied"), self.clipboard_wanted)
        self.recent = self.addMenu(self.tr("Recent searches"))
        self.recent.setObjectName("recentMenu")
        self.addSeparator()
        self._add("show", self.tr("Open SceneLens"), self.show_wanted)
        self._add("quit", self.tr("Quit"), self.quit_wanted)
        self.show_recent(())

    def show_recent(self, searches: Sequence[RecentSearch]) -> None:
        """List the remembered searches; none are listed where none are kept."""
        self.recent.clear()
        for search in searches:
            name = search.name if len(search.name) <= LONGEST else f"{search.name[: LONGEST - 1]}…"
            entry = self.recent.addAction(_thumbnail(search), name.replace("&", "&&"))
            entry.triggered.connect(lambda _checked=False, one=search: self.recent_wanted.emit(one))
        if searches:
            self.recent.addSeparator()
            self.recent.addAction(self.tr("Forget these")).triggered.connect(self.forget_wanted)
        self.recent.menuAction().setVisible(bool(searches))

    def _add(self, name: str, text: str, chosen: SignalInstance) -> None:
        entry = self.addAction(text)
        entry.setObjectName(name)
        entry.triggered.connect(lambda _checked=False: chosen.emit())


def _thumbnail(search: RecentSearch) -> QIcon:
    """Give a small picture; ten of them are read in a few milliseconds."""
    reader = QImageReader(str(search.picture))
    size = reader.size()
    if size.isValid():
        reader.setScaledSize(size.scaled(QSize(THUMBNAIL, THUMBNAIL), Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    return QIcon() if image.isNull() else QIcon(QPixmap.fromImage(image))
