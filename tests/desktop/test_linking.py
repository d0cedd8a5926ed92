"""Links from outside: shown before anything is fetched, refused in words, played as they ask."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QDialog, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from desktop.app import Application
from desktop.intake.deep_link import Playing
from desktop.intake.offers import Address
from desktop.library.demo import Demo
from desktop.start.request import Request
from desktop.state.query import Stage
from tests.desktop.conftest import Shoot

WAIT_MS = 20_000


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = True

    def __init__(self, body: bytes) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.body = body
        self.asked: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/picture.jpg"


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert isinstance(self.server, Server)
        self.server.asked.append(self.path)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def server(demo: Demo) -> Iterator[Server]:
    made = Server(demo.samples[0].path.read_bytes())
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


def page(application: Application) -> QDialog | None:
    pages = application.window.findChildren(QDialog, "linkPage")
    return next((one for one in pages if one.isVisible()), None)


def press(application: Application, name: str) -> None:
    shown = page(application)
    assert shown is not None
    button = shown.findChild(QPushButton, name)
    assert button is not None
    button.click()


def told(application: Application) -> str:
    shown = page(application)
    assert shown is not None
    return "\n".join(label.accessibleName() or label.text() for label in shown.findChildren(QLabel))


def test_a_link_from_outside_is_shown_before_anything_is_fetched(
    application: Application, server: Server, shoot: Shoot, qtbot: QtBot
) -> None:
    application.presence.act(Request("link", (), f"scenelens:?url={server.url}&mute=1"))
    assert server.url in told(application)
    assert "127.0.0.1" in told(application)
    assert "not encrypted" in told(application)
    shown = page(application)
    assert shown is not None
    shoot(shown, "link")
    press(application, "linkCancel")
    assert server.asked == []
    assert application.session.state.stage is Stage.EMPTY


def test_a_private_address_is_asked_for_once_more_and_then_played_as_the_link_asks(
    application: Application, server: Server, shoot: Shoot, qtbot: QtBot
) -> None:
    application.set_player(application.settings)
    link = f"scenelens:?url={server.url}&autoplay=0&mute=0&loop=0"
    application.presence.act(Request("link", (), link))
    press(application, "linkFetch")
    qtbot.waitUntil(
        lambda: page(application) is not None and "own network" in told(application), timeout=WAIT_MS
    )
    assert server.asked == []
    shown = page(application)
    assert shown is not None
    shoot(shown, "link-private")
    press(application, "linkFetch")
    qtbot.waitUntil(lambda: application.session.state.stage is Stage.ANSWERED, timeout=WAIT_MS)
    assert server.asked == ["/picture.jpg"]
    assert settings_of(application) == (False, False, False)
    settings = application.settings
    assert (settings.autoplay, settings.muted, settings.loop) == (True, True, True)


def test_the_next_search_plays_as_the_user_has_it(
    application: Application, server: Server, demo: Demo, qtbot: QtBot
) -> None:
    application.linking.begin((Address(server.url, Playing()),), frozenset())
    assert settings_of(application) == (True, False, False)
    application.taking.take_paths([demo.samples[0].path])
    assert settings_of(application) == (True, True, True)
    application.player.set_loop(False)
    assert not application.settings.loop


def test_volume_and_speed_are_the_users_also_while_a_link_plays(
    application: Application, server: Server, demo: Demo
) -> None:
    application.linking.begin((Address(server.url, Playing()),), frozenset())
    application.player.set_volume(0.25)
    application.player.set_speed(0.5)
    application.player.set_loop(True)
    application.player.set_loop(False)
    application.taking.take_paths([demo.samples[0].path])
    assert (application.player.volume, application.player.speed) == (0.25, 0.5)
    settings = application.settings
    assert (settings.volume, settings.speed, settings.loop) == (0.25, 0.5, True)


def settings_of(application: Application) -> tuple[bool, bool, bool]:
    player = application.player
    return player.autoplay, player.muted, player.loop


@pytest.mark.parametrize(
    ("link", "sentence"),
    [
        ("scenelens:?url=file:///etc/passwd", "Only http and https addresses are fetched, not file"),
        ("scenelens:?url=javascript:alert(1)", "Only http and https addresses"),
        ("scenelens:?mute=1", "names no picture"),
        ("scenelens:", "names no picture"),
        ("https://user:word@films.example/a.png", "carries a name or a password"),
    ],
)
def test_links_that_are_not_followed_are_told(application: Application, link: str, sentence: str) -> None:
    application.presence.act(Request("link", (), link))
    assert page(application) is None
    assert sentence in application.window.notice.text
    assert application.session.state.stage is Stage.EMPTY


def test_letters_that_look_like_others_are_shown_as_they_are_asked_for(application: Application) -> None:
    application.presence.act(Request("link", (), "scenelens:?url=https://fіlms.example/a.png"))
    assert "xn--flms-" in told(application)
    press(application, "linkCancel")


def test_a_second_link_takes_the_place_of_the_first_question(application: Application) -> None:
    for name in ("one", "two"):
        application.presence.act(Request("link", (), f"scenelens:?url=https://{name}.example/a.png"))
    assert "two.example" in told(application)
    press(application, "linkCancel")
    assert page(application) is None


def test_a_thousand_files_handed_over_search_the_first(
    application: Application, demo: Demo, qtbot: QtBot
) -> None:
    files = (str(demo.samples[0].path), *(f"/nowhere/{n}.png" for n in range(999)))
    application.presence.act(Request("open", files))
    assert "first of 1000" in application.window.status
    qtbot.waitUntil(lambda: application.session.state.stage is Stage.ANSWERED, timeout=WAIT_MS)
