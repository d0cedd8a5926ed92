"""Captures over pictures made on the spot, in a window of Qt's `offscreen`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter, QScreen
from PySide6.QtWidgets import QApplication

from desktop.system.capture.capture import Capture
from desktop.system.capture.choose import Choice
from desktop.system.capture.geometry import Rect, Screen
from desktop.system.capture.models import Frozen, Verdict, Way
from desktop.system.capture.overlay import RegionOverlay
from desktop.system.capture.session import RegionSession, Wishes
from desktop.system.capture.windows import Lister
from desktop.system.errors import CaptureError
from desktop.system.platform import Platform
from desktop.work import Operations
from index_tools.picture import Picture
from index_tools.progress import Progress

#: Where the picture of a film lies on the page that is captured, native pixels.
FILM = Rect(200, 120, 520, 300)


def page(screen: Screen) -> QImage:
    """A light page with a lively picture of a film, as large as the screen."""
    image = QImage(*screen.native_size, QImage.Format.Format_RGB32)
    image.fill(QColor("#f4f4f4"))
    painter = QPainter(image)
    for row in range(0, FILM.height, 4):
        for column in range(0, FILM.width, 4):
            colour = QColor((column * 7 + row) % 200, (row * 5 + column * 3) % 160, (column * row) % 140)
            painter.fillRect(FILM.left + column, FILM.top + row, 4, 4, colour)
    painter.end()
    return image


@dataclass
class PageGrabber:
    """A way that photographs the page above, or fails as it is told."""

    way: Way = Way.QT
    in_window_thread: bool = True
    failure: CaptureError | None = None
    asked: int = field(default=0)

    def judge(self, platform: Platform) -> Verdict:
        return Verdict(self.way, True, "for a test")

    def grab(self, screens: Sequence[Screen], progress: Progress) -> tuple[Frozen, ...]:
        self.asked += 1
        if self.failure is not None:
            raise self.failure
        return tuple(Frozen(screen, page(screen), screen.ratio) for screen in screens)


@dataclass
class Watched:
    """A capture, and what it told."""

    capture: Capture
    pictures: list[Picture] = field(default_factory=list)
    endings: list[str] = field(default_factory=list)
    areas: list[Rect] = field(default_factory=list)
    places: list[object] = field(default_factory=list)

    def take(self, picture: Picture, area: QRect, screen: QScreen) -> None:
        self.pictures.append(picture)
        self.areas.append(Rect(area.left(), area.top(), area.right() + 1, area.bottom() + 1))
        assert screen in QGuiApplication.screens()

    @property
    def session(self) -> RegionSession:
        assert self.capture.session is not None
        return self.capture.session

    @property
    def overlay(self) -> RegionOverlay:
        return self.session.target


MakeCapture = Callable[..., Watched]


@pytest.fixture
def operations(qapp: QApplication) -> Iterator[Operations]:
    made = Operations()
    yield made
    made.refuse_more()
    made.cancel_all()
    assert made.join(10)
    made.deleteLater()


@pytest.fixture
def make_capture(operations: Operations) -> Iterator[MakeCapture]:
    made: list[Capture] = []

    def make(*grabbers: PageGrabber, windows: Lister | None = None) -> Watched:
        choice = Choice(grabbers or (PageGrabber(),), ())
        capture = Capture(operations, operations, choice, windows)
        made.append(capture)
        watched = Watched(capture)
        capture.picture_taken.connect(watched.take)
        capture.ended.connect(watched.endings.append)
        capture.place_changed.connect(watched.places.append)
        return watched

    yield make
    for capture in made:
        capture.cancel()
    assert not [w for w in QGuiApplication.topLevelWindows() if w.isVisible()]


@pytest.fixture
def begun(make_capture: MakeCapture) -> Watched:
    """A capture with its overlay shown."""
    watched = make_capture(windows=lambda _without: (Rect(100, 50, 700, 400),))
    watched.capture.begin(Wishes(hint=True))
    return watched
