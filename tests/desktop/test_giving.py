"""Whatever a person gives is found: pasted, dropped, chosen in a dialog."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.app import Application
from desktop.library.demo import Demo
from desktop.state.query import Stage
from desktop.window import dialogs

WAIT_MS = 20_000


def stage(application: Application, wanted: Stage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: application.session.state.stage is wanted, timeout=WAIT_MS)


def clipboard(data: QMimeData) -> None:
    QGuiApplication.clipboard().setMimeData(data)


@pytest.fixture(autouse=True)
def empty_clipboard(qapp: QApplication) -> Iterator[None]:
    yield
    QGuiApplication.clipboard().clear()


def png_of(path: Path) -> bytes:
    buffer = io.BytesIO()
    Image.open(path).save(buffer, "PNG")
    return buffer.getvalue()


def give_bytes(demo: Demo) -> QMimeData:
    data = QMimeData()
    data.setData("image/png", png_of(demo.samples[0].path))
    return data


def give_file(demo: Demo) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(demo.samples[0].path))])
    return data


def give_copied_file(demo: Demo) -> QMimeData:
    data = QMimeData()
    data.setData("x-special/gnome-copied-files", f"copy\n{demo.samples[0].path.as_uri()}".encode())
    return data


def give_path(demo: Demo) -> QMimeData:
    data = QMimeData()
    data.setText(str(demo.samples[0].path))
    return data


def give_data_uri(demo: Demo) -> QMimeData:
    data = QMimeData()
    data.setHtml(
        f'<img src="data:image/png;base64,{base64.b64encode(png_of(demo.samples[0].path)).decode()}">'
    )
    return data


def give_image(demo: Demo) -> QMimeData:
    data = QMimeData()
    data.setImageData(QImage(str(demo.samples[0].path)))
    return data


@pytest.mark.parametrize(
    "give", [give_bytes, give_file, give_copied_file, give_path, give_data_uri, give_image],
    ids=lambda give: give.__name__,
)  # fmt: skip
def test_whatever_is_pasted_is_found(
    application: Application, demo: Demo, qtbot: QtBot, give: Callable[[Demo], QMimeData]
) -> None:
    clipboard(give(demo))
    qtbot.keyClick(application.window, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    stage(application, Stage.ANSWERED, qtbot)
    match = application.session.state.match
    assert match is not None
    assert match.start_s <= 36.0 <= match.end_s


def test_drop_is_found_and_moves_nothing(application: Application, demo: Demo, qtbot: QtBot) -> None:
    window, data = application.window, give_file(demo)
    middle, both = QPoint(300, 300), Qt.DropAction.CopyAction | Qt.DropAction.MoveAction
    enter = QDragEnterEvent(middle, both, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    window.dragEnterEvent(enter)
    assert enter.isAccepted()
    assert window._overlay.isVisible()
    drop = QDropEvent(QPointF(middle), both, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    window.dropEvent(drop)
    assert drop.dropAction() is Qt.DropAction.CopyAction
    assert not window._overlay.isVisible()
    del data
    stage(application, Stage.ANSWERED, qtbot)


def test_nothing_on_the_clipboard_is_told(application: Application, qtbot: QtBot) -> None:
    QGuiApplication.clipboard().clear()
    application.window.actions_set["paste"].trigger()
    assert "holds no picture" in application.window.notice.text
    assert application.session.state.stage is Stage.EMPTY


def test_text_that_is_no_address_is_told(application: Application, qtbot: QtBot) -> None:
    data = QMimeData()
    data.setText("hello there")
    clipboard(data)
    application.window.actions_set["paste"].trigger()
    assert application.window.notice.isVisible()


def test_text_adds_no_folder(application: Application, tmp_path: Path, qtbot: QtBot) -> None:
    data = QMimeData()
    data.setText(str(tmp_path))
    data.setHtml(f'<img src="{tmp_path}">')
    clipboard(data)
    application.window.actions_set["paste"].trigger()
    assert application.library.state.indexing is None
    assert "holds no picture" in application.window.notice.text


def test_private_address_is_refused_in_words(application: Application, qtbot: QtBot) -> None:
    data = QMimeData()
    data.setText("http://127.0.0.1:9/a.png")
    clipboard(data)
    application.window.actions_set["paste"].trigger()
    stage(application, Stage.FAILED, qtbot)
    assert "private network" in application.window.scene.failed.texts[1]


def test_files_are_chosen_in_dialogs(
    application: Application, demo: Demo, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setattr(dialogs, "ask_picture", lambda _parent, _folder: demo.samples[1].path)
    qtbot.keyClick(application.window, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    stage(application, Stage.ANSWERED, qtbot)
    assert application.settings.picture_folder == str(demo.samples[1].path.parent)
    match = application.session.state.match
    assert match is not None
    assert "borders_cut" in match.hypothesis
    assert application.window.card._reading.text() == "borders cut"


def test_part_of_a_page_is_marked_and_found(
    application: Application, demo: Demo, tmp_path: Path, shoot: Callable[..., None], qtbot: QtBot
) -> None:
    """The film's picture sits in a page; a rectangle drawn around it finds the scene."""
    page = Image.new("RGB", (1200, 900), (245, 245, 240))
    for row in range(0, 900, 24):
        page.paste((90, 90, 100), (40, row, 40 + row * 7 % 1100, row + 8))
    with Image.open(demo.samples[0].path) as picture:
        page.paste(picture.resize((640, 360)), (400, 300))
    path = tmp_path / "page.png"
    page.save(path)
    application.taking.take_paths([path])
    qtbot.waitUntil(lambda: application.session.state.found is not None, timeout=WAIT_MS)
    card, session = application.window.card, application.session
    assert not application.window.actions_set["whole_picture"].isEnabled()
    view = card.view
    target = view._target()

    def at(x: int, y: int) -> QPoint:
        return QPoint(target.x() + x * target.width() // 1200, target.y() + y * target.height() // 900)

    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=at(400, 300))
    qtbot.mouseMove(view, at(700, 500))
    qtbot.mouseMove(view, at(1040, 660))
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=at(1040, 660))
    query = session.state.query
    assert query is not None
    assert query.region is not None
    assert all(abs(a - b) < 10 for a, b in zip(query.region, (400, 300, 1040, 660), strict=True))
    stage(application, Stage.ANSWERED, qtbot)
    match = session.state.match
    assert match is not None
    assert match.start_s <= 36.0 <= match.end_s
    shoot(application.window, "region")
    application.window.actions_set["whole_picture"].trigger()
    assert session.state.query is not None
    assert session.state.query.region is None
    qtbot.waitUntil(lambda: session.state.found is not None, timeout=WAIT_MS)
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=at(500, 400))
    assert session.state.query.region is None  # a click marks nothing
