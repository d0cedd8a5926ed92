"""Being there without a window: tray, later starts, closing into the tray, rest."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QFileOpenEvent, QGuiApplication

from desktop.intake.mime import offers_of
from desktop.intake.offers import LocalFile
from desktop.intake.routing import sort_offers
from desktop.start import instance
from desktop.start.listening import Listener
from desktop.start.own_command import own_command
from desktop.start.request import Request, RequestError, make
from desktop.system import autostart, clipboard, notify, tray
from desktop.system.platform import find_platform
from desktop.window.closing import ask_closing
from desktop.window.tray_menu import TrayMenu
from desktop.work.memory import give_back

if TYPE_CHECKING:
    from desktop.app import Application

#: Behind the tray, with nothing to do for so long, the program starts itself anew and holds only what
#: waiting needs: libraries and packs once loaded cannot be given back otherwise.
REST_AFTER_MS = 10 * 60 * 1000


#: So long after it came up behind the tray the program gives back what only its coming up needed.
SETTLE_MS = 1500


class Presence(QObject):
    """Decides whether there is a window, and acts on what is wanted from outside of it."""

    changed = Signal()
    """What can be seen of it changed: the tray, the remembered searches."""

    def __init__(self, app: Application) -> None:
        super().__init__(app)
        self._app = app
        self._capture: tuple[Callable[[], object], Callable[[], object]] | None = None
        self._leaving = False
        self._is_for_once = False
        self._menu: TrayMenu | None = None
        self.rests = False
        """Whether the program ends only to begin anew behind the tray."""
        self.platform = find_platform(QGuiApplication.platformName())
        self.tray = tray.choose(self.platform)
        self.notifier = notify.choose(self.platform, self.tray)
        self.watch = clipboard.choose(self.platform)
        self.autostart = autostart.choose(self.platform, own_command("--background"))
        self._listener = Listener(self)
        self._listener.requested.connect(self.act)
        if self.platform.system == "macos":  # a filter in Python sees every event, so only where it must
            app.qt.installEventFilter(self)
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settle.timeout.connect(give_back)
        self._rest = QTimer(self, singleShot=True, interval=REST_AFTER_MS)
        self._rest.timeout.connect(self._go_to_rest)
        app.operations.busy_changed.connect(lambda _busy: self.consider_rest())

    @property
    def has_tray(self) -> bool:
        """Whether the icon can be seen at this moment."""
        return self.tray.is_there

    def tie_capture(self, capture: Callable[[], object], again: Callable[[], object]) -> None:
        """Say how a part of the screen is searched, and the same place again."""
        self._capture = (capture, again)

    def begin(self, request: Request) -> None:
        """Become the running instance and do what the first start asked for."""
        problem = self._listener.listen(instance.address(self._app.places.data))
        if problem:
            self._app.tell(problem)
        self._show_tray()
        self._app.listen()
        self.set_watch(self._app.settings.watch_clipboard)
        if request.verb == "background":
            self._app.in_background = True
            self._settle.start()
            return
        if request.verb in ("capture", "capture-again", "search-clipboard"):
            self._app.in_background = True
            self._is_for_once = True
        self.act(request)

    def act(self, request: Request) -> None:
        """Do what a start asks for, the first or a later one."""
        if self._app.shutdown.begun:
            return
        if request.token:  # Qt hands it to the desktop with the next activation, and removes it
            os.environ["XDG_ACTIVATION_TOKEN"] = request.token
        match request.verb:
            case "show":
                self.raise_window()
            case "open":
                self.raise_window()
                self._app.taking.take(tuple(LocalFile(Path(name)) for name in request.files))
            case "link":
                self.raise_window()
                self._app.linking.ask(request.link)
            case "capture" | "capture-again":
                self._begin_capture(again=request.verb == "capture-again")
            case "search-clipboard":
                self.search_clipboard()
            case "background":
                self.consider_rest()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take what macOS has programs open: files of its Finder and links come as events."""
        if event.type() is QEvent.Type.FileOpen and isinstance(event, QFileOpenEvent):
            try:
                self.act(make("show", [event.file() or event.url().toString()], {}))
            except RequestError as error:
                self._app.tell(str(error))
            return True
        return False

    def raise_window(self) -> None:
        """Bring the window to the front, wherever it was."""
        app = self._app
        self._rest.stop()
        self._settle.stop()
        was_behind, app.in_background = app.in_background, False
        window = app.window
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        app.start()
        window.raise_()
        window.activateWindow()
        if was_behind:
            app.showing.catch_up()
        app.showing.refresh_facts()

    def search_clipboard(self) -> None:
        """Search what was copied, beside what the user is doing; what is no picture opens the window."""
        app = self._app
        app.presenting.close()
        if self.platform.session == "wayland" and self.platform.qt != "xcb":
            # there a program sees what is copied only while it has the keyboard
            self.raise_window()
            app.taking.paste()
            return
        held = QGuiApplication.clipboard().mimeData()
        # Qt gives none for an empty clipboard, whatever its type says
        offers = offers_of(held, self.tr("Copied picture")) if held is not None else ()
        given = sort_offers(offers)
        if not offers or given.packs or given.films:
            self.raise_window()
            app.taking.paste()
            return
        app.wake()
        app.taking.take(offers)
        app.presenting.present()

    def set_watch(self, on: bool) -> None:
        """Offer copied pictures from now on, or not; says why where that cannot be."""
        if on and self.watch.problem:
            self._app.change(watch_clipboard=False)
            self._app.tell(self.watch.problem)
        elif on:
            self.watch.start(self._offer_copied)
        else:
            self.watch.stop()

    def set_autostart(self, on: bool) -> None:
        """Start with the desktop from now on, or not."""
        try:
            self.autostart.set_on(on)
        except OSError as error:
            self._app.tell(
                self.tr("Starting with the desktop could not be changed: {0}. All else is as it was.").format(
                    error
                )
            )

    def may_close(self) -> bool:
        """Whether closing the window ends the program; without a tray at this moment it always does."""
        app = self._app
        if self._leaving or app.shutdown.begun or not self.has_tray:
            return True
        if app.settings.close_to_tray == "ask":
            ask_closing(app.window, self._has_decided)
            return False
        if app.settings.close_to_tray == "tray":
            self.hide_window()
            return False
        return True

    def hide_window(self) -> None:
        """Leave the window behind the tray."""
        self._app.in_background = True
        self._app.window.hide()
        self._app.player.playback.pause()  # nothing that the user did in the scene
        self.consider_rest()

    def quit(self) -> None:
        """End the program."""
        self._leaving = True
        self._app.leave()

    def consider_rest(self) -> None:
        """Begin to wait for rest if there is nothing to do and nothing to see."""
        if self._is_over():
            QTimer.singleShot(0, self, self.quit)
        elif not self._app.shutdown.begun and self._may_rest():
            self._rest.start()
        else:
            self._rest.stop()

    def end(self) -> None:
        """Hear and show nothing more, as a part of leaving."""
        self._app.qt.removeEventFilter(self)
        self.watch.stop()
        self._listener.close()
        self._app.presenting.close()
        self._rest.stop()
        self._settle.stop()
        self.tray.hide()
        if self._menu is not None:
            self._menu.deleteLater()
            self._menu = None

    def _is_over(self) -> bool:
        """Whether a start for one search is done, where no tray could call the program back."""
        app = self._app
        is_unseen = app.in_background and not app.presenting.is_open and not app.shutdown.begun
        is_idle = not app.operations.busy and not app.capturing.capture.busy
        return self._is_for_once and is_unseen and is_idle and not self.has_tray

    def _may_rest(self) -> bool:
        app = self._app
        is_idle = app.in_background and not app.operations.busy and not app.presenting.is_open
        return is_idle and app.awake and sys.platform != "win32" and self.has_tray

    def _go_to_rest(self) -> None:
        if self._may_rest():
            self.rests = True
            self.quit()

    def _has_decided(self, to_tray: bool) -> None:
        self._app.change(close_to_tray="tray" if to_tray else "quit")
        self._app.habits.mark()
        self._app.window.close()

    def _offer_copied(self) -> None:
        """Offer a search of what was copied; nothing of it is read before the user says so."""
        if self._app.is_furnished and self._app.window.isActiveWindow():
            return
        title, text = self.tr("A picture was copied"), self.tr("Click here to search its scene.")
        if not self.notifier.notify(title, text, self.search_clipboard):
            self._app.presenting.offer()

    def _begin_capture(self, *, again: bool) -> None:
        if self._capture is None:
            self.raise_window()
            self._app.tell(self.tr("The screen cannot be captured here. Copy the picture instead."))
        else:
            self._capture[1 if again else 0]()

    def capture_ended(self) -> None:
        """A capture was given up, or brought its picture."""
        QTimer.singleShot(0, self, self.consider_rest)

    def _show_tray(self) -> None:
        menu = self._menu = TrayMenu(can_capture=self._capture is not None)
        menu.show_wanted.connect(self.raise_window)
        menu.clipboard_wanted.connect(self.search_clipboard)
        menu.capture_wanted.connect(lambda: self._begin_capture(again=False))
        menu.capture_again_wanted.connect(lambda: self._begin_capture(again=True))
        menu.recent_wanted.connect(self._search_recent)
        menu.forget_wanted.connect(self._app.remembering.forget)
        menu.quit_wanted.connect(self.quit)
        remembering = self._app.remembering
        remembering.changed.connect(self._show_recent)
        self._show_recent()
        icon = self._app.qt.windowIcon()
        self.tray.show(icon, self.tr("SceneLens: find the scene of a picture"), menu, self.raise_window)

    def _show_recent(self) -> None:
        if self._menu is not None:
            self._menu.show_recent(self._app.remembering.searches)
        self.changed.emit()

    def _search_recent(self, search: object) -> None:
        from desktop.library.recent import RecentSearch

        assert isinstance(search, RecentSearch)
        self._app.wake()
        self._app.remembering.search(search)
        self._app.presenting.present()
