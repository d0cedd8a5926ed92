"""The sound of the scene: decoded by a thread, given to the device a little ahead of the picture."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from desktop.player.aim import Aim, Job
from desktop.player.device import Device, QtDevice
from desktop.player.pcm import RATE_HZ, PcmStore
from desktop.player.scene import Incoming
from desktop.player.sound import HeardSpan, Sound, SoundState
from desktop.player.sound_decoding import SoundDecoding
from desktop.player.stretch import Stretch

#: How often the device is given more, in ms; it holds ten times as much.
_BEAT_MS = 20
#: Sound needed in memory before it begins, in s.
_READY_S = 0.15
#: The device's own count is taken seriously from here on, in s.
_SETTLED_S = 0.1
#: Sound and picture farther apart than this are put in step by beginning the sound anew, in s; what is less
#: the picture makes up unseen.
_IN_STEP_S = 0.1
#: How often that is tried, and how slow a device to begin may be, in s.
_MOST_ATTEMPTS = 3
_MOST_LAG_S = 1.0
#: Loops that may be in the device at a time.
_MOST_MARKS = 64


class SceneSound(Sound):
    """Plays samples in step with a clock, and then is the clock.

    It begins at the time that the picture has reached once enough is decoded, and begins anew in the same
    way when it runs dry.  While muted nothing is decoded and no device is open.
    """

    _opened = Signal(int, object)

    def __init__(self, parent: QObject | None = None, *, device: Device | None = None) -> None:
        super().__init__(parent)
        self._device: Device = device or QtDevice()
        self._decoding = SoundDecoding(self._opened.emit, self._device.prepare)
        self._opened.connect(self._on_opened, Qt.ConnectionType.QueuedConnection)
        self._beat = QTimer(self, interval=_BEAT_MS, timerType=Qt.TimerType.PreciseTimer)
        self._beat.timeout.connect(self.give_more)
        self._generation = 0
        self._film: Path | None = None
        self._incoming: Incoming | None = None
        self._opened_film = False
        self._store: PcmStore | None = None
        self._muted = False
        self._silent_device = False
        self._span: HeardSpan | None = None
        self._now_s: Callable[[], float] = lambda: 0.0
        self._speed = 1.0
        self._stretch: Stretch | None = None
        self._started = False
        self._settled = False  # the device was found in step with the picture
        self._lag_s = 0.0  # from giving the first samples to hearing them, as far as learnt
        self._attempts = 0
        self._next = 0  # the sample to be given next
        self._given_s = 0.0  # film given since the start
        self._marks: list[tuple[float, float]] = []  # (film given before, time of the film)

    def open(self, film: Path | None, incoming: Incoming | None = None) -> None:
        """Get ready for a film's sound; it is opened once it is to be heard."""
        self.halt()
        self._film, self._incoming = film, incoming
        self._opened_film, self._store = False, None
        self._silent_device = False
        self._generation += 1
        self._decoding.open(None, None)

    def play(self, now_s: Callable[[], float], span: HeardSpan, speed: float) -> None:
        """Be heard from `now_s()` on, in the span."""
        self._halt_device()
        self._attempts = 0
        self._now_s, self._span, self._speed = now_s, span, speed
        if self._film is None or self._muted or self._silent_device:
            return
        if not self._opened_film:
            self._opened_film = True
            self._decoding.open(Job(self._generation, self._film, self._incoming), self._aim())
        self._beat.start()
        self.give_more()

    def halt(self) -> None:
        """Fall silent, at once."""
        self._halt_device()
        self._beat.stop()
        self._span = None
        self._decoding.aim(None)

    def heard_s(self) -> float | None:
        """The time of the film that is heard now; None until picture and sound are in step."""
        return self._heard_s() if self._settled else None

    def _heard_s(self) -> float | None:
        heard_s = self._device.heard_s() if self._started else 0.0
        if heard_s < _SETTLED_S or not self._marks:
            return None
        film_s = heard_s * self._speed
        passed = (mark for mark in reversed(self._marks) if mark[0] <= film_s)
        before, at_s = next(passed, self._marks[0])
        return at_s + film_s - before

    def set_muted(self, on: bool) -> None:
        """Whether the sound is off; what plays is heard from where it is."""
        self._muted = on
        if on:
            self._halt_device()
            self._beat.stop()
            self._decoding.aim(None)
        elif self._span is not None:
            self.play(self._now_s, self._span, self._speed)

    def set_volume(self, volume: float) -> None:
        """Loudness as people feel it; the device is given its square."""
        self._device.set_volume(volume * volume)

    def holds(self, start_s: float, end_s: float) -> bool:
        """Whether the sound of a stretch of the film is decoded and in memory."""
        start, end = round(start_s * RATE_HZ), round(end_s * RATE_HZ)
        return self._store is not None and self._store.read(start, end - start) is not None

    def stop(self) -> None:
        """Fall silent and ask the thread to end."""
        self.halt()
        self._decoding.stop()

    def join(self, timeout_s: float) -> bool:
        """Wait for the thread."""
        return self._decoding.join(timeout_s)

    def give_more(self) -> None:
        """Give the device what it has room for; called by a timer."""
        if self._span is None:
            return
        self._decoding.aim(self._aim())
        if not self._started and not self._start():
            return
        if not self._device.works():
            self._lose_device()
            return
        self._keep_up()
        if not self._started:
            return
        room = self._device.room()
        while room > 0:
            given = self._give(round(min(room, RATE_HZ // 10) * self._speed))
            if given is None:
                return
            room -= given

    def _keep_up(self) -> None:
        """Begin anew, farther on, when the device takes so long to begin that the picture is ahead."""
        heard_s = self._heard_s()
        if heard_s is None or self._settled or self._span is None:
            return
        start_s, end_s, around = self._span()
        late_s = self._now_s() - heard_s
        if around and end_s > start_s:
            late_s = (late_s + (end_s - start_s) / 2) % (end_s - start_s) - (end_s - start_s) / 2
        self._settled = abs(late_s) <= _IN_STEP_S or self._attempts >= _MOST_ATTEMPTS
        if not self._settled:
            self._attempts += 1
            self._lag_s = min(max(self._lag_s + late_s / self._speed, 0.0), _MOST_LAG_S)
            self._halt_device()
            self._start()

    def _start(self) -> bool:
        """Begin at the time that the picture will have reached when it is heard, if the sound is there."""
        at_s = self._in_span(self._now_s() + self._lag_s * self._speed)
        sample = max(0, round(at_s * RATE_HZ))
        if self._store is None or self._store.read(sample, self._ready_samples(at_s)) is None:
            return False
        if not self._device.start():
            self._lose_device()
            return False
        self._started = True
        self._settled = False
        self._next, self._given_s, self._marks = sample, 0.0, [(0.0, at_s)]
        self._stretch = None if self._speed == 1.0 else Stretch(self._speed)
        self.state_changed.emit(SoundState.READY)
        return True

    def _in_span(self, at_s: float) -> float:
        start_s, end_s, around = self._span() if self._span else (0.0, 0.0, False)
        if around and at_s >= end_s > start_s:
            return start_s + (at_s - start_s) % (end_s - start_s)
        return at_s

    def _ready_samples(self, at_s: float) -> int:
        """What must be there to begin; less than usual where the span ends before."""
        left_s = self._span()[1] - at_s if self._span else 0.0
        return max(1, round(min(_READY_S, left_s) * RATE_HZ))

    def _give(self, count: int) -> int | None:
        """Give samples from `_next` on, in the circle; how many the device got, None when there are none."""
        if self._span is None or self._store is None:
            return None
        start_s, end_s, around = self._span()
        end = round(end_s * RATE_HZ)
        if self._next >= end:
            if not around:
                return None
            self._next = max(0, round(start_s * RATE_HZ))
            self._marks = [*self._marks[-_MOST_MARKS:], (self._given_s, start_s)]
        samples = self._store.read(self._next, max(1, min(count, end - self._next)))
        if samples is None:
            if self._device.heard_s() * self._speed >= self._given_s:
                self._halt_device()  # run dry: begin anew where the picture is
            return None
        self._next += len(samples)
        self._given_s += len(samples) / RATE_HZ
        ready = samples if self._stretch is None else self._stretch.push(samples)
        self._device.give(ready.tobytes())
        return max(1, len(ready))

    def _halt_device(self) -> None:
        if self._started:
            self._started = False
            self._device.stop()

    def _lose_device(self) -> None:
        self._silent_device = True
        self._halt_device()
        self._beat.stop()
        self._decoding.aim(None)
        self.state_changed.emit(SoundState.NO_DEVICE)

    def _aim(self) -> Aim:
        start_s, end_s, around = self._span() if self._span else (0.0, 0.0, False)
        at_s = self._next / RATE_HZ if self._started else self._now_s()
        return Aim(start_s, end_s, at_s, around, waiting=False)

    def _on_opened(self, generation: int, store: PcmStore | None) -> None:
        if generation != self._generation:
            return
        self._store = store
        if store is None:
            self._lose_device()
