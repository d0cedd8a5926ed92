"""From a capture to a search, in the application; what a capture leaves when it brings nothing."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QGuiApplication, QScreen
from pytestqt.qtbot import QtBot

from desktop.app import Application
from desktop.state.query import Stage
from desktop.system import hotkey
from desktop.system.capture import Place
from desktop.system.capture.choose import Choice
from desktop.system.errors import CaptureError
from desktop.system.hotkey import Bound
from desktop.system.platform import Platform
from index_tools.picture import read_picture
from tests.desktop.system.capture.conftest import FILM, PageGrabber
from tests.manners.programs import RunProgram

WAIT_MS = 20_000


@pytest.fixture
def screen() -> QScreen:
    return QGuiApplication.primaryScreen()


def test_waiting_for_a_key_loads_nothing_heavy(run_program: RunProgram) -> None:
    heavy = ("numpy", "cv2", "av", "asyncio", "dbus_fast", "Xlib")
    told = run_program(
        "-c", f"import sys, desktop.capturing; print([name for name in {heavy} if name in sys.modules])"
    )
    assert told.stdout == "[]\n", told.stderr


def test_a_captured_picture_is_searched_and_presented(
    application: Application, qtbot: QtBot, screen: QScreen
) -> None:
    assert application.demo is not None
    picture = read_picture(application.demo.samples[0].path, origin="Captured picture")
    presented: list[QRect] = []
    woken: list[bool] = []
    application.capturing.present = lambda area, _screen: presented.append(area)
    application.capturing.waking = lambda: woken.append(True)
    application.capturing.capture.picture_taken.emit(picture, QRect(10, 20, 640, 360), screen)
    qtbot.waitUntil(lambda: application.session.state.stage is Stage.ANSWERED, timeout=WAIT_MS)
    assert presented == [QRect(10, 20, 640, 360)]
    assert woken == [True]
    assert application.session.state.origin == "Captured picture"


def test_begun_from_the_window_it_is_out_of_the_way_and_comes_back(
    application: Application, qtbot: QtBot
) -> None:
    application.capturing.capture.choose_anew(Choice((PageGrabber(),), ()))
    application.window.actions_set["capture"].trigger()
    assert not application.window.isVisible()
    application.window.actions_set["capture"].trigger()  # impatient
    qtbot.waitUntil(lambda: application.capturing.capture.session is not None, timeout=WAIT_MS)
    application.capturing.capture.cancel()
    assert application.window.isVisible()
    assert not application.window.notice.isVisible()


def test_where_nothing_can_be_captured_the_window_says_so(application: Application, qtbot: QtBot) -> None:
    application.window.actions_set["capture"].trigger()
    qtbot.waitUntil(application.window.notice.isVisible, timeout=WAIT_MS)
    assert "cannot be captured" in application.window.notice.text
    assert application.window.isVisible()


def test_place_and_hint_are_remembered(application: Application, qtbot: QtBot, screen: QScreen) -> None:
    application.capturing.capture.choose_anew(Choice((PageGrabber(),), ()))
    assert application.settings.capture_hint
    assert not application.window.actions_set["capture_again"].isEnabled()
    size = (screen.size().width(), screen.size().height())
    application.capturing._remember(Place(screen.name(), size, FILM))
    assert not application.capturing._wishes.hint
    assert application.window.actions_set["capture_again"].isEnabled()
    application.hotkeys.pressed.emit("capture_again")
    qtbot.waitUntil(lambda: application.session.state.query is not None, timeout=WAIT_MS)
    query = application.session.state.query
    assert query is not None
    assert (query.picture.width, query.picture.height) == (FILM.width, FILM.height)


def test_global_keys_show_the_window_and_search_the_clipboard(application: Application, qtbot: QtBot) -> None:
    application.window.hide()
    application.hotkeys.pressed.emit("show_window")
    assert application.window.isVisible()
    QGuiApplication.clipboard().setText("nothing to search")
    application.hotkeys.pressed.emit("search_clipboard")
    qtbot.waitUntil(application.window.notice.isVisible, timeout=WAIT_MS)
    QGuiApplication.clipboard().clear()


def test_a_failed_capture_brings_the_window_with_the_reason(application: Application) -> None:
    failing = PageGrabber(failure=CaptureError("The picture failed."))
    application.capturing.capture.choose_anew(Choice((failing,), ()))
    application.window.hide()
    application.hotkeys.pressed.emit("capture")
    assert application.window.isVisible()
    assert application.window.notice.text == "The picture failed."


def test_without_a_screen_no_key_is_bound(application: Application, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: bool(application.hotkeys.bound), timeout=WAIT_MS)
    bound = application.hotkeys.bound["capture"]
    assert isinstance(bound, Bound)
    assert bound.keys == ""
    assert "Bind the command" in bound.problem


def test_a_key_that_is_taken_is_said_in_passing(application: Application) -> None:
    application.hotkeys.choice = hotkey.choose(Platform("linux", "x11", "xcb"))
    application.hotkeys.note((Bound("capture", "", "Another program has Ctrl+Alt+S already."),))
    assert application.window.status == "Global keys: Another program has Ctrl+Alt+S already."


def test_a_fault_of_ours_is_not_the_end_of_captures(application: Application, qtbot: QtBot) -> None:
    taker = application.capturing.capture
    taker.choose_anew(Choice((PageGrabber(failure=ValueError("a fault")),), ()))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="a fault"):
        taker.begin()
    taker.choose_anew(Choice((PageGrabber(),), ()))
    taker.begin()
    assert taker.session is not None
    taker.cancel()
