"""Life without a window: closing into the tray, later starts, recent searches, copied pictures, rest."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QFileOpenEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QDialog, QPushButton
from pytestqt.qtbot import QtBot

from desktop.app import Application
from desktop.intake.offers import Pixels
from desktop.library.demo import Demo
from desktop.start.request import Request
from desktop.start.settings import load
from desktop.state.query import Stage
from desktop.system.notify.handlers.tray import TrayNotifier
from tests.desktop.conftest import Shoot
from tests.standins.tray import TrayStandIn

WAIT_MS = 20_000


@pytest.fixture(autouse=True)
def empty_clipboard(qapp: object) -> Iterator[None]:
    yield
    QGuiApplication.clipboard().clear()


@pytest.fixture
def app(make_application: Callable[..., Application], demo: Demo, tray: TrayStandIn) -> Application:
    """The application with a tray, not begun."""
    made = make_application(demo)
    made.presence.tray = tray
    made.presence.notifier = TrayNotifier(tray)
    return made


def stage(app: Application, wanted: Stage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: app.session.state.stage is wanted, timeout=WAIT_MS)


def settled(app: Application, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not app.operations.busy, timeout=WAIT_MS)


def entry(tray: TrayStandIn, name: str) -> Callable[[], None]:
    assert tray.menu is not None
    (found,) = [action for action in tray.menu.actions() if action.objectName() == name]
    return found.trigger


def question(app: Application, name: str) -> QDialog:
    (page,) = [page for page in app.window.findChildren(QDialog, name) if page.isVisible()]
    return page


def copy_picture(demo: Demo) -> None:
    data = QMimeData()
    data.setImageData(QImage(str(demo.samples[0].path)))
    QGuiApplication.clipboard().setMimeData(data)


def test_behind_the_tray_nothing_is_opened_before_the_first_need(
    behind: Application, tray: TrayStandIn, qtbot: QtBot
) -> None:
    assert not behind.is_furnished
    assert not behind.awake
    assert behind.library.state.opening == 0
    tray.pressed()
    assert behind.window.isVisible()
    qtbot.waitUntil(lambda: bool(behind.library.state.packs), timeout=WAIT_MS)


@pytest.mark.parametrize(("button", "remembered"), [("stayButton", "tray"), ("leaveButton", "quit")])
def test_closing_asks_once(
    app: Application, qtbot: QtBot, shoot: Shoot, button: str, remembered: str
) -> None:
    app.presence.begin(Request("show"))
    app.window.close()
    app.window.close()
    page = question(app, "closingPage")
    assert app.window.isVisible()
    shoot(page, "closing")
    chosen = page.findChild(QPushButton, button)
    assert chosen is not None
    chosen.click()
    assert app.settings.close_to_tray == remembered
    assert app.shutdown.begun is (remembered == "quit")
    assert not app.window.isVisible()
    app.save_settings()
    assert load(app.places.settings_file)[0].close_to_tray == remembered


def test_cancelling_the_question_keeps_the_window(app: Application, qtbot: QtBot) -> None:
    app.presence.begin(Request("show"))
    app.window.close()
    page = question(app, "closingPage")
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert app.window.isVisible()
    assert app.settings.close_to_tray == "ask"


def test_without_a_tray_at_this_moment_closing_ends(app: Application, tray: TrayStandIn) -> None:
    app.change(close_to_tray="tray")
    app.presence.begin(Request("show"))
    tray.is_there = False
    app.window.close()
    assert app.shutdown.begun


def test_quitting_never_goes_behind_the_tray(app: Application, qtbot: QtBot) -> None:
    app.change(close_to_tray="tray")
    app.presence.begin(Request("show"))
    app.window.actions_set["quit"].trigger()
    assert app.shutdown.begun


def test_a_window_closed_into_the_tray_comes_back_as_it_was(
    app: Application, tray: TrayStandIn, demo: Demo, qtbot: QtBot
) -> None:
    app.change(close_to_tray="tray")
    app.presence.begin(Request("open", (str(demo.samples[0].path),)))
    stage(app, Stage.ANSWERED, qtbot)
    app.window.close()
    assert not app.window.isVisible()
    assert not app.player.playing
    entry(tray, "show")()
    assert app.window.isVisible()
    assert app.session.state.stage is Stage.ANSWERED


def test_a_copied_picture_is_searched_from_the_menu(
    behind: Application, tray: TrayStandIn, demo: Demo, qtbot: QtBot
) -> None:
    copy_picture(demo)
    entry(tray, "clipboard")()
    stage(behind, Stage.ANSWERED, qtbot)
    assert behind.presenting.is_open
    assert not behind.is_furnished


def test_what_is_no_picture_opens_the_window_and_is_told(behind: Application, tray: TrayStandIn) -> None:
    entry(tray, "clipboard")()
    assert behind.window.isVisible()
    assert "clipboard holds no picture" in behind.window.notice.text


@pytest.mark.parametrize("has_place_for_words", [True, False])
def test_a_copied_picture_is_offered_and_never_searched_by_itself(
    behind: Application, tray: TrayStandIn, demo: Demo, qtbot: QtBot, shoot: Shoot, has_place_for_words: bool
) -> None:
    tray.takes_words = has_place_for_words
    copy_picture(demo)
    behind.presence._offer_copied()
    assert behind.session.state.stage is Stage.EMPTY
    assert not behind.awake
    if has_place_for_words:
        assert tray.said[0][0] == "A picture was copied"
        assert not behind.presenting.is_open
        tray.press_word()
    else:
        popup = behind.presenting.popup
        assert popup is not None
        shoot(popup, "popup-offer")
        take = popup.findChild(QPushButton, "popupTake")
        assert take is not None
        take.click()
    stage(behind, Stage.ANSWERED, qtbot)


def test_watching_where_it_cannot_be_is_told(app: Application) -> None:
    app.presence.begin(Request("show"))
    app.window.actions_set["watch_clipboard"].trigger()
    assert app.settings.watch_clipboard is False
    assert app.window.actions_set["watch_clipboard"].isChecked() is False
    assert "clipboard" in app.window.notice.text


def test_recent_searches_are_in_the_menu_and_searched_again(
    behind: Application, tray: TrayStandIn, demo: Demo, qtbot: QtBot
) -> None:
    behind.wake()
    behind.taking.take_paths([demo.samples[0].path])
    qtbot.waitUntil(lambda: len(behind.remembering.searches) == 1, timeout=WAIT_MS)
    assert tray.menu is not None
    recent = [action.menu() for action in tray.menu.actions() if action.menu() is not None]
    (menu,) = recent
    first = menu.actions()[0]  # type: ignore[attr-defined]
    assert first.text() == "Big Buck Bunny · 0:00:36"
    assert not first.icon().isNull()
    behind.session.clear()
    first.trigger()
    stage(behind, Stage.ANSWERED, qtbot)
    assert behind.presenting.is_open
    settled(behind, qtbot)
    assert len(behind.remembering.searches) == 1


def test_pictures_of_one_name_are_each_remembered(behind: Application, qtbot: QtBot) -> None:
    def take(colour: Qt.GlobalColor) -> None:
        image = QImage(64, 36, QImage.Format.Format_RGB888)
        image.fill(colour)
        behind.taking.take((Pixels(image, "Pasted picture"),))

    behind.change(use_demo=False)
    behind.wake()
    take(Qt.GlobalColor.red)
    qtbot.waitUntil(lambda: len(behind.remembering.searches) == 1, timeout=WAIT_MS)
    take(Qt.GlobalColor.blue)
    qtbot.waitUntil(lambda: len(behind.remembering.searches) == 2, timeout=WAIT_MS)


def test_switching_recent_searches_off_forgets_them(behind: Application, demo: Demo, qtbot: QtBot) -> None:
    behind.wake()
    behind.taking.take_paths([demo.samples[0].path])
    qtbot.waitUntil(lambda: len(behind.remembering.searches) == 1, timeout=WAIT_MS)
    behind.window.actions_set["keep_recent"].trigger()
    qtbot.waitUntil(lambda: behind.remembering.searches == (), timeout=WAIT_MS)
    assert not (behind.places.data / "recent").exists()
    behind.taking.take_paths([demo.samples[1].path])
    stage(behind, Stage.ANSWERED, qtbot)
    settled(behind, qtbot)
    assert not (behind.places.data / "recent").exists()


def test_start_with_the_desktop(app: Application, tmp_path: Path) -> None:
    from desktop.system.autostart.handlers.xdg import XdgAutostart

    app.presence.autostart = XdgAutostart(("/usr/lib/scenelens", "--background"), tmp_path / "autostart")
    action = app.window.actions_set["start_with_desktop"]
    action.trigger()
    assert action.isChecked()
    assert "--background" in (tmp_path / "autostart" / "scenelens.desktop").read_text()
    action.trigger()
    assert not action.isChecked()
    assert not (tmp_path / "autostart").exists()


def test_it_rests_only_when_there_is_nothing_to_do_and_to_see(
    behind: Application, tray: TrayStandIn, qtbot: QtBot
) -> None:
    presence = behind.presence
    presence._go_to_rest()
    assert not presence.rests  # never woken: nothing to give back
    behind.wake()
    settled(behind, qtbot)
    assert presence._rest.isActive()
    presence.raise_window()
    assert not presence._rest.isActive()
    presence._go_to_rest()
    assert not presence.rests
    presence.hide_window()
    tray.is_there = False
    presence._go_to_rest()
    assert not presence.rests  # nobody could call it back
    tray.is_there = True
    presence._go_to_rest()
    assert behind.shutdown.begun
    assert [presence.rests] == [True]


def test_what_macos_opens_comes_as_an_event(behind: Application, demo: Demo, qtbot: QtBot) -> None:
    behind.qt.installEventFilter(behind.presence)  # as on macOS; leaving takes it away
    QGuiApplication.sendEvent(behind.qt, QFileOpenEvent(str(demo.samples[0].path)))
    stage(behind, Stage.ANSWERED, qtbot)
    assert behind.window.isVisible()
    link = QUrl("scenelens:?url=file:///etc/passwd")
    QGuiApplication.sendEvent(behind.qt, QFileOpenEvent(link))
    assert "Only http and https" in behind.window.notice.text


@pytest.mark.parametrize("verb", ["capture", "capture-again"])
def test_capture_is_what_was_tied_to_it(behind: Application, verb: str) -> None:
    called: list[str] = []
    behind.presence.tie_capture(lambda: called.append("capture"), lambda: called.append("capture-again"))
    behind.presence.act(Request(verb))  # type: ignore[arg-type]
    assert called == [verb]
    assert not behind.is_furnished


def test_a_start_for_one_search_ends_with_it_where_no_tray_could_call_it_back(
    make_application: Callable[..., Application], demo: Demo, qtbot: QtBot
) -> None:
    app = make_application(demo, waits=True)
    copy_picture(demo)
    app.presence.begin(Request("search-clipboard"))
    popup = app.presenting.popup
    assert popup is not None
    with qtbot.waitSignal(popup.playing, timeout=WAIT_MS):
        pass
    settled(app, qtbot)
    assert not app.shutdown.begun
    qtbot.keyClick(popup, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: app.shutdown.begun, timeout=WAIT_MS)
