"""Choose a frame of an opened animation or film: slider with time, frame steps, search of frame or clip."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QSlider, QToolButton, QVBoxLayout, QWidget

from desktop.state.query import Clip
from desktop.window.action_set import ActionSet
from desktop.window.icons import icon
from desktop.window.pieces import label, push_button
from desktop.window.words import clock


class FrameChooser(QWidget):
    """Emits `position_wanted` while the slider moves; the frame itself is decoded elsewhere."""

    position_wanted = Signal(float)

    #: While the slider is dragged, frames are asked for at most this often.
    PAUSE_MS = 60

    def __init__(self, actions: ActionSet) -> None:
        super().__init__()
        self._clip: Clip | None = None
        self._pause = QTimer(self, singleShot=True, interval=self.PAUSE_MS)
        self._pause.timeout.connect(lambda: self.position_wanted.emit(self.position))
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setObjectName("frameSlider")
        self._slider.setAccessibleName(self.tr("Frame of the opened clip"))
        self._slider.valueChanged.connect(self._moved)
        self._time = label("", "small")
        self._back = self._step_button(actions["clip_back"])
        self._forward = self._step_button(actions["clip_forward"])
        self.search = push_button(actions["search_frame"], "primary", self.tr("Search this frame"))
        self.search_clip = push_button(actions["search_clip"], "quiet")
        self.colour()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(self._back)
        row.addWidget(self._slider, 1)
        row.addWidget(self._forward)
        row.addWidget(self._time)
        column.addLayout(row)
        below = QHBoxLayout()
        below.addStretch()
        below.addWidget(self.search_clip)
        below.addWidget(self.search)
        column.addLayout(below)

    @property
    def position(self) -> float:
        """Where the slider stands, in the clip's measure."""
        return self._slider.value() * self._clip.step if self._clip is not None else 0.0

    def show_clip(self, clip: Clip, position: float) -> None:
        """Offer the frames of a clip; the slider stands at `position` already."""
        self._pause.stop()
        self._slider.blockSignals(True)
        if clip is not self._clip:
            self._clip = clip
            self._slider.setRange(0, max(round(clip.length / clip.step), 0))
            self._slider.setPageStep(max(self._slider.maximum() // 20, 1))
            short, long = self.tr("Search the clip"), self.tr("Search 10 s around it")
            self.search_clip.setText(short if clip.is_short else long)
        self._slider.setValue(round(position / clip.step))
        self._slider.blockSignals(False)
        self._say_time()

    def colour(self) -> None:
        """Draw the icons in the colours of the theme."""
        self._back.setIcon(icon("back"))
        self._forward.setIcon(icon("forward"))

    def step(self, frames: int) -> None:
        """Move by frames."""
        self._slider.setValue(self._slider.value() + frames)

    def _moved(self) -> None:
        self._say_time()
        if not self._pause.isActive():
            self._pause.start()

    def _say_time(self) -> None:
        if self._clip is None:
            return
        if self._clip.counts_seconds:
            hundredths = int(self.position * 100) % 100
            text = f"{clock(self.position)}.{hundredths:02}"
            whole = self.tr("{0} of {1}").format(text, clock(self._clip.length))
        else:
            number, count = self._slider.value() + 1, self._slider.maximum() + 1
            text = f"{number} / {count}"
            whole = self.tr("Frame {0} of {1}").format(number, count)
        self._time.setText(text)
        self._time.setToolTip(whole)
        self._time.setAccessibleName(whole)

    def _step_button(self, action: QAction) -> QToolButton:
        button = QToolButton()
        button.setProperty("role", "quiet")
        button.setAccessibleName(action.text())
        button.setToolTip(action.toolTip())
        button.setAutoRepeat(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(action.trigger)
        return button
