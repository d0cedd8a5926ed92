"""RegisterHotKey and Carbon, with the calls of the system replaced.

Contract of Windows: modifiers ALT 1, CONTROL 2, SHIFT 4, WIN 8, NOREPEAT 0x4000; virtual keys of letters
are their capitals; 0 returned and GetLastError 1409 when taken; WM_HOTKEY 0x0312 with the id in wParam.
Contract of Carbon: cmdKey 0x100, shiftKey 0x200, optionKey 0x800, controlKey 0x1000; kVK_ANSI_S 1,
kVK_F7 0x62; eventHotKeyExistsErr −9878.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Callable
from ctypes import wintypes
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication

from desktop.system.hotkey import Combination
from desktop.system.hotkey.handlers.macos import HotKeyId, MacKeys
from desktop.system.hotkey.handlers.windows import WindowsKeys
from tests.desktop.system.hotkey.hearing import WANTED, Notes


class FakeUser32:
    def __init__(self, errors: dict[int, int]) -> None:
        self.errors = errors
        self.registered: dict[int, tuple[int, int]] = {}

    def register(self, number: int, modifiers: int, key: int) -> int:
        if number in self.errors:
            return self.errors[number]
        self.registered[number] = (modifiers, key)
        return 0

    def unregister(self, number: int) -> None:
        del self.registered[number]


def message(kind: int, number: int) -> tuple[wintypes.MSG, int]:
    made = wintypes.MSG()
    made.message, made.wParam = kind, number
    return made, ctypes.addressof(made)


def test_windows_registers_hears_and_lets_go(qapp: QApplication) -> None:
    system, notes = FakeUser32({}), Notes()
    keys = WindowsKeys(system)
    keys.bind(WANTED, notes)
    assert system.registered == {1: (0x4000 | 1 | 2, ord("S")), 2: (0x4000 | 8, 0x76)}
    assert [one.keys for one in notes.outcomes[0]] == ["Ctrl+Alt+S", "Meta+F7"]
    for kind, number in ((0x0312, 2), (0x0312, 9), (0x0100, 1)):
        held, address = message(kind, number)
        assert keys.nativeEventFilter(b"windows_generic_MSG", address) == (False, 0)
        assert held.message == kind
    keys.nativeEventFilter(b"xcb_generic_event_t", 0)  # never looked into
    assert notes.actions == ["show_window"]
    keys.bind({}, notes)
    assert system.registered == {}
    keys.stop()
    assert QCoreApplication.instance() is qapp


@pytest.mark.parametrize(("error", "words"), [(1409, "Another program has Ctrl\\+Alt\\+S"), (5, "error 5")])
def test_windows_says_what_is_taken(error: int, words: str, qapp: QApplication) -> None:
    system, notes = FakeUser32({1: error}), Notes()
    keys = WindowsKeys(system)
    keys.bind(WANTED, notes)
    refused, given = notes.outcomes[0]
    assert re.search(words, refused.problem)
    assert refused.keys == ""
    assert given.keys == "Meta+F7"
    keys.stop()


class FakeCarbon:
    def __init__(self, statuses: dict[int, int]) -> None:
        self.statuses = statuses
        self.registered: dict[int, tuple[int, int]] = {}
        self.hear: Callable[[int], None] | None = None

    def listen(self, hear: Callable[[int], None]) -> None:
        self.hear = hear

    def register(self, number: int, modifiers: int, key: int) -> tuple[int, Any]:
        status = self.statuses.get(number, 0)
        if not status:
            self.registered[number] = (modifiers, key)
        return status, number

    def unregister(self, reference: Any) -> None:
        del self.registered[reference]

    def silence(self) -> None:
        self.hear = None


def test_macos_registers_hears_and_lets_go() -> None:
    system, notes = FakeCarbon({}), Notes()
    keys = MacKeys(system)
    keys.bind(WANTED, notes)
    assert system.registered == {1: (0x100 | 0x800, 1), 2: (0x1000, 0x62)}
    assert system.hear is not None
    system.hear(1)
    system.hear(77)
    assert notes.actions == ["capture"]
    keys.stop()
    assert system.registered == {}
    assert system.hear is None


def test_macos_says_what_is_taken_or_lacking() -> None:
    system, notes = FakeCarbon({1: -9878, 3: -50}), Notes()
    wanted = {"capture": WANTED["capture"], "capture_again": Combination.read("Print"),
              "search_clipboard": Combination.read("Ctrl+F1")}  # fmt: skip
    keys = MacKeys(system)
    keys.bind(wanted, notes)
    problems = [one.problem for one in notes.outcomes[0]]
    assert "Another program has Ctrl+Alt+S" in problems[0]
    assert "no key Print" in problems[1]
    assert "status -50" in problems[2]
    keys.stop()


def test_carbons_id_is_two_words() -> None:
    assert ctypes.sizeof(HotKeyId) == 8
