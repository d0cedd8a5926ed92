"""Clicks on pictures, before and after these are found: none is lost, whatever the clock says."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from desktop.state.running import Lane
from desktop.system.capture.geometry import Rect
from desktop.work import Operations
from tests.desktop.system.capture.conftest import FILM, MakeCapture, Watched

WAIT_MS = 5000

LEFT, NONE, SHIFT = (
    Qt.MouseButton.LeftButton,
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
)
MIDDLE = QPoint((FILM.left + FILM.right) // 2, (FILM.top + FILM.bottom) // 2)


@pytest.fixture
def looking(operations: Operations) -> Iterator[Event]:
    """Until it is set no picture is found: something else takes the reading lane."""
    event = Event()
    operations.run(Lane.READING, lambda _progress: event.wait(10), lambda _: None, lambda _: None)
    yield event
    event.set()


@pytest.fixture
def begun(looking: Event, make_capture: MakeCapture, qtbot: QtBot) -> Watched:
    """A capture with the pointer on the film, which is not found yet."""
    watched = make_capture()
    watched.capture.begin()
    qtbot.mouseMove(watched.overlay, MIDDLE)
    return watched


def has_taken_film(qtbot: QtBot, watched: Watched) -> bool:
    qtbot.waitUntil(lambda: bool(watched.pictures), timeout=WAIT_MS)
    return watched.areas == [FILM]


def test_a_picture_found_while_the_mouse_is_down_is_taken(
    begun: Watched, looking: Event, qtbot: QtBot
) -> None:
    qtbot.mousePress(begun.overlay, LEFT, NONE, MIDDLE)
    looking.set()
    qtbot.waitUntil(lambda: begun.overlay.selection.proposal == FILM, timeout=WAIT_MS)
    qtbot.mouseRelease(begun.overlay, LEFT, NONE, MIDDLE)
    assert has_taken_film(qtbot, begun)


def test_a_click_waits_for_the_picture_to_be_found(begun: Watched, looking: Event, qtbot: QtBot) -> None:
    qtbot.mouseClick(begun.overlay, LEFT, NONE, MIDDLE)
    qtbot.mouseMove(begun.overlay, QPoint(20, 20))  # off the film; what was clicked on is taken
    assert begun.overlay.bar.remark == ""
    looking.set()
    assert has_taken_film(qtbot, begun)


def test_a_click_with_shift_that_waited_keeps_the_picture_for_adjusting(
    begun: Watched, looking: Event, qtbot: QtBot
) -> None:
    qtbot.mouseClick(begun.overlay, LEFT, SHIFT, MIDDLE)
    looking.set()
    qtbot.waitUntil(lambda: begun.overlay.selection.marked == FILM, timeout=WAIT_MS)
    assert begun.pictures == []


def test_a_click_on_nothing_is_told_so_when_that_is_known(
    begun: Watched, looking: Event, qtbot: QtBot
) -> None:
    qtbot.mouseClick(begun.overlay, LEFT, NONE, QPoint(50, 50))
    looking.set()
    qtbot.waitUntil(lambda: "Nothing is marked" in begun.overlay.bar.remark, timeout=WAIT_MS)
    assert begun.pictures == []
    qtbot.mouseClick(begun.overlay, LEFT, NONE, MIDDLE)
    assert has_taken_film(qtbot, begun)


def test_a_drag_begun_after_a_click_goes_before_it(
    begun: Watched, looking: Event, operations: Operations, qtbot: QtBot
) -> None:
    qtbot.mouseClick(begun.overlay, LEFT, NONE, MIDDLE)
    qtbot.mousePress(begun.overlay, LEFT, NONE, QPoint(100, 100))
    qtbot.mouseMove(begun.overlay, QPoint(149, 139))
    looking.set()
    qtbot.waitUntil(lambda: not operations.busy, timeout=WAIT_MS)
    qtbot.mouseRelease(begun.overlay, LEFT, NONE, QPoint(149, 139))
    qtbot.waitUntil(lambda: bool(begun.pictures), timeout=WAIT_MS)
    assert begun.areas == [Rect(100, 100, 150, 140)]


def test_a_place_looked_at_before_is_looked_at_again_for_a_click(
    begun: Watched, looking: Event, qtbot: QtBot
) -> None:
    overlay = begun.overlay
    looking.set()
    qtbot.waitUntil(lambda: overlay.selection.proposal == FILM, timeout=WAIT_MS)
    overlay.change(overlay.selection.proposed(None))  # as when the keys go to another screen and back
    qtbot.mouseClick(overlay, LEFT, NONE, MIDDLE)
    assert has_taken_film(qtbot, begun)
