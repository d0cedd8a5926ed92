"""The query: the picture as it was read, where it came from, and the reading of it that matched."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from desktop.state.query import Query, SearchState, Stage
from desktop.window import hit_words
from desktop.window.action_set import ActionSet
from desktop.window.frame_chooser import FrameChooser
from desktop.window.picture_view import PictureView, image_of
from desktop.window.pieces import ElidedLabel, label, push_button

#: Readings of the whole picture, which need no outline.
_WHOLE = ("as_is", "mirrored", "inverted", "turned_left", "turned_right")


class QueryCard(QFrame):
    """Shows `SearchState.query`; a clip brings the frame chooser with it."""

    position_wanted = Signal(float)
    region_wanted = Signal(object)
    """A `Box` in the pixels of the query's picture."""

    def __init__(self, actions: ActionSet) -> None:
        super().__init__()
        self.setObjectName("queryCard")
        self._shown: Query | None = None
        self.view = PictureView()
        self.view.setObjectName("queryPicture")
        self.view.setToolTip(self.tr("Draw a rectangle with the mouse to search that part alone"))
        self.view.setCursor(Qt.CursorShape.CrossCursor)
        self.view.region_marked.connect(self._mark)
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
        below = QHBoxLayout()
        below.addWidget(self._about, 1)
        self._whole = push_button(actions["whole_picture"], "quiet")
        below.addWidget(self._whole)
        column.addLayout(below)
        self._whole.hide()
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
            self._whole.hide()
            return
        is_new = self._shown is None or query.picture is not self._shown.picture
        self._shown = query
        if is_new:
            self.view.show()
            self.view.show_image(image_of(query.picture))
            self.view.setAccessibleName(self.tr("The picture that is searched: {0}").format(query.origin))
            self.chooser.setVisible(query.clip is not None)
            if query.clip is not None:
                self.chooser.show_clip(query.clip, query.position)
        self._whole.setVisible(query.region is not None)
        width, height = query.picture.width, query.picture.height
        if query.region is not None:
            left, top, right, bottom = query.region
            about = self.tr("A part of {0} × {1} pixels").format(right - left, bottom - top)
        else:
            about = self.tr("{0} × {1} pixels").format(width, height)
        parts = [about, query.note]
        if query.moments is not None:
            count = len(query.moments.all)
            parts.insert(1, self.tr("{0} frames of the clip searched together").format(count))
        self._about.setText(" · ".join(part for part in parts if part))
        self._show_reading(state)

    def show_frame(self, image: QImage) -> None:
        """Show another frame of the clip while one is being chosen."""
        self.view.show_image(image)

    def _show_reading(self, state: SearchState) -> None:
        """Say which reading of the picture matched, and outline it where it is only a part."""
        hit, found, query = state.hit, state.found, state.query
        words = {
            "borders_cut": self.tr("borders cut"),
            "mirrored": self.tr("mirrored"),
            "borders_cut_mirrored": self.tr("borders cut, mirrored"),
            "inner_picture": self.tr("picture inside"),
            "inner_picture_mirrored": self.tr("picture inside, mirrored"),
            "photographed_screen": self.tr("photo of a screen"),
            "photographed_screen_mirrored": self.tr("photo of a screen, mirrored"),
            "inverted": self.tr("colours inverted"),
            "turned_left": self.tr("turned to the left"),
            "turned_right": self.tr("turned to the right"),
        }
        # a reading with bars added shows the same part of the picture as the one without
        name = hit_words.hypothesis(hit).removesuffix("_bars_added") if hit else ""
        text = words.get(name, "")
        self._reading.setText(text)
        self._reading.setVisible(bool(text))
        box = dict(found.boxes).get(name) if found else None
        if query is None:
            return
        left, top, right, bottom = query.region or (0, 0, query.picture.width, query.picture.height)
        if box is not None and name not in _WHOLE:
            left, top, right, bottom = left + box[0], top + box[1], left + box[2], top + box[3]
        elif query.region is None:
            self.view.outline(None)
            return
        width, height = query.picture.width, query.picture.height
        self.view.outline((left / width, top / height, right / width, bottom / height))

    def _mark(self, left: float, top: float, right: float, bottom: float) -> None:
        query = self._shown
        if query is not None:
            width, height = query.picture.width, query.picture.height
            box = (int(left * width), int(top * height), round(right * width), round(bottom * height))
            self.region_wanted.emit(box)
