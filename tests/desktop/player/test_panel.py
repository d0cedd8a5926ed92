"""The panel as the window uses it: loads, failures, toggles, keys, visibility, the end."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QAbstractSlider
from pytestqt.qtbot import QtBot

from desktop.player import PlayerPanel, Scene
from desktop.player.state import State
from tests.desktop.player.player_films import make_film, number_on


def load(
    qtbot: QtBot, panel: PlayerPanel, film: Path, first: int, end: int, match: int | None = None
) -> None:
    with qtbot.waitSignal(panel.first_frame_shown, timeout=5000):
        panel.load(Scene(film, first / 30, (match or first) / 30, end / 30, "A film"))


def test_twenty_loads_in_a_second_show_only_the_last(
    qtbot: QtBot, panel: PlayerPanel, long_gop: Path, tmp_path: Path
) -> None:
    other = make_film(tmp_path / "other.mp4", 20)
    panel.set_autoplay(False)
    shown: list[int] = []
    panel.frame_shown.connect(lambda at_s: shown.append(round(at_s * 30)))
    for number in range(20):
        film, at_s = (other, 0.1) if number % 3 == 0 else (long_gop, (100 + number) / 30)
        panel.load(Scene(film, at_s, at_s, at_s + 0.1))
        shown.clear()
        qtbot.wait(20)
    qtbot.waitUntil(lambda: number_on(panel.view) == 119 and panel.playback.state is State.READY)
    assert shown == [119]
    assert len([t for t in threading.enumerate() if t.name.startswith("scene")]) == 1


@pytest.mark.parametrize("kind", ["gone", "empty", "text", "folder", "no video"])
def test_what_cannot_be_played_is_said_in_one_sentence(
    qtbot: QtBot, panel: PlayerPanel, tmp_path: Path, long_gop: Path, kind: str
) -> None:
    film = tmp_path / "film.mp4"
    if kind == "empty":
        film.touch()
    elif kind == "text":
        film.write_text("this is no film at all")
    elif kind == "folder":
        film.mkdir()
    elif kind == "no video":
        film.write_bytes(
            b"RIFF$\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0@\x1f\0\0\x80>\0\0\x02\0\x10\0data" + b"\0" * 64
        )
    with qtbot.waitSignal(panel.failed, timeout=5000) as told:
        panel.load(Scene(film, 0, 0, 1))
    assert "film.mp4" in told.args[0]
    assert panel.view.text == told.args[0]
    panel.toggle_playing()  # as by a key
    assert not panel.playing
    assert not panel.controls.play.isEnabled()
    load(qtbot, panel, long_gop, 3, 9)
    assert panel.view.text == ""


def test_a_scene_after_the_end_of_the_film_is_said(qtbot: QtBot, panel: PlayerPanel, long_gop: Path) -> None:
    with qtbot.waitSignal(panel.failed, timeout=5000):
        panel.load(Scene(long_gop, 50.0, 51.0, 52.0))
    assert "ends before this scene" in panel.view.text


def test_a_film_deleted_while_it_plays_goes_on_from_memory(
    qtbot: QtBot, panel: PlayerPanel, tmp_path: Path, long_gop: Path
) -> None:
    film = tmp_path / "film.mov"
    shutil.copyfile(long_gop, film)
    load(qtbot, panel, film, 20, 26)
    film.unlink()
    seen: list[int] = []
    panel.frame_shown.connect(lambda at_s: seen.append(round(at_s * 30)))
    qtbot.waitUntil(lambda: len(seen) > 13, timeout=5000)
    assert set(seen) == set(range(20, 26))
    panel.resize(900, 700)  # frames are wanted larger: from the file that is still open
    qtbot.wait(400)
    seen.clear()
    qtbot.waitUntil(lambda: len(seen) > 6, timeout=5000)
    assert panel.playing


def test_a_film_cut_short_plays_what_is_there_and_says_so(
    qtbot: QtBot, panel: PlayerPanel, tmp_path: Path
) -> None:
    whole = make_film(tmp_path / "whole.mkv", 90, gop=10)
    film = tmp_path / "cut.mkv"
    film.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    load(qtbot, panel, film, 20, 88)
    panel.set_speed(2.0)
    qtbot.waitUntil(lambda: "ends before this scene" in panel.view.notice, timeout=8000)
    assert panel.playing


def test_flipped_bits_in_the_middle_do_not_stop_it(qtbot: QtBot, panel: PlayerPanel, tmp_path: Path) -> None:
    film = make_film(tmp_path / "film.mp4", 60, gop=10)
    content = bytearray(film.read_bytes())
    for place in range(len(content) // 2, len(content) // 2 + 400, 7):
        content[place] ^= 0xFF
    film.write_bytes(content)
    load(qtbot, panel, film, 0, 60)
    panel.set_speed(2.0)
    at: list[float] = []
    panel.frame_shown.connect(at.append)
    qtbot.waitUntil(lambda: any(a > 1.8 for a in at), timeout=8000)


def test_hidden_it_stands_still(qtbot: QtBot, panel: PlayerPanel, long_gop: Path) -> None:
    load(qtbot, panel, long_gop, 20, 60)
    panel.hide()
    shown: list[float] = []
    panel.frame_shown.connect(shown.append)
    qtbot.wait(200)
    assert shown == []
    assert panel.playing
    panel.show()
    qtbot.waitUntil(lambda: len(shown) > 3)


def test_minimised_it_stands_still(qtbot: QtBot, panel: PlayerPanel, long_gop: Path) -> None:
    load(qtbot, panel, long_gop, 20, 60)
    panel.showMinimized()
    qtbot.waitUntil(lambda: not panel.playback.beat.running)
    panel.showNormal()
    qtbot.waitUntil(lambda: panel.playback.beat.running)


def test_the_buttons_do_what_they_say(qtbot: QtBot, panel: PlayerPanel, long_gop: Path) -> None:
    controls = panel.controls
    panel.set_autoplay(False)
    load(qtbot, panel, long_gop, 20, 60, match=30)
    controls.step_forward.click()
    assert number_on(panel.view) == 31
    controls.step_back.click()
    assert number_on(panel.view) == 30
    with qtbot.waitSignal(panel.playing_changed):
        controls.play.click()
    assert controls.play.accessibleName() == "Pause"
    for button, value in (
        (controls.loop, "loop"),
        (controls.mute, "muted"),
        (controls.autoplay, "autoplay"),
    ):
        before = getattr(panel, value)
        with qtbot.waitSignal(panel.toggles_changed):
            button.click()
        assert getattr(panel, value) is not before
        assert button.isChecked() is not before
    with qtbot.waitSignal(panel.toggles_changed):
        controls.volume.setValue(35)
    assert panel.volume == 0.35
    with qtbot.waitSignal(panel.toggles_changed):
        controls.speed.menu().actions()[0].trigger()
    assert panel.speed == 0.25
    panel.pause()
    panel.seek(1.2)
    with qtbot.waitSignal(panel.open_outside_wanted) as outside:
        controls.outside.click()
    assert outside.args[0] == pytest.approx(1.2)
    with qtbot.waitSignal(panel.show_in_folder_wanted):
        controls.folder.click()
    with qtbot.waitSignal(panel.full_screen_wanted):
        controls.full_screen.click()


def test_toggles_stay_as_they_are_between_scenes(qtbot: QtBot, panel: PlayerPanel, long_gop: Path) -> None:
    panel.set_loop(False)
    panel.set_speed(0.5)
    load(qtbot, panel, long_gop, 20, 60)
    load(qtbot, panel, long_gop, 30, 60)
    assert (panel.loop, panel.speed) == (False, 0.5)


def test_a_click_on_the_picture_pauses_and_two_want_the_full_screen(
    qtbot: QtBot, panel: PlayerPanel, long_gop: Path
) -> None:
    load(qtbot, panel, long_gop, 20, 60)
    qtbot.mouseClick(panel.view, Qt.MouseButton.LeftButton)
    assert not panel.playing
    with qtbot.waitSignal(panel.full_screen_wanted):
        qtbot.mouseDClick(panel.view, Qt.MouseButton.LeftButton)


def test_the_picture_keeps_its_shape_on_dark_ground(qtbot: QtBot, panel: PlayerPanel, long_gop: Path) -> None:
    panel.set_autoplay(False)
    load(qtbot, panel, long_gop, 20, 60)
    for width, height in ((500, 700), (900, 330)):
        panel.resize(width, height)
        rect = panel.view.picture_rect()
        assert rect.width() / rect.height() == pytest.approx(16 / 9, rel=0.01)
        assert number_on(panel.view) == 20
        image = panel.view.grab().toImage()
        corner = image.pixelColor(2, 2)
        assert corner.lightness() < 30


def test_cleared_it_shows_that_there_is_nothing(qtbot: QtBot, panel: PlayerPanel, long_gop: Path) -> None:
    load(qtbot, panel, long_gop, 20, 60)
    panel.clear()
    assert panel.playback.state is State.EMPTY
    assert panel.view.frame is None
    assert not panel.playing
    for act in (
        panel.play,
        panel.pause,
        panel.toggle_playing,
        lambda: panel.step(1),
        lambda: panel.seek(1.0),
    ):
        act()
    assert panel.playback.state is State.EMPTY


def test_it_ends_at_any_moment_within_two_seconds(
    qtbot: QtBot, make_panel: Callable[..., PlayerPanel], long_gop: Path
) -> None:
    for wait_ms in (0, 1, 5, 15, 40, 80, 160):
        panel = make_panel()
        panel.load(Scene(long_gop, 2.0, 2.5, 3.0))
        qtbot.wait(wait_ms)
        began = time.perf_counter()
        panel.shutdown()
        assert time.perf_counter() - began < 2.0
        assert not [t for t in threading.enumerate() if t.name.startswith("scene")]
        panel.close()


def test_every_button_has_a_name_and_an_object_name(panel: PlayerPanel) -> None:
    buttons = panel.findChildren(QAbstractButton) + panel.findChildren(QAbstractSlider)
    assert len(buttons) == 13
    for button in buttons:
        assert button.objectName()
        assert button.accessibleName()


def test_the_window_comes_up_without_the_heavy_modules() -> None:
    heavy = ["av", "cv2", "hnswlib", "PySide6.QtMultimedia"]
    code = f"import sys, desktop.player; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"


def test_in_full_screen_controls_come_with_the_mouse_alone(
    qtbot: QtBot, panel: PlayerPanel, long_gop: Path
) -> None:
    load(qtbot, panel, long_gop, 10, 40)
    panel.set_bare(True)
    qtbot.waitUntil(lambda: panel.view.height() == panel.height())
    assert panel.controls.isVisible()
    assert panel.controls.geometry().bottom() == panel.view.geometry().bottom()
    panel._resting._rest.setInterval(20)
    qtbot.mouseMove(panel.view, QPoint(100, 100))
    qtbot.mouseMove(panel.view, QPoint(120, 100))
    qtbot.waitUntil(lambda: not panel.controls.isVisible())
    assert panel.view.cursor().shape() is Qt.CursorShape.BlankCursor
    qtbot.mouseMove(panel.view, QPoint(140, 100))
    assert panel.controls.isVisible()
    panel.set_bare(False)
    qtbot.waitUntil(lambda: panel.view.height() < panel.height())
    assert panel.controls.isVisible()
    assert panel.view.cursor().shape() is Qt.CursorShape.ArrowCursor
