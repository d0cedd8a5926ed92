"""Sound: exact samples, in step with the picture, around the loop, and silence where there is no device."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from pytestqt.qtbot import QtBot

from desktop.player import PlayerPanel, Scene
from desktop.player.audio import SceneSound
from desktop.player.pcm import BLOCK, RATE_HZ, PcmStore
from desktop.player.scene import Clock
from desktop.player.sound import SoundState
from desktop.player.sound_source import SoundSource
from desktop.player.stretch import Stretch
from tests.desktop.player.player_films import ManualClock, make_film, sample_numbers


class FakeDevice:
    """A device that plays by a clock, begins `lag_s` late and runs `fast` times as fast as it should."""

    def __init__(self, clock: Clock, *, there: bool = True, lag_s: float = 0.0, fast: float = 1.0) -> None:
        self._clock, self._there, self._lag_s, self._fast = clock, there, lag_s, fast
        self._since_s = 0.0
        self.running = False
        self.given: NDArray[np.int16] = np.zeros((0, 2), np.int16)
        self.starts = 0

    def prepare(self) -> bool:
        return self._there

    def start(self) -> bool:
        self._since_s, self.running = self._clock.now_s(), True
        self.given = np.zeros((0, 2), np.int16)
        self.starts += 1
        return True

    def room(self) -> int:
        return max(0, RATE_HZ // 5 - (len(self.given) - round(self.heard_s() * RATE_HZ)))

    def give(self, samples: bytes) -> None:
        self.given = np.concatenate([self.given, np.frombuffer(samples, np.int16).reshape(-1, 2)])

    def heard_s(self) -> float:
        played_s = max(0.0, (self._clock.now_s() - self._since_s - self._lag_s) * self._fast)
        return min(played_s, len(self.given) / RATE_HZ) if self.running else 0.0

    def stop(self) -> None:
        self.running = False

    def set_volume(self, volume: float) -> None:
        self.volume = volume

    def works(self) -> bool:
        return self.running

    def heard_sample(self) -> int:
        """The number of the sample that is heard now."""
        at = min(round(self.heard_s() * RATE_HZ), len(self.given) - 1)
        return int(sample_numbers(self.given[at : at + 1])[0])


class Stage:
    """A panel with a fake device and a clock; `advance` lets time pass."""

    def __init__(self, qtbot: QtBot, panel: PlayerPanel, clock: ManualClock, device: FakeDevice) -> None:
        self.qtbot, self.panel, self.clock, self.device = qtbot, panel, clock, device

    def begin(self, film: Path, first: int, end: int) -> None:
        self.panel.set_muted(False)
        with self.qtbot.waitSignal(self.panel.first_frame_shown, timeout=5000):
            self.panel.load(Scene(film, first / 30, first / 30, end / 30))
        self.qtbot.waitUntil(lambda: self.device.running, timeout=5000)
        sound = self.panel.playback.sound
        assert isinstance(sound, SceneSound)
        played = self.panel.playback.film
        assert played is not None
        self.qtbot.waitUntil(lambda: played.store.gap(played.start, played.end) is None, timeout=5000)
        self.qtbot.waitUntil(lambda: sound.holds(first / 30, end / 30), timeout=5000)

    def advance(self, by_s: float) -> None:
        for _ in range(round(by_s / 0.01)):
            self.clock.at_s += 0.01
            sound = self.panel.playback.sound
            assert isinstance(sound, SceneSound)
            sound.give_more()
            self.panel.playback.beat.tick()

    def apart_s(self, length: int) -> float:
        """How far the sound heard is from the frame shown, in a loop of `length` frames."""
        heard = self.device.heard_sample() / RATE_HZ
        away = heard - self.panel.at_s - 1 / 60
        return (away + length / 60) % (length / 30) - length / 60


@pytest.fixture
def stage(qtbot: QtBot, make_panel: Callable[..., PlayerPanel], clock: ManualClock) -> Callable[..., Stage]:
    def make(**facts: float) -> Stage:
        device = FakeDevice(clock, **facts)  # type: ignore[arg-type]
        return Stage(qtbot, make_panel(SceneSound(device=device), clock), clock, device)

    return make


def test_samples_are_exact_wherever_decoding_begins(long_gop: Path) -> None:
    source = SoundSource(long_gop)
    for start in (0, 1, 30_000, 100_001):
        found = next(run for run in source.samples_from(start) if run and run[0] + len(run[1]) > start)
        first, samples = found
        assert first <= start
        assert np.array_equal(sample_numbers(samples), np.arange(first, first + len(samples)))
    source.close()


def test_a_film_without_sound_says_so(tmp_path: Path) -> None:
    with pytest.raises(LookupError):
        SoundSource(make_film(tmp_path / "mute.mp4", 3))


def test_the_store_knows_what_it_lacks() -> None:
    store = PcmStore()
    store.add(1, np.ones((BLOCK, 2), np.int16))
    assert store.read(BLOCK - 1, 2) is None
    assert store.read(BLOCK, BLOCK) is not None
    store.end_at(2)
    tail = store.read(2 * BLOCK - 1, 3)
    assert tail is not None
    assert tail[:, 0].tolist() == [1, 0, 0]


def test_sound_goes_around_the_loop_without_a_gap(stage: Callable[..., Stage], long_gop: Path) -> None:
    it = stage()
    it.begin(long_gop, 30, 60)
    it.advance(3.0)
    numbers = sample_numbers(it.device.given)
    jumps = np.flatnonzero(np.diff(numbers) != 1)
    assert len(jumps) == 3
    assert set(numbers[jumps]) == {2 * RATE_HZ - 1}
    assert set(numbers[jumps + 1]) == {RATE_HZ}
    assert it.device.starts == 1


@pytest.mark.parametrize("facts", [{}, {"lag_s": 0.06}, {"lag_s": 0.4}, {"fast": 1.01}, {"fast": 0.99}])
def test_picture_and_sound_stay_together(
    stage: Callable[..., Stage], long_gop: Path, facts: dict[str, float]
) -> None:
    it = stage(**facts)
    it.begin(long_gop, 30, 90)
    it.advance(2.0)
    apart = []
    for _ in range(60):
        it.advance(0.05)
        apart.append(abs(it.apart_s(60)))
    assert np.median(apart) < 0.025
    assert max(apart) < 0.06


@pytest.mark.parametrize("speed", [0.25, 0.5, 2.0])
def test_at_other_speeds_sound_is_stretched(speed: float) -> None:
    tone = (np.sin(np.arange(2 * RATE_HZ) * 2 * np.pi * 440 / RATE_HZ) * 8000).astype(np.int16)
    stretch = Stretch(speed)
    parts = [stretch.push(np.stack([part, part], axis=1)) for part in np.split(tone, 20)]
    heard = np.concatenate(parts)[:, 0]
    assert len(heard) == pytest.approx(2 * RATE_HZ / speed, rel=0.12)  # the filter holds some back
    middle = heard[len(heard) // 4 : len(heard) // 4 + RATE_HZ // 2].astype(float)
    spectrum = np.abs(np.fft.rfft(middle * np.hanning(len(middle))))
    assert np.argmax(spectrum) * RATE_HZ / len(middle) == pytest.approx(440, abs=5)


def test_muted_nothing_is_open_and_unmuted_it_is_heard_from_here(
    stage: Callable[..., Stage], long_gop: Path
) -> None:
    it = stage()
    it.begin(long_gop, 30, 90)
    it.panel.set_muted(True)
    assert not it.device.running
    it.advance(0.5)
    it.panel.set_muted(False)
    it.qtbot.waitUntil(lambda: it.device.running)
    it.advance(0.5)
    assert abs(it.apart_s(60)) < 0.06


def test_pausing_is_silent_at_once(stage: Callable[..., Stage], long_gop: Path) -> None:
    it = stage()
    it.begin(long_gop, 30, 90)
    it.panel.pause()
    assert not it.device.running
    it.panel.play()
    it.qtbot.waitUntil(lambda: it.device.running)


def test_without_a_device_the_picture_plays_and_a_hint_says_why(
    qtbot: QtBot, make_panel: Callable[..., PlayerPanel], clock: ManualClock, long_gop: Path
) -> None:
    sound = SceneSound(device=FakeDevice(clock, there=False))
    panel = make_panel(sound)
    panel.resize(900, 500)
    panel.set_muted(False)
    with qtbot.waitSignal(sound.state_changed, timeout=5000) as told:
        panel.load(Scene(long_gop, 1.0, 1.5, 2.0))
    assert told.args == [SoundState.NO_DEVICE]
    assert panel.controls.hint.text() == "No sound device"
    at: list[float] = []
    panel.frame_shown.connect(at.append)
    qtbot.waitUntil(lambda: len(at) > 5)
    panel.set_muted(True)
    assert panel.controls.hint.text() == ""


def test_a_film_without_sound_is_hinted(qtbot: QtBot, panel: PlayerPanel, tmp_path: Path) -> None:
    film = make_film(tmp_path / "mute.mp4", 10)
    with qtbot.waitSignal(panel.first_frame_shown, timeout=5000):
        panel.load(Scene(film, 0, 0, 0.3))
    assert panel.controls.hint.text() == "No sound in this film"
