"""The Screenshot portal against a stand-in on a private bus: answers, refusals, silence."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage

from desktop.system import portal
from desktop.system.capture.geometry import Screen
from desktop.system.capture.handlers.portal import Portal
from desktop.system.errors import CaptureDeniedError, CaptureError, PortalError
from index_tools.errors import Cancelled
from index_tools.progress import Progress
from tests.standins.portals import running_portal

SCREENS = (Screen("A", 0, 0, 100, 80), Screen("B", 100, 0, 60, 80))


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """The desktop as the portal writes it, in a file whose name needs quoting."""
    path = tmp_path / "the desktop %20.png"
    image = QImage(160, 80, QImage.Format.Format_RGB32)
    image.fill(QColor("#102030"))
    image.setPixelColor(100, 0, QColor("#ff0000"))
    assert image.save(str(path))
    return path


@pytest.mark.parametrize("way", ["ok", "early", "old"])
def test_the_desktop_is_cut_into_its_screens_and_the_file_removed(way: str, bus: str, picture: Path) -> None:
    with running_portal(bus, Screenshot=way, picture=picture.as_uri(), Registry="ok") as stand_in:
        first, second = Portal(5).grab(SCREENS, Progress())
    assert (first.size, second.size) == ((100, 80), (60, 80))
    assert second.image.pixelColor(0, 0) == QColor("#ff0000")
    assert not picture.exists()
    assert stand_in.asked[0] == {"register": portal.APP_ID}
    asked = stand_in.asked[1]["screenshot"]
    assert asked["interactive"] is False
    assert stand_in.asked[1]["parent"] == ""


@pytest.mark.parametrize(
    ("way", "kind", "words"),
    [
        ("deny", CaptureDeniedError, "did not allow"),
        ("fail", CaptureError, "gave up"),
        ("error", CaptureError, "Not today"),
        ("odd", CaptureError, "without a picture"),
    ],
)
def test_refusals_are_said(way: str, kind: type[CaptureError], words: str, bus: str, picture: Path) -> None:
    with running_portal(bus, Screenshot=way, picture=picture.as_uri()), pytest.raises(kind, match=words):
        Portal(5).grab(SCREENS, Progress())


@pytest.mark.parametrize("way", ["silent", "hang"])
def test_a_portal_that_never_answers_is_given_up(way: str, bus: str) -> None:
    begun = time.monotonic()
    with (
        running_portal(bus, Screenshot=way, picture=""),
        pytest.raises(CaptureError, match="did not answer within"),
    ):
        Portal(0.5).grab(SCREENS, Progress())
    assert time.monotonic() - begun < 6


def test_a_wish_to_stop_is_heard_while_the_portal_is_silent(bus: str) -> None:
    progress = Progress()
    progress.cancel()
    with running_portal(bus, Screenshot="silent", picture=""), pytest.raises(Cancelled):
        Portal(20).grab(SCREENS, progress)


@pytest.mark.parametrize(
    "uri", ["https://example.org/a.png", "file://elsewhere/a.png", "file:///dev/null", "a"]
)
def test_only_files_of_this_machine_are_read(uri: str, bus: str) -> None:
    with running_portal(bus, Screenshot="ok", picture=uri), pytest.raises(CaptureError, match="nothing was"):
        Portal(5).grab(SCREENS, Progress())


def test_a_picture_of_something_else_is_refused(bus: str, picture: Path) -> None:
    with (
        running_portal(bus, Screenshot="ok", picture=picture.as_uri()),
        pytest.raises(CaptureError, match="not that of the 1 screen;"),
    ):
        Portal(5).grab((Screen("A", 0, 0, 500, 900),), Progress())


def test_versions_tell_which_portals_are_there(bus: str) -> None:
    assert asyncio.run(portal.versions()) == {}
    with running_portal(bus, GlobalShortcuts="ok"):
        assert asyncio.run(portal.versions()) == {"GlobalShortcuts": 2}


def test_no_bus_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/at/all")
    with pytest.raises(PortalError, match="session bus could not be reached"):
        asyncio.run(portal.versions())
    with pytest.raises(CaptureError, match="Nothing was captured"):
        Portal(1).grab(SCREENS, Progress())
