"""Each designed state of the window, in both themes, as the user meets it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtWidgets import QDialog, QLabel, QMenu, QWidget
from pytestqt.qtbot import QtBot

from desktop.app import Application
from desktop.intake.offers import LocalFile
from desktop.intake.reading import read
from desktop.library.demo import Demo
from desktop.library.own_pack import Indexing
from desktop.state.query import Query, SearchState, Stage
from desktop.window.keys_page import keys_page
from desktop.window.library_page import LibraryPage
from index_tools.film import read_frame
from index_tools.picture import Picture
from index_tools.progress import Progress
from tests.desktop.state.hands import make_found, make_match

Shoot = Callable[[QWidget, str], None]

WAIT_MS = 20_000


@pytest.fixture(params=["dark", "light"])
def dressed(request: pytest.FixtureRequest, application: Application) -> Application:
    application.set_theme(request.param)
    return application


def theme_of(application: Application) -> str:
    return application.settings.theme


def search(application: Application, path: Path, qtbot: QtBot) -> None:
    application.taking.take_paths([path])
    session = application.session
    qtbot.waitUntil(
        lambda: session.state.stage in (Stage.ANSWERED, Stage.NO_MATCH, Stage.FAILED), timeout=WAIT_MS
    )


def test_first_page_offers_samples(dressed: Application, shoot: Shoot, qtbot: QtBot) -> None:
    window = dressed.window
    assert window.is_welcoming
    qtbot.waitUntil(lambda: "frames" in window._library.text())
    shoot(window, f"empty-{theme_of(dressed)}")
    window.resize(720, 480)
    shoot(window, f"empty-small-{theme_of(dressed)}")


def test_sample_shows_its_scene(dressed: Application, demo: Demo, shoot: Shoot, qtbot: QtBot) -> None:
    with qtbot.waitSignal(dressed.player.first_frame_shown, timeout=WAIT_MS):
        dressed.window.welcome.sample_chosen.emit(demo.samples[2].path)
    session = dressed.session
    qtbot.waitUntil(
        lambda: session.state.found is not None and session.state.found.answer.refined, timeout=WAIT_MS
    )
    match = session.state.match
    assert match is not None
    assert match.is_match
    assert "mirrored" in match.hypothesis
    assert match.start_s <= match.at_s <= match.end_s
    assert abs(match.at_s - 26.0) < 0.1
    assert dressed.window.scene.page is dressed.player
    assert "Blender Foundation" in dressed.window.scene._attribution.text()
    shoot(dressed.window, f"answered-{theme_of(dressed)}")
    dressed.window.actions_set["guesses"].trigger()
    shoot(dressed.window, f"guesses-{theme_of(dressed)}")
    dressed.window.resize(760, 500)
    qtbot.wait(50)
    shoot(dressed.window, f"answered-small-{theme_of(dressed)}")


def test_no_match_says_what_was_searched(
    dressed: Application, tmp_path: Path, shoot: Shoot, qtbot: QtBot
) -> None:
    rng = np.random.default_rng(5)
    noise = rng.integers(0, 255, (6, 8, 3), np.uint8)
    path = tmp_path / "holiday.png"
    Image.fromarray(noise).resize((800, 450), Image.Resampling.BICUBIC).save(path)
    dressed.change(ask_remote="never")
    search(dressed, path, qtbot)
    assert dressed.session.state.stage is Stage.NO_MATCH
    title, text = dressed.window.scene.nothing.texts
    assert dressed.window.scene.page is dressed.window.scene.nothing
    assert "No scene" in title
    assert "1 film" in text
    shoot(dressed.window, f"no-match-{theme_of(dressed)}")


def test_unreadable_picture_is_explained(
    dressed: Application, tmp_path: Path, shoot: Shoot, qtbot: QtBot
) -> None:
    path = tmp_path / "notes.png"
    path.write_text("this is no picture")
    search(dressed, path, qtbot)
    assert dressed.session.state.stage is Stage.FAILED
    assert "notes.png" in dressed.window.scene.failed.texts[1]
    shoot(dressed.window, f"failed-{theme_of(dressed)}")


def test_busy_page_comes_when_it_takes_long(
    dressed: Application, demo: Demo, shoot: Shoot, qtbot: QtBot
) -> None:
    dressed.operations.refuse_more()
    dressed.taking.take_paths([demo.samples[0].path])
    scene = dressed.window.scene
    assert scene.page is not scene.busy
    qtbot.waitUntil(lambda: scene.page is scene.busy, timeout=3000)
    shoot(dressed.window, f"busy-{theme_of(dressed)}")


def test_a_closer_look_is_told_with_the_guesses_beside_it(
    dressed: Application, shoot: Shoot, qtbot: QtBot
) -> None:
    query = Query(Picture.of(np.full((90, 160, 3), 90, np.uint8)), "holiday.png")
    guess = make_found(make_match(20.0, 0.7, is_match=False))
    dressed.operations.refuse_more()
    dressed.session._change(SearchState(Stage.LOOKING, "holiday.png", query, guess))
    scene = dressed.window.scene
    qtbot.waitUntil(lambda: scene.page is scene.busy, timeout=3000)
    assert "Looking more closely" in scene.busy.texts[0]
    shoot(dressed.window, f"looking-{theme_of(dressed)}")


def test_indexing_shows_how_far_it_is(dressed: Application, shoot: Shoot, qtbot: QtBot) -> None:
    going = Indexing("[Group] 映画の名前 - 05.mkv", 2, 12, 0.43, 38.0, 340.0)
    dressed.library._change(replace(dressed.library.state, indexing=going))
    strip = dressed.window.strip
    assert strip.isVisible()
    assert "2 of 12" in strip._text.accessibleName()
    assert "6 min left" in strip._text.accessibleName()
    dressed.window.notice.tell("city.mkv was left out: it holds no video.")
    shoot(dressed.window, f"indexing-{theme_of(dressed)}")
    dressed.library._change(replace(dressed.library.state, indexing=None))
    assert not strip.isVisible()


def test_gif_is_searched_whole(
    dressed: Application, demo: Demo, tmp_path: Path, shoot: Shoot, qtbot: QtBot
) -> None:
    frames = [Image.fromarray(read_frame(demo.film, 30.0 + number / 5, 320).rgb) for number in range(11)]
    gif = tmp_path / "reaction.gif"
    frames[0].save(gif, save_all=True, append_images=frames[1:], duration=200)
    search(dressed, gif, qtbot)
    session, actions = dressed.session, dressed.window.actions_set
    qtbot.waitUntil(
        lambda: session.state.found is not None and session.state.found.answer.refined, timeout=WAIT_MS
    )
    match, query = session.state.match, session.state.query
    assert match is not None
    assert query is not None
    assert query.moments is not None
    assert (match.start_s, match.end_s) == pytest.approx((30.0, 32.2), abs=0.3)
    card = dressed.window.card
    assert card.chooser.isVisible()
    assert not actions["search_clip"].isEnabled()
    assert "frames" in card._about.text()
    qtbot.waitUntil(lambda: not dressed.window.busy._tick.isActive(), timeout=WAIT_MS)
    shoot(dressed.window, f"clip-whole-{theme_of(dressed)}")
    actions["search_frame"].trigger()
    qtbot.waitUntil(lambda: session.state.found is not None, timeout=WAIT_MS)
    assert session.state.query is not None
    assert session.state.query.moments is None
    assert actions["search_clip"].isEnabled()


def test_long_film_brings_the_frame_chooser(
    dressed: Application, demo: Demo, shoot: Shoot, qtbot: QtBot
) -> None:
    search(dressed, demo.film, qtbot)
    card = dressed.window.card
    assert card.chooser.isVisible()
    qtbot.waitUntil(lambda: dressed.player.at_s > 0 and dressed.player.playing, timeout=WAIT_MS)
    qtbot.wait(150)
    shoot(dressed.window, f"clip-{theme_of(dressed)}")
    assert "10 s" in card.chooser.search_clip.text()
    dressed.window.resize(760, 500)
    qtbot.wait(50)
    shoot(dressed.window, f"clip-small-{theme_of(dressed)}")
    card.chooser._slider.setValue(round(50.0 * 24))
    dressed.window.actions_set["search_clip"].trigger()
    session = dressed.session
    qtbot.waitUntil(lambda: session.state.found is not None, timeout=WAIT_MS)
    assert session.state.match is not None
    assert (session.state.match.start_s, session.state.match.end_s) == pytest.approx((45.0, 55.0), abs=1.0)


def test_many_results_with_long_and_japanese_titles(
    dressed: Application, demo: Demo, shoot: Shoot, qtbot: QtBot
) -> None:
    names = [
        ("葬送のフリーレン", 1, "05", True),
        ("A film with a title that is far too long for the width of any list of results", None, "", True),
        ("葬送のフリーレン", 1, "12-13", False),
        ("Neon Genesis Evangelion", None, "26", False),
    ]
    matches = []
    for number, (title, season, episode, is_match) in enumerate(names):
        match = make_match(700.0 + 900 * number, 0.99 - 0.06 * number, is_match=is_match, video=number)
        video = replace(match.video, title=title, season=season, episode=episode)
        matches.append(
            replace(match, video=video, film=None, hypothesis="mirrored" if number == 1 else "as_is")
        )
    query = read(LocalFile(demo.samples[0].path), Progress())
    found = make_found(*matches, refined=True)
    dressed.session._change(SearchState(Stage.ANSWERED, "a.png", query, found, 0))
    window = dressed.window
    assert window.scene.page is window.scene.absent
    assert window.results.results.rowCount() == 3  # two scenes and the line
    assert "2 guesses" in window.results.results.index(2).data()
    shoot(window, f"absent-{theme_of(dressed)}")
    window.actions_set["guesses"].trigger()
    assert window.results.results.rowCount() == 5
    window.actions_set["next"].trigger()
    window.actions_set["next"].trigger()
    assert dressed.session.state.selected == 2  # the line is passed over
    assert "mirrored" not in window.scene._episode.accessibleName()
    shoot(window, f"many-{theme_of(dressed)}")
    window.actions_set["previous"].trigger()
    assert dressed.session.state.selected == 1
    assert window.card._reading.text() == "mirrored"


def test_veil_of_a_drop(dressed: Application, shoot: Shoot) -> None:
    dressed.window._overlay.cover()
    shoot(dressed.window, f"drop-{theme_of(dressed)}")
    assert dressed.window._overlay.size() == dressed.window.size()
    dressed.window._overlay.hide()


def test_menu(dressed: Application, shoot: Shoot) -> None:
    part = dressed.window.menu.actions()[1].menu()
    assert isinstance(part, QMenu)
    part.resize(part.sizeHint())
    assert part.width() > 200
    shoot(part, f"menu-{theme_of(dressed)}")


def test_findings_of_the_doctor(dressed: Application, shoot: Shoot, qtbot: QtBot) -> None:
    dressed.window.actions_set["doctor"].trigger()
    qtbot.waitUntil(lambda: dressed.window.findChild(QWidget, "doctorPage") is not None, timeout=WAIT_MS)
    page = dressed.window.findChild(QDialog, "doctorPage")
    assert page is not None
    shoot(page, f"doctor-{theme_of(dressed)}")
    page.close()


def test_pages_of_keys_and_library(dressed: Application, shoot: Shoot, qtbot: QtBot) -> None:
    keys = keys_page(dressed.window, {"capture": "Ctrl+Alt+S"})
    keys.show()
    shown = {label.text() for label in keys.findChildren(QLabel)}
    assert {"Ctrl+V", "Space", "Ctrl+Alt+S", "Capture a part of the screen", "In the small window"} <= shown
    shoot(keys, f"keys-{theme_of(dressed)}")
    library = LibraryPage(dressed.window, dressed.window.actions_set)
    library.show_library(dressed.library.state)
    library.show()
    assert "Big Buck Bunny" in {label.text() for label in library.findChildren(QLabel)}
    shoot(library, f"library-{theme_of(dressed)}")
    keys.close()
    library.close()
