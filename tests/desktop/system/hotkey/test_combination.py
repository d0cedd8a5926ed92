"""Combinations of keys as text and as every system knows them; which way binds them."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QKeySequence

from desktop.system.errors import HotkeyError
from desktop.system.hotkey import GLOBAL_ACTIONS, Combination, Way, choose
from desktop.system.hotkey.combination import BY_NAME
from desktop.system.platform import Platform


@pytest.mark.parametrize(
    ("text", "for_portal"),
    [
        ("Ctrl+Alt+S", "CTRL+ALT+s"),
        ("Ctrl+Alt+Shift+S", "CTRL+ALT+SHIFT+s"),
        ("Meta+PgUp", "LOGO+Page_Up"),
        ("Print", "Print"),
        ("Shift+F7", "SHIFT+F7"),
        ("Ctrl+Space", "CTRL+space"),
    ],
)
def test_text_and_the_portals_form(text: str, for_portal: str) -> None:
    combination = Combination.read(text)
    assert str(combination) == text
    assert combination.for_portal == for_portal


@pytest.mark.parametrize(
    "text", ["", "Ctrl+", "Ctrl+Ctrl+S", "Hyper+S", "Ctrl+Alt+Ä", "Ctrl+Alt+Volume Up", "+"]
)
def test_what_cannot_be_bound(text: str) -> None:
    with pytest.raises(HotkeyError, match="cannot be a global key"):
        Combination.read(text)


@pytest.mark.parametrize("text", ["S", "Shift+S", "Shift+Space", "Home"])
def test_keys_needed_for_typing_are_not_taken(text: str) -> None:
    with pytest.raises(HotkeyError, match="needed for typing"):
        Combination.read(text)


def test_keys_are_named_as_qt_names_them_and_no_two_are_the_same() -> None:
    portable = QKeySequence.SequenceFormat.PortableText
    for name in BY_NAME:
        assert QKeySequence(f"Ctrl+{name}").toString(portable) == f"Ctrl+{name}"
    for column in ("x11", "windows", "mac", "portal"):
        values = [getattr(key, column) for key in BY_NAME.values() if getattr(key, column) is not None]
        assert len(values) == len(set(values)), column


def test_first_keys_are_good_and_differ() -> None:
    first = [Combination.read(action.first_key) for action in GLOBAL_ACTIONS if action.first_key]
    assert len(first) == len(set(first)) == 2


SHORTCUTS = {"GlobalShortcuts": 1}


@pytest.mark.parametrize(
    ("platform", "way"),
    [
        (Platform("linux", "x11", "xcb"), Way.X11),
        (Platform("linux", "x11", "xcb", has_bus=True, portals=SHORTCUTS), Way.X11),
        (Platform("linux", "wayland", "wayland", has_bus=True, portals=SHORTCUTS), Way.PORTAL),
        (Platform("linux", "wayland", "xcb", has_bus=True, portals=SHORTCUTS), Way.PORTAL),
        (Platform("linux", "wayland", "xcb", has_bus=True, portals={"Screenshot": 2}), Way.NOTHING),
        (Platform("linux", "none", "offscreen"), Way.NOTHING),
        (Platform("windows", "native", "windows"), Way.WINDOWS),
        (Platform("macos", "native", "cocoa"), Way.MACOS),
        (Platform("windows", "none", "offscreen"), Way.NOTHING),
    ],
)
def test_ways(platform: Platform, way: Way) -> None:
    choice = choose(platform)
    assert choice.way is way
    assert all(verdict.reason for verdict in choice.verdicts)
    if way is Way.NOTHING and platform.session == "wayland":
        assert "scenelens --capture" in choice.remedy
