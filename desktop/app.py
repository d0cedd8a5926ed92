"""The application: the one place that builds the objects and ties them together."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QByteArray, QEvent, QLocale, QObject, Qt, QTimer, QTranslator, Signal
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication

from desktop.asking import Asking
from desktop.capturing import Capturing
from desktop.deeds import Deeds
from desktop.habits import Habits
from desktop.informing import Informing
from desktop.library.demo import Demo
from desktop.library.library import Library, LibraryState
from desktop.library.own_pack import Added
from desktop.library.shelf import Shelf
from desktop.linking import Linking
from desktop.lookup.distant import Distant
from desktop.lookup.policy import AskWhen
from desktop.player import PlayerPanel
from desktop.presence import Presence
from desktop.presenting import Presenting
from desktop.previewing import Previewing
from desktop.remembering import Remembering
from desktop.showing import Showing
from desktop.start import early
from desktop.start.places import Places
from desktop.start.settings import Settings, load, save
from desktop.start.shutdown import JOIN_LIMIT_S, Shutdown, Step
from desktop.state.remote_search import RemoteSearch
from desktop.state.search_session import SearchSession
from desktop.taking import Taking
from desktop.window import theme, words
from desktop.window.hit_words import set_title_order
from desktop.window.main_window import MainWindow
from desktop.work import Operations
from desktop.work.collector import Collector

log = logging.getLogger("scenelens")

#: Changes of settings are written together, after so long without another.
SAVE_DELAY_MS = 800

#: What belongs to the window.
FURNITURE = ("player", "window", "asking", "previewing", "informing", "showing", "habits", "deeds")


class Application(QObject):
    """Everything that lives as long as the program.

    What belongs to the window is made with it: at once, or, where the program only `waits` behind the
    tray, at the first look at any of it.  That saves 14 MB.
    """

    surprise = Signal(str)

    player: PlayerPanel
    window: MainWindow
    asking: Asking
    previewing: Previewing
    informing: Informing
    showing: Showing
    habits: Habits
    deeds: Deeds

    def __init__(self, qt: QApplication, places: Places, demo: Demo | None, *, waits: bool = False) -> None:
        super().__init__()
        self.qt, self.places, self.demo = qt, places, demo
        self.is_furnished = False
        self.in_background, self.awake, self._listening = False, False, False
        self.settings, self._notice = load(places.settings_file)
        self._dress()
        self.operations = Operations(self)
        self.shelf = Shelf(places.cache)
        self.distant = Distant(places.cache)
        remote = RemoteSearch(self.operations, self.distant, lambda: AskWhen(self.settings.ask_remote))
        self.session = SearchSession(self.operations, self.shelf, remote)
        self.session.show_adult(self.settings.show_adult)
        set_title_order(self.settings.title_order)
        self.library = Library(self.operations, self.shelf, places.own_pack, self.tell, self._tell_added)
        self.remembering = Remembering(self)
        self.linking = Linking(self)
        self.presence = Presence(self)
        self.presenting = Presenting(self)
        self.taking = Taking(self)
        self.capturing = Capturing(self)
        self.hotkeys = self.capturing.hotkeys
        self._collector = Collector(self)
        self._saving = QTimer(self, singleShot=True, interval=SAVE_DELAY_MS)
        self._saving.timeout.connect(self.save_settings)
        self.shutdown = Shutdown((
            Step("stop accepting", self.operations.refuse_more),
            Step("let the global keys go", self.capturing.stop),
            Step("remember", self._remember),
            Step("leave the tray", self.presence.end),
            Step("cancel", self.operations.cancel_all),
            Step("stop the player", lambda: self.player.shutdown() if self.is_furnished else None),
            Step("join the workers", lambda: self.operations.join(JOIN_LIMIT_S)),
            Step("close the packs", self.shelf.close_all),
            Step("close the connections", self.distant.close),
            Step("give the collector back", self._collector.stop),
            Step("let go of the nets", lambda: early.forget_listener(self._be_surprised)),
        ))  # fmt: skip
        self._tie()
        if not waits:
            self._furnish()

    def __getattr__(self, name: str) -> object:
        """Furnish at the first look at what belongs to the window."""
        if name not in FURNITURE or self.__dict__.get("is_furnished", True):
            raise AttributeError(name)
        self._furnish()
        return self.__dict__[name]

    def tell(self, sentence: str) -> None:
        """Tell the user a sentence on what went wrong."""
        self.window.notice.tell(sentence)

    def start(self, paths: Sequence[Path] = ()) -> None:
        """Show the window, then open the packs and what was named on the command line."""
        self.window.show()
        self.asking.show_known_quota()
        self.listen()
        self.wake()
        if paths:
            self.taking.take_paths(paths)

    def listen(self) -> None:
        """Hear the global keys from now on, with a window or behind the tray."""
        if not self._listening:
            self._listening = True
            self.capturing.start()

    def wake(self) -> None:
        """Open the packs at the first need; what only waits in the tray does without them."""
        if not self.awake:
            self.awake = True
            demo = self.demo if self.settings.use_demo else None
            self.library.open_remembered(demo, self.settings.packs)

    def leave(self) -> None:
        """End everything in order; the event loop ends after it."""
        self.shutdown.run()
        self.qt.quit()

    def dispose(self) -> None:
        """Destroy the objects of Qt in order, once the event loop has ended.

        What is left to the interpreter's own end is destroyed in any order, which can crash.
        """
        self.shutdown.run()
        if self.is_furnished:
            self.window.hide()
            self.window.deleteLater()
        self.deleteLater()
        self.qt.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        self.qt.processEvents()

    def change(self, **changes: object) -> None:
        """Change settings; they are written a moment later."""
        self.settings = replace(self.settings, **changes)  # type: ignore[arg-type]
        self._saving.start()

    def save_settings(self) -> None:
        """Write the settings now."""
        self._saving.stop()
        try:
            save(self.places.settings_file, self.settings)
        except OSError as error:
            log.error("Settings not saved: %s", error)
            self.tell(
                self.tr(
                    "The settings could not be saved ({0}). They hold until you close the window."
                ).format(error)
            )

    def forget_pack(self, path: Path) -> None:
        """Do not open a pack at the next start; one that is only gone for now is not forgotten by itself."""
        if self.demo is not None and path == self.demo.pack:
            self.change(use_demo=False)
        self.change(packs=tuple(name for name in self.settings.packs if name != str(path)))

    def set_theme(self, name: str) -> None:
        """Dress the window anew."""
        self.change(theme=name)
        self._dress()
        self.presenting.colour()
        if self.is_furnished:
            self.window.colour()
            self.deeds.mark_theme()

    def _tie_capture(self) -> None:
        """Have captures and global keys work behind the tray too."""
        capturing, presence = self.capturing, self.presence
        presence.tie_capture(capturing.begin, capturing.same_place)
        capturing.waking = self.wake
        capturing.present = self.presenting.present
        capturing.show_window = presence.raise_window
        capturing.search_clipboard = presence.search_clipboard
        capturing.capture.ended.connect(lambda _sentence: presence.capture_ended())

    def _tie(self) -> None:
        """Tie together what is there with a window and without one."""
        self._tie_capture()
        self.library.observe(self._remember_packs)
        self.library.when_more(self._search_in_more)
        self.surprise.connect(self.tell, Qt.ConnectionType.QueuedConnection)
        early.tell_of_surprises(self._be_surprised)
        self.qt.styleHints().colorSchemeChanged.connect(self._scheme_changed)

    def _furnish(self) -> None:
        """Make the window and what belongs to it."""
        self.is_furnished = True
        self.player = PlayerPanel()
        self.window = MainWindow(self.player, self.demo)
        self.window.may_close = self.presence.may_close
        self.asking = Asking(self)
        self.previewing = Previewing(self, self.player, "window")
        self.informing = Informing(self)
        self.showing = Showing(self)
        self.habits = Habits(self)
        self.deeds = Deeds(self)
        self._tie_window()
        if self._notice:
            self.tell(self._notice)

    def _tie_window(self) -> None:
        window, player = self.window, self.player
        self.set_player(self.settings)
        self.session.observe(self.showing.show_search)
        self.session.watch(window.busy.set_share)
        self.library.observe(self._show_library)
        self.presence.changed.connect(self.showing.refresh_facts)
        window.offered.connect(self.taking.take)
        window.closing.connect(self.leave)
        window.welcome.sample_chosen.connect(lambda path: self.taking.take_paths([path]))
        player.toggles_changed.connect(self._remember_player)
        if self.settings.geometry:
            window.restoreGeometry(QByteArray.fromBase64(self.settings.geometry.encode()))
        else:
            self._fit_first_time()
        width = self.settings.list_width
        window.splitter.setSizes([width, max(window.width() - width, 400)])

    def _fit_first_time(self) -> None:
        screen = QGuiApplication.primaryScreen()
        room = screen.availableGeometry().size() if screen is not None else None
        width, height = (room.width(), room.height()) if room else (1280, 800)
        self.window.resize(min(1200, width * 9 // 10), min(780, height * 9 // 10))

    def _dress(self) -> None:
        theme.apply(self.qt, theme.choose(self.settings.theme, self.qt))

    def _scheme_changed(self) -> None:
        if self.settings.theme == "system":
            self._dress()
            self.presenting.colour()
            if self.is_furnished:
                self.window.colour()

    def _show_library(self, state: LibraryState) -> None:
        self.window.show_library(state)
        self.showing.refresh_facts()

    def _remember_packs(self, state: LibraryState) -> None:
        opened = (str(pack.path) for pack in state.packs if pack.kind == "opened")
        new = tuple(path for path in opened if path not in self.settings.packs)
        if new:
            self.change(packs=(*self.settings.packs, *new))

    def _search_in_more(self) -> None:
        """Search the current picture again in what came to be searched since."""
        if self.session.state.found is not None:
            self.session.search_in_more()

    def _tell_added(self, added: Added) -> None:
        is_flawed = bool(added.skipped or added.warnings)
        tell = self.window.notice.tell if is_flawed else self.window.notice.tell_calmly
        tell(words.added(added))

    def set_player(self, settings: Settings) -> None:
        """Set the player as the user has it."""
        self.player.set_autoplay(settings.autoplay)
        self.player.set_muted(settings.muted)
        self.player.set_loop(settings.loop)
        self.player.set_volume(settings.volume)
        self.player.set_speed(settings.speed)

    def _remember_player(self) -> None:
        player = self.player
        self.change(volume=player.volume, speed=player.speed)
        if not self.linking.borrowed:  # the others as a link asks, for its scene alone
            self.change(autoplay=player.autoplay, muted=player.muted, loop=player.loop)

    def _remember(self) -> None:
        """Keep the window's place for the next time."""
        if self.is_furnished:
            self._remember_place()
        self.save_settings()

    def _remember_place(self) -> None:
        geometry = bytes(self.window.saveGeometry().toBase64().data()).decode()
        width = self.window.splitter.sizes()[0]
        changes: dict[str, object] = {} if self.window.isFullScreen() else {"geometry": geometry}
        if width:
            changes["list_width"] = width
        self.change(**changes)

    def _be_surprised(self, sentence: str) -> None:
        self.surprise.emit(sentence)


def make_qt(words_of_start: Sequence[str]) -> QApplication:
    """Make Qt's application with our name and icon."""
    QGuiApplication.setDesktopFileName("scenelens")
    qt = QApplication(list(words_of_start))
    qt.setApplicationName("scenelens")
    qt.setApplicationDisplayName("SceneLens")
    _translate(qt)
    icon = Path(__file__).parent.parent / "resources" / "icons" / "scenelens.svg"
    if icon.is_file():
        qt.setWindowIcon(QIcon(str(icon)))
    return qt


def _translate(qt: QApplication) -> None:
    """Speak the user's language where a translation ships with the program; English otherwise."""
    translator = QTranslator(qt)
    folder = Path(__file__).parent.parent / "resources" / "translations"
    if translator.load(QLocale(), "scenelens", "_", str(folder)):
        qt.installTranslator(translator)
