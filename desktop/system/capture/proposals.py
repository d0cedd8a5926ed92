"""The film's picture under the pointer, looked for in a worker while the pointer moves.

One look at a time; of the places that come meanwhile only the last is looked at, a place that was clicked on
before any other.  A look takes some 15 ms for any size of screen.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage

from desktop.state.running import Failure, Lane, Runner
from desktop.system.capture.geometry import Rect

if TYPE_CHECKING:
    from numpy.typing import NDArray

_KEY = "capture proposal"

#: The index of a screen, and a native pixel of it.
_Place = tuple[int, int, int]

#: Pointer movements of fewer native pixels are not looked at anew.
_STILL = 3


class Proposer(QObject):
    """Finds pictures on the frozen screens; `found` is called with a screen's index and a part or None."""

    def __init__(
        self,
        parent: QObject,
        runner: Runner,
        images: tuple[QImage, ...],
        found: Callable[[int, Rect | None], None],
    ) -> None:
        super().__init__(parent)
        self._runner, self._images, self._found = runner, images, found
        self._pixels: dict[int, NDArray[Any]] = {}
        self._looked: _Place | None = None
        self._waiting: _Place | None = None
        self._answer: Callable[[], None] | None = None
        self._busy = False

    def look(self, screen: int, x: int, y: int) -> None:
        """Look around a native pixel of a screen; where nothing is found at first, on all of the screen."""
        wanted = (screen, x, y)
        if self._answer is None and not self._is_near(wanted, self._looked):
            self._wait_for(wanted)

    def ask(self, screen: int, x: int, y: int, answer: Callable[[], None]) -> None:
        """Look at a native pixel even if that was done before; `answer` is called after its `found`.

        Movements until then are not looked at: they would put the answer off.
        """
        self._answer, self._waiting = answer, None
        wanted = (screen, x, y)
        if not (self._busy and self._is_near(wanted, self._looked)):
            self._wait_for(wanted)

    def stop(self) -> None:
        """Drop what is under way."""
        self._waiting = self._answer = None
        self._runner.cancel(_KEY)

    def _wait_for(self, wanted: _Place) -> None:
        self._waiting = wanted
        if not self._busy:
            self._begin()

    def _begin(self) -> None:
        wanted, self._waiting = self._waiting, None
        if wanted is None:
            return
        is_first, self._looked, self._busy = self._looked is None, wanted, True
        image, held = self._images[wanted[0]], self._pixels

        def work(_progress: object) -> Rect | None:
            from desktop.system.capture.pixels import rgb_of
            from index_tools.inner_picture import find_inner_picture_at, find_inner_pictures

            if wanted[0] not in held:
                held[wanted[0]] = rgb_of(image)
            rgb = held[wanted[0]]
            box = find_inner_picture_at(rgb, wanted[1], wanted[2])
            if box is None and is_first:
                box = next(iter(find_inner_pictures(rgb)), None)
            return None if box is None else Rect(*box)

        def done(part: Rect | None) -> None:
            self._done(wanted[0], part)

        def failed(_failure: Failure) -> None:  # what was unexpected is in the log
            self._done(wanted[0], None)

        self._runner.run(Lane.READING, work, done, failed, key=_KEY)

    def _done(self, screen: int, part: Rect | None) -> None:
        self._busy = False
        self._found(screen, part)
        if self._waiting is None and self._answer is not None:
            answer, self._answer = self._answer, None
            answer()
        self._begin()

    @staticmethod
    def _is_near(one: _Place, other: _Place | None) -> bool:
        if other is None or one[0] != other[0]:
            return False
        return max(abs(one[1] - other[1]), abs(one[2] - other[2])) < _STILL
