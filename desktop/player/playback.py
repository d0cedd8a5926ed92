"""Plays a scene: which frame is shown when, by a clock, from a store that a thread fills."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from desktop.player import troubles
from desktop.player.aim import Aim, range_s, span
from desktop.player.beat import Beat
from desktop.player.clock import SystemClock
from desktop.player.film_file import FilmFacts
from desktop.player.film_range import FilmRange
from desktop.player.frame_store import FrameStore, StoredFrame
from desktop.player.scene import Clock, Scene
from desktop.player.sound import Sound
from desktop.player.state import State
from desktop.player.supply import Supply


class Playback(QObject):
    """The player without its widgets.  All methods are called, and all signals come, in the GUI thread."""

    state_changed = Signal(object)
    frame_changed = Signal(object)
    playing_changed = Signal(bool)
    span_changed = Signal()
    failed = Signal(str)
    noticed = Signal(str)

    def __init__(
        self, parent: QObject | None = None, *, clock: Clock | None = None, sound: Sound | None = None
    ) -> None:
        super().__init__(parent)
        self.sound: Sound = sound or Sound(self)
        #: Where the frames come from.
        self.supply = Supply(self)
        self.supply.opened.connect(self._on_opened)
        self.supply.decoded.connect(self._look)
        self.supply.troubled.connect(self._on_trouble)
        #: Shows each frame in its time.
        self.beat = Beat(self, clock or SystemClock(), self.sound)
        self.beat.due.connect(self._show)
        self.beat.ended.connect(self._on_end)
        self.beat.ran_dry.connect(self._on_dry)
        self._state = State.EMPTY
        self._scene: Scene | None = None
        #: The film that is open, and the range of it that is played.
        self.film: FilmRange | None = None
        #: The frame shown.
        self.frame: StoredFrame | None = None
        self._playing = False
        self._suspended = False
        self._whole = False
        self._sought_s: float | None = None  # the time whose frame is waited for
        self._steps = 0  # frames still to be stepped
        self._told: set[str] = set()  # notices given on this scene
        self._stalled = False  # playing, and the next frame is not there yet

    @property
    def state(self) -> State:
        """What the player has."""
        return self._state

    @property
    def scene(self) -> Scene | None:
        """The scene loaded."""
        return self._scene

    @property
    def facts(self) -> FilmFacts | None:
        """What is known of the film once it is open."""
        return self.film.facts if self.film else None

    @property
    def playing(self) -> bool:
        """Whether the user wants it to play; also true while it is hidden or waits for frames."""
        return self._playing

    @property
    def whole_film(self) -> bool:
        """Whether the range is the whole film."""
        return self._whole

    @property
    def loop(self) -> bool:
        """Whether the range starts anew at its end."""
        return self.beat.loop

    @property
    def at_s(self) -> float:
        """The time of the frame shown, or of the one that is waited for."""
        if self._sought_s is not None:
            return self._sought_s
        if self.frame is not None and self.film is not None:
            return self.film.at_s(self.frame)
        return self._scene.at_s if self._scene else 0.0

    def span_s(self) -> tuple[float, float]:
        """The range that is played, in seconds."""
        return range_s(self._scene, self._whole, self.facts)

    def load(self, scene: Scene, play: bool) -> None:
        """Drop what is loaded and open `scene`; then play it from its start, or show its matched frame."""
        self._reset(scene, State.LOADING)
        self._sought_s = scene.start_s if play else scene.at_s
        self._set_playing(play)
        self.supply.open(scene.film, self._aim(), scene.incoming)

    def set_match(self, at_s: float) -> None:
        """Know better where the matched frame lies."""
        if self._scene is not None:
            self._scene = replace(self._scene, at_s=at_s)
            self.span_changed.emit()

    def clear(self) -> None:
        """Drop what is loaded."""
        self._reset(None, State.EMPTY)
        self._set_playing(False)
        self.supply.open(None, None)

    def play(self) -> None:
        """Play on; from the start when the end has been reached."""
        if self._scene is None or self._playing or self._state is State.FAILED:
            return
        self._set_playing(True)
        if self._state is State.READY and self._sought_s is None and not self._suspended:
            if self._at_end():
                self.seek(self.span_s()[0])
            else:
                self._run()

    def pause(self) -> None:
        """Hold at the frame shown."""
        self._steps, self._stalled = 0, False
        self.beat.halt()
        self._set_playing(False)

    def seek(self, at_s: float) -> None:
        """Show the frame at `at_s`, brought into the range."""
        if self._scene is None or self._state is State.FAILED:
            return
        start_s, end_s = self.span_s()
        self._steps, self._stalled = 0, False
        self.beat.halt()
        self._sought_s = min(max(at_s, start_s), end_s)
        self._look()

    def step(self, n: int) -> None:
        """Hold, and move by `n` frames within the range."""
        if self._state is not State.READY:
            return
        steps = self._steps + n
        self.pause()
        self._steps = steps
        self._look()

    def set_loop(self, on: bool) -> None:
        """Whether the range starts anew at its end."""
        self.beat.loop = on
        self._send_aim()

    def set_speed(self, speed: float) -> None:
        """Seconds of film a second, 0.25 to 2."""
        self.beat.set_speed(min(max(speed, 0.25), 2.0))

    def set_whole_film(self, on: bool) -> None:
        """Play the whole film, or the scene alone; the frame shown stays if it lies in the range."""
        if on == self._whole or self._scene is None:
            return
        at_s = self.at_s
        self._whole = on
        self.span_changed.emit()
        start_s, end_s = self.span_s()
        if self.film is not None:
            start, end = span(self.film.facts, start_s, None if on else end_s)
            self.film = replace(self.film, start=start, end=end)
        self.beat.halt()
        if start_s <= at_s < end_s:
            self._sought_s = at_s
        else:
            self._sought_s = self._scene.start_s
        self._look()

    def set_suspended(self, on: bool) -> None:
        """Stand still while nobody can see it; playing goes on afterwards."""
        if on == self._suspended:
            return
        self._suspended = on
        if on:
            self.beat.halt()
        elif self._playing and self._state is State.READY and self._sought_s is None:
            self._run()

    def fit(self, width: int, height: int) -> None:
        """Frames need not be larger than this, in pixels; decodes anew when they are much smaller."""
        self.supply.fit(width, height)
        film, frame = self.film, self.frame
        if film and frame and self._scene and film.is_coarse(frame, width, height):
            self._sought_s = self.at_s
            self.film = None
            self.beat.halt()
            self.supply.open(self._scene.film, self._aim(), self._scene.incoming)

    def shutdown(self) -> None:
        """End the threads; at most 2 s even if a file system does not answer."""
        self.beat.halt()
        self.sound.stop()
        self.supply.stop()
        self.supply.join(1.2)
        self.sound.join(0.6)

    def _run(self) -> None:
        """Play from the frame shown."""
        if self.film is not None and self.frame is not None and not self._suspended:
            self._stalled = False
            self.beat.run(self.film, self.frame, self.film.at_s(self.frame))

    def _on_end(self, last: StoredFrame) -> None:
        film, scene = self.film, self._scene
        if film and scene and not self._whole and film.ends_early(last, scene.end_s):
            self._notice(troubles.ends_early(scene.film))
        if self.beat.running:
            return
        if self.loop:  # the start of the range is not in the store
            self._sought_s = self.span_s()[0]
            self._look()
        else:
            self._set_playing(False)

    def _on_dry(self, _shown: StoredFrame) -> None:
        self._stalled = True
        self._look()

    def _on_opened(self, facts: FilmFacts, store: FrameStore) -> None:
        start_s, end_s = self.span_s()
        self.film = FilmRange(facts, store, *span(facts, start_s, None if self._whole else end_s))
        if self._scene is not None and facts.has_sound:
            self.sound.open(self._scene.film, self._scene.incoming)
        else:
            self.sound.open(None)
        self.span_changed.emit()
        self._send_aim()

    def _on_trouble(self, error: Exception) -> None:
        if self._scene is None:
            return
        if self._state is State.READY:
            self._notice(troubles.breaks_off(self._scene.film))
            self._look()
        else:
            self._fail(troubles.sentence(self._scene.film, error))

    def _look(self) -> None:
        """Show what was waited for if it is there now, and go on."""
        film = self.film
        if film is None:
            return
        if self._sought_s is not None:
            frame = film.shown_at(self._sought_s)
            if frame is not None:
                self._sought_s = None
                self._show(frame)
                if self._playing:
                    self._run()
            elif film.is_empty() and self._state is not State.READY and self._scene:
                self._fail(troubles.ends_early(self._scene.film))
        elif self._steps:
            self._take_steps(film)
        elif self._stalled and self.frame is not None and film.knows_next(self.frame):
            self._stalled = False
            if self._playing and not self._suspended:
                self.beat.run(film, self.frame, film.until_s(self.frame))
        self._send_aim()

    def _take_steps(self, film: FilmRange) -> None:
        while self._steps and self.frame is not None:
            forward = self._steps > 0
            frame = film.following(self.frame) if forward else film.preceding(self.frame)
            if frame is None:
                if film.is_last(self.frame) if forward else film.is_first(self.frame):
                    self._steps = 0
                return
            self._steps -= 1 if forward else -1
            self._show(frame)

    def _show(self, frame: StoredFrame) -> None:
        self.frame = frame
        self._set_state(State.READY)
        self.frame_changed.emit(frame)
        self._send_aim()

    def _notice(self, text: str) -> None:
        if text not in self._told:
            self._told.add(text)
            self.noticed.emit(text)

    def _fail(self, text: str) -> None:
        self.beat.halt()
        self._sought_s = None
        self._set_playing(False)
        self._set_state(State.FAILED)
        self.failed.emit(text)

    def _at_end(self) -> bool:
        film, frame = self.film, self.frame
        return film is not None and frame is not None and film.is_last(frame) and not self.loop

    def _aim(self) -> Aim:
        start_s, end_s = self.span_s()
        playhead_s = self.at_s
        film, frame = self.film, self.frame
        if film is not None and frame is not None and self._sought_s is None:
            beside = -1 if self._steps < 0 else 1 if self._steps > 0 or self._stalled else 0
            playhead_s = film.facts.timeline.seconds(frame.tick + beside)
        return Aim(
            start_s=start_s,
            end_s=None if self._whole else end_s,
            playhead_s=playhead_s,
            around=self.loop,
            waiting=self._sought_s is not None or self._steps != 0 or self._stalled,
            back=self._steps < 0,
        )

    def _send_aim(self) -> None:
        if self._scene is not None:
            self.supply.aim(self._aim())

    def _reset(self, scene: Scene | None, state: State) -> None:
        self._scene, self.film, self.frame = scene, None, None
        self._sought_s, self._steps, self._stalled, self._whole = None, 0, False, False
        self._told.clear()
        self.beat.halt()
        self.sound.open(None)
        self._state = state
        self.state_changed.emit(state)
        self.span_changed.emit()

    def _set_playing(self, on: bool) -> None:
        if on != self._playing:
            self._playing = on
            self.playing_changed.emit(on)

    def _set_state(self, state: State) -> None:
        if state is not self._state:
            self._state = state
            self.state_changed.emit(state)
