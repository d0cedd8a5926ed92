"""The application as on Wayland: keys and pictures by the portals, the whole way from a key to a search."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage
from pytestqt.qtbot import QtBot

from desktop.app import Application
from desktop.system.hotkey import Way
from desktop.system.platform import Platform
from tests.standins.portals import running_portal

WAIT_MS = 15_000


def as_on_wayland(application: Application) -> None:
    application.capturing.platform = Platform("linux", "wayland", "wayland", ("gnome",), has_bus=True)
    application.capturing.start()


def test_from_the_portals_key_to_a_search(
    application: Application, bus: str, qtbot: QtBot, tmp_path: Path
) -> None:
    size = QGuiApplication.primaryScreen().size()
    picture = QImage(size, QImage.Format.Format_RGB32)
    picture.fill(QColor("#336699"))
    path = tmp_path / "desktop.png"
    assert picture.save(str(path))
    with running_portal(bus, Screenshot="ok", GlobalShortcuts="ok", picture=path.as_uri()) as stand_in:
        as_on_wayland(application)
        qtbot.waitUntil(lambda: "Press CTRL" in _keys(application), timeout=WAIT_MS)
        assert application.hotkeys.choice is not None
        assert application.hotkeys.choice.way is Way.PORTAL
        stand_in.activate("capture")
        qtbot.waitUntil(lambda: application.capturing.capture.session is not None, timeout=WAIT_MS)
        session = application.capturing.capture.session
        assert session is not None
        qtbot.keyClick(session.target, Qt.Key.Key_F)
        qtbot.waitUntil(lambda: application.session.state.query is not None, timeout=WAIT_MS)
        query = application.session.state.query
        assert query is not None
        assert (query.picture.width, query.picture.height) == (size.width(), size.height())
        assert query.picture.rgb[5, 5].tolist() == [0x33, 0x66, 0x99]
        assert not path.exists()
        application.capturing.stop()


def test_a_denied_picture_is_said_in_the_window(application: Application, bus: str, qtbot: QtBot) -> None:
    with running_portal(bus, Screenshot="deny", GlobalShortcuts="deny", picture=""):
        as_on_wayland(application)
        qtbot.waitUntil(lambda: "was told not" in _problem(application), timeout=WAIT_MS)
        application.capturing.begin()
        qtbot.waitUntil(lambda: "did not allow" in application.window.notice.text, timeout=WAIT_MS)
        application.capturing.stop()


def test_without_portals_nothing_is_bound_and_nothing_fails(
    application: Application, bus: str, qtbot: QtBot
) -> None:
    application.capturing.hotkeys.choice = None
    as_on_wayland(application)
    qtbot.waitUntil(lambda: application.hotkeys.choice is not None, timeout=WAIT_MS)
    choice = application.hotkeys.choice
    assert choice is not None
    assert choice.way is Way.NOTHING


def _keys(application: Application) -> str:
    bound = application.hotkeys.bound.get("capture")
    return "" if bound is None else bound.keys


def _problem(application: Application) -> str:
    bound = application.hotkeys.bound.get("capture")
    return "" if bound is None else bound.problem
