"""Seek bar, icons and times."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QAccessible, QColor, QImage, QMouseEvent, QPainter
from pytestqt.qtbot import QtBot

from desktop.player.icons import ICON_NAMES, paint_icon
from desktop.player.seek_bar import SeekBar
from desktop.player.times import clock_text


@pytest.fixture
def bar(qtbot: QtBot) -> SeekBar:
    bar = SeekBar()
    qtbot.addWidget(bar)
    bar.resize(420, 40)
    bar.set_span(10.0, 20.0, 15.0)
    bar.set_at(12.0)
    bar.show()
    return bar


def test_places_and_times_belong_together(bar: SeekBar) -> None:
    for at_s in (10.0, 12.5, 20.0):
        assert bar.time_at(bar.x_of(at_s)) == pytest.approx(at_s)
    assert bar.time_at(-50) == 10.0
    assert bar.time_at(5000) == 20.0
    bar.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    assert bar.x_of(10.0) > bar.x_of(20.0)
    assert bar.time_at(bar.x_of(12.5)) == pytest.approx(12.5)


def test_a_click_and_a_drag_seek(qtbot: QtBot, bar: SeekBar) -> None:
    sought: list[float] = []
    bar.sought.connect(sought.append)
    place = QPoint(round(bar.x_of(13.0)), 27)
    qtbot.mousePress(bar, Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseMove(bar, QPoint(round(bar.x_of(18.0)), 27))
    qtbot.mouseRelease(bar, Qt.MouseButton.LeftButton, pos=QPoint(round(bar.x_of(18.0)), 27))
    assert sought == pytest.approx([13.0, 18.0], abs=0.05)
    sought.clear()
    qtbot.mouseMove(bar, QPoint(60, 27))
    assert sought == []


def test_a_drag_that_was_interrupted_does_not_go_on_without_the_button(qtbot: QtBot, bar: SeekBar) -> None:
    sought: list[float] = []
    qtbot.mousePress(bar, Qt.MouseButton.LeftButton, pos=QPoint(round(bar.x_of(13.0)), 27))
    bar.sought.connect(sought.append)
    place, none = QPointF(bar.x_of(18.0), 27), Qt.MouseButton.NoButton
    bar.mouseMoveEvent(
        QMouseEvent(QEvent.Type.MouseMove, place, place, none, none, Qt.KeyboardModifier.NoModifier)
    )
    assert sought == []


def test_keys_seek_and_step(qtbot: QtBot, bar: SeekBar) -> None:
    sought: list[float] = []
    stepped: list[int] = []
    bar.sought.connect(sought.append)
    bar.stepped.connect(stepped.append)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Home, Qt.Key.Key_End):
        qtbot.keyClick(bar, key)
    assert sought == [13.0, 11.0, 10.0, 20.0]
    qtbot.keyClick(bar, Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier)
    assert stepped == [-1]
    assert bar.at_s == 12.0, "the bar moves when the frame has come"


def test_screen_readers_see_a_slider(bar: SeekBar) -> None:
    seen = QAccessible.queryAccessibleInterface(bar)
    assert seen.role() is QAccessible.Role.Slider
    assert seen.text(QAccessible.Text.Name) == "Position in the scene"


def test_the_matched_frame_is_marked(bar: SeekBar) -> None:
    with_mark = bar.grab().toImage()
    bar.set_span(10.0, 20.0, None)
    without = bar.grab().toImage()
    x = round(bar.x_of(15.0))
    assert with_mark.pixelColor(x, 17) != without.pixelColor(x, 17)
    assert with_mark.pixelColor(x + 40, 17) == without.pixelColor(x + 40, 17)


def test_every_icon_paints_something_of_its_own() -> None:
    pictures = set()
    for name in ICON_NAMES:
        image = QImage(48, 48, QImage.Format.Format_ARGB32)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        paint_icon(painter, name, QRectF(0, 0, 48, 48), QColor("black"))
        painter.end()
        pictures.add(bytes(image.constBits()))
    assert len(pictures) == len(ICON_NAMES)


@pytest.mark.parametrize(
    ("at_s", "text", "tenths"),
    [
        (0, "0:00", "0:00.0"),
        (59.99, "0:59", "0:59.9"),
        (61.25, "1:01", "1:01.2"),
        (3723.4, "1:02:03", "1:02:03.4"),
        (-1, "0:00", "0:00.0"),
    ],
)
def test_times_are_cut_and_never_rounded_up(at_s: float, text: str, tenths: str) -> None:
    assert clock_text(at_s) == text
    assert clock_text(at_s, tenths=True) == tenths
