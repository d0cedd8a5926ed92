"""Previews while they come: they play before they are whole, and are taken back when they turn out cut."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.app import Application
from desktop.library.demo import Demo
from desktop.state.preview import PreviewStage
from tests.desktop.far_window import WAIT_MS, Far, give, informed, page, played
from tests.standins.server import Asked, Told, halting

Shoot = Callable[[QWidget, str], None]

#: The sample of which the clip has five seconds before its matched frame and five behind it.
LONG = 1
#: Bits a second of a slow line.
LINE_BITS = 1_000_000


@pytest.fixture
def halted(far: Far) -> Iterator[Halted]:
    """The next clip comes up to nine tenths, and further when the test says so."""
    halted = Halted(far)
    far[0].fault_next("/video/", halted.answer)
    yield halted
    halted.go_on.set()


class Halted:
    """A clip on its way; all but the last byte comes of one that `is_cut`."""

    def __init__(self, far: Far) -> None:
        self._far = far
        self.go_on = threading.Event()
        self.is_cut = False

    def answer(self, asked: Asked) -> Told:
        told = self._far[1].previews.answer(asked)
        assert isinstance(told.body, bytes)
        return Told(200, self._pieces(told.body), told.headers, len(told.body))

    def _pieces(self, body: bytes) -> Iterator[bytes]:
        most = len(body) * 9 // 10
        yield from halting(body[:most], most, self.go_on)
        self.go_on.wait(WAIT_MS / 1000)
        yield body[most : -1 if self.is_cut else None]


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_a_preview_plays_while_the_rest_of_it_comes(
    theme: str, far_app: Application, halted: Halted, demo: Demo, shoot: Shoot, qtbot: QtBot
) -> None:
    far_app.set_theme(theme)
    give(far_app, demo, LONG)
    player, state = far_app.player, far_app.previewing
    qtbot.waitUntil(lambda: player.playback.frame is not None, timeout=WAIT_MS)
    assert state.state.stage is PreviewStage.PLAYING
    assert page(far_app) is player
    assert player.playing
    qtbot.wait(500)  # the line that says so comes a moment later
    shoot(far_app.window, f"far-preview-coming-{theme}")
    scene = player.scene
    halted.go_on.set()
    qtbot.waitUntil(lambda: state.state.stage is PreviewStage.READY, timeout=WAIT_MS)
    assert player.scene is scene  # undisturbed
    assert scene is not None
    assert scene.film.exists()
    assert page(far_app) is player


def test_on_a_slow_line_a_preview_is_seen_before_it_is_whole(
    far_app: Application, far: Far, demo: Demo, qtbot: QtBot
) -> None:
    begun: list[float] = []

    def slow(asked: Asked) -> Told:
        told = far[1].previews.answer(asked)
        assert isinstance(told.body, bytes)
        begun.append(time.monotonic())
        return Told(200, _slowly(told.body), told.headers, len(told.body))

    far[0].fault_next("/video/", slow)
    give(far_app, demo, LONG)
    qtbot.waitUntil(lambda: far_app.player.playback.frame is not None, timeout=WAIT_MS)
    seen_s = time.monotonic() - begun[0]
    qtbot.waitUntil(lambda: far_app.previewing.state.stage is PreviewStage.READY, timeout=WAIT_MS)
    whole_s = time.monotonic() - begun[0]
    scene = far_app.player.scene
    assert scene is not None
    size = scene.film.stat().st_size
    print(f"{size} bytes at {LINE_BITS} bit/s: seen after {seen_s:.1f} s, whole after {whole_s:.1f} s")  # noqa: T201
    assert seen_s <= whole_s


def _slowly(body: bytes, piece: int = 4096) -> Iterator[bytes]:
    """A body at the pace of a line."""
    begun = time.monotonic()
    for at in range(0, len(body), piece):
        yield body[at : at + piece]
        time.sleep(max(0.0, begun + 8 * (at + piece) / LINE_BITS - time.monotonic()))


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_a_preview_that_turns_out_cut_gives_way_to_the_reason(
    theme: str, far_app: Application, halted: Halted, demo: Demo, shoot: Shoot, qtbot: QtBot
) -> None:
    far_app.set_theme(theme)
    halted.is_cut = True
    give(far_app, demo, LONG)
    player = far_app.player
    qtbot.waitUntil(lambda: player.playback.frame is not None, timeout=WAIT_MS)
    halted.go_on.set()
    qtbot.waitUntil(lambda: far_app.previewing.state.stage is PreviewStage.FAILED, timeout=WAIT_MS)
    scene = far_app.window.scene
    assert page(far_app) is scene.no_preview
    assert player.scene is None
    assert "cut short" in scene.no_preview.texts[1]
    assert not far_app.window.notice.isVisible()
    assert not list((far_app.places.cache / "previews").glob("*.mp4"))
    informed(far_app, qtbot)
    shoot(far_app.window, f"far-preview-cut-{theme}")
    far_app.window.actions_set["retry_preview"].trigger()
    played(far_app, qtbot)


def test_a_preview_that_cannot_be_decoded_is_not_kept(
    far_app: Application, far: Far, demo: Demo, qtbot: QtBot
) -> None:
    def damaged(asked: Asked) -> Told:
        told = far[1].previews.answer(asked)
        assert isinstance(told.body, bytes)
        parts = told.body.split(b"mdat")
        emptied = [bytes(len(part) - 12) + part[-12:] for part in parts[1:]]
        return Told(200, b"mdat".join([parts[0], *emptied]), told.headers)

    far[0].fault_next("/video/", damaged)
    give(far_app, demo)
    qtbot.waitUntil(lambda: far_app.previewing.state.stage is PreviewStage.FAILED, timeout=WAIT_MS)
    assert "cannot be played" in far_app.window.scene.no_preview.texts[1]
    assert page(far_app) is far_app.window.scene.no_preview
    assert far_app.player.scene is None
    assert not far_app.window.notice.isVisible()
    assert not list((far_app.places.cache / "previews").glob("*.mp4"))
    qtbot.waitUntil(lambda: not far_app.operations.busy, timeout=WAIT_MS)
    far_app.window.actions_set["retry_preview"].trigger()
    played(far_app, qtbot)


@pytest.mark.qt_log_ignore("pipewire", "PulseAudio")  # this machine may have no server of sound
def test_sound_that_is_switched_on_while_a_silent_clip_comes_is_fetched_after_it(
    far_app: Application, far: Far, halted: Halted, demo: Demo, qtbot: QtBot
) -> None:
    give(far_app, demo, LONG)
    qtbot.waitUntil(lambda: far_app.player.playback.frame is not None, timeout=WAIT_MS)
    far_app.player.set_muted(False)
    assert len(far[0].asked("/video/")) == 1
    halted.go_on.set()
    qtbot.waitUntil(lambda: len(far[0].asked("/video/")) == 2, timeout=WAIT_MS)
    assert far[0].asked("/video/")[1].given("mute") == []
    qtbot.waitUntil(lambda: not far_app.operations.busy, timeout=WAIT_MS)
    played(far_app, qtbot)
