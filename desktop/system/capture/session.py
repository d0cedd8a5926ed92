"""One capture from the frozen screens to the part that is taken: the overlays of all screens together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import QObject, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QCursor, QGuiApplication, QScreen

from desktop.state.running import Failure, Lane, Runner
from desktop.system.capture.bar import Bar
from desktop.system.capture.commands import Command, Deed
from desktop.system.capture.debug import debug_lines
from desktop.system.capture.geometry import Rect, pixel_at, screen_at
from desktop.system.capture.models import Frozen
from desktop.system.capture.overlay import RegionOverlay
from desktop.system.capture.place import Place
from desktop.system.capture.proposals import Proposer
from desktop.system.capture.selection import LEAST_SIDE, Point, Selection, too_small
from desktop.system.capture.windows import Lister, window_at

#: The keyboard is asked for so often, so many times: until the global keys that began this are let go,
#: X11 gives it to nobody else.
GRAB_INTERVAL_MS, GRAB_TRIES = 50, 40

#: Another program has the focus for so long: the user has turned away.  Between two overlays of ours nobody
#: has it for a moment, which on a busy machine can last longer than half a second.
AWAY_MS = 1200

_WINDOWS_KEY = "capture windows"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a session starts with."""

    hint: bool = False
    """Whether the line of hints is shown at once."""
    place: Place | None = None
    """The place of the last capture."""
    remark: str = ""
    """Something to be said at once."""
    debug: bool = False


