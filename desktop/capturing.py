"""Capture and global keys tied to the application: a key anywhere, a part of the screen, a search."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRect, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QScreen

from desktop.state.running import Failure, Lane
from desktop.system import capture, hotkey
from desktop.system.platform import find_platform
from desktop.window.global_keys_page import GlobalKeysPage

if TYPE_CHECKING:
    from desktop.app import Application

log = logging.getLogger("scenelens.capture")

#: Milliseconds until a compositor has taken our window off the screen, its fading out included.
HIDING_MS = 220

_PORTALS_KEY, _KEYS_KEY = "portals", "global keys"


class Capturing(QObject):
    """Begins captures, searches what they bring, and hears the global keys."""

    def __init__(self, app: Application) -> None:
        super().__init__(app)
        self._app = app
        self._hidden = False
        self.platform = find_platform(QGuiApplication.platformName())
        choice = capture.choose(self.platform)
        lister = capture.choose_lister(self.platform)
        self.capture = capture.Capture(self, app.operations, choice, lister)
        self.hotkeys = hotkey.GlobalKeys(self)
        self.present: Callable[[QRect, QScreen], None] = lambda _area, _screen: self.show_window()
        """Shows the result of a capture that a global key began: where the picture lay, on which screen."""
        self.waking: Callable[[], None] = lambda: None
        """Opens what a search needs, where that is not open yet."""
        self.show_window: Callable[[], None] = self._raise_window
        self.search_clipboard: Callable[[], None] = self._paste_in_window
        self.capture.picture_taken.connect(self._search)
        self.capture.ended.connect(self._has_ended)
        self.capture.shown.connect(lambda: self.waking())
        self.capture.place_changed.connect(self._remember)
        self.hotkeys.pressed.connect(self._obey)
        self.hotkeys.changed.connect(self._tell_of_conflicts)

    def start(self) -> None:
        """Bind the global keys, once the window is up; on Wayland the portals are asked first."""
        if self.platform.session == "wayland" and self.platform.has_bus:
            self._app.operations.run(
                Lane.NETWORK, lambda _progress: _portals(), self._has_portals, self._has_no_portals,
                key=_PORTALS_KEY,
            )  # fmt: skip
        else:
            QTimer.singleShot(0, self, self._bind)

    def begin(self) -> None:
        """Freeze the screens as they are, whatever is on them."""
        self.capture.begin(self._wishes)

    def same_place(self) -> None:
        """Capture the place of the last capture."""
        self.capture.again(self._wishes)

    def begin_from_window(self) -> None:
        """Hide our own window, then begin; it comes back with the result."""
        self._behind_window(self.begin)

    def again_from_window(self) -> None:
        """Hide our own window, then capture the same place."""
        self._behind_window(self.same_place)

    def bind(self, action: str, keys: str) -> None:
        """Bind other keys to an action, "" for none, and remember them."""
        self._app.change(**{f"key_{action}": keys})
        self.hotkeys.bind(self.wanted)

    @property
    def wanted(self) -> dict[str, str]:
        """The keys of the settings by action."""
        settings = self._app.settings
        return {action.id: getattr(settings, f"key_{action.id}") for action in hotkey.GLOBAL_ACTIONS}

    def show_keys(self) -> None:
        """Show the page where global keys are chosen."""
        page = GlobalKeysPage(self._app.window, self.hotkeys, self.wanted)
        page.wished.connect(self.bind)
        page.open()

    def stop(self) -> None:
        """End a capture under way, and let the keys go."""
        self.capture.cancel()
        self.hotkeys.stop()

    @property
    def _wishes(self) -> capture.Wishes:
        settings = self._app.settings
        return capture.Wishes(settings.capture_hint, capture.Place.read(settings.capture_place))

    def _behind_window(self, begin: Callable[[], None]) -> None:
        if self.capture.busy:
            return
        self._hidden = True
        self._app.window.hide()
        QTimer.singleShot(HIDING_MS, self, begin)

    def _obey(self, action: str) -> None:
        deeds: dict[str, Callable[[], None]] = {
            "capture": self.begin,
            "capture_again": self.same_place,
            "search_clipboard": self.search_clipboard,
            "show_window": self.show_window,
        }
        if action in deeds:
            deeds[action]()

    def _tell_of_conflicts(self) -> None:
        """Say in passing that a key does not work; the page of the keys has it for good."""
        choice = self.hotkeys.choice
        problems = [one.problem for one in self.hotkeys.bound.values() if one.problem]
        if problems and choice is not None and choice.way is not hotkey.Way.NOTHING:
            self._app.window.remark(self.tr("Global keys: {0}").format(problems[0]))

    def _search(self, picture: object, area: QRect, screen: QScreen) -> None:
        from desktop.state.query import Query
        from index_tools.picture import Picture

        assert isinstance(picture, Picture)
        self.waking()
        if self._app.is_furnished:
            self._app.window.notice.hide()
        self._app.session.search(Query(picture, picture.origin))
        if self._hidden:
            self._hidden = False
            self.show_window()
        else:
            self.present(area, screen)

    def _has_ended(self, sentence: str) -> None:
        """Without a picture: come back as before, and say why."""
        if self._hidden or sentence:
            self._hidden = False
            self.show_window()
        if sentence:
            self._app.window.notice.tell(sentence)

    def _remember(self, place: capture.Place) -> None:
        self._app.change(capture_place=str(place), capture_hint=False)
        if self._app.is_furnished:
            self._app.showing.refresh_facts()

    def _bind(self) -> None:
        """Bind the keys by the way that fits; what is slow about that is done in a worker first."""
        choice = hotkey.choose(self.platform)
        if choice.way is hotkey.Way.NOTHING:
            self.hotkeys.use(choice, self.wanted)
            return
        self._app.operations.run(
            Lane.NETWORK,
            lambda _progress: hotkey.prepare(choice.way),
            lambda prepared: self.hotkeys.use(choice, self.wanted, prepared),
            lambda _failure: self.hotkeys.use(choice, self.wanted),
            key=_KEYS_KEY,
        )

    def _has_portals(self, portals: dict[str, int]) -> None:
        self.platform = replace(self.platform, portals=portals)
        self.capture.choose_anew(capture.choose(self.platform))
        self._bind()

    def _has_no_portals(self, failure: Failure) -> None:
        log.info("No portal was found: %s", failure.sentence)
        self._bind()

    def _raise_window(self) -> None:
        window = self._app.window
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.show()
        window.raise_()
        window.activateWindow()

    def _paste_in_window(self) -> None:
        """Search the clipboard; Wayland shows it to a window that has the focus, and to no other."""
        self.show_window()
        QTimer.singleShot(
            0 if self.platform.session != "wayland" else HIDING_MS, self, self._app.taking.paste
        )


def _portals() -> dict[str, int]:
    import asyncio

    from desktop.system import portal

    return asyncio.run(portal.versions())
