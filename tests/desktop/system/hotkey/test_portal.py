"""The GlobalShortcuts portal against a stand-in on a private bus."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.system.hotkey.handlers.portal import PortalKeys
from tests.desktop.system.hotkey.hearing import WANTED, Notes
from tests.standins.portals import running_portal

WAIT_MS = 8000


@pytest.fixture
def keys(qapp: QApplication) -> Iterator[PortalKeys]:
    made = PortalKeys(1.0)
    yield made
    made.stop()
    made.deleteLater()


def test_keys_are_proposed_bound_and_heard(bus: str, keys: PortalKeys, qtbot: QtBot) -> None:
    notes = Notes()
    with running_portal(bus, GlobalShortcuts="ok", Registry="ok") as stand_in:
        keys.bind(WANTED, notes)
        qtbot.waitUntil(lambda: bool(notes.outcomes), timeout=WAIT_MS)
        assert [(one.action, one.keys) for one in notes.outcomes[0]] == [
            ("capture", "Press CTRL+ALT+s"), ("show_window", "Press LOGO+F7"),
        ]  # fmt: skip
        stand_in.activate("show_window")
        qtbot.waitUntil(lambda: notes.actions == ["show_window"], timeout=WAIT_MS)
        # other keys make another session; the desktop closes the old one with its connection
        keys.bind({"capture": WANTED["capture"]}, notes)
        qtbot.waitUntil(lambda: len(notes.outcomes) == 2, timeout=WAIT_MS)
        stand_in.activate("capture")
        qtbot.waitUntil(lambda: notes.actions == ["show_window", "capture"], timeout=WAIT_MS)
        keys.stop()
        first, second = (line["bind"] for line in stand_in.asked if "bind" in line)
    assert first["capture"] == {
        "description": "Capture a part of the screen", "preferred_trigger": "CTRL+ALT+s",
    }  # fmt: skip
    assert list(second) == ["capture"]


@pytest.mark.parametrize(
    ("way", "words"),
    [
        ("deny", "was told not to give"),
        ("fail", "gave up"),
        ("silent", "did not answer"),
        ("error", "Not today"),
        ("odd", "without a session"),
    ],
)
def test_refusals_are_said_for_every_key(
    way: str, words: str, bus: str, keys: PortalKeys, qtbot: QtBot
) -> None:
    notes = Notes()
    with running_portal(bus, GlobalShortcuts=way):
        keys.bind(WANTED, notes)
        qtbot.waitUntil(lambda: bool(notes.outcomes), timeout=WAIT_MS)
    assert [one.action for one in notes.outcomes[0]] == list(WANTED)
    assert all(words in one.problem and not one.keys for one in notes.outcomes[0])


def test_a_desktop_may_give_only_some(bus: str, keys: PortalKeys, qtbot: QtBot) -> None:
    notes = Notes()
    with running_portal(bus, GlobalShortcuts="partial"):
        keys.bind(WANTED, notes)
        qtbot.waitUntil(lambda: bool(notes.outcomes), timeout=WAIT_MS)
    given, refused = notes.outcomes[0]
    assert given.keys
    assert "gave no keys" in refused.problem


def test_stopping_while_the_desktop_thinks(bus: str, keys: PortalKeys, qtbot: QtBot) -> None:
    notes = Notes()
    with running_portal(bus, GlobalShortcuts="silent") as stand_in:
        keys.bind(WANTED, notes)
        qtbot.waitUntil(lambda: any("bind" in line for line in stand_in.asked), timeout=WAIT_MS)
        keys.stop()
    assert notes.outcomes == []
