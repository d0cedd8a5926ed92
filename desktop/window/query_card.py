"""The query: the picture as it was read, where it came from, and the reading of it that matched."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from desktop.state.query import Query, SearchState, Stage
from desktop.window.action_set import ActionSet
from desktop.window.frame_chooser import FrameChooser
from desktop.window.picture_view import PictureView, image_of
from desktop.window.pieces import ElidedLabel, label


class QueryCard(QFrame):
    """Shows `SearchState.query`; a clip brings the frame chooser with it."""

    position_wanted = Signal(float)

    def __init__(self, actions: ActionSet) -> None:
        super().__init__()
        self.setObjectName("queryCard")
        self._shown: Query | None = None
        self.view = PictureView()
        self.view.setObjectName("queryPicture")
        self._origin = ElidedLabel("strong")
        self._reading = label("", "badge")
        self._about = label("", "small", wrap=True)
        self.chooser = FrameChooser(actions)
        self.chooser.position_wanted.connect(self.position_wanted)
        self.chooser.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        column.addWidget(self.view)
        column.addWidget(self.chooser)
        names = QHBoxLayout()
        names.setSpacing(8)
        names.addWidget(self._origin, 1)
        names.addWidget(self._reading)
        column.addLayout(names)
        column.addWidget(self._about)
        self._reading.hide()

    def show_state(self, state: SearchState) -> None:
        """Show the query of a state."""
        query = state.query
        self._origin.show_text(query.origin if query else state.origin)
        if query is None:
            self._shown = None
            self.view.show_image(QImage())
            self.chooser.hide()
            self._about.setText(self.tr("Reading…") if state.stage is Stage.READING else "")
            self.view.setVisible(state.stage is Stage.READING)
            self._reading.hide()
            return
        if query is not self._shown:
            self._shown = query
            self.view.show()
            self.view.show_image(image_of(query.picture))
            self.view.setAccessibleName(self.tr("The picture that is searched: {0}").format(query.origin))
            self.chooser.setVisible(query.clip is not None)
            if query.clip is not None:
                self.chooser.show_clip(query.clip, query.position)
        about = self.tr("{0} × {1} pixels").format(query.picture.width, query.picture.height)
        self._about.setText(f"{about} · {query.note}" if query.note else about)
        self._show_reading(state)

    def show_frame(self, image: QImage) -> None:
        """Show another frame of the clip while one is being chosen."""
        self.view.show_image(image)

    def _show_reading(self, state: SearchState) -> None:
        """Say which reading of the picture matched, and outline it where it is only a part."""
        match, found, query = state.match, state.found, state.query
        words = {
            "borders_cut": self.tr("borders cut"),
            "mirrored": self.tr("mirrored"),
            "borders_cut_mirrored": self.tr("borders cut, mirrored"),
        }
        text = words.get(match.hypothesis, "") if match else ""
        self._reading.setText(text)
        self._reading.setVisible(bool(text))
        box = dict(found.boxes).get(match.hypothesis) if found and match else None
        if box is None or query is None or not text.startswith(words["borders_cut"]):
            self.view.outline(None)
            return
        width, height = query.picture.width, query.picture.height
        self.view.outline((box[0] / width, box[1] / height, box[2] / width, box[3] / height))
