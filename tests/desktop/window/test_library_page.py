"""The page of the library: films listed, one taken out, unmoved by an indexing that goes on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QDialog, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.app import Application
from desktop.library.demo import Demo
from desktop.library.own_pack import Indexing
from desktop.window.film_list import FilmList
from desktop.window.library_page import LibraryPage

WAIT_MS = 20_000

Shoot = Callable[[QWidget, str], None]


@pytest.fixture
def page(application: Application) -> LibraryPage:
    application.window.actions_set["library"].trigger()
    (page,) = application.window.findChildren(QDialog)
    assert isinstance(page, LibraryPage)
    return page


def unfold(page: LibraryPage, title: str) -> FilmList:
    (fold,) = [
        b for b in page.findChildren(QPushButton) if b.accessibleName() == f"Show the films of {title}"
    ]
    fold.click()
    (films,) = page.findChildren(FilmList)
    return films


def texts(page: LibraryPage) -> list[str]:
    return [one.text() for one in page.findChildren(QLabel)]


def test_films_of_a_pack_are_listed(application: Application, page: LibraryPage) -> None:
    films = unfold(page, "Big Buck Bunny").films
    assert [films.item(row).text() for row in range(films.count())] == ["Big Buck Bunny · 75 s"]
    state = application.library.state
    page.show_library(replace(state, indexing=Indexing("a.mkv", share=0.5)))
    assert page.findChildren(FilmList)[0].films is films
    page.close()


def test_film_of_the_own_pack_is_removed(
    application: Application, demo: Demo, page: LibraryPage, tmp_path: Path, shoot: Shoot, qtbot: QtBot
) -> None:
    film = tmp_path / "[Group] Own Film - 03.mp4"
    film.write_bytes(demo.film.read_bytes())
    library = application.library
    library.add_films([film])
    qtbot.waitUntil(lambda: len(library.state.packs) == 2, timeout=WAIT_MS)
    assert library.state.packs[-1].proxies_bytes > 100_000
    assert any(text.startswith("Small copies of the films") and "kB" in text for text in texts(page))
    shown = unfold(page, "My films")
    shoot(page, "library-own-pack")
    assert not shown.remove.isEnabled()
    shown.films.setCurrentRow(0)
    shown.remove.click()
    qtbot.waitUntil(lambda: library.state.packs[-1].films == 0, timeout=WAIT_MS)
    assert film.exists()
    # small copies are let go when the pack without the film is open
    qtbot.waitUntil(lambda: not any(text.startswith("Small copies") for text in texts(page)), timeout=WAIT_MS)
    assert application.window.notice.text == "1 film was added and can be searched now."
    page.close()
