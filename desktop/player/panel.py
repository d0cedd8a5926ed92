"""The scene player as the window sees it: picture, seek bar and controls."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.player.audio import SceneSound
from desktop.player.controls import Controls
from desktop.player.frame_store import StoredFrame
from desktop.player.outline import PlaceOutline
from desktop.player.playback import Playback
from desktop.player.resting import RestingControls
from desktop.player.scene import Clock, Scene
from desktop.player.sight import Sight
from desktop.player.sound import Sound, SoundState
from desktop.player.state import State
from desktop.player.times import clock_text
from desktop.player.view import SceneView


class PlayerPanel(QWidget):
    """Plays scenes.  Every method returns at once; what takes longer is told by a signal.

    `toggles_changed` comes whenever autoplay, muted, loop, volume or speed changed, by a button or by a
    method.  The panel binds no keys: the window does.
    """

    first_frame_shown = Signal()
    frame_shown = Signal(float)
    playing_changed = Signal(bool)
    toggles_changed = Signal()
    whole_film_changed = Signal(bool)
    failed = Signal(str)
    full_screen_wanted = Signal()
    open_outside_wanted = Signal(float)
    show_in_folder_wanted = Signal()

    def __init__(
        self, parent: QWidget | None = None, *, clock: Clock | None = None, sound: Sound | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("player-panel")
        self.view = SceneView(self)
        self.controls = Controls(self)
        self.playback = Playback(self, clock=clock, sound=sound or SceneSound(self))
        self._autoplay, self._muted, self._volume = True, True, 0.8
        self._first_awaited = False
        self._handled = False
        self._device_missing = False
        self._was_whole = False
        self._resting = RestingControls(self.view, self.controls)
        self.outline = PlaceOutline(self)
        rows = self._rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self.view, 1)
        rows.addWidget(self.controls)
        self._tie()
        self._sight = Sight(self)
        self._sight.judged.connect(lambda seen: self.playback.set_suspended(not seen))
        self._sight.settled.connect(self.playback.supply.warm_up)
        self.playback.set_suspended(True)
        self.playback.sound.set_muted(self._muted)
        self.playback.sound.set_volume(self._volume)
        self._show_toggles()
        self._on_span()
        self.controls.enable(False)

    # -- what is -------------------------------------------------------------------------------------

    @property
    def autoplay(self) -> bool:
        """Whether a scene plays as soon as it is loaded."""
        return self._autoplay

    @property
    def muted(self) -> bool:
        """Whether the sound is off."""
        return self._muted

    @property
    def loop(self) -> bool:
        """Whether the scene starts anew at its end."""
        return self.playback.loop

    @property
    def volume(self) -> float:
        """Loudness, 0 to 1."""
        return self._volume

    @property
    def speed(self) -> float:
        """Seconds of film a second, 0.25 to 2."""
        return self.playback.beat.speed

    @property
    def whole_film(self) -> bool:
        """Whether the whole film can be played, or the scene alone."""
        return self.playback.whole_film

    @property
    def playing(self) -> bool:
        """Whether it plays."""
        return self.playback.playing

    @property
    def handled(self) -> bool:
        """Whether anybody paused, played, stepped or sought since the scene was loaded."""
        return self._handled

    @property
    def at_s(self) -> float:
        """The time of the frame shown, in seconds from the film's first."""
        return self.playback.at_s

    @property
    def scene(self) -> Scene | None:
        """The scene loaded."""
        return self.playback.scene

    # -- what can be done ------------------------------------------------------------------------------

    def load(self, scene: Scene) -> None:
        """Show `scene` in place of whatever is loaded: play it or, without autoplay, its matched frame."""
        self._first_awaited = True
        self._handled = False
        self.outline.set_place(scene.at_s, None)
        self.view.set_label(scene.title)
        self.playback.fit(*self.view.pixels())
        self.playback.load(scene, self._autoplay)

    def set_match(self, at_s: float) -> None:
        """The matched frame lies elsewhere in the scene: mark it there, and hold there unless in use."""
        if self.scene is None or at_s == self.scene.at_s:
            return
        self.playback.set_match(at_s)
        if not self.playing and not self._handled:
            self.playback.seek(at_s)

    def clear(self) -> None:
        """Unload the scene."""
        self._first_awaited = False
        self.outline.set_place(0.0, None)
        self.playback.clear()

    def play(self) -> None:
        """Go on playing."""
        self._handled = True
        self.playback.play()

    def pause(self) -> None:
        """Hold at the frame shown."""
        self._handled = True
        self.playback.pause()

    def toggle_playing(self) -> None:
        """Play or pause."""
        if self.playback.playing:
            self.pause()
        else:
            self.play()

    def step(self, n: int) -> None:
        """Move by `n` frames, back when negative, and hold there."""
        self._handled = True
        self.playback.step(n)

    def seek(self, at_s: float) -> None:
        """Show the frame at a time of the film, brought into the scene (or film)."""
        self._handled = True
        self.playback.seek(at_s)
        self.controls.show_position(self.playback.at_s)

    def set_autoplay(self, on: bool) -> None:
        """Whether scenes loaded from now on play at once."""
        if on != self._autoplay:
            self._autoplay = on
            self._toggled()

    def set_muted(self, on: bool) -> None:
        """Whether the sound is off."""
        if on != self._muted:
            self._muted = on
            self.playback.sound.set_muted(on)
            self._toggled()

    def set_loop(self, on: bool) -> None:
        """Whether the scene starts anew at its end."""
        if on != self.playback.loop:
            self.playback.set_loop(on)
            self._toggled()

    def set_volume(self, volume: float) -> None:
        """Loudness as people feel it, 0 to 1."""
        volume = min(max(volume, 0.0), 1.0)
        if volume != self._volume:
            self._volume = volume
            self.playback.sound.set_volume(volume)
            self._toggled()

    def set_speed(self, speed: float) -> None:
        """Seconds of film a second, 0.25 to 2."""
        if speed != self.playback.beat.speed:
            self.playback.set_speed(speed)
            self._toggled()

    def set_whole_film(self, on: bool) -> None:
        """Open the bar to the whole film, or close it to the scene; a new scene closes it again."""
        self.playback.set_whole_film(on)
        self.controls.whole_film.setChecked(self.playback.whole_film)

    def set_bare(self, bare: bool) -> None:
        """In full screen: the picture alone, the controls over it only while the mouse moves."""
        if bare:
            self._rows.removeWidget(self.controls)
        else:
            self._rows.addWidget(self.controls)
        self._resting.set_on(bare)

    def shutdown(self) -> None:
        """End all threads; takes at most 2 s.  The panel cannot be used afterwards."""
        self._sight.stop()
        self.playback.shutdown()

    # -- ties ------------------------------------------------------------------------------------------

    def _tie(self) -> None:
        playback, controls, view = self.playback, self.controls, self.view
        playback.state_changed.connect(self._on_state)
        playback.frame_changed.connect(self._on_frame)
        playback.playing_changed.connect(self._on_playing)
        playback.span_changed.connect(self._on_span)
        playback.failed.connect(self._on_failed)
        playback.noticed.connect(view.show_notice)
        playback.sound.state_changed.connect(self._on_sound)
        view.painted.connect(self._on_painted, Qt.ConnectionType.QueuedConnection)
        view.pixels_changed.connect(playback.fit)
        view.clicked.connect(self.toggle_playing)
        view.double_clicked.connect(self.full_screen_wanted)
        controls.seek_bar.sought.connect(self.seek)
        controls.seek_bar.stepped.connect(self.step)
        controls.play.clicked.connect(self.toggle_playing)
        controls.step_back.clicked.connect(lambda: self.step(-1))
        controls.step_forward.clicked.connect(lambda: self.step(1))
        controls.speed.speed_chosen.connect(self.set_speed)
        controls.autoplay.clicked.connect(self.set_autoplay)
        controls.loop.clicked.connect(self.set_loop)
        controls.mute.clicked.connect(self.set_muted)
        controls.volume.valueChanged.connect(lambda value: self.set_volume(value / 100))
        controls.whole_film.clicked.connect(self.set_whole_film)
        controls.outside.clicked.connect(lambda: self.open_outside_wanted.emit(self.at_s))
        controls.folder.clicked.connect(self.show_in_folder_wanted)
        controls.full_screen.clicked.connect(self.full_screen_wanted)

    def _toggled(self) -> None:
        self._show_toggles()
        self.toggles_changed.emit()

    def _show_toggles(self) -> None:
        controls = self.controls
        controls.autoplay.setChecked(self._autoplay)
        controls.loop.setChecked(self.playback.loop)
        controls.show_muted(self._muted)
        self._show_sound_hint()
        controls.volume.setValue(round(self._volume * 100))
        controls.speed.set_speed(self.playback.beat.speed)

    def _on_state(self, state: State) -> None:
        self.view.show_state(state)
        scene = self.playback.scene
        is_clip = scene is not None and scene.clip_from_s is not None
        self.controls.enable(state in (State.LOADING, State.READY), is_clip=is_clip)
        if state is State.FAILED and not is_clip:
            self.controls.folder.setEnabled(True)

    def _on_frame(self, frame: StoredFrame) -> None:
        self.view.show_frame(frame)
        at_s = self.playback.at_s
        self.controls.show_position(at_s)
        self.frame_shown.emit(at_s)

    def _on_painted(self, frame: StoredFrame) -> None:
        if self._first_awaited and frame is self.playback.frame:
            self._first_awaited = False
            self.first_frame_shown.emit()

    def _on_playing(self, playing: bool) -> None:
        self.controls.show_playing(playing)
        self.playing_changed.emit(playing)

    def _on_span(self) -> None:
        playback, bar = self.playback, self.controls.seek_bar
        scene = playback.scene
        start_s, end_s = playback.span_s()
        bar.shown_from_s = scene.shown_from_s if scene else 0.0
        bar.set_span(start_s, end_s, scene.at_s if scene else None)
        bar.set_scene((scene.start_s, scene.end_s) if scene and playback.whole_film else None)
        if playback.facts is not None:
            self.view.set_aspect(playback.facts.width, playback.facts.height)
        self._show_sound_hint()
        self.controls.whole_film.setChecked(playback.whole_film)
        if self._was_whole != playback.whole_film:
            self._was_whole = playback.whole_film
            self.whole_film_changed.emit(playback.whole_film)
        self.controls.show_position(playback.at_s)
        self.controls.end.setText(clock_text(end_s + bar.shown_from_s, tenths=True))

    def _on_failed(self, text: str) -> None:
        self.view.show_state(State.FAILED, text)
        self.failed.emit(text)

    def _on_sound(self, state: SoundState) -> None:
        self._device_missing = state is SoundState.NO_DEVICE
        self._show_sound_hint()

    def _show_sound_hint(self) -> None:
        facts = self.playback.facts
        if facts is not None and not facts.has_sound:
            self.controls.show_hint(self.tr("No sound in this film"))
        elif facts is not None and self._device_missing and not self._muted:
            self.controls.show_hint(self.tr("No sound device"))
        else:
            self.controls.show_hint("")
