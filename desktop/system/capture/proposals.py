"""The film's picture under the pointer, looked for in a worker while the pointer moves.

One look at a time; of the places that come meanwhile only the last is looked at.  A look takes some 15 ms
for any size of screen.
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
        self._looked: tuple[int, int, int] | None = None
        self._waiting: tuple[int, int, int] | None = None
        self._busy = False

    def look(self, screen: int, x: int, y: int) -> None:
        """Look around a native pixel of a screen; where nothing is found at first, on all of the screen."""
        wanted = (screen, x, y)
        if self._looked is not None and self._is_near(wanted, self._looked):
            return
        self._waiting = wanted
        if not self._busy:
            self._begin()

    def stop(self) -> None:
        """Drop what is under way."""
        self._waiting = None
        self._runner.cancel(_KEY)

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

        self._runner.run(Lane.READING, work, lambda part: self._done(wanted[0], part), self._failed, key=_KEY)

    def _done(self, screen: int, part: Rect | None) -> None:
        self._busy = False
        self._found(screen, part)
        self._begin()

    def _failed(self, _failure: Failure) -> None:
        """Go on without a proposal; what was unexpected is in the log."""
        self._busy = False
        self._begin()

    @staticmethod
    def _is_near(one: tuple[int, int, int], other: tuple[int, int, int]) -> bool:
        is_close = max(abs(one[1] - other[1]), abs(one[2] - other[2])) < _STILL
        return one[0] == other[0] and is_close
