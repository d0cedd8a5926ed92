"""Plays a scene: which frame is shown when, by a clock, from a store that a thread fills."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from desktop.player import troubles
from desktop.player.aim import Aim, Job, span
from desktop.player.clock import PlayTime, SystemClock
from desktop.player.decoding import FrameDecoding
from desktop.player.frame_store import FrameStore, StoredFrame
from desktop.player.scene import Clock, Scene
from desktop.player.sound import Sound
from desktop.player.source import FilmFacts

#: Later than this, playing goes on from where it is instead of leaving out frames, in s.
_TOO_LATE_S = 0.5
#: A film that ends this much before its scene has lost a part, in s.
_EARLY_S = 1.0


class State(Enum):
    """What the player has."""

    EMPTY = auto()
    LOADING = auto()
    READY = auto()
    FAILED = auto()


@dataclass(frozen=True, slots=True)
class _Film:
    """An open film."""

    facts: FilmFacts
    store: FrameStore


class Playback(QObject):
    """The player without its widgets.  All methods are called, and all signals come, in the GUI thread."""

    state_changed = Signal(object)
    frame_changed = Signal(object)
    playing_changed = Signal(bool)
    span_changed = Signal()
    failed = Signal(str)
    noticed = Signal(str)

    _opened = Signal(int, object, object)
    _decoded = Signal(int)
    _troubled = Signal(int, object)

    def __init__(
        self, parent: QObject | None = None, *, clock: Clock | None = None, sound: Sound | None = None
    ) -> None:
        super().__init__(parent)
        self._time = PlayTime(clock or SystemClock())
        self.sound: Sound = sound or Sound(self)
        self._decoding = FrameDecoding(self._opened.emit, self._decoded.emit, self._troubled.emit)
        queued = Qt.ConnectionType.QueuedConnection
        self._opened.connect(self._on_opened, queued)
        self._decoded.connect(self._on_decoded, queued)
        self._troubled.connect(self._on_trouble, queued)
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.tick)
        self._generation = 0
        self._state = State.EMPTY
        self._scene: Scene | None = None
        self._film: _Film | None = None
        self._frame: StoredFrame | None = None
        self._playing = False
        self._suspended = False
        self._whole = False
        self._loop = True
        self._sought_s: float | None = None  # the time whose frame is waited for
        self._steps = 0  # frames still to be stepped
        self._stalled = False  # playing, and the next frame is not there yet

    # -- what there is ------------------------------------------------------------------------------

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
        return self._film.facts if self._film else None

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
        return self._loop

    @property
    def speed(self) -> float:
        """Seconds of film a second."""
        return self._time.speed

    @property
    def at_s(self) -> float:
        """The time of the frame shown, or of the one that is waited for."""
        if self._sought_s is not None:
            return self._sought_s
        if self._frame is not None and self._film is not None:
            return self._film.facts.timeline.seconds(self._frame.tick)
        return self._scene.at_s if self._scene else 0.0

    def span_s(self) -> tuple[float, float]:
        """The range that is played, in seconds."""
        if self._scene is None:
            return 0.0, 0.0
        if not self._whole:
            return self._scene.start_s, max(self._scene.end_s, self._scene.start_s)
        facts = self.facts
        known_s = facts.timeline.seconds(facts.end_tick) if facts else self._scene.end_s
        return 0.0, max(known_s, self._scene.end_s)

    # -- what can be asked ---------------------------------------------------------------------------

    def load(self, scene: Scene, play: bool) -> None:
        """Drop what is loaded and open `scene`; then play it from its start, or show its matched frame."""
        self._reset(scene, State.LOADING)
        self._sought_s = scene.start_s if play else scene.at_s
        self._set_playing(play)
        self._decoding.open(Job(self._generation, scene.film), self._aim())

    def clear(self) -> None:
        """Drop what is loaded."""
        self._reset(None, State.EMPTY)
        self._set_playing(False)
        self._decoding.open(None, None)

    def play(self) -> None:
        """Play on; from the start when the end has been reached."""
        if self._scene is None or self._playing:
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
        self._halt()
        self._set_playing(False)

    def seek(self, at_s: float) -> None:
        """Show the frame at `at_s`, brought into the range."""
        if self._scene is None or self._state is State.FAILED:
            return
        start_s, end_s = self.span_s()
        self._steps, self._stalled = 0, False
        self._halt()
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
        self._loop = on
        self._send_aim()

    def set_speed(self, speed: float) -> None:
        """Seconds of film a second, 0.25 to 2."""
        self._time.set_speed(min(max(speed, 0.25), 2.0))
        if self._time.running:
            self._halt()
            self._run()

    def set_whole_film(self, on: bool) -> None:
        """Play the whole film, or the scene alone; the frame shown stays if it lies in the range."""
        if on == self._whole or self._scene is None:
            return
        at_s = self.at_s
        self._whole = on
        self.span_changed.emit()
        start_s, end_s = self.span_s()
        self._halt()
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
            self._halt()
        elif self._playing and self._state is State.READY and self._sought_s is None:
            self._run()

    def fit(self, width: int, height: int) -> None:
        """Frames need not be larger than this, in pixels; decodes anew when they are much smaller."""
        self._decoding.fit(width, height)
        film, frame = self._film, self._frame
        if film is None or frame is None or self._scene is None:
            return
        have = frame.pixels.width if frame.rotation % 180 == 0 else frame.pixels.height
        could = min(film.facts.width, width, height * film.facts.width / film.facts.height)
        if could > have * 1.2:
            self._generation += 1
            self._sought_s = self.at_s
            self._film = None
            self._halt()
            self._decoding.open(Job(self._generation, self._scene.film), self._aim())

    def shutdown(self) -> None:
        """End the threads; at most 2 s even if a file system does not answer."""
        self._generation += 1
        self._halt()
        self.sound.stop()
        self._decoding.stop()
        self._decoding.join(1.2)
        self.sound.join(0.6)

    # -- the beat --------------------------------------------------------------------------------

    def tick(self) -> None:
        """Show the frame that is due, and come back when the next one is."""
        film, frame = self._film, self._frame
        if film is None or frame is None or not self._time.running:
            return
        heard_s = self.sound.heard_s()
        if heard_s is not None:
            self._time.follow(heard_s)
        shown, due_s = frame, self._due_s(film, frame)
        while self._time.now_s() >= due_s:
            following = self._following(film, shown)
            if following is None:
                if self._is_last(film, shown):
                    self._end(film, shown, due_s)
                else:
                    self._stall(shown, due_s)
                return
            late_s, starts_s = self._time.now_s() - due_s, due_s
            shown, due_s = following, self._due_s(film, following)
            missed = self._time.now_s() >= due_s and self._is_last(film, shown)
            if missed or late_s > _TOO_LATE_S:
                # the last frame of a scene is never left out, and after a standstill none is
                self._time.shift(starts_s - self._time.now_s())
        if shown is not frame:
            self._show(shown)
        self._arm(due_s)

    def _end(self, film: _Film, last: StoredFrame, due_s: float) -> None:
        first = film.store.shown_at(self._ticks(film)[0], *self._ticks(film)) if self._loop else None
        if first is None and self._loop:
            self._halt()
            self._sought_s = self.span_s()[0]
            self._send_aim()
        elif first is None:
            self._halt()
            self._set_playing(False)
        else:
            first_s = film.facts.timeline.seconds(first.tick)
            self._time.shift(first_s - due_s)
            if self._time.now_s() >= self._due_s(film, first):
                self._time.start(first_s)
            self._show(first)
            self._arm(self._due_s(film, first))

    def _stall(self, shown: StoredFrame, due_s: float) -> None:
        if shown is not self._frame:
            self._show(shown)
        self._timer.stop()
        self._time.hold(due_s)
        self.sound.halt()
        self._stalled = True
        self._send_aim()
        self._look()

    def _run(self) -> None:
        """Let the time run from the frame shown."""
        film, frame = self._film, self._frame
        if film is None or frame is None or self._suspended:
            return
        at_s = film.facts.timeline.seconds(frame.tick)
        self._time.start(at_s)
        self.sound.play(at_s, self.span_s(), self._loop, self._time.speed)
        self._arm(self._due_s(film, frame))

    def _halt(self) -> None:
        self._timer.stop()
        self._time.hold(self.at_s)
        self.sound.halt()

    def _arm(self, due_s: float) -> None:
        wait_s = (due_s - self._time.now_s()) / self._time.speed
        self._timer.start(max(0, round(wait_s * 1000)))

    # -- frames coming in ------------------------------------------------------------------------------

    def _on_opened(self, generation: int, facts: FilmFacts, store: FrameStore) -> None:
        if generation != self._generation:
            return
        self._film = _Film(facts, store)
        self.sound.open(self._scene.film if self._scene and facts.has_sound else None)
        self.span_changed.emit()
        self._send_aim()

    def _on_decoded(self, generation: int) -> None:
        if generation == self._generation:
            self._look()

    def _on_trouble(self, generation: int, error: Exception) -> None:
        if generation != self._generation or self._scene is None:
            return
        if self._state is State.READY:
            self.noticed.emit(troubles.breaks_off(self._scene.film))
            self._look()
        else:
            self._fail(troubles.sentence(self._scene.film, error))

    def _look(self) -> None:
        """Show what was waited for if it is there now, and go on."""
        film = self._film
        if film is None:
            return
        if self._sought_s is not None:
            start, end = self._ticks(film)
            tick = min(max(film.facts.timeline.at_or_before(self._sought_s), start), end - 1)
            frame = film.store.shown_at(tick, start, end)
            if frame is not None:
                self._sought_s = None
                self._show(frame)
                if self._playing:
                    self._run()
            elif film.store.nothing_in(start, end) and self._state is not State.READY and self._scene:
                self._fail(troubles.ends_early(self._scene.film))
        elif self._steps:
            self._take_steps(film)
        elif self._stalled and self._frame is not None and self._knows_next(film, self._frame):
            self._stalled = False
            if self._playing and not self._suspended:
                self._go_on(film, self._frame)
        self._send_aim()

    def _go_on(self, film: _Film, frame: StoredFrame) -> None:
        """Play on after a stall; the frame shown has had its time."""
        due_s = self._due_s(film, frame)
        self._time.start(due_s)
        self.sound.play(due_s, self.span_s(), self._loop, self._time.speed)
        self.tick()

    def _take_steps(self, film: _Film) -> None:
        while self._steps and self._frame is not None:
            forward = self._steps > 0
            frame = self._following(film, self._frame) if forward else self._preceding(film, self._frame)
            if frame is None:
                at_edge = self._is_last(film, self._frame) if forward else self._is_first(film, self._frame)
                if at_edge:
                    self._steps = 0
                return
            self._steps -= 1 if forward else -1
            self._show(frame)

    def _show(self, frame: StoredFrame) -> None:
        self._frame = frame
        self._set_state(State.READY)
        self.frame_changed.emit(frame)
        self._send_aim()

    def _fail(self, text: str) -> None:
        self._halt()
        self._sought_s = None
        self._set_playing(False)
        self._set_state(State.FAILED)
        self.failed.emit(text)

    # -- small questions -------------------------------------------------------------------------------

    def _ticks(self, film: _Film) -> tuple[int, int]:
        start_s, end_s = self.span_s()
        return span(film.facts, start_s, None if self._whole else end_s)

    def _following(self, film: _Film, frame: StoredFrame) -> StoredFrame | None:
        following = film.store.after(frame)
        return following if following is not None and following.tick < self._ticks(film)[1] else None

    def _knows_next(self, film: _Film, frame: StoredFrame) -> bool:
        return self._following(film, frame) is not None or self._is_last(film, frame)

    def _preceding(self, film: _Film, frame: StoredFrame) -> StoredFrame | None:
        preceding = film.store.before(frame)
        return preceding if preceding is not None and preceding.tick >= self._ticks(film)[0] else None

    def _is_last(self, film: _Film, frame: StoredFrame) -> bool:
        return film.store.nothing_after(frame, self._ticks(film)[1])

    def _is_first(self, film: _Film, frame: StoredFrame) -> bool:
        start = self._ticks(film)[0]
        return frame.tick <= start or film.store.nothing_in(start, frame.tick)

    def _at_end(self) -> bool:
        film, frame = self._film, self._frame
        return film is not None and frame is not None and self._is_last(film, frame) and not self._loop

    def _due_s(self, film: _Film, frame: StoredFrame) -> float:
        return film.facts.timeline.seconds(film.store.end_of(frame))

    def _aim(self) -> Aim:
        start_s, end_s = self.span_s()
        playhead_s = self.at_s
        film, frame = self._film, self._frame
        if film is not None and frame is not None and self._sought_s is None:
            beside = -1 if self._steps < 0 else 1 if self._steps > 0 or self._stalled else 0
            playhead_s = film.facts.timeline.seconds(frame.tick + beside)
        return Aim(
            start_s=start_s,
            end_s=None if self._whole else end_s,
            playhead_s=playhead_s,
            around=self._loop,
            waiting=self._sought_s is not None or self._steps != 0 or self._stalled,
            back=self._steps < 0,
        )

    def _send_aim(self) -> None:
        if self._scene is not None:
            self._decoding.aim(self._aim())

    def _reset(self, scene: Scene | None, state: State) -> None:
        self._generation += 1
        self._scene, self._film, self._frame = scene, None, None
        self._sought_s, self._steps, self._stalled, self._whole = None, 0, False, False
        self._halt()
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
