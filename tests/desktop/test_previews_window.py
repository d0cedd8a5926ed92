"""The window with the services' stand-ins behind it: previews and details of what they found."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop import listed_pictures
from desktop.app import Application
from desktop.library.demo import Demo
from desktop.lookup.previews import Previews, Size
from desktop.lookup.remote_answer import RemoteMatch
from desktop.state.details import DetailsStage
from desktop.state.preview import PreviewStage
from desktop.state.query import Stage
from desktop.state.remote import RemoteStage
from desktop.work.operations import AFTER_PAINTING_MS
from index_tools.progress import Progress
from tests.desktop.far_window import WAIT_MS, Far, give, give_another, informed, page, played, wait_for
from tests.standins import anilist as anilist_standin
from tests.standins.server import Asked, Told
from tests.standins.tracemoe import ANILIST_PATH
from tests.standins.tracemoe_faults import FAULTS

Shoot = Callable[[QWidget, str], None]


def test_adult_works_are_hidden_with_their_number(
    far_app: Application, far: Far, demo: Demo, shoot: Shoot, qtbot: QtBot
) -> None:
    # of the second half of the film, which the stand-in has as an adult work, too
    place = next(n for n, sample in enumerate(demo.samples) if "bars" in sample.path.name)
    give(far_app, demo, place)
    wait_for(far_app, RemoteStage.ANSWERED, qtbot)
    assert far_app.session.state.hidden == 1
    assert "1 result of an adult work" in far_app.window.remote_line.hidden_text
    titles = [hit.remote.anime.romaji for hit in far_app.session.state.hits if hit.remote]
    assert "Yoru no Usagi" not in titles
    shoot(far_app.window, "far-adult-hidden")
    far_app.window.actions_set["show_adult"].trigger()
    assert far_app.settings.show_adult
    shown = [hit.remote.anime.romaji for hit in far_app.session.state.hits if hit.remote]
    assert "Yoru no Usagi" in shown
    assert far_app.window.remote_line.hidden_text.startswith("0")
    played(far_app, qtbot)


def test_a_preview_that_fails_can_be_fetched_again(
    far_app: Application, far: Far, demo: Demo, shoot: Shoot, qtbot: QtBot
) -> None:
    far[0].fault_next("/video/", FAULTS["preview-empty"])
    give(far_app, demo)
    qtbot.waitUntil(lambda: far_app.previewing.state.stage is PreviewStage.FAILED, timeout=WAIT_MS)
    scene = far_app.window.scene
    assert page(far_app) is scene.no_preview
    assert "only a part" in scene.no_preview.texts[1]
    informed(far_app, qtbot)
    shoot(far_app.window, "far-no-preview")
    far_app.window.actions_set["retry_preview"].trigger()
    played(far_app, qtbot)
    assert page(far_app) is far_app.player


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_what_a_new_address_takes_is_told_before_it_is_spent(
    theme: str, far_app: Application, far: Far, demo: Demo, shoot: Shoot, qtbot: QtBot
) -> None:
    far_app.set_theme(theme)
    searched: list[int] = []
    shown: list[tuple[str, str, int]] = []
    scene, quota = far_app.window.scene.fetching, far_app.window._quota

    def note() -> None:
        if "expired" in scene.texts[1]:
            shown.append((scene.texts[1], quota.text(), len(far[0].asked("/search"))))

    far_app.previewing.changed.connect(note)
    far[0].fault_next("/video/", FAULTS["preview-410"])
    far[0].fault_next("/search", far[1].handle)
    far[0].fault_next("/search", lambda asked: _late(far, asked, searched))
    give(far_app, demo)
    qtbot.waitUntil(lambda: bool(shown), timeout=WAIT_MS)
    shoot(far_app.window, f"far-preview-renewed-{theme}")
    played(far_app, qtbot)
    (told,) = set(shown)
    assert told == (
        "Its address has expired: a new one takes 1 of the 98 searches left today.",
        "trace.moe: 98 of 100 left · a new address of the preview takes 1",
        1,
    )
    assert searched == [1]
    qtbot.waitUntil(lambda: quota.text() == "trace.moe: 97 of 100 left", timeout=WAIT_MS)
    assert far[1].accounts.used("127.0.0.1") == 3


def _late(far: Far, asked: Asked, searched: list[int]) -> Told:
    """The answer to a search, a moment later, and noted."""
    searched.append(1)
    time.sleep(0.4)
    return far[1].handle(asked)


def test_no_address_is_renewed_when_the_quota_has_ended(
    far_app: Application, far: Far, demo: Demo, qtbot: QtBot
) -> None:
    far[1].accounts.spend("127.0.0.1", 98)
    far[0].fault_next("/video/", FAULTS["preview-410"])
    give(far_app, demo)
    qtbot.waitUntil(lambda: far_app.previewing.state.stage is PreviewStage.FAILED, timeout=WAIT_MS)
    assert "A new address takes one; searches come back" in far_app.window.scene.no_preview.texts[1]
    assert len(far[0].asked("/search")) == 1


@pytest.mark.qt_log_ignore("pipewire", "PulseAudio")  # this machine may have no server of sound
def test_the_sound_is_fetched_when_it_is_to_be_heard(
    far_app: Application, far: Far, demo: Demo, qtbot: QtBot
) -> None:
    give(far_app, demo)
    played(far_app, qtbot)
    assert far[0].asked("/video/")[0].given("mute") == [""]
    far_app.player.set_muted(False)
    qtbot.waitUntil(lambda: len(far[0].asked("/video/")) == 2, timeout=WAIT_MS)
    assert far[0].asked("/video/")[1].given("mute") == []
    played(far_app, qtbot)
    far_app.player.set_muted(True)
    far_app.player.set_muted(False)
    assert len(far[0].asked("/video/")) == 2


def test_the_same_picture_costs_nothing_twice(
    far_app: Application, far: Far, demo: Demo, qtbot: QtBot
) -> None:
    give(far_app, demo)
    played(far_app, qtbot)
    informed(far_app, qtbot)
    qtbot.waitUntil(lambda: not far_app.operations.busy, timeout=WAIT_MS)
    before = len(far[0].records)
    give_another(far_app, demo, 0, qtbot)
    wait_for(far_app, RemoteStage.ANSWERED, qtbot)
    played(far_app, qtbot)
    informed(far_app, qtbot)
    qtbot.waitUntil(lambda: not far_app.operations.busy, timeout=WAIT_MS)
    assert len(far[0].records) == before
    assert far_app.window.scene._source.text() == "trace.moe"


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
    assert page(app) is app.player


def test_details_of_a_film_here_come_from_its_pack(
    application: Application, demo: Demo, shoot: Shoot, qtbot: QtBot
) -> None:
    give(application, demo)
    qtbot.waitUntil(lambda: application.session.state.stage is Stage.ANSWERED, timeout=WAIT_MS)
    details = application.window.details
    qtbot.waitUntil(lambda: details.state.stage is DetailsStage.BARE, timeout=WAIT_MS)
    assert "Big Buck Bunny" in details.texts()
    assert any("854 × 480" in text for text in details.texts())
    assert not details.cover.isVisible()
    shoot(application.window, "far-details-here")
    application.window.actions_set["details"].trigger()
    assert not details.isVisible()
    assert not application.settings.show_details


def test_details_that_fail_leave_the_titles(
    far_app: Application, far: Far, demo: Demo, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot, shoot: Shoot
) -> None:
    far[1].other = {ANILIST_PATH: lambda _asked: anilist_standin.FAULTS["down"]}
    index = far[1].handle  # records without what a page of details needs
    monkeypatch.setattr(far[0], "handle", lambda asked: _bare(index(asked)))
    give(far_app, demo)
    details = far_app.window.details
    qtbot.waitUntil(lambda: "out of order" in details.state.text, timeout=WAIT_MS)
    assert "ビッグ・バック・バニー" in details.texts()
    shoot(far_app.window, "far-details-down")
    monkeypatch.setattr(far[0], "handle", index)
    service = far[1]
    service.other = {ANILIST_PATH: anilist_standin.AniList().handle}
    details.retry_wanted.emit()
    informed(far_app, qtbot)


def _bare(told: Told) -> Told:
    """An answer whose records have no kind, as a server that keeps less would send."""
    body = told.body.replace(b'"format"', b'"unknown"') if isinstance(told.body, bytes) else told.body
    return Told(told.status, body, told.headers, told.length, told.drop)


def test_a_link_opens_in_the_browser_and_nothing_else_does(
    far_app: Application, demo: Demo, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    opened: list[str] = []

    def note(url: QUrl) -> bool:
        opened.append(url.toString())
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", note)
    for address in ("https://anilist.co/anime/5", "file:///etc/passwd", "javascript:x", "not an address"):
        far_app.window.details.link_wanted.emit(address)
    assert opened == ["https://anilist.co/anime/5"]


def test_a_picture_of_the_list_that_failed_is_fetched_again_later(
    far_app: Application, far: Far, demo: Demo, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    far[0].fault_next("/image/", Told(404))
    give(far_app, demo)
    played(far_app, qtbot)
    qtbot.waitUntil(lambda: not far_app.operations.busy, timeout=WAIT_MS)
    hit, model = far_app.session.state.hit, far_app.window.results.results
    assert hit is not None
    assert model.lacks_image(hit)
    asked = len(far[0].asked("/image/"))
    far_app.showing.catch_up()
    qtbot.wait(3 * AFTER_PAINTING_MS)
    assert len(far[0].asked("/image/")) == asked  # not yet
    monkeypatch.setattr(listed_pictures, "RETRY_S", 0.0)
    far_app.showing.catch_up()
    qtbot.waitUntil(lambda: not model.lacks_image(hit), timeout=WAIT_MS)


def test_pictures_of_hits_that_are_gone_are_given_up(
    far_app: Application, demo: Demo, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetching: list[Progress] = []

    def picture(_self: Previews, _far: RemoteMatch, _size: Size, progress: Progress, _tell: object) -> bytes:
        fetching.append(progress)
        while True:
            progress.check()
            time.sleep(0.01)

    monkeypatch.setattr(Previews, "picture", picture)
    give(far_app, demo)
    qtbot.waitUntil(lambda: bool(fetching), timeout=WAIT_MS)
    assert not fetching[0].cancelled
    far_app.session.clear()
    qtbot.waitUntil(lambda: not far_app.operations.busy, timeout=WAIT_MS)
    assert fetching[0].cancelled
