"""Playing by a clock that the test moves, the frames read back from the screen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.player import PlayerPanel, Scene, plan
from tests.desktop.player.player_films import ManualClock, make_film, number_on

FRAME_S = 1 / 30


def at(number: float) -> float:
    """The time of a frame of the films of the tests."""
    return number * FRAME_S


def scene(film: Path, first: int, match: int, end: int) -> Scene:
    return Scene(film, at(first), at(match), at(end))


@pytest.fixture
def played(make_panel: Callable[..., PlayerPanel], clock: ManualClock) -> PlayerPanel:
    return make_panel(clock=clock)


def load(qtbot: QtBot, panel: PlayerPanel, what: Scene) -> None:
    with qtbot.waitSignal(panel.first_frame_shown, timeout=5000):
        panel.load(what)


def wait_filled(qtbot: QtBot, panel: PlayerPanel) -> None:
    """Wait until every frame of the scene is in memory."""

    def filled() -> bool:
        film = panel.playback.film
        return film is not None and film.store.gap(film.start, film.end) is None

    qtbot.waitUntil(filled, timeout=5000)


def move(panel: PlayerPanel, clock: ManualClock, by_s: float) -> int:
    clock.at_s += by_s
    panel.playback.beat.tick()
    return number_on(panel.view)


def test_the_scene_is_played_exactly_and_begins_anew(
    qtbot: QtBot, played: PlayerPanel, clock: ManualClock, long_gop: Path
) -> None:
    load(qtbot, played, scene(long_gop, 40, 44, 50))
    wait_filled(qtbot, played)
    shown = [number_on(played.view)] + [move(played, clock, FRAME_S + 1e-4) for _ in range(20)]
    assert shown == [*range(40, 50), *range(40, 50), 40]
    assert played.playing


def test_without_loop_it_holds_at_the_last_frame_and_plays_again_from_the_first(
    qtbot: QtBot, played: PlayerPanel, clock: ManualClock, long_gop: Path
) -> None:
    played.set_loop(False)
    load(qtbot, played, scene(long_gop, 40, 44, 45))
    wait_filled(qtbot, played)
    assert [move(played, clock, FRAME_S + 1e-4) for _ in range(7)] == [41, 42, 43, 44, 44, 44, 44]
    assert not played.playing
    played.play()
    assert number_on(played.view) == 40
    assert played.playing


def test_late_frames_are_left_out_but_never_the_last(
    qtbot: QtBot, played: PlayerPanel, clock: ManualClock, long_gop: Path
) -> None:
    load(qtbot, played, scene(long_gop, 40, 44, 50))
    wait_filled(qtbot, played)
    assert move(played, clock, 3.5 * FRAME_S) == 43
    assert move(played, clock, 9 * FRAME_S) == 49
    assert move(played, clock, 1.1 * FRAME_S) == 40


def test_after_a_standstill_it_goes_on_where_it_was(
    qtbot: QtBot, played: PlayerPanel, clock: ManualClock, long_gop: Path
) -> None:
    load(qtbot, played, scene(long_gop, 0, 5, 100))
    wait_filled(qtbot, played)
    assert move(played, clock, 2.0) == 1
    assert move(played, clock, FRAME_S + 1e-4) == 2


@pytest.mark.parametrize(("speed", "after_a_second"), [(0.25, 7), (0.5, 15), (1.0, 30), (2.0, 60)])
def test_speeds(
    qtbot: QtBot, played: PlayerPanel, clock: ManualClock, long_gop: Path, speed: float, after_a_second: int
) -> None:
    load(qtbot, played, scene(long_gop, 0, 5, 100))
    wait_filled(qtbot, played)
    played.set_speed(speed)
    for _ in range(3):
        move(played, clock, 0.25)
    assert move(played, clock, 0.251) == after_a_second


def test_without_autoplay_the_matched_frame_is_held(
    qtbot: QtBot, played: PlayerPanel, clock: ManualClock, long_gop: Path
) -> None:
    played.set_autoplay(False)
    load(qtbot, played, scene(long_gop, 40, 47, 60))
    assert number_on(played.view) == 47
    assert not played.playing
    assert move(played, clock, 1.0) == 47


@pytest.mark.parametrize("handled", [True, False], ids=["stepped", "left alone"])
def test_a_match_that_moved_is_marked_and_held_unless_the_user_went_elsewhere(
    qtbot: QtBot, played: PlayerPanel, long_gop: Path, handled: bool
) -> None:
    played.set_autoplay(False)
    load(qtbot, played, scene(long_gop, 40, 47, 60))
    wait_filled(qtbot, played)
    if handled:
        played.step(1)
    played.set_match(at(50))
    assert played.controls.seek_bar.match_s == at(50)
    assert number_on(played.view) == (48 if handled else 50)
    assert played.handled is handled


def test_a_match_that_moved_does_not_disturb_what_plays(
    qtbot: QtBot, played: PlayerPanel, clock: ManualClock, long_gop: Path
) -> None:
    load(qtbot, played, scene(long_gop, 40, 47, 60))
    wait_filled(qtbot, played)
    move(played, clock, FRAME_S + 1e-4)
    played.set_match(at(50))
    assert number_on(played.view) == 41
    assert played.controls.seek_bar.match_s == at(50)
    assert move(played, clock, FRAME_S) == 42


def test_steps_go_frame_by_frame_and_stop_at_the_ends(
    qtbot: QtBot, played: PlayerPanel, long_gop: Path
) -> None:
    played.set_autoplay(False)
    load(qtbot, played, scene(long_gop, 40, 42, 45))
    wait_filled(qtbot, played)
    seen = []
    for n in (-1, -1, -1, 1, 1, 1, 1, 1, -2):
        played.step(n)
        seen.append(number_on(played.view))
    assert seen == [41, 40, 40, 41, 42, 43, 44, 44, 42]


def test_steps_beyond_memory_in_the_whole_film(
    qtbot: QtBot, played: PlayerPanel, long_gop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan, "BUDGET_BYTES", 8 * 480 * 270 * 3 // 2)
    played.set_autoplay(False)
    load(qtbot, played, scene(long_gop, 60, 62, 65))
    played.set_whole_film(True)

    def wait_for(wanted: int) -> None:
        qtbot.waitUntil(lambda: number_on(played.view) == wanted, timeout=5000)

    for wanted in range(61, 49, -1):
        played.step(-1)
        wait_for(wanted)
    played.step(20)
    wait_for(70)


def test_a_scene_larger_than_memory_loops_without_missing_a_frame(
    qtbot: QtBot, played: PlayerPanel, clock: ManualClock, long_gop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan, "BUDGET_BYTES", 20 * 320 * 180 * 3 // 2)
    load(qtbot, played, scene(long_gop, 10, 12, 70))
    seen = [number_on(played.view)]
    played.frame_shown.connect(lambda _at_s: seen.append(number_on(played.view)))

    def passed() -> bool:
        clock.at_s += FRAME_S / 4
        return len(seen) > 130

    qtbot.waitUntil(passed, timeout=20_000)
    assert seen == [10 + i % 60 for i in range(len(seen))]


def test_seeking_in_the_scene_and_in_the_whole_film(
    qtbot: QtBot, played: PlayerPanel, clock: ManualClock, long_gop: Path
) -> None:
    load(qtbot, played, scene(long_gop, 40, 44, 50))
    wait_filled(qtbot, played)
    played.seek(at(46.5))
    assert number_on(played.view) == 46
    played.seek(at(100))
    assert number_on(played.view) == 49, "a scene is not left by seeking"
    played.set_whole_film(True)
    assert number_on(played.view) == 49
    played.seek(at(100))
    qtbot.waitUntil(lambda: number_on(played.view) == 100, timeout=5000)
    assert played.whole_film
    qtbot.waitUntil(lambda: played.playback.film is not None and played.playback.beat.running)
    played.set_whole_film(False)
    assert number_on(played.view) == 40
    assert played.playing


def test_a_new_scene_closes_the_whole_film(qtbot: QtBot, played: PlayerPanel, long_gop: Path) -> None:
    load(qtbot, played, scene(long_gop, 40, 44, 50))
    with qtbot.waitSignal(played.whole_film_changed):
        played.controls.whole_film.click()
    assert played.playback.whole_film
    load(qtbot, played, scene(long_gop, 10, 14, 20))
    assert played.whole_film is False
    assert not played.controls.whole_film.isChecked()
    assert number_on(played.view) == 10


def test_a_scene_of_one_frame_and_one_of_no_length(qtbot: QtBot, played: PlayerPanel, long_gop: Path) -> None:
    load(qtbot, played, scene(long_gop, 40, 40, 41))
    assert number_on(played.view) == 40
    load(qtbot, played, scene(long_gop, 50, 50, 50))
    assert number_on(played.view) == 50


def test_rotated_films_stand_upright(qtbot: QtBot, played: PlayerPanel, tmp_path: Path) -> None:
    plain = make_film(tmp_path / "plain.mp4", 30)
    # the matrix of the track, rows of 16.16 numbers: a quarter turn clockwise
    content = bytearray(plain.read_bytes())
    identity = b"".join(n.to_bytes(4, "big") for n in (0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000))
    turned = b"".join(
        (n & 0xFFFFFFFF).to_bytes(4, "big") for n in (0, 0x10000, 0, -0x10000, 0, 0, 0, 0, 0x40000000)
    )
    place = content.rindex(identity)
    content[place : place + len(turned)] = turned
    film = tmp_path / "turned.mp4"
    film.write_bytes(content)
    played.set_autoplay(False)
    load(qtbot, played, Scene(film, 0.0, at(7), 1.0))
    rect = played.view.picture_rect()
    assert rect.width() < rect.height()
    image = played.view.grab().toImage()
    # the blocks run from the top of the right half downwards, lowest bit first
    x = rect.left() + rect.width() * 3 // 4
    bits = [
        image.pixelColor(x, rect.top() + round((bit + 0.5) * rect.height() / 10)).lightness() > 128
        for bit in range(10)
    ]
    assert bits == [True, True, True] + [False] * 7
