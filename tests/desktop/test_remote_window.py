"""The window with the services' stand-ins behind it: asked or not, what came, what went wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.app import Application
from desktop.library.demo import Demo
from desktop.state.details import DetailsStage
from desktop.state.preview import PreviewStage
from desktop.state.query import Stage
from desktop.state.remote import RemoteStage
from desktop.state.work import TITLE_ORDER
from desktop.window.hit_words import set_title_order
from desktop.window.online_page import OnlinePage
from tests.standins import anilist as anilist_standin
from tests.standins.server import Server, Told
from tests.standins.tracemoe import ANILIST_PATH, TraceMoe, tracemoe
from tests.standins.tracemoe_faults import FAULTS
from tests.standins.tracemoe_previews import Previews

Shoot = Callable[[QWidget, str], None]

WAIT_MS = 20_000

#: Fetches from the services' stand-ins.
Far = tuple[Server, TraceMoe]


@pytest.fixture(scope="module")
def made() -> Previews:
    """Clips of the stand-in, made once for all tests."""
    return TraceMoe().previews


@pytest.fixture
def far(made: Previews, monkeypatch: pytest.MonkeyPatch) -> Iterator[Far]:
    """The stand-ins in the place of the services."""
    with tracemoe() as (server, service):
        service.previews = made
        service.other = {ANILIST_PATH: anilist_standin.AniList().handle}
        monkeypatch.setenv("SCENELENS_TRACEMOE_URL", server.url)
        monkeypatch.setenv("SCENELENS_ANILIST_URL", server.url + ANILIST_PATH)
        yield server, service


@pytest.fixture
def app(far: Far, make_application: Callable[..., Application], qtbot: QtBot) -> Application:
    """The application without a film, that may ask."""
    made = make_application(None)
    made.change(ask_remote="unsure")
    made.asking.mark()
    made.start()
    return made


@pytest.fixture(autouse=True)
def titles_in_their_own_order() -> Iterator[None]:
    yield
    set_title_order(TITLE_ORDER)


def give(app: Application, demo: Demo, place: int = 0) -> None:
    app.taking.take_paths([demo.samples[place].path])


def wait_for(app: Application, stage: RemoteStage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: app.session.state.remote.stage is stage, timeout=WAIT_MS)


def played(app: Application, qtbot: QtBot) -> None:
    """Wait until a preview is in the player."""
    qtbot.waitUntil(
        lambda: app.previewing.state.stage is PreviewStage.READY and app.player.playback.frame is not None,
        timeout=WAIT_MS,
    )


def informed(app: Application, qtbot: QtBot) -> None:
    details = app.window.details
    qtbot.waitUntil(
        lambda: details.state.stage is DetailsStage.READY and details.cover.has_image, timeout=WAIT_MS
    )


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
    assert scene.page is scene.question
    assert "33 numbers" in scene.question.texts[1]
    assert "never the picture" in scene.question.texts[1]
    assert far[0].records == []  # nothing was sent before
    shoot(app.window, f"far-question-{theme}")
    app.window.actions_set["remote_unsure"].trigger()
    qtbot.waitUntil(lambda: app.window.details.state.stage is DetailsStage.LOADING, timeout=WAIT_MS)
    shoot(app.window, f"far-loading-{theme}")
    played(app, qtbot)
    informed(app, qtbot)
    assert app.settings.ask_remote == "unsure"
    assert scene.page is app.player
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


def test_refused_means_nothing_is_sent(
    app: Application, far: Far, demo: Demo, shoot: Shoot, qtbot: QtBot
) -> None:
    app.change(ask_remote="")
    give(app, demo)
    wait_for(app, RemoteStage.QUESTION, qtbot)
    app.window.actions_set["remote_never"].trigger()
    give(app, demo, 1)
    qtbot.waitUntil(lambda: app.session.state.stage is Stage.NO_MATCH, timeout=WAIT_MS)
    assert app.session.state.remote.stage is RemoteStage.NOT_ASKED
    assert app.window.scene.page is app.window.scene.nothing
    assert far[0].records == []
    shoot(app.window, "far-refused")
    app.window.actions_set["ask_remote"].trigger()  # for this one picture
    wait_for(app, RemoteStage.ANSWERED, qtbot)


def test_a_service_that_is_down_is_told_of(
    app: Application, far: Far, demo: Demo, shoot: Shoot, qtbot: QtBot
) -> None:
    far[0].fault_next("/search", FAULTS["500-index"])
    give(app, demo)
    wait_for(app, RemoteStage.FAILED, qtbot)
    assert "index is down" in app.window.remote_line.text
    assert "index is down" in app.window.scene.nothing.texts[1]
    shoot(app.window, "far-down")
    app.window.actions_set["ask_remote"].trigger()
    wait_for(app, RemoteStage.ANSWERED, qtbot)


def test_waiting_counts_down_and_can_be_given_up(
    app: Application, far: Far, demo: Demo, shoot: Shoot, qtbot: QtBot
) -> None:
    far[0].fault_next("/search", Told(429, b"Too many requests", (("Retry-After", "30"),)), times=3)
    give(app, demo)
    qtbot.waitUntil(lambda: app.session.state.remote.waiting is not None, timeout=WAIT_MS)
    assert " s." in app.window.remote_line.text
    qtbot.waitUntil(lambda: app.window.scene.page is app.window.scene.busy, timeout=WAIT_MS)
    shoot(app.window, "far-waiting")
    app.window.actions_set["cancel"].trigger()
    assert not app.session.state.is_busy
    assert app.session.state.stage is Stage.NO_MATCH
    qtbot.waitUntil(lambda: not app.operations.busy, timeout=WAIT_MS)


def test_when_the_quota_ends_it_is_said(
    app: Application, far: Far, demo: Demo, shoot: Shoot, qtbot: QtBot
) -> None:
    far[1].accounts.spend("127.0.0.1", 100)
    give(app, demo)
    wait_for(app, RemoteStage.NOT_ASKED, qtbot)
    assert "used up" in app.window.remote_line.text
    assert far[0].asked("/search") == []
    shoot(app.window, "far-quota-ended")


def test_adult_works_are_hidden_with_their_number(
    app: Application, far: Far, demo: Demo, shoot: Shoot, qtbot: QtBot
) -> None:
    # of the second half of the film, which the stand-in has as an adult work, too
    place = next(n for n, sample in enumerate(demo.samples) if "bars" in sample.path.name)
    give(app, demo, place)
    wait_for(app, RemoteStage.ANSWERED, qtbot)
    assert app.session.state.hidden == 1
    assert "1 result of an adult work" in app.window.remote_line.hidden_text
    titles = [hit.remote.anime.romaji for hit in app.session.state.hits if hit.remote]
    assert "Yoru no Usagi" not in titles
    shoot(app.window, "far-adult-hidden")
    app.window.actions_set["show_adult"].trigger()
    assert app.settings.show_adult
    shown = [hit.remote.anime.romaji for hit in app.session.state.hits if hit.remote]
    assert "Yoru no Usagi" in shown
    assert app.window.remote_line.hidden_text.startswith("0")
    played(app, qtbot)


def test_a_preview_that_fails_can_be_fetched_again(
    app: Application, far: Far, demo: Demo, shoot: Shoot, qtbot: QtBot
) -> None:
    far[0].fault_next("/video/", FAULTS["preview-empty"])
    give(app, demo)
    qtbot.waitUntil(lambda: app.previewing.state.stage is PreviewStage.FAILED, timeout=WAIT_MS)
    scene = app.window.scene
    assert scene.page is scene.no_preview
    assert "only a part" in scene.no_preview.texts[1]
    informed(app, qtbot)
    shoot(app.window, "far-no-preview")
    app.window.actions_set["retry_preview"].trigger()
    played(app, qtbot)
    assert scene.page is app.player


@pytest.mark.qt_log_ignore("pipewire")  # this machine may have no server of sound
def test_the_sound_is_fetched_when_it_is_to_be_heard(
    app: Application, far: Far, demo: Demo, qtbot: QtBot
) -> None:
    give(app, demo)
    played(app, qtbot)
    assert far[0].asked("/video/")[0].given("mute") == [""]
    app.player.set_muted(False)
    qtbot.waitUntil(lambda: len(far[0].asked("/video/")) == 2, timeout=WAIT_MS)
    assert far[0].asked("/video/")[1].given("mute") == []
    played(app, qtbot)
    app.player.set_muted(True)
    app.player.set_muted(False)
    assert len(far[0].asked("/video/")) == 2


def test_the_same_picture_costs_nothing_twice(app: Application, far: Far, demo: Demo, qtbot: QtBot) -> None:
    give(app, demo)
    played(app, qtbot)
    informed(app, qtbot)
    qtbot.waitUntil(lambda: not app.operations.busy, timeout=WAIT_MS)
    before = len(far[0].records)
    give(app, demo)
    played(app, qtbot)
    qtbot.waitUntil(lambda: not app.operations.busy, timeout=WAIT_MS)
    assert len(far[0].records) == before
    assert app.window.scene._source.text() == "trace.moe"


def test_ones_own_copy_of_the_episode_is_offered(
    far: Far, application: Application, demo: Demo, shoot: Shoot, qtbot: QtBot
) -> None:
    app = application
    app.change(ask_remote="always")
    give(app, demo)
    wait_for(app, RemoteStage.ANSWERED, qtbot)
    qtbot.waitUntil(lambda: app.session.state.found is not None, timeout=WAIT_MS)
    hits = app.session.state.hits
    assert [hit.here is not None for hit in hits[:2]] == [True, False]
    app.session.select(1)
    qtbot.waitUntil(lambda: app.previewing.state.own_copy == demo.film, timeout=WAIT_MS)
    own = app.window.actions_set["own_copy"]
    assert own.isEnabled()
    shoot(app.window, "far-own-copy")
    own.trigger()
    scene = app.showing.scene
    assert scene is not None
    assert scene.film == demo.film
    assert hits[1].remote is not None
    assert scene.at_s == hits[1].remote.at_s
    assert app.window.actions_set["outside"].isEnabled()
    assert not own.isEnabled()
    assert app.window.scene.page is app.player


def test_details_of_a_film_here_come_from_its_pack(
    application: Application, demo: Demo, shoot: Shoot, qtbot: QtBot
) -> None:
    give(application, demo)
    qtbot.waitUntil(lambda: application.session.state.stage is Stage.ANSWERED, timeout=WAIT_MS)
    details = application.window.details
    assert details.state.stage is DetailsStage.BARE
    assert "Big Buck Bunny" in details.texts()
    assert any("854 × 480" in text for text in details.texts())
    assert not details.cover.isVisible()
    shoot(application.window, "far-details-here")
    application.window.actions_set["details"].trigger()
    assert not details.isVisible()
    assert not application.settings.show_details


def test_details_that_fail_leave_the_titles(
    app: Application, far: Far, demo: Demo, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot, shoot: Shoot
) -> None:
    far[1].other = {ANILIST_PATH: lambda _asked: anilist_standin.FAULTS["down"]}
    index = far[1].handle  # records without what a page of details needs
    monkeypatch.setattr(far[0], "handle", lambda asked: _bare(index(asked)))
    give(app, demo)
    details = app.window.details
    qtbot.waitUntil(lambda: "out of order" in details.state.text, timeout=WAIT_MS)
    assert "ビッグ・バック・バニー" in details.texts()
    shoot(app.window, "far-details-down")
    monkeypatch.setattr(far[0], "handle", index)
    service = far[1]
    service.other = {ANILIST_PATH: anilist_standin.AniList().handle}
    details.retry_wanted.emit()
    informed(app, qtbot)


def _bare(told: Told) -> Told:
    """An answer whose records have no kind, as a server that keeps less would send."""
    body = told.body.replace(b'"format"', b'"unknown"') if isinstance(told.body, bytes) else told.body
    return Told(told.status, body, told.headers, told.length, told.drop)


def test_a_link_opens_in_the_browser_and_nothing_else_does(
    app: Application, demo: Demo, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    opened: list[str] = []

    def note(url: QUrl) -> bool:
        opened.append(url.toString())
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", note)
    for address in ("https://anilist.co/anime/5", "file:///etc/passwd", "javascript:x", "not an address"):
        app.window.details.link_wanted.emit(address)
    assert opened == ["https://anilist.co/anime/5"]


def test_the_page_of_online_lookups(
    app: Application, far: Far, demo: Demo, shoot: Shoot, qtbot: QtBot
) -> None:
    give(app, demo)
    played(app, qtbot)
    app.window.actions_set["online"].trigger()
    page = app.window.findChild(OnlinePage)
    assert page is not None
    qtbot.waitUntil(lambda: "98 are left" in page._quota.text(), timeout=WAIT_MS)
    page._kinds[2].click()  # English first
    assert app.settings.title_order[0] == "english"
    assert app.window.scene._title.accessibleName() == "Big Buck Bunny"
    assert app.window.details.texts()[0] == "Big Buck Bunny"
    page._wishes.buttons()[2].click()
    assert app.settings.ask_remote == "never"
    page._adult.click()
    assert app.settings.show_adult
    shoot(page, "far-online-page")
    page.reject()
    qtbot.waitUntil(lambda: not app.operations.busy, timeout=WAIT_MS)


def test_a_key_is_kept_in_the_ring_or_told_why_not(
    app: Application, far: Far, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.window.actions_set["online"].trigger()
    page = app.window.findChild(OnlinePage)
    assert page is not None
    qtbot.waitUntil(lambda: "Looking" not in page._key_text.text(), timeout=WAIT_MS)
    page.key_given.emit("two words")
    qtbot.waitUntil(lambda: "no key of trace.moe" in page._key_text.text(), timeout=WAIT_MS)
    page.reject()
