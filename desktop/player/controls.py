"""The two rows under the picture: where the scene is, and what can be done with it."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop.player.buttons import GlyphButton, SpeedButton
from desktop.player.seek_bar import SeekBar
from desktop.player.times import clock_text
from desktop.player.volume import VolumeSlider

#: Object name of a button -> the key that the window binds to the same action.
DEFAULT_KEYS: Mapping[str, str] = {
    "play": "Space",
    "step-back": ",",
    "step-forward": ".",
    "autoplay": "A",
    "loop": "L",
    "mute": "M",
    "whole-film": "W",
    "open-outside": "Enter",
    "show-in-folder": "Ctrl+Enter",
    "full-screen": "F",
}

#: Widths from which on everything fits, all but the volume, and the least that is usable.
_ROOMY = 640
_NARROW = 480
_LEAST = 340


class Controls(QWidget):
    """Widgets alone; the panel ties them to the playback."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("player-controls")
        self._keys = dict(DEFAULT_KEYS)
        self.seek_bar = SeekBar(self)
        self.at = self._time_label("position", Qt.AlignmentFlag.AlignRight)
        self.end = self._time_label("end", Qt.AlignmentFlag.AlignLeft)
        self.play = GlyphButton("play", "play", self)
        self.step_back = GlyphButton("step-back", "step-back", self)
        self.step_forward = GlyphButton("step-forward", "step-forward", self)
        self.speed = SpeedButton(self)
        self.autoplay = self._toggle("autoplay", "autoplay")
        self.loop = self._toggle("loop", "loop")
        self.mute = self._toggle("sound", "mute")
        self.volume = VolumeSlider(self)
        self.hint = QLabel(self)
        self.hint.setObjectName("sound-hint")
        self.hint.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.hint.setContentsMargins(6, 0, 0, 0)
        self.hint.hide()
        self.whole_film = self._toggle("film", "whole-film")
        self.outside = GlyphButton("outside", "open-outside", self)
        self.folder = GlyphButton("folder", "show-in-folder", self)
        self.full_screen = GlyphButton("full-screen", "full-screen", self)
        self._describe()
        self._lay_out()

    def set_keys(self, keys: Mapping[str, str]) -> None:
        """The keys to name in the tool tips, by object name of the button."""
        self._keys.update(keys)
        self._describe()

    def show_playing(self, playing: bool) -> None:
        """Turn the play button into a pause button, or back."""
        self.play.set_icon_name("pause" if playing else "play")
        self.play.describe(self.tr("Pause") if playing else self.tr("Play"), self._keys["play"])

    def show_muted(self, muted: bool) -> None:
        """Show whether the sound is off."""
        self.mute.setChecked(muted)
        self.mute.set_icon_name("muted" if muted else "sound")

    def show_position(self, at_s: float) -> None:
        """Move the knob and the time beside it."""
        self.seek_bar.set_at(at_s)
        self.at.setText(clock_text(at_s + self.seek_bar.shown_from_s, tenths=True))

    def show_hint(self, text: str) -> None:
        """A word on the sound, or nothing."""
        self.hint.setText(text)
        self._make_room()

    def enable(self, loaded: bool, *, is_clip: bool = False) -> None:
        """Whether there is a scene to act upon; the lasting toggles stay usable.

        With a clip there is no film to open to its whole length, elsewhere or in its folder.
        """
        focused = self.focusWidget()
        if focused is not None and not loaded:
            focused.clearFocus()  # or it would wander to whatever is still enabled
        for widget in (
            self.seek_bar,
            self.at,
            self.end,
            self.play,
            self.step_back,
            self.step_forward,
            self.full_screen,
        ):
            widget.setEnabled(loaded)
        for widget in (self.whole_film, self.outside, self.folder):
            widget.setEnabled(loaded and not is_clip)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what the window offers elsewhere when there is little room."""
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        roomy = self.width() >= _ROOMY
        self.volume.setVisible(roomy and not self.hint.text())
        self.hint.setVisible(roomy and bool(self.hint.text()))
        for button in (self.outside, self.folder, self.autoplay):
            button.setVisible(self.width() >= _NARROW)

    def _toggle(self, icon: str, name: str) -> GlyphButton:
        button = GlyphButton(icon, name, self)
        button.setCheckable(True)
        return button

    def _time_label(self, name: str, align: Qt.AlignmentFlag) -> QLabel:
        label = QLabel("0:00.0", self)
        label.setObjectName(name)
        label.setAlignment(align | Qt.AlignmentFlag.AlignVCenter)
        label.setContentsMargins(0, 14, 0, 0)
        label.setMinimumWidth(label.fontMetrics().horizontalAdvance("00:00.0"))
        label.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Preferred)
        return label

    def _describe(self) -> None:
        for button, text in (
            (self.play, self.tr("Play")),
            (self.step_back, self.tr("One frame back")),
            (self.step_forward, self.tr("One frame on")),
            (self.autoplay, self.tr("Play a match at once")),
            (self.loop, self.tr("Repeat the scene")),
            (self.mute, self.tr("Mute")),
            (self.whole_film, self.tr("The whole film around the scene")),
            (self.outside, self.tr("Open in the default player at this second")),
            (self.folder, self.tr("Show the film in its folder")),
            (self.full_screen, self.tr("Full screen")),
        ):
            button.describe(text, self._keys.get(button.objectName(), ""))

    def _lay_out(self) -> None:
        rows = QVBoxLayout(self)
        rows.setContentsMargins(8, 0, 8, 6)
        rows.setSpacing(0)
        rows.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self.setMinimumWidth(_LEAST)
        self.setMinimumHeight(rows.sizeHint().height())
        bar = QHBoxLayout()
        bar.setSpacing(4)
        bar.addWidget(self.at)
        bar.addWidget(self.seek_bar, 1)
        bar.addWidget(self.end)
        rows.addLayout(bar)
        row = QHBoxLayout()
        row.setSpacing(2)
        for group in (
            (self.play, self.step_back, self.step_forward, self.speed),
            (self.autoplay, self.loop),
            (self.mute, self.volume, self.hint),
        ):
            for widget in group:
                row.addWidget(widget)
            row.addSpacing(8)
        row.addStretch(1)
        for widget in (self.whole_film, self.outside, self.folder, self.full_screen):
            row.addWidget(widget)
        rows.addLayout(row)
