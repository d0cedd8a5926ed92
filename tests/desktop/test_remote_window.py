"""The window with the services' stand-ins behind it: asked or not, what came, what went wrong."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.app import Application
from desktop.library.demo import Demo
from desktop.lookup.policy import AskWhen
from desktop.lookup.remote_answer import RemoteMatch
from desktop.state.details import DetailsStage, DetailsState
from desktop.state.query import Stage
from desktop.state.remote import RemoteStage
from desktop.window.online_page import OnlinePage
from tests.desktop.far_window import WAIT_MS, Far, give, give_another, informed, page, played, wait_for
from tests.standins.server import Told
from tests.standins.tracemoe_faults import FAULTS

Shoot = Callable[[QWidget, str], None]


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_first_use_asks_then_a_match_plays_its_preview(
    theme: str,
    far: Far,
    make_application: Callable[..., Application],
    demo: Demo,
    shoot: Shoot,
    qtbot: QtBot,
) -> None:
    app = make_application(None)
    app.set_theme(theme)
    app.start()
    give(app, demo)
    wait_for(app, RemoteStage.QUESTION, qtbot)
    scene = app.window.scene
    assert page(app) is scene.question
    assert "33 numbers" in scene.question.texts[1]
    assert "never the picture" in scene.question.texts[1]
    qtbot.waitUntil(lambda: "takes 2 of today's searches" in scene.question.texts[1], timeout=WAIT_MS)
    assert far[0].records == []  # nothing was sent before
    shoot(app.window, f"far-question-{theme}")
    app.window.actions_set["remote_unsure"].trigger()
    played(app, qtbot)
    informed(app, qtbot)
    assert app.settings.ask_remote == "unsure"
    assert page(app) is app.player
    assert scene._source.text() == "trace.moe"
    assert "98 of 100" in app.window._quota.text()
    assert "ビッグ・バック・バニー" in app.window.details.texts()
    loaded = app.showing.scene
    assert loaded is not None
    assert loaded.clip_from_s is not None
    hit = app.session.state.hit
    assert hit is not None
    assert hit.remote is not None
    assert loaded.clip_from_s + loaded.at_s == pytest.approx(hit.remote.at_s, abs=0.002)
    for name in ("outside", "folder", "whole_film", "search_shown"):
        assert not app.window.actions_set[name].isEnabled()
    assert app.window.actions_set["play"].isEnabled()
    shoot(app.window, f"far-answered-{theme}")
    app.window.resize(860, 700)
    shoot(app.window, f"far-answered-narrow-{theme}")
    assert app.window.details.isVisible()
    app.window.resize(800, 500)
    shoot(app.window, f"far-answered-small-{theme}")


def test_the_list_is_painted_before_what_nobody_waits_for(
    far_app: Application, demo: Demo, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    stages: list[DetailsStage] = []
    show_state = far_app.window.details.show_state

    def show(state: DetailsState) -> None:
        if state.stage is not DetailsStage.NONE:
            made.append("details")
            stages.append(state.stage)
        show_state(state)

    class Painted(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() is QEvent.Type.Paint and far_app.session.state.hits:
                made.append("list")
            return False

    fetch = far_app.previewing._fetch

    def fetch_preview(far: RemoteMatch) -> None:
        made.append("preview")
        fetch(far)

    painted = Painted()
    monkeypatch.setattr(far_app.window.details, "show_state", show)
    monkeypatch.setattr(far_app.previewing, "_fetch", fetch_preview)
    far_app.window.results.viewport().installEventFilter(painted)
    give(far_app, demo)
    informed(far_app, qtbot)
    far_app.window.results.viewport().removeEventFilter(painted)
    assert made[0] == "list"
    assert {"details", "preview"} <= set(made)
    assert (stages[0], stages[-1]) == (DetailsStage.LOADING, DetailsStage.READY)


def test_details_are_filled_in_one_turn_and_laid_out_in_another(
    far_app: Application, demo: Demo, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    details, beside = far_app.window.details, far_app.window.beside
    shown: list[bool] = []
    show_state = details.show_state

    def show(state: DetailsState) -> None:
        show_state(state)
        if state.stage is not DetailsStage.NONE:
            shown.append(beside.has_any)

    monkeypatch.setattr(details, "show_state", show)
    give(far_app, demo)
    qtbot.waitUntil(details.isVisible, timeout=WAIT_MS)
    assert shown[0] is False
    informed(far_app, qtbot)
    far_app.session.clear()
    qtbot.waitUntil(lambda: not details.isVisible(), timeout=WAIT_MS)
    qtbot.waitUntil(lambda: not far_app.operations.busy, timeout=WAIT_MS)


def test_refused_means_nothing_is_sent(
    far_app: Application, far: Far, demo: Demo, shoot: Shoot, qtbot: QtBot
) -> None:
    far_app.change(ask_remote="")
    give(far_app, demo)
    wait_for(far_app, RemoteStage.QUESTION, qtbot)
    far_app.window.actions_set["remote_never"].trigger()
    give_another(far_app, demo, 0, qtbot)
    qtbot.waitUntil(lambda: far_app.session.state.stage is Stage.NO_MATCH, timeout=WAIT_MS)
    assert far_app.session.state.remote.stage is RemoteStage.NOT_ASKED
    assert page(far_app) is far_app.window.scene.nothing
    assert far[0].records == []
    qtbot.waitUntil(lambda: "takes 2 of" in far_app.window.remote_line.text, timeout=WAIT_MS)
    assert "takes 2 of" in far_app.window.scene.nothing.texts[1]
    assert "takes 2 of" in far_app.window.actions_set["ask_remote"].toolTip()
    assert far[0].records == []
    shoot(far_app.window, "far-refused")
    far_app.window.actions_set["ask_remote"].trigger()  # for this one picture
    wait_for(far_app, RemoteStage.ANSWERED, qtbot)


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_what_asking_takes_is_told_before_and_is_what_it_takes(
    theme: str, far_app: Application, far: Far, demo: Demo, shoot: Shoot, qtbot: QtBot
) -> None:
    app, window = far_app, far_app.window
    app.set_theme(theme)
    give(app, demo)  # now the quota is known
    wait_for(app, RemoteStage.ANSWERED, qtbot)
    app.asking.choose(AskWhen.NEVER)
    give_another(app, demo, 1, qtbot)
    qtbot.waitUntil(lambda: "of the 98 searches left today" in window.remote_line.text, timeout=WAIT_MS)
    cost = app.session.state.remote.cost
    assert cost is not None
    assert f"takes {cost.searches} of the 98 searches" in window.remote_line.text
    assert window._quota.text() == f"trace.moe: 98 of 100 left · this picture takes {cost.searches}"
    assert f"takes {cost.searches} of the 98 searches" in window.remote_line._ask.toolTip()
    shoot(window, f"far-price-{theme}")
    window.actions_set["ask_remote"].trigger()
    wait_for(app, RemoteStage.ANSWERED, qtbot)
    answer = app.session.state.remote.answer
    assert answer is not None
    assert answer.cost == cost.searches
    assert far[1].accounts.used("127.0.0.1") == 2 + cost.searches
    assert window._quota.text() == f"trace.moe: {98 - cost.searches} of 100 left"
    assert "takes" not in window.actions_set["ask_remote"].toolTip()
    give_another(app, demo, 1, qtbot)
    qtbot.waitUntil(lambda: "takes no search" in window.remote_line.text, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: not app.operations.busy, timeout=WAIT_MS)


def test_a_service_that_is_down_is_told_of(
    far_app: Application, far: Far, demo: Demo, shoot: Shoot, qtbot: QtBot
) -> None:
    far[0].fault_next("/search", FAULTS["500-index"])
    give(far_app, demo)
    wait_for(far_app, RemoteStage.FAILED, qtbot)
    assert "index is down" in far_app.window.remote_line.text
    assert "index is down" in far_app.window.scene.nothing.texts[1]
    shoot(far_app.window, "far-down")
    far_app.window.actions_set["ask_remote"].trigger()
    wait_for(far_app, RemoteStage.ANSWERED, qtbot)


def test_waiting_counts_down_and_can_be_given_up(
    far_app: Application, far: Far, demo: Demo, shoot: Shoot, qtbot: QtBot
) -> None:
    far[0].fault_next("/search", Told(429, b"Too many requests", (("Retry-After", "30"),)), times=3)
    give(far_app, demo)
    qtbot.waitUntil(lambda: far_app.session.state.remote.waiting is not None, timeout=WAIT_MS)
    assert " s." in far_app.window.remote_line.text
    qtbot.waitUntil(lambda: far_app.window.scene.page is far_app.window.scene.busy, timeout=WAIT_MS)
    shoot(far_app.window, "far-waiting")
    far_app.window.actions_set["cancel"].trigger()
    assert not far_app.session.state.is_busy
    assert far_app.session.state.stage is Stage.NO_MATCH
    qtbot.waitUntil(lambda: not far_app.operations.busy, timeout=WAIT_MS)


def test_when_the_quota_ends_it_is_said(
    far_app: Application, far: Far, demo: Demo, shoot: Shoot, qtbot: QtBot
) -> None:
    far[1].accounts.spend("127.0.0.1", 100)
    give(far_app, demo)
    wait_for(far_app, RemoteStage.NOT_ASKED, qtbot)
    assert "used up" in far_app.window.remote_line.text
    assert far[0].asked("/search") == []
    shoot(far_app.window, "far-quota-ended")


def test_the_page_of_online_lookups(
    far_app: Application, far: Far, demo: Demo, shoot: Shoot, qtbot: QtBot
) -> None:
    give(far_app, demo)
    played(far_app, qtbot)
    far_app.window.actions_set["online"].trigger()
    page = far_app.window.findChild(OnlinePage)
    assert page is not None
    qtbot.waitUntil(lambda: "98 are left" in page._quota.text(), timeout=WAIT_MS)
    page._kinds[2].click()  # English first
    assert far_app.settings.title_order[0] == "english"
    assert far_app.window.scene._title.accessibleName() == "Big Buck Bunny"
    assert far_app.window.details.texts()[0] == "Big Buck Bunny"
    page._wishes.buttons()[2].click()
    assert far_app.settings.ask_remote == "never"
    page._adult.click()
    assert far_app.settings.show_adult
    shoot(page, "far-online-page")
    page.reject()
    qtbot.waitUntil(lambda: not far_app.operations.busy, timeout=WAIT_MS)


@pytest.mark.parametrize("wish", ["", "never"])
def test_the_page_asks_nobody_who_is_not_to_be_asked(
    wish: str, far_app: Application, far: Far, qtbot: QtBot
) -> None:
    far_app.change(ask_remote=wish)
    far_app.window.actions_set["online"].trigger()
    page = far_app.window.findChild(OnlinePage)
    assert page is not None
    qtbot.waitUntil(lambda: not far_app.operations.busy, timeout=WAIT_MS)
    assert far[0].records == []
    assert "after the first search" in page._quota.text()
    page.reject()


def test_a_key_is_kept_in_the_ring_or_told_why_not(
    far_app: Application, far: Far, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    far_app.window.actions_set["online"].trigger()
    page = far_app.window.findChild(OnlinePage)
    assert page is not None
    qtbot.waitUntil(lambda: "Looking" not in page._key_text.text(), timeout=WAIT_MS)
    page.key_given.emit("two words")
    qtbot.waitUntil(lambda: "no key of trace.moe" in page._key_text.text(), timeout=WAIT_MS)
    page.reject()
