"""The window with the services' stand-ins behind it: what tests of it wait for."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.app import Application
from desktop.library.demo import Demo
from desktop.state.details import DetailsStage
from desktop.state.preview import PreviewStage
from desktop.state.remote import RemoteStage
from tests.standins.server import Server
from tests.standins.tracemoe import TraceMoe

WAIT_MS = 20_000

#: The stand-in's server, to make it fail, and the service behind it.
Far = tuple[Server, TraceMoe]


def give(app: Application, demo: Demo, place: int = 0) -> None:
    """Give the window one of the demo's samples."""
    app.taking.take_paths([demo.samples[place].path])


def give_another(app: Application, demo: Demo, place: int, qtbot: QtBot) -> None:
    """Give one of the samples after another picture, or the same, and wait until it is the one searched."""
    before = app.session.state.query
    give(app, demo, place)
    qtbot.waitUntil(lambda: app.session.state.query not in (None, before), timeout=WAIT_MS)


def stripes(folder: Path) -> Path:
    """Make a picture that no film has."""
    image = QImage(640, 360, QImage.Format.Format_RGB888)
    image.fill(Qt.GlobalColor.magenta)
    for row in range(0, 360, 7):
        for column in range(640):
            image.setPixelColor(column, row, Qt.GlobalColor.green)
    path = folder / "stripes.png"
    assert image.save(str(path))
    return path


def page(app: Application) -> QWidget | None:
    """What the right side shows."""
    return app.window.scene.page


def wait_for(app: Application, stage: RemoteStage, qtbot: QtBot) -> None:
    """Wait until the question to the service stands so."""
    qtbot.waitUntil(lambda: app.session.state.remote.stage is stage, timeout=WAIT_MS)


def played(app: Application, qtbot: QtBot) -> None:
    """Wait until a preview is in the player."""
    qtbot.waitUntil(
        lambda: app.previewing.state.stage is PreviewStage.READY and app.player.playback.frame is not None,
        timeout=WAIT_MS,
    )


def informed(app: Application, qtbot: QtBot) -> None:
    """Wait until the details of the selected result have come, cover and all."""
    details, scene = app.window.details, app.window.scene

    def is_there() -> bool:
        ready = details.state.stage is DetailsStage.READY and details.cover.has_image
        return ready and details.texts()[0] == scene._title.accessibleName()

    qtbot.waitUntil(is_there, timeout=WAIT_MS)
