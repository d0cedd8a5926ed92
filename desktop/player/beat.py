"""The beat of playing: by the clock, and the sound where there is any, each frame in its time."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from desktop.player.clock import PlayTime
from desktop.player.film_range import FilmRange, Next, due_frame
from desktop.player.frame_store import StoredFrame
from desktop.player.scene import Clock
from desktop.player.sound import Sound


class Beat(QObject):
    """Tells which frame is due; stops by itself at the end, or when the next frame is not in the store.

    `ended` carries the last frame of the range once its time is up, whether a loop led on or not;
    `ran_dry` the frame after which one is missing.
    """

    due = Signal(object)
    ended = Signal(object)
    ran_dry = Signal(object)

    def __init__(self, parent: QObject, clock: Clock, sound: Sound) -> None:
        super().__init__(parent)
        self.loop = True
        self._time = PlayTime(clock)
        self._sound = sound
        self._film: FilmRange | None = None
        self._frame: StoredFrame | None = None
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.tick)

    @property
    def running(self) -> bool:
        """Whether frames are being shown in their time."""
        return self._time.running

    @property
    def speed(self) -> float:
        """Seconds of film a second."""
        return self._time.speed

    def set_speed(self, speed: float) -> None:
        """Go on at another speed."""
        self._time.set_speed(speed)
        if self._time.running and self._film and self._frame:
            self.run(self._film, self._frame, self._film.at_s(self._frame))

    def run(self, film: FilmRange, shown: StoredFrame, at_s: float) -> None:
        """Begin with `shown` on the screen at a time of the film: its own, or its end."""
        self._film, self._frame = film, shown
        self._time.start(at_s)
        self._sound.play(self._time.now_s, self._heard_span_s, self._time.speed)
        if at_s >= film.until_s(shown):
            self.tick()
        else:
            self._arm(film.until_s(shown))

    def halt(self) -> None:
        """Stop."""
        self._timer.stop()
        self._time.hold(self._time.now_s())
        self._sound.halt()

    def tick(self) -> None:
        """Show the frame that is due, and come back when the next one is; called by a timer."""
        film, frame = self._film, self._frame
        if film is None or frame is None or not self._time.running:
            return
        heard_s = self._sound.heard_s()
        if heard_s is not None:
            start_s, end_s, around = self._heard_span_s()
            self._time.follow(heard_s, end_s - start_s if around else 0.0)
        self._frame, then = due_frame(film, frame, self._time, leave_out=heard_s is not None)
        if self._frame is not frame:
            self.due.emit(self._frame)
        if not self.running:
            return  # whoever was told of the frame stopped the beat
        if then is Next.FRAME:
            self._arm(film.until_s(self._frame))
        elif then is Next.MISSING:
            self.halt()
            self.ran_dry.emit(self._frame)
        else:
            self._end(film, self._frame)

    def _end(self, film: FilmRange, last: StoredFrame) -> None:
        first = film.first() if self.loop else None
        if first is None:
            self.halt()
            self.ended.emit(last)
            return
        self._time.shift(film.at_s(first) - film.until_s(last))
        if self._time.now_s() >= film.until_s(first):
            self._time.start(film.at_s(first))  # too late for the first frame, which is never left out
        self._frame = first
        self._arm(film.until_s(first))
        self.due.emit(first)
        self.ended.emit(last)

    def _arm(self, due_s: float) -> None:
        wait_s = (due_s - self._time.now_s()) / self._time.speed
        self._timer.start(max(0, round(wait_s * 1000)))

    def _heard_span_s(self) -> tuple[float, float, bool]:
        """From the first frame to the end of the last, as far as known, and whether that is a circle."""
        film = self._film
        if film is None:
            return 0.0, 0.0, False
        first, last = film.first(), film.last()
        start_s = film.at_s(first) if first else film.facts.timeline.seconds(film.start)
        end_s = film.until_s(last) if last else film.facts.timeline.seconds(film.end)
        return start_s, end_s, self.loop
