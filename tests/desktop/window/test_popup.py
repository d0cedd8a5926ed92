"""What the small window says in states that the demo cannot be brought into."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QCursor, QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop.state.query import Found, SearchState, Stage
from desktop.window import theme
from desktop.window.popup import Popup
from index_tools.nouns import Answer, Match, Video
from tests.desktop.conftest import Shoot

VIDEO = Video("film.mkv", 1, "f" * 16, 1440.0, 34560, 24.0, 1280, 720, "Quiet River", 2, "04")


def match(similarity: float, *, is_match: bool) -> Match:
    confidence = 0.9 if is_match else 0.02
    return Match(VIDEO, 61.0, 62.0, 64.0, similarity, confidence, is_match, "as_is", "p", "Pack", 0, 0)


def state(stage: Stage, *matches: Match, selected: int | None = None) -> SearchState:
    found = Found(Answer(matches, 1000, 5.0, ("Pack",)), (None,) * len(matches))
    return SearchState(stage, "picture.png", None, found, selected)


def grey() -> QImage:
    image = QImage(320, 180, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.darkCyan)
    return image


@pytest.fixture(params=["dark", "light"])
def popup(request: pytest.FixtureRequest, qapp: QApplication, qtbot: QtBot) -> Iterator[Popup]:
    theme.apply(qapp, theme.DARK if request.param == "dark" else theme.LIGHT)
    made = Popup()
    made.setProperty("shot", request.param)
    yield made
    made.close()
    made.player.shutdown()
    made.deleteLater()


def shown(popup: Popup, shoot: Shoot, name: str) -> None:
    popup.show_at(QPoint(0, 0), takes_keyboard=False)
    shoot(popup, f"popup-{name}-{popup.property('shot')}")


def test_a_guess_is_called_one(popup: Popup, shoot: Shoot) -> None:
    popup.show_state(state(Stage.NO_MATCH, match(0.62, is_match=False)), grey(), 12)
    shown(popup, shoot, "guess")
    title, line, badge = popup.texts
    assert title == "No certain scene"
    assert line == "Perhaps Quiet River at 0:01:02 (62.0 % similar)"
    assert badge == "Only a guess"


def test_a_closer_look_is_told(popup: Popup, shoot: Shoot) -> None:
    popup.show_state(state(Stage.LOOKING, match(0.62, is_match=False)), grey(), 12)
    shown(popup, shoot, "looking")
    assert popup.texts[0] == "Looking more closely…"


def test_a_film_that_is_not_at_hand(popup: Popup, shoot: Shoot) -> None:
    popup.show_state(state(Stage.ANSWERED, match(0.96, is_match=True), selected=0), grey(), 12)
    shown(popup, shoot, "absent")
    title, line, badge = popup.texts
    assert title == "Quiet River"
    assert line == "S2 E04 · 0:01:01 – 0:01:04 · 90 % sure"
    assert badge == "Film not at hand"


def test_an_empty_library(popup: Popup, shoot: Shoot) -> None:
    popup.show_state(state(Stage.NO_MATCH), QImage(), 0)
    shown(popup, shoot, "empty")
    assert popup.texts[0] == "There is nothing to search yet"


def test_an_offer_has_room_for_its_words(popup: Popup, shoot: Shoot) -> None:
    popup.offer()
    shown(popup, shoot, "offered")
    assert popup.texts[0] == "A picture was copied"
    assert popup.width() >= 400


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_keys_open_the_window(popup: Popup, qtbot: QtBot, key: Qt.Key) -> None:
    popup.show_state(state(Stage.NO_MATCH), QImage(), 1)
    popup.show_at(None, takes_keyboard=True)
    with qtbot.waitSignal(popup.window_wanted, timeout=1000):
        qtbot.keyClick(popup, key)


def test_it_goes_by_itself_when_nobody_looks(popup: Popup, qtbot: QtBot) -> None:
    popup._linger.setInterval(50)
    QCursor.setPos(0, 0)
    popup.show_state(state(Stage.NO_MATCH), QImage(), 1)
    popup.show_at(QPoint(300, 300), takes_keyboard=True)
    with qtbot.waitActive(popup):
        pass
    qtbot.wait(200)  # it stays while it has the keyboard
    assert popup.isVisible()
    other = QWidget()
    qtbot.addWidget(other)
    with qtbot.waitSignal(popup.closed, timeout=5000):
        other.show()
        other.activateWindow()
