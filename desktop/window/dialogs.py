"""The dialogs of files, and the small ones that only tell."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QSize, Qt
from PySide6.QtGui import QIcon, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop.intake.routing import FILM_SUFFIXES
from desktop.window.pieces import label

translate = QCoreApplication.translate

#: What the desktop's frame and title bar take at most, in device-independent pixels.
FRAME = QSize(16, 48)

PICTURE_PATTERNS = "*.png *.apng *.jpg *.jpeg *.webp *.gif *.avif *.bmp *.tif *.tiff"
FILM_PATTERNS = " ".join(f"*{suffix}" for suffix in sorted(FILM_SUFFIXES))


def ask_picture(parent: QWidget, folder: str) -> Path | None:
    """Ask for a picture, a GIF or a video."""
    both, pictures = translate("dialogs", "Pictures and videos"), translate("dialogs", "Pictures")
    videos, everything = translate("dialogs", "Videos"), translate("dialogs", "All files")
    kinds = [
        f"{both} ({PICTURE_PATTERNS} {FILM_PATTERNS})",
        f"{pictures} ({PICTURE_PATTERNS})",
        f"{videos} ({FILM_PATTERNS})",
        f"{everything} (*)",
    ]
    name, _ = QFileDialog.getOpenFileName(
        parent, translate("dialogs", "Open a picture or a video"), folder, ";;".join(kinds)
    )
    return Path(name) if name else None


def ask_videos(parent: QWidget, folder: str) -> list[Path]:
    """Ask for films to add."""
    videos, everything = translate("dialogs", "Videos"), translate("dialogs", "All files")
    kinds = f"{videos} ({FILM_PATTERNS});;{everything} (*)"
    names, _ = QFileDialog.getOpenFileNames(parent, translate("dialogs", "Add videos"), folder, kinds)
    return [Path(name) for name in names]


def ask_folder(parent: QWidget, folder: str) -> Path | None:
    """Ask for a folder of films to add."""
    name = QFileDialog.getExistingDirectory(
        parent, translate("dialogs", "Add all videos of a folder"), folder
    )
    return Path(name) if name else None


def ask_pack(parent: QWidget, folder: str) -> Path | None:
    """Ask for a pack: a file, or the manifest in the folder of one."""
    packs = translate("dialogs", "Scene packs")
    kinds = f"{packs} (*.scenepack manifest.json)"
    name, _ = QFileDialog.getOpenFileName(parent, translate("dialogs", "Open a pack"), folder, kinds)
    if not name:
        return None
    path = Path(name)
    return path.parent if path.name == "manifest.json" else path


def ask_film(parent: QWidget, folder: str, file_name: str) -> Path | None:
    """Ask where a film lies."""
    title = translate("dialogs", "Where is {0}?").format(file_name)
    name, _ = QFileDialog.getOpenFileName(parent, title, str(Path(folder) / file_name))
    return Path(name) if name else None


class Page(QDialog):
    """A dialog with a title, a scrolling middle and one button to close it."""

    def __init__(self, parent: QWidget | None, title: str, middle: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(16)
        column.addWidget(label(title, "heading"))
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(middle)
        column.addWidget(scroll, 1)
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(8)
        closing = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        closing.rejected.connect(self.reject)
        for button in closing.buttons():
            button.setIcon(QIcon())  # the style's own does not suit the theme
        self.buttons.addStretch()
        self.buttons.addWidget(closing)
        column.addLayout(self.buttons)

    def showEvent(self, event: QShowEvent) -> None:
        """Come up no larger than the screen, with room for the frame that the desktop draws."""
        self.resize(self.size().boundedTo(self.screen().availableGeometry().size() - FRAME))
        super().showEvent(event)


def rows_page(parent: QWidget, title: str, rows: Sequence[tuple[str, str, str]], name: str) -> Page:
    """Make a page of rows: what, how it is, what to do ("" for nothing)."""
    middle = QWidget()
    grid = QGridLayout(middle)
    grid.setContentsMargins(0, 0, 16, 0)
    grid.setHorizontalSpacing(24)
    grid.setVerticalSpacing(8)
    grid.setColumnStretch(1, 1)
    for number, (what, how, remedy) in enumerate(rows):
        grid.addWidget(label(what, "strong", wrap=True), number, 0, Qt.AlignmentFlag.AlignTop)
        text = f"{how}\n{remedy}" if remedy else how
        grid.addWidget(label(text, "muted", wrap=True), number, 1, Qt.AlignmentFlag.AlignTop)
    grid.setRowStretch(len(rows), 1)
    page = Page(parent, title, middle)
    page.setObjectName(name)
    page.resize(680, 560)
    return page
