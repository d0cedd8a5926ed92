"""The window while one series alone is searched, here and at the service's stand-in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QMenu, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.app import Application
from desktop.library.demo import Demo
from desktop.state.query import Stage
from desktop.state.remote import RemoteStage
from tests.desktop.far_window import WAIT_MS, Far, give, informed, wait_for

Shoot = Callable[[QWidget, str], None]


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_the_series_of_a_result_is_searched_alone_until_the_chip_is_closed(
    theme: str, far_app: Application, far: Far, demo: Demo, shoot: Shoot, qtbot: QtBot
) -> None:
    app = far_app
    app.set_theme(theme)
    app.change(show_adult=True)
    app.session.show_adult(True)
    actions, chip = app.window.actions_set, app.window.series
    assert not actions["this_series"].isEnabled()
    place = next(n for n, sample in enumerate(demo.samples) if "bars" in sample.path.name)
    give(app, demo, place)
    wait_for(app, RemoteStage.ANSWERED, qtbot)
    numbers = [hit.remote.anime.number for hit in app.session.state.hits if hit.remote]
    assert len(set(numbers)) > 1
    other = next(n for n, number in enumerate(numbers) if number != numbers[0])
    informed(app, qtbot)
    app.session.select(other)
    informed(app, qtbot)
    within = app.window.details.findChild(QPushButton, "this_seriesButton")
    assert within is not None
    assert within.isVisible()
    assert chip.isHidden()
    shoot(app.window, f"series-offered-{theme}")
    within.click()
    wait_for(app, RemoteStage.ANSWERED, qtbot)
    state = app.session.state
    assert {hit.remote.anime.number for hit in state.hits if hit.remote} == {numbers[other]}
    assert far[0].asked("/search")[-1].given("anilistID") == [str(numbers[other])]
    assert chip.isVisible()
    assert state.hit is not None
    assert chip.text == f"Only in {app.window.scene._title.accessibleName()}"
    assert not actions["this_series"].isEnabled()
    informed(app, qtbot)
    assert not within.isVisible()
    shoot(app.window, f"series-alone-{theme}")
    chip._close.click()
    wait_for(app, RemoteStage.ANSWERED, qtbot)
    assert chip.isHidden()
    assert [hit.remote.anime.number for hit in app.session.state.hits if hit.remote] == numbers
    qtbot.waitUntil(lambda: not app.operations.busy, timeout=WAIT_MS)


@pytest.mark.qt_log_ignore("This plugin does not support")  # a menu without a screen
def test_films_here_are_kept_to_it_by_their_title(
    application: Application, demo: Demo, shoot: Shoot, qtbot: QtBot
) -> None:
    app = application
    app.change(ask_remote="unsure")
    give(app, demo)
    qtbot.waitUntil(lambda: app.session.state.stage is Stage.ANSWERED, timeout=WAIT_MS)
    app.window.results.menu_wanted.emit(app.window.pos())
    menu = next(one for one in app.window.findChildren(QMenu) if one.isVisible())
    action = app.window.actions_set["this_series"]
    assert action in menu.actions()
    assert action.shortcut().toString() == "S"
    menu.close()
    action.trigger()
    qtbot.waitUntil(lambda: app.session.state.stage is Stage.ANSWERED, timeout=WAIT_MS)
    assert app.window.series.text == "Only in Big Buck Bunny"
    assert [match.video.title for match in app.session.state.matches if match.is_match]
    app.window.actions_set["all_series"].trigger()
    qtbot.waitUntil(lambda: app.session.state.stage is Stage.ANSWERED, timeout=WAIT_MS)
    assert app.window.series.isHidden()


def test_where_the_number_is_not_known_that_is_said_and_nothing_sent(
    far: Far, application: Application, demo: Demo, shoot: Shoot, qtbot: QtBot
) -> None:
    app = application
    app.change(ask_remote="unsure")
    give(app, demo)
    qtbot.waitUntil(lambda: app.session.state.stage is Stage.ANSWERED, timeout=WAIT_MS)
    app.window.actions_set["this_series"].trigger()
    wait_for(app, RemoteStage.NOT_ASKED, qtbot)
    assert "its number there is not known" in app.window.remote_line.text
    assert not app.window.actions_set["ask_remote"].isEnabled()
    shoot(app.window, "series-without-number")
    assert far[0].asked("/search") == []
