"""The small window beside a selection, while the program waits behind its tray."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from desktop.app import Application
from desktop.library.demo import Demo
from desktop.start.request import Request
from desktop.state.query import Stage
from tests.desktop.conftest import Shoot
from tests.desktop.far_window import stripes

WAIT_MS = 20_000
SELECTION = QRect(100, 100, 320, 180)


def stage(app: Application, wanted: Stage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: app.session.state.stage is wanted, timeout=WAIT_MS)


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_the_small_window_plays_the_best_scene(
    behind: Application, demo: Demo, qtbot: QtBot, shoot: Shoot, theme: str
) -> None:
    behind.set_theme(theme)
    behind.wake()
    behind.taking.take_paths([demo.samples[0].path])
    behind.presenting.present(SELECTION, QGuiApplication.primaryScreen())
    popup = behind.presenting.popup
    assert popup is not None
    shoot(popup, f"popup-busy-{theme}")
    with qtbot.waitSignal(popup.playing, timeout=WAIT_MS):
        pass
    stage(behind, Stage.ANSWERED, qtbot)
    title, line, badge = popup.texts
    assert title == "Big Buck Bunny"
    assert "0:00:34" in line
    assert badge == "Same frame"
    assert popup.page is popup.player
    assert not popup.geometry().intersects(SELECTION)
    qtbot.waitUntil(lambda: behind.session.state.found.answer.refined, timeout=WAIT_MS)  # type: ignore[union-attr]
    assert not behind.is_furnished  # there is no window that could decode beside it
    shoot(popup, f"popup-match-{theme}")
    qtbot.mouseClick(popup, Qt.MouseButton.LeftButton)
    assert behind.presenting.popup is None
    assert behind.window.isVisible()
    qtbot.waitUntil(lambda: behind.player.scene is not None, timeout=WAIT_MS)


def test_escape_closes_the_small_window(behind: Application, demo: Demo, qtbot: QtBot) -> None:
    behind.wake()
    behind.taking.take_paths([demo.samples[0].path])
    behind.presenting.present()
    popup = behind.presenting.popup
    assert popup is not None
    qtbot.keyClick(popup, Qt.Key.Key_Escape)
    assert not behind.presenting.is_open
    assert not behind.is_furnished


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_nothing_found_is_said(
    behind: Application, tmp_path: Path, qtbot: QtBot, shoot: Shoot, theme: str
) -> None:
    behind.set_theme(theme)
    behind.change(ask_remote="never")
    path = stripes(tmp_path)
    behind.wake()
    behind.taking.take_paths([path])
    behind.presenting.present(SELECTION, QGuiApplication.primaryScreen())
    stage(behind, Stage.NO_MATCH, qtbot)
    popup = behind.presenting.popup
    assert popup is not None
    assert popup.texts[0] == "No scene is similar enough"
    assert popup.page is not popup.player
    shoot(popup, f"popup-nothing-{theme}")


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_what_cannot_be_read_is_said(
    behind: Application, tmp_path: Path, qtbot: QtBot, shoot: Shoot, theme: str
) -> None:
    behind.set_theme(theme)
    path = tmp_path / "broken.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\nbroken")
    behind.taking.take_paths([path])
    behind.presenting.present(SELECTION, QGuiApplication.primaryScreen())
    stage(behind, Stage.FAILED, qtbot)
    popup = behind.presenting.popup
    assert popup is not None
    assert "broken.png" in popup.accessibleName()
    shoot(popup, f"popup-failed-{theme}")


def test_the_window_at_work_needs_no_small_one(
    make_application: Callable[..., Application], demo: Demo, qtbot: QtBot
) -> None:
    app = make_application(demo)
    with qtbot.waitActive(app.window):
        app.presence.begin(Request("show"))
    app.presenting.present(SELECTION, QGuiApplication.primaryScreen())
    assert app.presenting.popup is None