class RegionSession(QObject):
    """Shows the overlays; ends with exactly one of `accepted` and `given_up`."""

    accepted = Signal(int, object)
    """The index of the screen, and the part of it in native pixels."""
    given_up = Signal(str)
    """A sentence why, "" when that was the user's wish."""
    shown = Signal()
    """Every overlay has been painted."""

    def __init__(
        self,
        parent: QObject,
        runner: Runner,
        screens: tuple[tuple[Frozen, QScreen], ...],
        wishes: Wishes,
        lister: Lister | None,
    ) -> None:
        super().__init__(parent)
        self._runner, self._wishes, self._lister = runner, wishes, lister
        self._windows: tuple[Rect, ...] | None = None  # until they are listed
        self._wants_window = False
        self._debug = wishes.debug
        self._ended, self._unpainted, self._was_active, self._tries = False, len(screens), False, 0
        self._screens = tuple(screen for _, screen in screens)
        self.overlays = tuple(self._overlay(frozen) for frozen, _ in screens)
        self._target = self._pointed_screen()
        images = tuple(frozen.image for frozen, _ in screens)
        self._proposer = Proposer(self, runner, images, self._has_proposal)
        self._grabbing = QTimer(self, interval=GRAB_INTERVAL_MS)
        self._grabbing.timeout.connect(self._grab_keyboard)
        self._away = QTimer(self, singleShot=True, interval=AWAY_MS)
        self._away.timeout.connect(lambda: self._end(""))
        self._watch_screens()

    @property
    def target(self) -> RegionOverlay:
        """The overlay that keys are for."""
        return self.overlays[self._target]

    def start(self) -> None:
        """Show the overlays, that of the pointer's screen last so that it gets the keys."""
        order = sorted(range(len(self.overlays)), key=lambda index: index == self._target)
        for index in order:
            overlay, screen = self.overlays[index], self._screens[index]
            overlay.setGeometry(screen.geometry())
            overlay.winId()  # makes the window, which can then be given its screen
            handle = overlay.windowHandle()
            if handle is not None:
                handle.setScreen(screen)
            overlay.showFullScreen()
        self.target.activateWindow()
        self.target.setFocus()
        if QGuiApplication.platformName() == "xcb":
            self._grabbing.start()
        self._show_bars()
        self._look_under_pointer()
        if self._debug:
            self._refresh_debug()
        if self._wishes.remark:
            self.target.bar.tell(self._wishes.remark)

    def give_up(self, sentence: str = "") -> None:
        """Close everything without a picture."""
        self._end(sentence)

    def obey(self, command: Command) -> None:
        """Do what a key or a button says, to the target."""
        overlay, selection = self.target, self.target.selection
        match command.deed:
            case Deed.MOVE:
                self._adjust(overlay, selection.nudged(command.across, command.down))
            case Deed.GROW:
                self._adjust(overlay, selection.grown(command.across, command.down))
            case Deed.OPEN:
                self._adjust(overlay, selection.opened(command.across, command.down))
            case Deed.ACCEPT:
                self._accept(overlay, selection.shown)
            case Deed.WHOLE:
                self._accept(overlay, selection.bounds)
            case Deed.WINDOW:
                self._accept_window(overlay)
            case Deed.AGAIN:
                self._accept_place(overlay)
            case Deed.NEXT_SCREEN:
                self._turn_to((self._target + 1) % len(self.overlays))
            case Deed.HINT:
                overlay.bar.toggle_hint()
            case Deed.DEBUG:
                self._debug = not self._debug
                self._refresh_debug()
            case Deed.CANCEL:
                self._end("")

    # --- one overlay

    def _overlay(self, frozen: Frozen) -> RegionOverlay:
        bar = Bar(
            hint=self._wishes.hint, windows=self._lister is not None, again=self._wishes.place is not None
        )
        overlay = RegionOverlay(frozen, bar)
        overlay.touched.connect(lambda: self._turn_to(self.overlays.index(overlay), by_pointer=True))
        overlay.pointed.connect(lambda x, y: self._proposer.look(self.overlays.index(overlay), x, y))
        overlay.commanded.connect(self.obey)
        overlay.marked.connect(lambda part, stays: self._has_marked(overlay, part, stays))
        overlay.clicked.connect(lambda x, y, stays: self._has_clicked(overlay, (x, y), stays))
        overlay.given_up.connect(lambda: self._end(""))
        overlay.first_painted.connect(self._has_painted)
        return overlay

    def _has_clicked(self, overlay: RegionOverlay, at: Point, stays: bool) -> None:
        """Take what was clicked on; where nothing is proposed (yet), it is looked for first."""
        proposal = overlay.selection.proposal_at(at)
        if proposal is not None:
            self._has_marked(overlay, proposal, stays)
        else:
            index = self.overlays.index(overlay)
            self._proposer.ask(index, *at, lambda: self._has_answer(overlay, at, stays))

    def _has_answer(self, overlay: RegionOverlay, at: Point, stays: bool) -> None:
        """It was looked where the user clicked; what was begun or marked since goes before."""
        selection = overlay.selection
        if overlay is self.target and not selection.is_dragging and selection.marked is None:
            self._has_marked(overlay, selection.proposal_at(at), stays)

    def _has_marked(self, overlay: RegionOverlay, part: Rect | None, stays: bool) -> None:
        """The user is done with the mouse."""
        if part is not None and stays:
            overlay.change(replace(overlay.selection, marked=part))
        else:
            self._accept(overlay, part)

    def _adjust(self, overlay: RegionOverlay, selection: Selection) -> None:
        overlay.change(selection)
        part = overlay.selection.marked
        if part is not None:  # the magnifier goes with the corner that is looked at
            ratio = overlay.frozen.ratio
            overlay.point_at(QPointF((part.right - 0.5) / ratio, (part.bottom - 0.5) / ratio))

    def _accept(self, overlay: RegionOverlay, part: Rect | None) -> None:
        if part is None:
            overlay.bar.tell(self.tr("Nothing is marked yet. Drag over the picture first."))
        elif too_small(part):
            overlay.change(overlay.selection.restarted())
            sentence = self.tr("{0} × {1} pixels are too few to be searched; drag over {2} × {2} at least.")
            overlay.bar.tell(sentence.format(part.width, part.height, LEAST_SIDE))
        else:
            index = self.overlays.index(overlay)
            if self._close():
                self.accepted.emit(index, part)

    def _accept_window(self, overlay: RegionOverlay) -> None:
        if self._lister is None:
            overlay.bar.tell(self.tr("This desktop does not tell where windows are. Drag over the picture."))
            return
        if self._windows is None:
            self._wants_window = True
            return
        frozen = overlay.frozen
        part = window_at(self._pointed_pixel(overlay), frozen.screen, self._windows, frozen.size)
        if part is None:
            overlay.bar.tell(self.tr("There is no window under the pointer. Move it over one, or drag."))
        else:
            self._accept(overlay, part)

    def _accept_place(self, overlay: RegionOverlay) -> None:
        place = self._wishes.place
        if place is None:
            overlay.bar.tell(self.tr("Nothing was captured before. Drag over the picture."))
            return
        index = place.find([(shown.frozen.screen.name, shown.frozen.size) for shown in self.overlays])
        if index is None:
            overlay.bar.tell(
                self.tr("The screen of the last capture is not here as it was. Drag over the picture.")
            )
        else:
            self._accept(self.overlays[index], place.part)

    # --- all of them

    def _turn_to(self, index: int, *, by_pointer: bool = False) -> None:
        """Make another overlay the one that keys are for; what was marked on the other is dropped."""
        if index == self._target:
            return
        old, self._target = self.target, index
        old.change(old.selection.restarted().proposed(None))
        old.point_at(None)
        if not by_pointer:
            self.target.activateWindow()
        self._show_bars()

    def _show_bars(self) -> None:
        for index, overlay in enumerate(self.overlays):
            overlay.bar.setVisible(index == self._target)

    def _has_proposal(self, index: int, part: Rect | None) -> None:
        """Propose a part, also while the mouse is down: that may become a click on it."""
        if not self._ended and index == self._target:
            overlay = self.overlays[index]
            overlay.change(overlay.selection.proposed(part))

    def _has_painted(self) -> None:
        self._unpainted -= 1
        if self._unpainted == 0:
            self.shown.emit()
            self._list_windows()

    def _list_windows(self) -> None:
        lister = self._lister
        if lister is not None:
            ours = frozenset(int(overlay.winId()) for overlay in self.overlays)
            self._runner.run(
                Lane.READING, lambda _progress: lister(ours), self._has_windows, self._has_no_windows,
                key=_WINDOWS_KEY,
            )  # fmt: skip

    def _has_windows(self, windows: tuple[Rect, ...]) -> None:
        self._windows = windows
        if self._wants_window and not self.target.selection.is_dragging:
            self._accept_window(self.target)

    def _has_no_windows(self, _failure: Failure) -> None:
        """Stay without them; what was unexpected is in the log."""
        self._has_windows(())

    def _pointed_screen(self) -> int:
        at = QCursor.pos()
        return screen_at(at.x(), at.y(), [overlay.frozen.screen for overlay in self.overlays])

    def _pointed_pixel(self, overlay: RegionOverlay) -> tuple[int, int]:
        screen = overlay.frozen.screen
        at = QCursor.pos()
        return pixel_at(at.x() - screen.left, at.y() - screen.top, overlay.frozen.ratio, overlay.frozen.size)

    def _look_under_pointer(self) -> None:
        self._proposer.look(self._target, *self._pointed_pixel(self.target))

    def _refresh_debug(self) -> None:
        for index, overlay in enumerate(self.overlays):
            overlay.debug = partial(debug_lines, self.overlays, index) if self._debug else None
            overlay.refresh()

    # --- the end

    def _watch_screens(self) -> None:
        qt = QGuiApplication.instance()
        assert isinstance(qt, QGuiApplication)
        qt.screenAdded.connect(self._screens_changed)
        qt.screenRemoved.connect(self._screens_changed)
        qt.applicationStateChanged.connect(self._state_changed)
        for screen in self._screens:
            screen.geometryChanged.connect(self._screens_changed)

    def _screens_changed(self) -> None:
        self._end(
            self.tr(
                "A screen was plugged in, unplugged or changed; nothing was captured. Press the key again."
            )
        )

    def _state_changed(self, state: Qt.ApplicationState) -> None:
        if state is Qt.ApplicationState.ApplicationActive:
            self._was_active = True
            self._away.stop()
        elif self._was_active and not self._ended:
            self._away.start()

    def _grab_keyboard(self) -> None:
        """Have the keys come here whatever has the focus; the second line of defence."""
        self._tries += 1
        handle = self.target.windowHandle()
        if self._tries >= GRAB_TRIES or (handle is not None and handle.setKeyboardGrabEnabled(True)):
            self._grabbing.stop()

    def _end(self, sentence: str) -> None:
        if self._close():
            self.given_up.emit(sentence)

    def _close(self) -> bool:
        """Close the overlays; False where that was done already."""
        if self._ended:
            return False
        self._ended = True
        self._grabbing.stop()
        self._away.stop()
        self._proposer.stop()
        self._runner.cancel(_WINDOWS_KEY)
        for overlay in self.overlays:
            handle = overlay.windowHandle()
            if self._tries and handle is not None:
                handle.setKeyboardGrabEnabled(False)
            overlay.hide()
            overlay.deleteLater()
        self.deleteLater()
        return True
