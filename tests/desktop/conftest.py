"""The whole application on the demo, in folders of the test."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop.app import Application
from desktop.library.demo import Demo, find_demo
from desktop.start.places import Places
from desktop.start.request import Request
from desktop.state.work import TITLE_ORDER
from desktop.system.notify.handlers.tray import TrayNotifier
from desktop.window import theme
from desktop.window.hit_words import set_title_order
from tests.desktop.far_window import Far
from tests.standins.anilist import AniList
from tests.standins.tracemoe import ANILIST_PATH, TraceMoe, tracemoe
from tests.standins.tracemoe_previews import Previews
from tests.standins.tray import TrayStandIn

Shoot = Callable[[QWidget, str], None]

WAIT_MS = 20_000


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
    qtbot.waitUntil(lambda: bool(made.library.state.packs), timeout=WAIT_MS)
    return made


@pytest.fixture
def playing(application: Application, demo: Demo, qtbot: QtBot) -> Application:
    """The application with the first sample found, its scene playing and the answer sharpened."""
    with qtbot.waitSignal(application.player.first_frame_shown, timeout=WAIT_MS):
        application.taking.take_paths([demo.samples[0].path])
    settled(application, qtbot)
    return application


def settled(application: Application, qtbot: QtBot) -> None:
    """Wait until the answer is sharpened."""
    state = application.session
    qtbot.waitUntil(
        lambda: state.state.found is not None and state.state.found.answer.refined, timeout=WAIT_MS
    )


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
            grabbed = widget.grab()
            picture = QPixmap(grabbed.size())
            picture.setDevicePixelRatio(grabbed.devicePixelRatio())
            picture.fill(theme.current().window)
            with QPainter(picture) as painter:  # a part of a window has no ground of its own
                painter.drawPixmap(0, 0, grabbed)
            assert picture.save(str(path / f"{name}.png"))

    return save


@pytest.fixture(scope="session")
def far_previews() -> Previews:
    """Clips of the stand-in of trace.moe, made once for all tests."""
    return TraceMoe().previews


@pytest.fixture
def far(far_previews: Previews, monkeypatch: pytest.MonkeyPatch) -> Iterator[Far]:
    """The stand-ins in the place of the services."""
    with tracemoe() as (server, service):
        service.previews = far_previews
        service.other = {ANILIST_PATH: AniList().handle}
        monkeypatch.setenv("SCENELENS_TRACEMOE_URL", server.url)
        monkeypatch.setenv("SCENELENS_ANILIST_URL", server.url + ANILIST_PATH)
        yield server, service
    set_title_order(TITLE_ORDER)


@pytest.fixture
def far_app(far: Far, make_application: Callable[..., Application]) -> Application:
    """The application without a film, that may ask the services."""
    made = make_application(None)
    made.change(ask_remote="unsure")
    made.asking.mark()
    made.start()
    return made
