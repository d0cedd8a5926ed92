"""Global keys on a real X server, with another window focused, pressed by xdotool."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator

import pytest

from tests.standins.children import Child

WAIT_S = 15.0

pytestmark = pytest.mark.x11

#: Another program with the focus; says on stdout what is typed into it.
OTHER = """
import sys
from PySide6.QtWidgets import QApplication, QLineEdit
app = QApplication([])
field = QLineEdit()
field.setGeometry(200, 200, 300, 60)
field.textChanged.connect(lambda text: print(text, flush=True))
field.show()
field.activateWindow()
from PySide6.QtCore import QTimer
def look():
    if field.hasFocus() and field.isActiveWindow():
        timer.stop()
        print("focused", flush=True)
timer = QTimer(interval=20)
timer.timeout.connect(look)
timer.start()
app.exec()
"""


Start = Callable[..., Child]


@pytest.fixture
def start() -> Iterator[Start]:
    """A function that binds keys in a child process; the argument is one wish or more."""
    made: list[Child] = []

    def start(*wishes: dict[str, str]) -> Child:
        program = Child("-m", "tests.desktop.system.hotkey.x11_program", *map(json.dumps, wishes))
        made.append(program)
        return program

    yield start
    for program in made:
        assert program.end() == 0


@pytest.fixture(scope="module")
def other(x_server: dict[str, str]) -> Iterator[Child]:
    """Another program whose window has the focus."""
    old = {name: os.environ.get(name) for name in (*x_server, "QT_QPA_PLATFORM")}
    os.environ.update(x_server, QT_QPA_PLATFORM="xcb")
    try:
        program = Child("-c", OTHER)
    finally:
        for name, value in old.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})
    assert program.line() == "focused"
    yield program
    program.process.terminate()
    program.process.wait(WAIT_S)
    program.end()


def xdotool(*words: str) -> None:
    subprocess.run(["xdotool", *words], check=True, timeout=20)


def test_keys_work_while_another_window_has_the_focus(start: Start, other: Child) -> None:
    program = start({"capture": "Ctrl+Alt+S", "show_window": "Shift+F7", "search_clipboard": "Meta+1"})
    assert program.told() == {
        "bound": {"capture": "Ctrl+Alt+S", "search_clipboard": "Meta+1", "show_window": "Shift+F7"}
    }
    for keys, action in (
        ("ctrl+alt+s", "capture"),
        ("super+1", "search_clipboard"),
        ("shift+F7", "show_window"),
    ):
        xdotool("key", keys)
        assert program.told() == {"pressed": action}
    xdotool("key", "ctrl+alt+shift+s")  # one modifier more is another combination
    xdotool("key", "x")  # everything else goes to the window that has the focus
    assert other.line() == "x"
    assert program.is_silent(0.2)


@pytest.mark.parametrize("locks", [["Num_Lock"], ["Caps_Lock"], ["Num_Lock", "Caps_Lock"]])
def test_locks_change_nothing(locks: list[str], start: Start, other: Child) -> None:
    program = start({"capture": "Ctrl+Alt+S"})
    program.told()
    for lock in locks:
        xdotool("key", lock)
    try:
        xdotool("key", "ctrl+alt+s")
        assert program.told() == {"pressed": "capture"}
    finally:
        for lock in locks:
            xdotool("key", lock)


def test_a_key_that_is_held_counts_once(start: Start, other: Child) -> None:
    program = start({"capture": "Ctrl+Alt+S"})
    program.told()
    subprocess.run(["xset", "r", "rate", "150", "30"], check=True, timeout=20)
    xdotool("keydown", "ctrl", "keydown", "alt", "keydown", "s")
    time.sleep(0.6)
    xdotool("keyup", "s", "keyup", "alt", "keyup", "ctrl")
    assert program.told() == {"pressed": "capture"}
    assert program.is_silent(0.2)
    xdotool("key", "ctrl+alt+s")
    assert program.told() == {"pressed": "capture"}


def test_a_key_that_another_program_has_is_said(start: Start, other: Child) -> None:
    first = start({"capture": "Ctrl+Alt+S"})
    first.told()
    second = start({"capture": "Ctrl+Alt+S", "show_window": "Ctrl+Alt+W"}, {"capture": "Ctrl+Alt+D"})
    bound = second.told()["bound"]
    assert "Another program has Ctrl+Alt+S already" in bound["capture"]
    assert bound["show_window"] == "Ctrl+Alt+W"
    xdotool("key", "ctrl+alt+s")
    assert first.told() == {"pressed": "capture"}
    assert second.is_silent(0.1)
    second.send("next")
    assert second.told() == {"bound": {"capture": "Ctrl+Alt+D"}}
    xdotool("key", "ctrl+alt+d")
    assert second.told() == {"pressed": "capture"}
    xdotool("key", "ctrl+alt+w")  # no longer bound
    assert second.is_silent(0.2)


def test_keys_are_free_again_afterwards(start: Start, other: Child) -> None:
    first = start({"capture": "Ctrl+Alt+S"})
    first.told()
    assert first.end() == 0
    second = start({"capture": "Ctrl+Alt+S"})
    assert second.told() == {"bound": {"capture": "Ctrl+Alt+S"}}


def test_keys_can_rest_while_new_ones_are_chosen(start: Start, other: Child) -> None:
    program = start({"capture": "Ctrl+Alt+S"})
    program.told()
    program.send("pause")
    assert program.told() == {"paused": True}
    xdotool("key", "ctrl+alt+s")
    assert program.is_silent(0.2)
    program.send("resume")
    assert program.told() == {"paused": False}
    xdotool("key", "ctrl+alt+s")
    assert program.told() == {"pressed": "capture"}


def test_another_keyboard_layout_is_followed(start: Start, other: Child) -> None:
    program = start({"capture": "Ctrl+Alt+Z"})
    program.told()
    try:
        subprocess.run(["setxkbmap", "de"], check=True, timeout=20)  # swaps Y and Z
        xdotool("key", "ctrl+alt+z")
        assert program.told() == {"pressed": "capture"}
        xdotool("key", "ctrl+alt+y")
        assert program.is_silent(0.2)
    finally:
        subprocess.run(["setxkbmap", "us"], check=True, timeout=20)


def test_keys_that_nobody_can_have(start: Start) -> None:
    program = start(
        {
            "capture": "Ctrl+Alt+S",
            "show_window": "Ctrl+Alt+S",
            "capture_again": "S",
            "search_clipboard": "Ctrl+Alt+F7",
        }
    )
    bound = program.told()["bound"]
    assert bound["capture"] == "Ctrl+Alt+S"
    assert "something else already" in bound["show_window"]
    assert "needed for typing" in bound["capture_again"]
    assert "text console" in bound["search_clipboard"]


def test_no_x_server_is_a_sentence(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":987")
    program = start({"capture": "Ctrl+Alt+S"})
    assert "could not be asked for keys" in program.told()["bound"]["capture"]
