"""The first page: says in two lines what this is, and offers something to try at once."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QSize, Qt, QUrl, Signal
from PySide6.QtGui import QDrag, QImageReader, QMouseEvent, QPixmap
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop.library.demo import Demo, Sample
from desktop.window.action_set import ActionSet
from desktop.window.pieces import Glyph, label, push_button

SAMPLE_SIZE = QSize(208, 117)
PAGE_WIDTH = 760


class Welcome(QScrollArea):
    """The page while there is no picture."""

    sample_chosen = Signal(Path)

    def __init__(self, actions: ActionSet, demo: Demo | None) -> None:
        super().__init__()
        self.setObjectName("welcome")
        page = QVBoxLayout()
        page.setSpacing(0)
        page.addStretch(2)
        page.addWidget(label(self.tr("Which scene is this?"), "display", centred=True))
        page.addSpacing(8)
        page.addWidget(
            label(
                self.tr("Give SceneLens a picture of a film: it finds the film, the episode and the second.\n"
                        "Then the scene plays. Nothing leaves this computer unless you say so."),
                "muted", wrap=True, centred=True,
            )
        )  # fmt: skip
        page.addSpacing(24)
        page.addWidget(self._drop_zone(actions))
        if demo is not None and demo.samples:
            page.addSpacing(24)
            page.addWidget(
                label(self.tr("Or try one of these: click it, or drag it up"), "strong", centred=True)
            )
            page.addSpacing(12)
            page.addLayout(self._samples(demo))
            page.addSpacing(8)
            page.addWidget(label(demo.attribution, "small", wrap=True, centred=True))
        page.addSpacing(24)
        page.addLayout(self._library_row(actions))
        page.addStretch(3)
        holder = QWidget()
        holder.setLayout(page)
        page.setContentsMargins(0, 0, 0, 0)
        holder.setMaximumWidth(PAGE_WIDTH)
        whole = QWidget()
        middle = QHBoxLayout(whole)
        middle.setContentsMargins(24, 16, 24, 16)
        middle.addStretch(1)
        middle.addWidget(holder, 100)
        middle.addStretch(1)
        self.setWidget(whole)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def _drop_zone(self, actions: ActionSet) -> QFrame:
        zone = QFrame()
        zone.setObjectName("dropZone")
        inner = QVBoxLayout(zone)
        inner.setContentsMargins(24, 24, 24, 24)
        inner.setSpacing(16)
        inner.addWidget(Glyph("drop", 40, "accent"), 0, Qt.AlignmentFlag.AlignHCenter)
        inner.addWidget(
            label(self.tr("Drop a picture, a GIF or a video anywhere here"), "title", centred=True)
        )
        buttons = QHBoxLayout()
        buttons.setSpacing(12)
        buttons.addStretch()
        buttons.addWidget(push_button(actions["paste"], "primary", self.tr("Paste a picture")))
        buttons.addWidget(push_button(actions["capture"], "", self.tr("Capture the screen…")))
        buttons.addWidget(push_button(actions["open"], "", self.tr("Open a file…")))
        buttons.addStretch()
        inner.addLayout(buttons)
        return zone

    def _samples(self, demo: Demo) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addStretch()
        for sample in demo.samples[:3]:
            button = SampleButton(sample)
            button.chosen.connect(self.sample_chosen)
            row.addWidget(button)
        row.addStretch()
        return row

    def _library_row(self, actions: ActionSet) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch()
        row.addWidget(label(self.tr("Films of your own?"), "muted"))
        row.addWidget(push_button(actions["add_videos"]))
        row.addWidget(push_button(actions["open_pack"]))
        row.addStretch()
        return row


class SampleButton(QPushButton):
    """A sample picture: a click searches it, a drag carries it."""

    chosen = Signal(Path)

    def __init__(self, sample: Sample) -> None:
        super().__init__()
        self._path = sample.path
        self._pressed_at = QPoint()
        self.setProperty("role", "sample")
        self.setObjectName(f"sample_{sample.path.stem}")
        self.setAccessibleName(self.tr("Search the sample picture: {0}").format(sample.caption))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._pixmap = _preview(sample.path, SAMPLE_SIZE, self.devicePixelRatioF())
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(4)
        picture = QLabel()
        picture.setPixmap(self._pixmap)
        picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        caption = label(sample.caption, "small", centred=True)
        for part in (picture, caption):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            column.addWidget(part)
        self.clicked.connect(lambda: self.chosen.emit(self._path))
        self.setFixedSize(SAMPLE_SIZE.width() + 18, SAMPLE_SIZE.height() + 22 + caption.sizeHint().height())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember where a drag would begin."""
        self._pressed_at = event.position().toPoint()
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Carry the picture once the mouse has moved far enough."""
        moved = (event.position().toPoint() - self._pressed_at).manhattanLength()
        if not event.buttons() & Qt.MouseButton.LeftButton or moved < QApplication.startDragDistance():
            super().mouseMoveEvent(event)
            return
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(self._path))])
        drag = QDrag(self)
        drag.setMimeData(data)
        drag.setPixmap(self._pixmap)
        self.setDown(False)
        drag.exec(Qt.DropAction.CopyAction)


def _preview(path: Path, size: QSize, ratio: float) -> QPixmap:
    """Decode a sample small; the samples are ours and light."""
    reader = QImageReader(str(path))
    native = reader.size()
    if native.isValid():
        reader.setScaledSize(native.scaled(size * ratio, Qt.AspectRatioMode.KeepAspectRatio))
    drawn = QPixmap.fromImage(reader.read())
    drawn.setDevicePixelRatio(ratio)
    return drawn
