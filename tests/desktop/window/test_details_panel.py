"""The panel of details: what is known and no more, long titles, texts that try to be something else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.state.details import DetailsStage, DetailsState
from desktop.state.work import TITLE_ORDER, Day, Link, Titles, Work
from desktop.window import theme, work_words
from desktop.window.action_set import ActionSet
from desktop.window.beside import Beside
from desktop.window.details_panel import DetailsPanel
from desktop.window.hit_words import set_title_order
from desktop.window.pieces import plain_tip

Shoot = Callable[[QWidget, str], None]

LONG = "本当に長い題名のアニメーション作品は何処までも続いて行くのだが誰も最後まで読んだことがない件について"
WORK = Work(
    5, Titles(LONG, "Hontou ni Nagai Daimei " * 4, "A Very Long Title Indeed", "真的很長的標題"),
    tuple(f"Another name {n}" for n in range(12)), "TV", "FINISHED", 24, 23, "WINTER", 2021,
    Day(2021, 1, 9), Day(2021, 6), (Link("Studio One", "https://one.test"), Link("Two & Sons")),
    tuple(f"Genre {n}" for n in range(7)), False, "https://covers.test/5.jpg", "#b0586d",
    tuple(Link(f"Site {n}", f"https://site{n}.test/") for n in range(9)), "https://anilist.co/anime/5",
)  # fmt: skip
FACTS = (("Found by", "trace.moe"), ("File", "[Group]_A_very_long_file_name_-_03_(1080p)_[ABCDEF01].mkv"))
STATE = DetailsState(DetailsStage.READY, WORK, "", FACTS, True)


@pytest.fixture
def panel(qtbot: QtBot, qapp: QApplication) -> Iterator[DetailsPanel]:
    theme.apply(qapp, theme.DARK)
    owner = QWidget()
    qtbot.addWidget(owner)
    made = DetailsPanel(ActionSet(owner))
    qtbot.addWidget(made)
    made.resize(288, 600)
    made.show()
    yield made
    set_title_order(TITLE_ORDER)


@pytest.mark.parametrize("name", ["dark", "light"])
def test_everything_fits_a_column_and_a_strip(
    name: str, panel: DetailsPanel, qapp: QApplication, shoot: Shoot, qtbot: QtBot
) -> None:
    theme.apply(qapp, theme.LIGHT if name == "light" else theme.DARK)
    panel.show_state(STATE)
    cover = QImage(240, 340, QImage.Format.Format_RGB32)
    cover.fill(QColor("#7a4b63"))
    panel.show_cover(5, cover)
    qtbot.wait(30)
    shoot(panel, f"details-column-{name}")
    room = panel.viewport().width()
    for child in panel.findChildren(QWidget):
        if child.isVisible() and panel.isAncestorOf(child) and isinstance(child, QLabel | QPushButton):
            right = child.mapTo(panel.viewport(), child.rect().topRight()).x()
            assert right <= room, child
    title = next(one for one in panel.findChildren(QLabel) if one.text() == LONG)
    assert title.height() > 2 * title.fontMetrics().height()  # it breaks and is not cut
    panel.set_column(False)
    panel.resize(700, 190)
    qtbot.wait(30)
    shoot(panel, f"details-strip-{name}")
    assert panel.cover.geometry().right() < title.mapTo(panel, title.rect().topLeft()).x()


def test_what_is_not_known_takes_no_room(panel: DetailsPanel) -> None:
    panel.show_state(DetailsState(DetailsStage.BARE, Work(0, Titles("", "Short")), "", (), False))
    assert panel.texts() == ["Short"]
    assert not panel.cover.isVisible()
    panel.show_state(DetailsState())
    assert panel.texts() == []


def test_texts_from_outside_stay_texts(panel: DetailsPanel) -> None:
    nasty = '<a href="file:///etc/passwd">x</a><img src="http://far/1.png">'
    work = replace(WORK, titles=Titles(nasty), synonyms=(nasty,), genres=(nasty,), studios=(Link(nasty),))
    panel.show_state(replace(STATE, work=work, text=nasty, facts=((nasty, nasty),)))
    for one in panel.findChildren(QLabel):
        assert one.textFormat() is Qt.TextFormat.PlainText
        assert not one.openExternalLinks()
    assert nasty in panel.texts()
    for button in panel.findChildren(QPushButton):
        assert not button.toolTip().startswith("<a")
    assert plain_tip(nasty).startswith("<qt>&lt;a")


def test_titles_follow_the_users_order(panel: DetailsPanel) -> None:
    panel.show_state(STATE)
    assert panel.texts()[0] == LONG
    set_title_order(("chinese", "english"))
    panel.show_titles()
    assert panel.texts()[:2] == ["真的很長的標題", "A Very Long Title Indeed"]
    assert any("and 4 more" in text for text in panel.texts())


def test_loading_and_failure_keep_what_is_known(panel: DetailsPanel, qtbot: QtBot, shoot: Shoot) -> None:
    known = Work(5, Titles("うさぎ物語"))
    panel.show_state(DetailsState(DetailsStage.LOADING, known, "Looking up details…", FACTS, True))
    assert panel.texts()[0] == "うさぎ物語"
    assert panel.cover.isVisible()
    panel.show_state(DetailsState(DetailsStage.FAILED, known, "AniList is out of order just now.", FACTS))
    qtbot.wait(30)
    shoot(panel, "details-failed")
    again = next(one for one in panel.findChildren(QPushButton) if one.text() == "Try again")
    with qtbot.waitSignal(panel.retry_wanted):
        again.click()


def has_cover(panel: DetailsPanel) -> bool:
    return panel.cover.has_image


def test_a_cover_of_another_work_is_not_shown(panel: DetailsPanel) -> None:
    panel.show_state(STATE)
    image = QImage(10, 14, QImage.Format.Format_RGB32)
    panel.show_cover(6, image)
    assert not has_cover(panel)
    panel.show_cover(5, image)
    assert has_cover(panel)
    panel.show_state(replace(STATE, text="Something is missing."))
    assert has_cover(panel)
    panel.show_state(replace(STATE, work=replace(WORK, number=6)))
    assert not has_cover(panel)


@pytest.mark.parametrize(
    ("size", "is_shown", "is_beside"),
    [((1000, 600), True, True), ((600, 650), True, False), ((600, 480), False, False)],
)
def test_details_stand_where_there_is_room(
    size: tuple[int, int], is_shown: bool, is_beside: bool, qtbot: QtBot
) -> None:
    scene, owner = QWidget(), QWidget()
    panel = DetailsPanel(ActionSet(owner))
    beside = Beside(scene, panel)
    qtbot.addWidget(beside)
    beside.set_any(True)
    beside.resize(*size)
    beside.show()
    qtbot.wait(20)
    assert panel.isVisible() is is_shown
    if is_shown:
        assert (panel.geometry().left() > scene.geometry().left()) is is_beside
    beside.set_bare(True)
    assert not panel.isVisible()
    beside.set_bare(False)
    beside.set_wanted(False)
    assert not panel.isVisible()


def test_kind_and_dates_in_words() -> None:
    assert work_words.kind(WORK) == "TV · 24 episodes of 23 min · Winter 2021"
    assert work_words.kind(Work(1, format="MOVIE", episodes=1, minutes=95)) == "Film · 95 min"
    assert work_words.kind(Work(1, format="OTHER_THING", episodes=1)) == "Other thing · 1 episode"
    assert work_words.kind(Work(1)) == ""
    assert work_words.aired(WORK) == "9 Jan 2021 – Jun 2021"
    assert work_words.aired(Work(1, start=Day(2021), status="RELEASING")) == "2021 –"
    assert work_words.aired(Work(1, start=Day(2021, 5, 3), end=Day(2021, 5, 3))) == "3 May 2021"
    assert work_words.aired(Work(1, status="NOT_YET_RELEASED")) == "Not yet released"
    assert work_words.aired(Work(1, end=Day(2020))) == "? – 2020"
