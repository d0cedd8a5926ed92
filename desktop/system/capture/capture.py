"""Capture as the application sees it: from a wish to a picture, by the first way that works."""

from __future__ import annotations

import logging
from dataclasses import replace

from PySide6.QtCore import QObject, QRect, Signal
from PySide6.QtGui import QGuiApplication, QScreen

from desktop.state.running import Failure, Lane, Runner
from desktop.system.capture.choose import Choice
from desktop.system.capture.geometry import Rect, to_desktop
from desktop.system.capture.handlers.qt_screens import screen_of
from desktop.system.capture.models import Frozen, Grabber
from desktop.system.capture.place import Place
from desktop.system.capture.session import RegionSession, Wishes
from desktop.system.capture.windows import Lister
from desktop.system.errors import CaptureDeniedError, CaptureError
from index_tools.progress import Progress

log = logging.getLogger("scenelens.capture")

NO_WISHES = Wishes()

_GRAB_KEY, _CROP_KEY = "capture", "capture crop"


class Capture(QObject):
    """Lives as long as the program; one capture at a time, a second wish meanwhile changes nothing."""

    picture_taken = Signal(object, QRect, QScreen)
    """The `Picture`, where it lay on the desktop (logical), and its screen."""
    ended = Signal(str)
    """Without a picture: a sentence why, "" when that was the user's wish."""
    shown = Signal()
    """The overlays are on screen."""
    place_changed = Signal(object)
    """The `Place` that "same place again" means from now on."""

    def __init__(self, parent: QObject, runner: Runner, choice: Choice, lister: Lister | None = None) -> None:
        super().__init__(parent)
        self._runner, self._choice, self._lister = runner, choice, lister
        self._wishes = Wishes()
        self._same_place = False
        self._busy = False
        self.session: RegionSession | None = None

    @property
    def busy(self) -> bool:
        """Whether a capture is under way."""
        return self._busy

    def choose_anew(self, choice: Choice) -> None:
        """Take other ways from now on, since more is known of the machine."""
        self._choice = choice

    def begin(self, wishes: Wishes = NO_WISHES) -> None:
        """Freeze the screens and have the user mark a part."""
        self._start(wishes, same_place=False)

    def again(self, wishes: Wishes) -> None:
        """Capture the last place without asking; where its screen is not there as it was, ask."""
        self._start(wishes, same_place=True)

    def cancel(self) -> None:
        """Give up what is under way."""
        self._runner.cancel(_GRAB_KEY)
        self._runner.cancel(_CROP_KEY)
        if self.session is not None:
            self.session.give_up()
        elif self._busy:
            self._end("")

    def _start(self, wishes: Wishes, *, same_place: bool) -> None:
        if self._busy:
            return
        self._busy, self._wishes, self._same_place = True, wishes, same_place
        try:
            self._try(self._choice.grabbers, "")
        except Exception:
            self._busy = False  # a fault of ours must not be the end of all captures
            raise

    def _try(self, grabbers: tuple[Grabber, ...], complaint: str) -> None:
        """Grab by the first way; the next is tried when that fails."""
        screens = tuple(QGuiApplication.screens())
        if not grabbers or not screens:
            self._end(complaint or self.tr("No screen is on, so there is nothing to capture."))
            return
        grabber = grabbers[0]
        places = tuple(screen_of(screen) for screen in screens)

        def fail(sentence: str) -> None:
            log.info("%s: %s", grabber.way.value, sentence)
            self._try(grabbers[1:], complaint or sentence)

        if grabber.in_window_thread:
            try:
                frozen = grabber.grab(places, Progress())
            except CaptureDeniedError as denied:
                self._end(str(denied))
            except CaptureError as error:
                fail(str(error))
            else:
                self._has_frozen(frozen, screens)
            return

        def work(progress: Progress) -> tuple[Frozen, ...] | str:
            try:
                return grabber.grab(places, progress)
            except CaptureDeniedError as denied:
                return str(denied)

        def done(result: tuple[Frozen, ...] | str) -> None:
            if isinstance(result, str):
                self._end(result)
            else:
                self._has_frozen(result, screens)

        self._runner.run(Lane.NETWORK, work, done, lambda failure: fail(failure.sentence), key=_GRAB_KEY)

    def _has_frozen(self, frozen: tuple[Frozen, ...], screens: tuple[QScreen, ...]) -> None:
        if tuple(QGuiApplication.screens()) != screens:
            self._end(
                self.tr("A screen was plugged in or unplugged; nothing was captured. Press the key again.")
            )
            return
        wishes, place = self._wishes, self._wishes.place
        if self._same_place:
            index = None
            if place is not None:
                index = place.find([(shown.screen.name, shown.size) for shown in frozen])
            if index is not None and place is not None:
                self._crop(frozen[index], screens[index], place.part)
                return
            wishes = replace(wishes, remark=self._no_place(place))
        pairs = tuple(zip(frozen, screens, strict=True))
        session = self.session = RegionSession(self, self._runner, pairs, wishes, self._lister)
        session.shown.connect(self.shown)
        session.given_up.connect(self._end)
        session.accepted.connect(lambda index, part: self._crop(frozen[index], screens[index], part))
        session.start()

    def _crop(self, frozen: Frozen, screen: QScreen, part: Rect) -> None:
        """Cut the part out in a worker, and end."""
        self.session = None
        origin = self.tr("Captured picture")
        area = to_desktop(part, replace(frozen.screen, ratio=frozen.ratio))
        where = QRect(area.left, area.top, area.width, area.height)

        def work(_progress: Progress) -> object:
            from desktop.system.capture.pixels import picture_of

            return picture_of(frozen.image, part, origin)

        def done(picture: object) -> None:
            self._busy = False
            self.place_changed.emit(Place(frozen.screen.name, frozen.size, part))
            self.picture_taken.emit(picture, where, screen)

        self._runner.run(Lane.READING, work, done, self._has_failed, key=_CROP_KEY)

    def _has_failed(self, failure: Failure) -> None:
        self._end(failure.sentence)

    def _no_place(self, place: Place | None) -> str:
        if place is None:
            return self.tr("Nothing was captured before, so there is no same place. Drag over the picture.")
        return self.tr(
            "The screen of the last capture ({0}, {1} × {2}) is not here as it was. Drag over the picture."
        ).format(place.screen, *place.size)

    def _end(self, sentence: str) -> None:
        self.session = None
        self._busy = False
        self.ended.emit(sentence)
