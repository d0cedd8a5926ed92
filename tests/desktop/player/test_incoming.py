"""A clip is played while it comes; whoever needs what has not come waits, and nobody else does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.lookup.arriving import Arriving
from desktop.player import PlayerPanel, Scene
from desktop.player.sound_source import SoundSource
from index_tools.errors import Cancelled
from tests.desktop.player.player_films import ManualClock, make_film, number_on

FRAMES, FRAME_S = 90, 1 / 30


class Coming:
    """A clip of 3 s of which a test gives part after part."""

    def __init__(self, folder: Path, movflags: str) -> None:
        film = make_film(folder / "clip.mp4", FRAMES, gop=30, movflags=movflags)
        self._data = film.read_bytes()
        film.unlink()  # where it will lie, nothing lies yet
        self.arriving = Arriving()
        self.scene = Scene(film, 0.0, 1.0, FRAMES * FRAME_S, incoming=self.arriving)

    def come(self, share: float) -> None:
        upto = round(share * len(self._data))
        self.arriving.add(self._data[len(self.arriving) : upto])
        if share == 1:
            self.arriving.finish()


@pytest.fixture(params=["frag_keyframe+empty_moov+default_base_moof", "empty_moov", "faststart"])
def coming(request: pytest.FixtureRequest, tmp_path: Path) -> Coming:
    return Coming(tmp_path, request.param)


@pytest.fixture
def played(make_panel: Callable[..., PlayerPanel], clock: ManualClock) -> PlayerPanel:
    return make_panel(clock=clock)


def known_to(panel: PlayerPanel) -> float:
    """The time up to which frames are in memory."""
    film = panel.playback.film
    if film is None:
        return 0.0
    gap = film.store.gap(film.start, film.end)
    return film.facts.timeline.seconds(film.end if gap is None else gap)


def test_it_plays_as_far_as_it_is_there_and_loops_once_it_is_whole(
    coming: Coming, played: PlayerPanel, clock: ManualClock, qtbot: QtBot
) -> None:
    coming.come(0.6)
    with qtbot.waitSignal(played.first_frame_shown, timeout=5000):
        played.load(coming.scene)
    qtbot.waitUntil(lambda: known_to(played) > 1.0, timeout=5000)
    assert known_to(played) < FRAMES * FRAME_S
    edge = 0
    for _ in range(FRAMES):  # as far as it goes; then the last frame stays
        clock.at_s += FRAME_S
        played.playback.beat.tick()
        qtbot.wait(1)
        edge = number_on(played.view)
    assert 30 < edge < FRAMES - 1
    assert played.playing
    coming.come(1.0)
    qtbot.waitUntil(lambda: known_to(played) >= FRAMES * FRAME_S - 1e-3, timeout=5000)
    shown = []
    for _ in range(FRAMES):
        clock.at_s += FRAME_S
        played.playback.beat.tick()
        qtbot.wait(1)
        shown.append(number_on(played.view))
    assert {FRAMES - 1, 0, 1} < set(shown)  # through the end, and anew from the start


def test_a_frame_that_has_not_come_is_waited_for(coming: Coming, played: PlayerPanel, qtbot: QtBot) -> None:
    played.set_autoplay(False)
    coming.come(0.6)
    with qtbot.waitSignal(played.first_frame_shown, timeout=5000):
        played.load(coming.scene)
    assert number_on(played.view) == 30
    played.seek(80 * FRAME_S)  # returns at once, or the test would not go on
    qtbot.wait(100)
    assert number_on(played.view) == 30
    coming.come(1.0)
    qtbot.waitUntil(lambda: number_on(played.view) == 80, timeout=5000)
    played.seek(2 * FRAME_S)  # before what was decoded
    qtbot.waitUntil(lambda: number_on(played.view) == 2, timeout=5000)


def test_what_is_not_wanted_any_more_is_not_waited_for(
    coming: Coming, played: PlayerPanel, long_gop: Path, qtbot: QtBot
) -> None:
    for share in (0.001, 0.6):  # before it can be opened, and in its midst
        coming.come(share)
        played.load(coming.scene)
        qtbot.wait(50)
        with qtbot.waitSignal(played.first_frame_shown, timeout=5000):
            played.load(Scene(long_gop, 1.0, 1.5, 2.0))
    played.load(coming.scene)
    qtbot.wait(50)
    played.shutdown()
    assert played.playback.supply.join(5.0)


def test_its_sound_is_read_once_it_is_whole(tmp_path: Path) -> None:
    film = make_film(tmp_path / "clip.mov", 60, sound=True, movflags="faststart")
    arriving, data = Arriving(), film.read_bytes()
    arriving.add(data)
    with pytest.raises(Cancelled):
        arriving.wait(lambda: False)
    arriving.finish()
    arriving.wait(lambda: False)
    source = SoundSource(film, lambda: arriving.open(lambda: True))
    first = next(run for run in source.samples_from(48_000) if run is not None)
    assert first[0] <= 48_000
    source.close()
