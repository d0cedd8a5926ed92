"""The page of the global keys: keys are pressed, taken, refused; commands are there to be copied."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from desktop.app import Application
from desktop.system.hotkey import Bound, Way, choose
from desktop.system.hotkey.models import Hearer, Wanted
from desktop.system.platform import Platform
from desktop.window.global_keys_page import GlobalKeysPage
from desktop.window.key_field import KeyField
from tests.desktop.conftest import Shoot

CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier

X11 = Platform("linux", "x11", "xcb")
WAYLAND = Platform("linux", "wayland", "wayland", has_bus=True)


class OtherProgramHasF9:
    """Binds every key but F9."""

    def __init__(self) -> None:
        self.wanted: list[dict[str, str]] = []

    def bind(self, wanted: Wanted, hearer: Hearer) -> None:
        self.wanted.append({action: str(keys) for action, keys in wanted.items()})
        problem = "Another program has F9 already."
        hearer.bound(tuple(
            Bound(action, "", problem) if str(keys) == "F9" else Bound(action, str(keys))
            for action, keys in wanted.items()
        ))  # fmt: skip

    def stop(self) -> None:
        self.wanted.append({})


@pytest.fixture
def system() -> OtherProgramHasF9:
    return OtherProgramHasF9()


@pytest.fixture
def open_page(
    make_application: Callable[..., Application], system: OtherProgramHasF9
) -> Iterator[Callable[[Platform], GlobalKeysPage]]:
    """A function that opens the page of an application on a platform."""
    application = make_application(None)
    application.hotkeys._make = lambda _way, _prepared: system

    def open_page(platform: Platform) -> GlobalKeysPage:
        application.window.show()
        application.hotkeys.use(choose(platform), application.capturing.wanted)
        application.window.actions_set["global_keys"].trigger()
        (page,) = application.window.findChildren(QDialog)
        assert isinstance(page, GlobalKeysPage)
        return page

    yield open_page
    QGuiApplication.clipboard().clear()


def field(page: GlobalKeysPage, action: str) -> KeyField:
    found = page.findChild(KeyField, f"keys_{action}")
    assert isinstance(found, KeyField)
    return found


def state(page: GlobalKeysPage, action: str) -> str:
    found = page.findChild(QLabel, f"state_{action}")
    assert isinstance(found, QLabel)
    return found.text()


def test_keys_are_pressed_and_apply_at_once(
    open_page: Callable[[Platform], GlobalKeysPage], system: OtherProgramHasF9, qtbot: QtBot, shoot: Shoot
) -> None:
    page = open_page(X11)
    keys = field(page, "search_clipboard")
    assert state(page, "capture") == "✓  Works"
    keys.click()
    assert keys.text() == "Press the keys…"
    assert system.wanted[-1] == {}  # so that those in use can be pressed
    shoot(page, "global-keys-waiting")
    qtbot.keyClick(keys, Qt.Key.Key_Control, CONTROL)
    assert keys.text() == "Press the keys…"
    qtbot.keyClick(keys, Qt.Key.Key_V, CONTROL | ALT)
    assert keys.text() == "Ctrl+Alt+V"
    assert keys.accessibleName() == "Search the clipboard: Ctrl+Alt+V"
    assert system.wanted[-1] == {
        "capture": "Ctrl+Alt+S", "capture_again": "Ctrl+Alt+Shift+S", "search_clipboard": "Ctrl+Alt+V",
    }  # fmt: skip
    assert state(page, "search_clipboard") == "✓  Works"
    page.close()


def test_escape_keeps_and_backspace_removes(
    open_page: Callable[[Platform], GlobalKeysPage], system: OtherProgramHasF9, qtbot: QtBot
) -> None:
    page = open_page(X11)
    keys = field(page, "capture")
    keys.click()
    qtbot.keyClick(keys, Qt.Key.Key_Escape)
    assert keys.text() == "Ctrl+Alt+S"
    assert page.isVisible()
    keys.click()
    qtbot.keyClick(keys, Qt.Key.Key_Backspace)
    assert keys.text() == "None"
    assert "capture" not in system.wanted[-1]
    assert state(page, "capture") == ""
    page.close()


@pytest.mark.parametrize(
    ("key", "modifiers", "words"),
    [
        (Qt.Key.Key_F9, Qt.KeyboardModifier.NoModifier, "Another program has F9 already"),
        (Qt.Key.Key_B, Qt.KeyboardModifier.NoModifier, "needed for typing"),
        (Qt.Key.Key_Adiaeresis, CONTROL, "cannot be a global key"),
        (Qt.Key.Key_S, CONTROL | ALT, "something else already"),
    ],
)
def test_what_cannot_be_had_is_said(
    key: Qt.Key, modifiers: Qt.KeyboardModifier, words: str,
    open_page: Callable[[Platform], GlobalKeysPage], qtbot: QtBot, shoot: Shoot,
) -> None:  # fmt: skip
    page = open_page(X11)
    field(page, "show_window").click()
    qtbot.keyClick(field(page, "show_window"), key, modifiers)
    assert state(page, "show_window").startswith("✕")
    assert words in state(page, "show_window")
    assert state(page, "capture") == "✓  Works"
    shoot(page, f"global-keys-{words.split()[0].lower()}")
    page.close()


def test_where_no_program_can_bind_keys_the_commands_are_there(
    open_page: Callable[[Platform], GlobalKeysPage], shoot: Shoot
) -> None:
    page = open_page(WAYLAND)
    intro = page.findChild(QLabel, "globalKeysIntro")
    assert isinstance(intro, QLabel)
    assert "lets no program bind keys" in intro.text()
    assert not field(page, "capture").isVisible()
    copy = page.findChild(QPushButton, "copy_capture")
    assert isinstance(copy, QPushButton)
    copy.click()
    assert QGuiApplication.clipboard().text() == "scenelens --capture"
    assert copy.text() == "Copied"
    shoot(page, "global-keys-none")
    page.close()


def test_the_portal_shows_what_the_desktop_decided(open_page: Callable[[Platform], GlobalKeysPage]) -> None:
    page = open_page(Platform("linux", "wayland", "wayland", has_bus=True, portals={"GlobalShortcuts": 1}))
    assert choose(WAYLAND).way is Way.NOTHING
    assert state(page, "capture") == "✓  Works: Ctrl+Alt+S"
    page.close()


def test_keys_are_remembered(make_application: Callable[..., Application]) -> None:
    application = make_application(None)
    application.capturing.bind("show_window", "Meta+F7")
    assert application.settings.key_show_window == "Meta+F7"
    assert application.capturing.wanted["show_window"] == "Meta+F7"


def test_everything_can_be_reached_by_tab_and_has_a_name(
    open_page: Callable[[Platform], GlobalKeysPage], qtbot: QtBot
) -> None:
    page = open_page(X11)
    buttons = [
        button
        for button in page.findChildren(QAbstractButton)
        if button.objectName()[:5] in ("keys_", "copy_")
    ]
    assert len(buttons) == 8
    assert all(button.accessibleName() for button in buttons)
    page.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is page)
    reached = set()
    for _ in range(30):
        qtbot.keyClick(QApplication.focusWidget() or page, Qt.Key.Key_Tab)
        reached.add(QApplication.focusWidget())
    assert set(buttons) <= reached
    page.close()
