"""What an answer that is sharpened, or another search, does to the scene in the player."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop.app import Application
from desktop.library.demo import Demo
from tests.desktop.conftest import WAIT_MS, settled


@pytest.mark.parametrize("handled", [True, False], ids=["paused by hand", "left alone"])
def test_a_sharpened_scene_waits_behind_what_the_user_does_in_it(
    handled: bool, playing: Application, qtbot: QtBot
) -> None:
    state, scene = playing.session.state, playing.showing.scene
    assert state.found is not None
    assert state.match is not None
    assert scene is not None
    if handled:
        qtbot.keyClick(playing.window, Qt.Key.Key_Space)
    moved_s = state.match.at_s - 0.125
    longer = replace(state.match, at_s=moved_s, end_s=state.match.end_s + 0.5)
    answer = replace(state.found.answer, matches=(longer,))
    playing.session._has_found(replace(state.found, answer=answer))
    assert playing.player.playing is not handled
    assert (playing.showing.scene == replace(scene, at_s=moved_s)) is handled
    assert playing.player.controls.seek_bar.match_s == moved_s
    playing.session.search_again()  # a new search is never held up
    settled(playing, qtbot)
    assert playing.player.handled is False


@pytest.mark.parametrize("handled", [True, False], ids=["paused by hand", "left alone"])
def test_a_match_settled_near_by_is_marked_and_what_plays_goes_on(
    handled: bool, playing: Application, qtbot: QtBot
) -> None:
    state = playing.session.state
    assert state.found is not None
    assert state.match is not None
    if handled:
        qtbot.keyClick(playing.window, Qt.Key.Key_Space)
    moved = replace(state.match, at_s=state.match.at_s - 0.125)
    shown = playing.player.playback.frame
    playing.session._has_found(replace(state.found, answer=replace(state.found.answer, matches=(moved,))))
    assert playing.player.handled is handled
    assert playing.player.playing is not handled
    assert playing.player.playback.frame is shown
    assert playing.player.controls.seek_bar.match_s == moved.at_s
    playing.deeds.go_to_match()
    qtbot.waitUntil(lambda: abs(playing.player.at_s - moved.at_s) < 0.021, timeout=WAIT_MS)


def test_a_match_settled_near_by_is_held_without_autoplay(
    application: Application, demo: Demo, qtbot: QtBot
) -> None:
    player, session = application.player, application.session
    player.set_autoplay(False)
    with qtbot.waitSignal(player.first_frame_shown, timeout=WAIT_MS):
        application.taking.take_paths([demo.samples[0].path])
    settled(application, qtbot)
    found, match = session.state.found, session.state.match
    assert found is not None
    assert match is not None
    moved = replace(match, at_s=match.at_s - 0.125)
    session._has_found(replace(found, answer=replace(found.answer, matches=(moved,))))
    qtbot.waitUntil(lambda: abs(player.at_s - moved.at_s) < 0.021, timeout=WAIT_MS)
    assert not player.playing
    assert not player.handled


@pytest.mark.parametrize("autoplay", [True, False])
def test_a_search_made_behind_the_tray_shows_its_own_frame(
    autoplay: bool, playing: Application, qtbot: QtBot
) -> None:
    player, session = playing.player, playing.session
    state = session.state
    assert state.query is not None
    assert state.found is not None
    assert state.match is not None
    player.set_autoplay(autoplay)
    playing.presence.hide_window()
    moved = replace(state.match, at_s=state.match.at_s - 0.125)
    found = replace(state.found, answer=replace(state.found.answer, matches=(moved,)))
    session._change(replace(state, query=replace(state.query), found=found, selected=0))
    playing.presence.raise_window()
    assert player.playing is autoplay
    assert player.scene is not None
    assert player.scene.at_s == moved.at_s
    assert player.at_s == (player.scene.start_s if autoplay else moved.at_s)


def test_hiding_the_window_is_nothing_that_the_user_did_in_the_scene(playing: Application) -> None:
    playing.presence.hide_window()
    assert not playing.player.playing
    assert not playing.player.handled
