"""The small window where only trace.moe can know the scene: previews, the first question, troubles."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from desktop.app import Application
from desktop.library.demo import Demo
from desktop.start.places import Places
from desktop.start.request import Request
from desktop.start.settings import Settings, save
from desktop.state.query import SearchState, Stage
from desktop.state.remote import RemoteStage
from desktop.system.notify.handlers.tray import TrayNotifier
from desktop.window.popup import Popup
from tests.desktop.conftest import Shoot
from tests.desktop.far_window import WAIT_MS, Far, give, stripes, wait_for
from tests.standins.server import Asked, Told, halting
from tests.standins.tracemoe_faults import FAULTS
from tests.standins.tray import TrayStandIn

SELECTION = QRect(100, 100, 320, 180)

dark_and_light = pytest.mark.parametrize("theme", ["dark", "light"])


@pytest.fixture
def far_behind(far: Far, make_application: Callable[..., Application], tray: TrayStandIn) -> Application:
    """The application behind its tray, without a film, that may ask the services."""
    made = make_application(None, waits=True)
    made.change(ask_remote="unsure")
    made.presence.tray = tray
    made.presence.notifier = TrayNotifier(tray)
    made.presence.begin(Request("background"))
    made.wake()
    return made


def present(app: Application, demo: Demo, place: int = 0) -> Popup:
    give(app, demo, place)
    app.presenting.present(SELECTION, QGuiApplication.primaryScreen())
    popup = app.presenting.popup
    assert popup is not None
    return popup


def take(popup: Popup) -> QPushButton:
    button = popup.findChild(QPushButton, "popupTake")
    assert isinstance(button, QPushButton)
    return button


@dark_and_light
def test_the_preview_plays_without_the_window(
    far_behind: Application, far: Far, demo: Demo, qtbot: QtBot, shoot: Shoot, theme: str
) -> None:
    far_behind.set_theme(theme)
    popup = present(far_behind, demo)
    with qtbot.waitSignal(popup.playing, timeout=WAIT_MS):
        pass
    hit = far_behind.session.state.hit
    assert hit is not None
    assert hit.here is None
    assert hit.remote is not None
    title, line, badge = popup.texts
    assert title == hit.remote.anime.native
    assert "0:00:3" in line
    assert badge in ("Same frame", "Very close", "Close")
    assert popup.source == "trace.moe"
    assert popup.page is popup.player
    scene = popup.player.scene
    assert scene is not None
    assert scene.clip_from_s is not None
    assert len(far[0].asked("/video/")) == 1
    assert not far_behind.is_furnished
    shoot(popup, f"popup-far-match-{theme}")
    qtbot.mouseClick(popup, Qt.MouseButton.LeftButton)
    assert far_behind.window.isVisible()
    qtbot.waitUntil(lambda: far_behind.player.scene is not None, timeout=WAIT_MS)


@dark_and_light
def test_the_first_question_is_answered_in_the_window(
    far_behind: Application, far: Far, demo: Demo, qtbot: QtBot, shoot: Shoot, theme: str
) -> None:
    far_behind.set_theme(theme)
    far_behind.change(ask_remote="")
    popup = present(far_behind, demo)
    wait_for(far_behind, RemoteStage.QUESTION, qtbot)
    assert popup.texts[0] == "Ask trace.moe as well?"
    assert "33 numbers" in popup.texts[1]
    shoot(popup, f"popup-far-question-{theme}")
    assert not far[0].asked("/search")  # nothing is sent before
    qtbot.mouseClick(take(popup), Qt.MouseButton.LeftButton)
    assert not far_behind.presenting.is_open
    scene = far_behind.window.scene
    assert far_behind.window.isVisible()
    assert scene.page is scene.question


@dark_and_light
def test_a_preview_that_fails_leaves_the_picture_and_says_why(
    far_behind: Application, far: Far, demo: Demo, qtbot: QtBot, shoot: Shoot, theme: str
) -> None:
    far_behind.set_theme(theme)
    far[0].fault_next("/video/", FAULTS["preview-empty"])
    popup = present(far_behind, demo)
    qtbot.waitUntil(lambda: "only a part" in popup.accessibleName(), timeout=WAIT_MS)
    assert popup.page is not popup.player
    assert popup.source == "trace.moe"
    shoot(popup, f"popup-far-no-preview-{theme}")


def test_a_preview_that_turns_out_cut_leaves_the_picture(
    far_behind: Application, far: Far, demo: Demo, qtbot: QtBot
) -> None:
    go_on = threading.Event()

    def cut(asked: Asked) -> Told:
        told = far[1].previews.answer(asked)
        assert isinstance(told.body, bytes)
        most = len(told.body) * 9 // 10
        return Told(200, halting(told.body[:most], most - 1, go_on), told.headers, len(told.body))

    far[0].fault_next("/video/", cut)
    popup = present(far_behind, demo, 1)
    with qtbot.waitSignal(popup.playing, timeout=WAIT_MS):
        pass
    assert popup.page is popup.player
    go_on.set()
    qtbot.waitUntil(lambda: "cut short" in popup.accessibleName(), timeout=WAIT_MS)
    assert popup.page is not popup.player
    assert popup.player.scene is None


@dark_and_light
def test_an_ended_quota_is_said(
    far_behind: Application, far: Far, demo: Demo, qtbot: QtBot, shoot: Shoot, theme: str
) -> None:
    far_behind.set_theme(theme)
    far[0].fault_next("/search", FAULTS["402-quota"])
    popup = present(far_behind, demo)
    wait_for(far_behind, RemoteStage.NOT_ASKED, qtbot)
    qtbot.waitUntil(lambda: far_behind.session.state.stage is Stage.NO_MATCH, timeout=WAIT_MS)
    assert far_behind.session.state.remote.failure in popup.accessibleName()
    shoot(popup, f"popup-far-quota-{theme}")


@dark_and_light
def test_a_wait_is_counted_down(
    far_behind: Application, far: Far, demo: Demo, qtbot: QtBot, shoot: Shoot, theme: str
) -> None:
    far_behind.set_theme(theme)
    far[0].fault_next("/search", FAULTS["429"])
    popup = present(far_behind, demo)
    said: list[tuple[str, str]] = []

    def note(_state: SearchState) -> None:
        if "goes on in" in popup.texts[1]:
            said.append((popup.texts[0], popup.accessibleName()))

    far_behind.session.observe(note)
    with qtbot.waitSignal(popup.playing, timeout=WAIT_MS):  # the answer comes by itself
        qtbot.waitUntil(lambda: bool(said), timeout=WAIT_MS)
        shoot(popup, f"popup-far-waiting-{theme}")
    assert {title for title, _ in said} == {"Nothing here is similar enough"}
    assert all("too many requests" in name for _, name in said)


@dark_and_light
def test_nothing_found_by_anyone_is_said(
    far_behind: Application, tmp_path: Path, qtbot: QtBot, shoot: Shoot, theme: str
) -> None:
    far_behind.set_theme(theme)
    far_behind.taking.take_paths([stripes(tmp_path)])
    far_behind.presenting.present(SELECTION, QGuiApplication.primaryScreen())
    wait_for(far_behind, RemoteStage.ANSWERED, qtbot)
    popup = far_behind.presenting.popup
    assert popup is not None
    assert popup.texts[0] == "No scene is similar enough"
    assert "trace.moe knows no such scene" in popup.accessibleName()
    assert "key" not in popup.accessibleName()  # there is no key ring here, and nobody wants one
    shoot(popup, f"popup-far-nothing-{theme}")


def test_the_order_of_titles_holds_without_the_window(
    far: Far, make_application: Callable[..., Application], places: Places, demo: Demo, qtbot: QtBot
) -> None:
    save(places.settings_file, Settings(ask_remote="unsure", title_order=("english",)))
    app = make_application(None, waits=True)
    app.in_background = True
    popup = present(app, demo)
    wait_for(app, RemoteStage.ANSWERED, qtbot)
    assert popup.texts[0] == "Big Buck Bunny"
    assert not app.is_furnished


def test_what_is_closed_fetches_nothing(far_behind: Application, far: Far, demo: Demo, qtbot: QtBot) -> None:
    popup = present(far_behind, demo)
    qtbot.keyClick(popup, Qt.Key.Key_Escape)
    wait_for(far_behind, RemoteStage.ANSWERED, qtbot)
    qtbot.waitUntil(lambda: not far_behind.operations.busy, timeout=WAIT_MS)
    assert not far[0].asked("/video/")
    assert popup.player.scene is None


def test_closing_it_gives_the_preview_up(far_behind: Application, far: Far, demo: Demo, qtbot: QtBot) -> None:
    popup = present(far_behind, demo)
    wait_for(far_behind, RemoteStage.ANSWERED, qtbot)
    qtbot.keyClick(popup, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not far_behind.operations.busy, timeout=WAIT_MS)
    assert popup.player.scene is None
