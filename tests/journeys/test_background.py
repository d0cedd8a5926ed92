"""Life behind the tray on a real X server and a private session bus; the desktop's tray is a stand-in."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.library.demo import find_demo
from tests.journeys.background_program import BackgroundProgram, xdotool
from tests.journeys.window_program import copy_to_clipboard
from tests.standins.session_bus import TrayHost, session_bus

pytestmark = pytest.mark.x11

WINDOW, POPUP = "^SceneLens$", "SceneLens: result"


@pytest.fixture
def bus(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with session_bus() as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        yield address


@pytest.fixture
def tray(bus: str) -> Iterator[TrayHost]:
    host = TrayHost(bus)
    yield host
    host.end()


def sample() -> Path:
    demo = find_demo()
    assert demo is not None
    return demo.samples[0].path


def test_a_day_behind_the_tray(tray: TrayHost) -> None:
    """Started with the desktop; a picture copied elsewhere is searched; the window comes and goes; quit."""
    with BackgroundProgram("--background") as program:
        assert tray.told()["id"] == "scenelens"
        assert program.windows("SceneLens") == []
        copy_to_clipboard("image/jpeg", sample().read_bytes())
        tray.choose("Search what was copied")
        program.wait_until(lambda: bool(program.windows(POPUP)), "the small window comes")
        assert program.windows(WINDOW) == []
        program.wait_until(
            lambda: any("Big Buck Bunny" in label for label in tray.entries()), "it is remembered"
        )
        tray.do("click")
        program.wait_until(lambda: bool(program.windows(WINDOW)), "the window comes")
        (window,) = program.windows(WINDOW)
        xdotool("windowfocus", "--sync", window)
        xdotool("key", "alt+F4")
        program.wait_until(lambda: bool(program.windows("Close the window")), "closing asks")
        xdotool("key", "Return")
        program.wait_until(lambda: program.windows(WINDOW) == [], "the window goes")
        status, said, _ = program.start_again("--show")
        assert (status, said) == (0, "")
        program.wait_until(lambda: bool(program.windows(WINDOW)), "the window comes again")
        tray.choose("Quit")
        assert program.process.wait(20) == 0


def test_a_picture_copied_elsewhere_is_offered_where_that_is_wished(tray: TrayHost) -> None:
    """The test's desktop shows no notifications, so the small window asks; nothing is searched unasked."""
    home = Path(os.environ["SCENELENS_HOME"])
    (home / "config").mkdir(parents=True)
    (home / "config" / "settings.json").write_text('{"version": 1, "watch_clipboard": true}')
    with BackgroundProgram("--background") as program:
        tray.told()
        copy_to_clipboard("text/plain", b"words")
        time.sleep(0.5)
        assert program.windows(POPUP) == []
        copy_to_clipboard("image/jpeg", sample().read_bytes())
        program.wait_until(lambda: bool(program.windows(POPUP)), "the small window asks")
        (popup,) = program.windows(POPUP)
        assert xdotool("getwindowfocus") != popup
        assert not any("Big Buck Bunny" in label for label in tray.entries())
        xdotool("mousemove", "--window", popup, "60", "24", "click", "1")
        program.wait_until(
            lambda: any("Big Buck Bunny" in label for label in tray.entries()), "it is searched then"
        )
        assert program.windows(WINDOW) == []


def test_later_starts_hand_over_and_a_killed_one_leaves_room(tray: TrayHost) -> None:
    with BackgroundProgram("--background") as first:
        tray.told()
        status, said, _ = first.start_again(str(sample()))
        assert (status, said) == (0, "")
        first.wait_until(lambda: bool(first.windows(WINDOW)), "the window comes")
        status, said, _ = first.start_again(*[f"/nowhere/{n}.png" for n in range(1001)])
        assert status == 3
        assert "more than the 1000" in said
        first.process.send_signal(signal.SIGKILL)
        first.process.wait(10)
    with BackgroundProgram("--background") as second:
        tray.told()
        assert second.start_again("--background")[0] == 0


def test_two_starts_at_the_same_time_are_one_instance(tray: TrayHost) -> None:
    with BackgroundProgram("--background") as one, BackgroundProgram("--background") as other:
        tray.told()
        deadline = time.monotonic() + 20
        while one.process.poll() is None and other.process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.05)
        ended = [program.process.poll() for program in (one, other)]
        assert sorted(ended, key=str) == [0, None]


def test_an_instance_that_hangs_does_not_hold_up_a_later_start(tray: TrayHost) -> None:
    with BackgroundProgram("--background") as first:
        tray.told()
        first.process.send_signal(signal.SIGSTOP)
        status, said, seconds = first.start_again("--show")
        first.process.send_signal(signal.SIGCONT)
        assert status == 3
        assert f"process {first.process.pid}" in said
        assert seconds < 8


def test_a_tray_that_dies_takes_nobody_along(tray: TrayHost, bus: str) -> None:
    with BackgroundProgram() as program:
        tray.told()
        program.wait_until(lambda: bool(program.windows(WINDOW)), "the window comes")
        tray.end()
        time.sleep(0.5)
        (window,) = program.windows(WINDOW)
        xdotool("windowfocus", "--sync", window)
        xdotool("key", "alt+F4")
        assert program.process.wait(20) == 0


def test_a_picture_captured_by_a_key_plays_beside_it_and_escape_gives_the_keyboard_back(
    tray: TrayHost, tmp_path: Path
) -> None:
    import subprocess
    import sys

    show = (
        "import sys; from PySide6.QtWidgets import QApplication, QLabel; from PySide6.QtGui import QPixmap; "
        "a = QApplication([]); l = QLabel(); l.setPixmap(QPixmap(sys.argv[1]).scaledToWidth(640)); "
        "l.setWindowTitle('another program'); l.move(200, 150); l.show(); a.exec()"
    )
    other = subprocess.Popen([sys.executable, "-c", show, str(sample())])
    try:
        with BackgroundProgram("--background") as program:
            tray.told()
            program.wait_until(
                lambda: bool(xdotool("search", "--onlyvisible", "--name", "another program")), "it shows"
            )
            number = xdotool("search", "--onlyvisible", "--name", "another program").split()[0]
            xdotool("windowfocus", "--sync", number)
            assert program.start_again("--capture")[0] == 0
            program.wait_until(lambda: xdotool("getwindowfocus") != number, "the overlay has the keyboard")
            xdotool("mousemove", "250", "220", "mousedown", "1", "mousemove", "500", "400")
            xdotool("mousemove", "800", "500", "mouseup", "1")
            program.wait_until(lambda: bool(program.windows(POPUP)), "the small window comes")
            (popup,) = program.windows(POPUP)
            program.wait_until(lambda: xdotool("getwindowfocus") == popup, "it has the keyboard")
            assert program.windows(WINDOW) == []
            xdotool("key", "Escape")
            program.wait_until(lambda: program.windows(POPUP) == [], "it closes")
            program.wait_until(lambda: xdotool("getwindowfocus") == number, "the keyboard goes back")
    finally:
        other.kill()
        other.wait()
