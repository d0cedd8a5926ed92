"""Rows that break where the width ends, and pages that fit the screen."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from desktop.window.dialogs import Page
from desktop.window.flow_layout import FlowLayout


def boxes(qtbot: QtBot, widths: list[int], width: int, *, centred: bool) -> tuple[QWidget, list[QWidget]]:
    holder = QWidget()
    qtbot.addWidget(holder)
    flow = FlowLayout(holder, gap=10, centred=centred)
    made = [QWidget() for _ in widths]
    for box, wide in zip(made, widths, strict=True):
        box.setFixedSize(wide, 20)
        flow.addWidget(box)
    holder.resize(width, 200)
    holder.show()
    QApplication.processEvents()
    return holder, made


def test_a_row_breaks_where_the_width_ends(qtbot: QtBot) -> None:
    _holder, made = boxes(qtbot, [100, 90, 60], 200, centred=False)
    assert [(box.x(), box.y()) for box in made] == [(0, 0), (110, 0), (0, 30)]


def test_rows_stand_in_the_middle(qtbot: QtBot) -> None:
    _holder, made = boxes(qtbot, [100, 60, 60], 200, centred=True)
    assert [(box.x(), box.y()) for box in made] == [(15, 0), (125, 0), (70, 30)]


def test_what_is_hidden_takes_no_room(qtbot: QtBot) -> None:
    _holder, made = boxes(qtbot, [100, 60, 60], 200, centred=True)
    made[0].hide()
    QApplication.processEvents()
    assert [(box.x(), box.y()) for box in made[1:]] == [(35, 0), (105, 0)]


def test_a_page_is_no_larger_than_the_screen(qtbot: QtBot) -> None:
    page = Page(None, "All", QLabel("much"))
    qtbot.addWidget(page)
    page.resize(5000, 5000)
    page.show()
    room = page.screen().availableGeometry()
    assert page.height() < room.height()
    assert page.width() < room.width()
    page.close()


def test_the_height_for_a_width_follows_what_is_there(qtbot: QtBot) -> None:
    holder, made = boxes(qtbot, [100, 60, 60], 200, centred=False)
    flow = holder.layout()
    assert isinstance(flow, FlowLayout)
    assert [flow.heightForWidth(width) for width in (200, 500, 200)] == [50, 20, 50]
    made[1].hide()
    assert flow.heightForWidth(200) == 20
    made[1].show()
    assert flow.heightForWidth(200) == 50
    made[0].setFixedHeight(35)
    assert flow.heightForWidth(200) == 65
    wide = QWidget()
    wide.setFixedSize(200, 20)
    flow.addWidget(wide)
    wide.show()
    assert flow.heightForWidth(200) == 95
    flow.removeWidget(wide)
    assert flow.heightForWidth(200) == 65


def test_a_height_is_worked_out_once(qtbot: QtBot) -> None:
    """Each row asked again and again is what a window takes longest over."""
    holder, _made = boxes(qtbot, [100, 60, 60], 200, centred=False)
    flow = holder.layout()
    assert isinstance(flow, FlowLayout)
    asked: list[int] = []

    class Asking(QWidget):
        def sizeHint(self) -> QSize:
            asked.append(1)
            return QSize(40, 20)

    asking = Asking()
    flow.addWidget(asking)
    asking.show()
    for _ in range(50):
        flow.heightForWidth(180)
    assert 1 <= len(asked) <= 10
