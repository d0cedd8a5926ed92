"""The application as a whole: what is given, pressed and remembered."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from desktop.actions import ACTIONS
from desktop.app import Application
from desktop.library.demo import Demo
from desktop.start.places import Places
from desktop.start.settings import load
from desktop.state.query import Stage
from tests.desktop.conftest import settled

WAIT_MS = 20_000


@pytest.fixture(autouse=True)
def empty_clipboard(qapp: QApplication) -> Iterator[None]:
    yield
    QGuiApplication.clipboard().clear()


def stage(application: Application, wanted: Stage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: application.session.state.stage is wanted, timeout=WAIT_MS)


def test_keys_work_the_player(playing: Application, qtbot: QtBot) -> None:
    player, window = playing.player, playing.window
    qtbot.keyClick(window, Qt.Key.Key_Space)
    assert not player.playing
    at_s = player.at_s
    with qtbot.waitSignal(player.frame_shown, timeout=WAIT_MS):
        qtbot.keyClick(window, Qt.Key.Key_Period)
    assert player.at_s != at_s
    for key, name in ((Qt.Key.Key_M, "muted"), (Qt.Key.Key_L, "loop"), (Qt.Key.Key_A, "autoplay")):
        before = getattr(player, name)
        qtbot.keyClick(window, key)
        assert getattr(player, name) is not before
    speed, volume = player.speed, player.volume
    qtbot.keyClick(window, Qt.Key.Key_BracketRight)
    qtbot.keyClick(window, Qt.Key.Key_Minus)
    assert player.speed > speed
    assert player.volume == pytest.approx(volume - 0.1)
    qtbot.keyClick(window, Qt.Key.Key_W)
    assert player.whole_film
    qtbot.keyClick(window, Qt.Key.Key_Right)
    qtbot.keyClick(window, Qt.Key.Key_Left)


def test_matched_frame_is_one_key_away(playing: Application, qtbot: QtBot) -> None:
    scene, player = playing.showing.scene, playing.player
    assert scene is not None
    player.seek(scene.start_s)
    qtbot.keyClick(playing.window, Qt.Key.Key_Home)
    assert not player.playing
    qtbot.waitUntil(lambda: abs(player.at_s - scene.at_s) < 0.03, timeout=WAIT_MS)


def test_full_screen_shows_the_player_alone(playing: Application, qtbot: QtBot) -> None:
    window = playing.window
    qtbot.keyClick(window, Qt.Key.Key_F)
    assert window.isFullScreen()
    assert not window._toolbar.isVisible()
    assert not window.card.isVisible()
    assert playing.player.isVisible()
    playing.showing.show_search(playing.session.state)  # as when something else is known
    assert not window.scene.heading.isVisible()
    assert not window.scene._attribution.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.isFullScreen()
    assert window.card.isVisible()
    assert window.scene.heading.isVisible()
    assert window.scene._attribution.isVisible()


def test_a_full_screen_that_the_desktop_ended_shows_everything_again(
    playing: Application, qtbot: QtBot
) -> None:
    window = playing.window
    qtbot.keyClick(window, Qt.Key.Key_F)
    window.showNormal()
    assert window._toolbar.isVisible()
    assert window.scene.heading.isVisible()
    window.showFullScreen()
    assert not window._toolbar.isVisible()


@pytest.mark.parametrize("by_key", [True, False], ids=["global key", "later start"])
def test_raised_from_being_minimised_the_window_is_as_it_was(application: Application, by_key: bool) -> None:
    window = application.window
    raise_window = application.capturing._raise_window if by_key else application.presence.raise_window
    for show, is_shown in (
        (window.showMaximized, window.isMaximized),
        (window.showFullScreen, window.isFullScreen),
    ):
        show()
        window.setWindowState(window.windowState() | Qt.WindowState.WindowMinimized)
        assert window.isMinimized()
        raise_window()
        assert not window.isMinimized()
        assert is_shown()


def test_copying_result_and_frame(playing: Application, qtbot: QtBot) -> None:
    qtbot.keyClick(playing.window, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text().startswith("Big Buck Bunny · 0:00:34 – 0:00:36")
    assert "Copied" in playing.window.status
    playing.player.pause()
    control, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(playing.window, Qt.Key.Key_C, control | shift)
    qtbot.waitUntil(lambda: not QGuiApplication.clipboard().image().isNull(), timeout=WAIT_MS)
    assert QGuiApplication.clipboard().image().width() == 854
    at_s = playing.player.at_s
    qtbot.keyClick(playing.window, Qt.Key.Key_V, control)
    settled(playing, qtbot)
    match = playing.session.state.match
    assert match is not None
    assert match.at_s == pytest.approx(at_s, abs=0.05)


def test_frame_shown_can_be_searched(playing: Application, qtbot: QtBot) -> None:
    playing.player.set_whole_film(True)
    playing.player.pause()
    playing.player.seek(60.0)
    qtbot.waitUntil(lambda: abs(playing.player.at_s - 60.0) < 0.1, timeout=WAIT_MS)
    qtbot.keyClick(playing.window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    stage(playing, Stage.ANSWERED, qtbot)
    match = playing.session.state.match
    assert match is not None
    assert match.start_s <= 60.0 <= match.end_s


def test_another_frame_of_a_film_is_searched(application: Application, demo: Demo, qtbot: QtBot) -> None:
    application.taking.take_paths([demo.film])
    stage(application, Stage.ANSWERED, qtbot)
    chooser = application.window.card.chooser
    chooser._slider.setValue(round(20.0 * 24))
    qtbot.waitUntil(lambda: "0:00:20" in chooser._time.text(), timeout=WAIT_MS)
    application.window.actions_set["clip_forward"].trigger()
    application.window.actions_set["search_frame"].trigger()
    qtbot.waitUntil(lambda: application.session.state.match is not None, timeout=WAIT_MS)
    match, query = application.session.state.match, application.session.state.query
    assert match is not None
    assert query is not None
    assert query.position == pytest.approx(20.0 + 1 / 24, abs=0.01)
    assert match.start_s <= query.position <= match.end_s


def test_toggles_and_place_are_remembered(
    make_application: Callable[..., Application], demo: Demo, places: Places, qtbot: QtBot
) -> None:
    first = make_application(demo)
    first.start()
    first.player.set_muted(False)
    first.player.set_loop(False)
    first.player.set_autoplay(False)
    first.player.set_speed(1.5)
    first.set_theme("light")
    first.window.resize(1010, 700)
    first.leave()
    settings, notice = load(places.settings_file)
    assert notice == ""
    assert (settings.muted, settings.loop, settings.autoplay, settings.speed) == (False, False, False, 1.5)
    second = make_application(demo)
    assert (second.player.muted, second.player.loop, second.player.autoplay) == (False, False, False)
    assert second.player.speed == 1.5
    assert second.settings.theme == "light"


def test_packs_are_remembered_even_when_gone_for_a_while(
    make_application: Callable[..., Application], demo: Demo, places: Places, tmp_path: Path, qtbot: QtBot
) -> None:
    pack = tmp_path / "mine"
    shutil.copytree(demo.pack, pack)
    first = make_application(None)
    first.start([pack])
    qtbot.waitUntil(lambda: bool(first.library.state.packs), timeout=WAIT_MS)
    first.leave()
    stored = json.loads(places.settings_file.read_text())
    assert stored["packs"] == [str(pack)]
    pack.rename(tmp_path / "away")
    second = make_application(None)
    second.start()
    qtbot.waitUntil(lambda: bool(second.library.state.absent), timeout=WAIT_MS)
    assert second.window.notice.isVisible()
    assert "mine" in second.window.notice.text
    assert list(second.settings.packs) == [str(pack)]
    second.forget_pack(pack)
    assert list(second.settings.packs) == []


def test_damaged_settings_are_told(
    make_application: Callable[..., Application], places: Places, qtbot: QtBot
) -> None:
    places.config.mkdir(parents=True)
    places.settings_file.write_text("{")
    application = make_application(None)
    application.start()
    assert "settings.kept.json" in application.window.notice.text


def test_without_any_pack_the_page_says_so(
    make_application: Callable[..., Application], demo: Demo, qtbot: QtBot
) -> None:
    application = make_application(None)
    application.start([demo.samples[0].path])
    stage(application, Stage.NO_MATCH, qtbot)
    assert "nothing to search yet" in application.window.scene.nothing.texts[0]


def test_same_picture_is_searched_again_when_more_is_open(
    make_application: Callable[..., Application], demo: Demo, tmp_path: Path, qtbot: QtBot
) -> None:
    application = make_application(None)
    application.start([demo.samples[0].path])
    stage(application, Stage.NO_MATCH, qtbot)
    pack = tmp_path / "pack"
    shutil.copytree(demo.pack, pack)
    application.taking.take_paths([pack])
    stage(application, Stage.ANSWERED, qtbot)
    assert application.window.scene.page is application.window.scene.absent
    assert "film.mp4" in application.window.scene.absent.texts[1]
    assert application.window.actions_set["locate"].isEnabled()
    assert not application.window.actions_set["play"].isEnabled()


def test_tab_reaches_controls_that_then_have_their_own_keys(playing: Application, qtbot: QtBot) -> None:
    window, pressed = playing.window, []
    for _ in range(30):
        qtbot.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Tab)
        focus = QApplication.focusWidget()
        if isinstance(focus, QPushButton) and focus.objectName() == "libraryButton":
            break
    focus = QApplication.focusWidget()
    assert isinstance(focus, QPushButton)
    focus.clicked.connect(lambda: pressed.append(True))
    was_playing = playing.player.playing
    qtbot.keyClick(focus, Qt.Key.Key_Space)
    assert pressed == [True]
    assert playing.player.playing is was_playing


def test_every_button_has_a_name_for_those_who_hear(playing: Application) -> None:
    from PySide6.QtWidgets import QAbstractButton

    nameless = [
        button.objectName() or repr(button)
        for button in playing.window.findChildren(QAbstractButton)
        if not button.objectName().startswith("qt_") and not (button.accessibleName() or button.text())
    ]
    assert nameless == []


def test_surprises_become_a_quiet_notice(
    application: Application, qtbot: QtBot, expected_log: Callable[[str], None]
) -> None:
    from desktop.start import early

    expected_log("An exception reached nobody")
    early._on_exception(KeyError, KeyError("x"), None)
    qtbot.waitUntil(lambda: "unexpected" in application.window.notice.text, timeout=WAIT_MS)
    assert "Traceback" not in application.window.notice.text


def test_menu_holds_every_action(application: Application) -> None:
    menu = application.window.menu
    entries = [action for part in menu.actions() for action in part.menu().actions()]  # type: ignore[attr-defined]
    held = {action.objectName() for action in entries if not action.isSeparator()}
    assert held == {action.id for action in ACTIONS} - {"menu"}
