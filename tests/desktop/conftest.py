"""The whole application on the demo, in folders of the test."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop.app import Application
from desktop.library.demo import Demo, find_demo
from desktop.start.places import Places
from desktop.start.request import Request
from desktop.system.notify.handlers.tray import TrayNotifier
from tests.standins.tray import TrayStandIn

Shoot = Callable[[QWidget, str], None]


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(tmp_path / "config", tmp_path / "data", tmp_path / "cache")


@pytest.fixture
def demo() -> Demo:
    found = find_demo()
    assert found is not None
    return found


@pytest.fixture
def make_application(
    qapp: QApplication, qtbot: QtBot, places: Places
) -> Iterator[Callable[..., Application]]:
    """A function that builds the application, with the demo unless told otherwise."""
    made: list[Application] = []

    def make(demo: Demo | None, *, waits: bool = False) -> Application:
        application = Application(qapp, places, demo, waits=waits)
        if not waits:
            application.window.resize(1200, 760)
        made.append(application)
        return application

    yield make
    for application in made:
        application.shutdown.run()
        assert not application.shutdown.failures
        if application.is_furnished:
            application.window.close()
            application.window.deleteLater()
        application.deleteLater()


@pytest.fixture
def application(make_application: Callable[..., Application], demo: Demo, qtbot: QtBot) -> Application:
    """The application with the demo's pack open."""
    made = make_application(demo)
    made.start()
    qtbot.waitUntil(lambda: bool(made.library.state.packs), timeout=20_000)
    return made


@pytest.fixture
def tray() -> TrayStandIn:
    return TrayStandIn()


@pytest.fixture
def behind(make_application: Callable[..., Application], demo: Demo, tray: TrayStandIn) -> Application:
    """The application begun behind its tray, without a window."""
    made = make_application(demo, waits=True)
    made.presence.tray = tray
    made.presence.notifier = TrayNotifier(tray)
    made.presence.begin(Request("background"))
    return made


@pytest.fixture(scope="session")
def shoot() -> Shoot:
    """A function that saves a picture of a widget in the folder that SCENELENS_SCREENSHOTS names, if any."""
    folder = os.environ.get("SCENELENS_SCREENSHOTS")

    def save(widget: QWidget, name: str) -> None:
        QApplication.processEvents()  # layouts that were asked for
        if folder:
            path = Path(folder)
            path.mkdir(parents=True, exist_ok=True)
            assert widget.grab().save(str(path / f"{name}.png"))

    return save
