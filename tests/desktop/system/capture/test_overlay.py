"""The overlay under mouse and keyboard, and every way that a capture ends."""

from __future__ import annotations

from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QCursor, QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.qtbot import QtBot

from desktop.system.capture import painting
from desktop.system.capture.geometry import Rect
from desktop.system.capture.overlay import RegionOverlay
from desktop.system.capture.place import Place
from desktop.system.capture.session import Wishes
from desktop.system.errors import CaptureDeniedError, CaptureError
from tests.desktop.conftest import Shoot
from tests.desktop.system.capture.conftest import FILM, MakeCapture, PageGrabber, Watched

WAIT_MS = 5000

CONTROL, ALT, SHIFT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ShiftModifier,
)
NONE, LEFT, RIGHT = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton


def drag(
    qtbot: QtBot, overlay: RegionOverlay, start: tuple[int, int], end: tuple[int, int],
    modifiers: Qt.KeyboardModifier = NONE,
) -> None:  # fmt: skip
    qtbot.mousePress(overlay, LEFT, NONE, QPoint(*start))
    qtbot.mouseMove(overlay, QPoint((start[0] + end[0]) // 2, (start[1] + end[1]) // 2))
    qtbot.mouseMove(overlay, QPoint(*end))
    qtbot.mouseRelease(overlay, LEFT, modifiers, QPoint(*end))


def press(qtbot: QtBot, watched: Watched, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    qtbot.keyClick(watched.overlay, key, modifiers)


def taken(qtbot: QtBot, watched: Watched) -> tuple[int, int]:
    """The size of the picture that is taken."""
    qtbot.waitUntil(lambda: bool(watched.pictures), timeout=WAIT_MS)
    assert watched.endings == []
    assert not watched.capture.busy
    return watched.pictures[0].width, watched.pictures[0].height


def test_a_drag_takes_what_it_goes_over(begun: Watched, qtbot: QtBot) -> None:
    drag(qtbot, begun.overlay, (FILM.left, FILM.top), (FILM.right - 1, FILM.bottom - 1))
    assert taken(qtbot, begun) == (FILM.width, FILM.height)
    assert begun.areas == [FILM]
    assert begun.pictures[0].rgb[0, 4].tolist() == [28, 12, 0]
    place = begun.places[0]
    assert isinstance(place, Place)
    assert place.part == FILM


def test_the_picture_under_the_pointer_is_proposed_and_a_click_takes_it(
    begun: Watched, qtbot: QtBot, shoot: Shoot
) -> None:
    middle = QPoint((FILM.left + FILM.right) // 2, (FILM.top + FILM.bottom) // 2)
    qtbot.mouseMove(begun.overlay, middle)
    qtbot.waitUntil(lambda: begun.overlay.selection.proposal == FILM, timeout=WAIT_MS)
    assert begun.overlay.accessibleDescription() == "320 × 180"
    shoot(begun.overlay, "capture-proposal")
    qtbot.mouseClick(begun.overlay, LEFT, NONE, middle)
    assert taken(qtbot, begun) == (FILM.width, FILM.height)


def test_keys_alone_mark_and_take(begun: Watched, qtbot: QtBot, shoot: Shoot) -> None:
    overlay = begun.overlay
    overlay.change(overlay.selection.proposed(Rect(100, 100, 300, 200)))
    press(qtbot, begun, Qt.Key.Key_Right)  # takes the proposal over
    press(qtbot, begun, Qt.Key.Key_Right)
    press(qtbot, begun, Qt.Key.Key_Down, SHIFT)
    assert overlay.selection.marked == Rect(101, 110, 301, 210)
    press(qtbot, begun, Qt.Key.Key_Right, CONTROL)
    press(qtbot, begun, Qt.Key.Key_Down, CONTROL | SHIFT)
    press(qtbot, begun, Qt.Key.Key_Left, ALT)
    assert overlay.selection.marked == Rect(100, 110, 302, 220)
    shoot(overlay, "capture-keys")
    press(qtbot, begun, Qt.Key.Key_Return)
    assert taken(qtbot, begun) == (202, 110)


def test_shift_keeps_a_drag_for_adjusting_and_a_double_click_takes_it(begun: Watched, qtbot: QtBot) -> None:
    overlay = begun.overlay
    drag(qtbot, overlay, (100, 100), (299, 199), SHIFT)
    assert overlay.selection.marked == Rect(100, 100, 300, 200)
    drag(qtbot, overlay, (200, 150), (220, 160))  # moved by the mouse, it stays too
    assert overlay.selection.marked == Rect(120, 110, 320, 210)
    drag(qtbot, overlay, (320, 210), (340, 230))
    assert overlay.selection.marked == Rect(120, 110, 340, 230)
    qtbot.mouseDClick(overlay, LEFT, NONE, QPoint(200, 150))
    assert taken(qtbot, begun) == (220, 120)


def test_right_button_starts_again_then_leaves(begun: Watched, qtbot: QtBot) -> None:
    overlay = begun.overlay
    drag(qtbot, overlay, (100, 100), (299, 199), SHIFT)
    qtbot.mouseClick(overlay, RIGHT, NONE, QPoint(500, 400))
    assert overlay.selection.marked is None
    assert begun.endings == []
    qtbot.mousePress(overlay, LEFT, NONE, QPoint(100, 100))
    qtbot.mouseMove(overlay, QPoint(300, 300))
    qtbot.mousePress(overlay, RIGHT, NONE, QPoint(300, 300))  # in the middle of a drag
    assert not overlay.selection.is_dragging
    assert begun.endings == []
    qtbot.mouseClick(overlay, RIGHT, NONE, QPoint(500, 400))
    assert begun.endings == [""]


@pytest.mark.parametrize(
    ("start", "end", "words"), [((50, 50), (50, 50), "Nothing is marked"), ((50, 50), (400, 52), "too few")]
)
def test_nothing_and_next_to_nothing_are_explained(
    start: tuple[int, int], end: tuple[int, int], words: str, begun: Watched, qtbot: QtBot
) -> None:
    drag(qtbot, begun.overlay, start, end)
    qtbot.waitUntil(lambda: words in begun.overlay.bar.remark, timeout=WAIT_MS)
    assert begun.overlay.selection.marked is None
    assert begun.pictures == []
    assert begun.endings == []


def test_escape_leaves_without_a_word(begun: Watched, qtbot: QtBot) -> None:
    press(qtbot, begun, Qt.Key.Key_Escape)
    assert begun.endings == [""]
    assert not begun.capture.busy


def test_closing_the_window_leaves(begun: Watched) -> None:
    begun.overlay.close()
    assert begun.endings == [""]


def test_whole_screen(begun: Watched, qtbot: QtBot) -> None:
    size = begun.overlay.frozen.size
    press(qtbot, begun, Qt.Key.Key_F)
    assert taken(qtbot, begun) == size


def test_window_under_the_pointer(begun: Watched, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: bool(begun.session._windows), timeout=WAIT_MS)
    QCursor.setPos(20, 20)
    press(qtbot, begun, Qt.Key.Key_W)
    assert "no window" in begun.overlay.bar.remark
    QCursor.setPos(300, 300)
    press(qtbot, begun, Qt.Key.Key_W)
    assert taken(qtbot, begun) == (600, 350)


def test_a_window_wished_before_windows_are_listed_is_taken_then(
    make_capture: MakeCapture, qtbot: QtBot
) -> None:
    listing = Event()

    def slow_list(_without: frozenset[int]) -> tuple[Rect, ...]:
        listing.wait(10)
        return (Rect(100, 50, 700, 400),)

    watched = make_capture(windows=slow_list)
    watched.capture.begin()
    QCursor.setPos(300, 300)
    press(qtbot, watched, Qt.Key.Key_W)
    assert watched.overlay.bar.remark == ""
    listing.set()
    assert taken(qtbot, watched) == (600, 350)


def test_same_place_from_the_overlay_and_without_it(make_capture: MakeCapture, qtbot: QtBot) -> None:
    watched = make_capture()
    screen = QGuiApplication.primaryScreen()
    size = (screen.size().width(), screen.size().height())
    wishes = Wishes(place=Place(screen.name(), size, FILM))
    watched.capture.begin(wishes)
    press(qtbot, watched, Qt.Key.Key_R)
    assert taken(qtbot, watched) == (FILM.width, FILM.height)
    watched.capture.again(wishes)
    assert watched.capture.session is None  # nobody is asked
    qtbot.waitUntil(lambda: len(watched.pictures) == 2, timeout=WAIT_MS)
    assert watched.areas == [FILM, FILM]


@pytest.mark.parametrize("place", [None, Place("gone", (100, 100), Rect(0, 0, 50, 50))])
def test_same_place_that_is_not_there_asks(
    place: Place | None, make_capture: MakeCapture, qtbot: QtBot
) -> None:
    watched = make_capture()
    watched.capture.again(Wishes(place=place))
    assert "Drag over the picture" in watched.overlay.bar.remark
    press(qtbot, watched, Qt.Key.Key_R)
    assert watched.pictures == []
    press(qtbot, watched, Qt.Key.Key_Escape)


def test_hint_is_shown_the_first_time_and_by_its_key(begun: Watched, qtbot: QtBot) -> None:
    assert begun.overlay.bar.has_hint
    press(qtbot, begun, Qt.Key.Key_F1)
    assert not begun.overlay.bar.has_hint


def test_debug_lines_name_screens_ratios_and_the_selection_in_both_units(
    begun: Watched, qtbot: QtBot, shoot: Shoot
) -> None:
    overlay = begun.overlay
    press(qtbot, begun, Qt.Key.Key_D)
    drag(qtbot, overlay, (100, 100), (299, 199), SHIFT)
    lines = "\n".join(overlay._debug_lines)
    assert f"{overlay.frozen.screen.name}: logical 0,0" in lines
    assert "ratio 1\n" in lines
    assert "native 100,100 200×100\nlogical 100,100 200×100" in lines
    shoot(overlay, "capture-debug")
    press(qtbot, begun, Qt.Key.Key_D)
    assert overlay._debug_lines == ()


def test_a_change_of_screens_ends_it_with_a_sentence(begun: Watched) -> None:
    QGuiApplication.primaryScreen().geometryChanged.emit(QGuiApplication.primaryScreen().geometry())
    assert "A screen was plugged in, unplugged or changed" in begun.endings[0]
    assert len(begun.endings) == 1


def test_turning_to_another_program_ends_it(begun: Watched, qtbot: QtBot) -> None:
    session = begun.session
    session._state_changed(Qt.ApplicationState.ApplicationActive)
    session._state_changed(Qt.ApplicationState.ApplicationInactive)
    session._state_changed(Qt.ApplicationState.ApplicationActive)  # back at once: a flicker
    assert not session._away.isActive()
    session._state_changed(Qt.ApplicationState.ApplicationInactive)
    qtbot.waitUntil(lambda: begun.endings == [""], timeout=WAIT_MS)


def test_a_second_wish_changes_nothing(begun: Watched) -> None:
    session = begun.session
    begun.capture.begin()
    assert begun.capture.session is session


def test_the_next_way_is_tried_and_the_first_complaint_told(make_capture: MakeCapture, qtbot: QtBot) -> None:
    first = PageGrabber(failure=CaptureError("The first failed."))
    second = PageGrabber(in_window_thread=False, failure=CaptureError("The second failed."))
    watched = make_capture(first, second)
    watched.capture.begin()
    qtbot.waitUntil(lambda: watched.endings == ["The first failed."], timeout=WAIT_MS)
    second.failure = None
    watched.capture.begin()
    qtbot.waitUntil(lambda: watched.capture.session is not None, timeout=WAIT_MS)
    press(qtbot, watched, Qt.Key.Key_Escape)


@pytest.mark.parametrize("in_window_thread", [True, False])
def test_no_means_no(in_window_thread: bool, make_capture: MakeCapture, qtbot: QtBot) -> None:
    first = PageGrabber(in_window_thread=in_window_thread, failure=CaptureDeniedError("You said no."))
    second = PageGrabber()
    watched = make_capture(first, second)
    watched.capture.begin()
    qtbot.waitUntil(lambda: watched.endings == ["You said no."], timeout=WAIT_MS)
    assert second.asked == 0


def test_everything_has_a_name_and_tab_reaches_the_buttons(begun: Watched, qtbot: QtBot) -> None:
    overlay = begun.overlay
    assert overlay.accessibleName()
    buttons = overlay.bar.findChildren(QAbstractButton)
    assert [button.accessibleName() for button in buttons] == [
        "Whole screen",
        "This window",
        "Keys",
        "Cancel",
    ]
    reached = set()
    for _ in range(len(buttons) + 1):
        qtbot.keyClick(QApplication.focusWidget() or overlay, Qt.Key.Key_Tab)
        reached.add(QApplication.focusWidget())
    assert set(buttons) <= reached
    buttons[-1].setFocus()
    qtbot.keyClick(buttons[-1], Qt.Key.Key_Space)
    assert begun.endings == [""]


def test_only_what_changed_is_painted_and_leaves_no_trace(
    begun: Watched, qtbot: QtBot, tmp_path: Path
) -> None:
    overlay = begun.overlay
    overlay.bar.hide()
    begun.session._proposer.stop()
    qtbot.mousePress(overlay, LEFT, NONE, QPoint(90, 80))
    for x, y in ((300, 200), (700, 500), (120, 400), (90, 80), (420, 260)):
        qtbot.mouseMove(overlay, QPoint(x, y))
        QApplication.processEvents()
    grown = overlay.screen().grabWindow(overlay.winId()).toImage()
    overlay.update()
    QApplication.processEvents()
    assert grown == overlay.screen().grabWindow(overlay.winId()).toImage()
    assert grown.width() == overlay.width()
    assert not grown.allGray()


def test_labels_stay_on_the_screen_and_off_the_bar() -> None:
    bounds, bar = QRect(0, 0, 800, 600), QRect(200, 500, 400, 80)
    for part in (QRectF(0, 0, 800, 600), QRectF(300, 300, 200, 190), QRectF(795, 595, 5, 5)):
        area = painting.label_area(["320 × 180"], part, bounds, bar)
        assert bounds.contains(area)
    assert not painting.label_area(["320 × 180"], QRectF(300, 300, 200, 190), bounds, bar).intersects(bar)
    for x, y in ((0, 0), (799, 599), (799, 0), (400, 599)):
        assert bounds.contains(painting.magnifier_area(QPointF(x, y), bounds))
