"""The pictures of the hits in the list: of the film at hand, or of the service that knows the scene."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from desktop.informing import RETRY_S
from desktop.lookup.merged import Hit
from desktop.lookup.remote_answer import RemoteMatch
from desktop.state.query import SearchState
from desktop.state.running import Failure, Lane, Telling
from desktop.window import hit_words
from desktop.window.picture_view import image_of
from desktop.work.operations import AFTER_PAINTING_MS

if TYPE_CHECKING:
    from desktop.app import Application

#: Longest side of a picture taken from a film, in pixels.
SIDE = 224


class ListedPictures(QObject):
    """Fetches what neither the pack nor the list has yet, the first hit first.

    The service is not asked for pictures of hits that are gone, nor at once for one that failed.
    """

    came = Signal()
    """One came from the service."""

    def __init__(self, app: Application) -> None:
        super().__init__(app)
        self._app = app
        self._asked: set[hit_words.HitKey] = set()
        self._failed_s: dict[hit_words.HitKey, float] = {}
        self._wanted = SearchState(), False
        self._soon = QTimer(self, singleShot=True, interval=AFTER_PAINTING_MS)
        self._soon.timeout.connect(self._begin)

    def fetch(self, state: SearchState, unfolded: bool) -> None:
        """Fetch the pictures of a state's hits once these are listed; the service's own guesses only where
        they are.
        """
        self._wanted = state, unfolded
        self._soon.start()

    def _begin(self) -> None:
        state, unfolded = self._wanted
        model = self._app.window.results.results
        self._give_up({hit_words.key_of(hit) for hit in state.hits})
        for hit in state.hits:
            if state.thumbnail(hit) is not None or not model.lacks_image(hit):
                continue
            film, far = _film_of(hit), hit.remote
            if film is not None:
                self._take(hit, film)
            elif far is not None and far.image and (hit.is_match or unfolded):
                self._fetch(hit_words.key_of(hit), far)

    def _take(self, hit: Hit, film: Path) -> None:
        key, at_s = hit_words.key_of(hit), hit_words.at_s(hit)

        def work(_progress: object) -> QImage:
            from index_tools.film import read_frame

            return image_of(read_frame(film, at_s, max_side=SIDE))

        self._app.operations.run(
            Lane.THUMBNAILS,
            work,
            lambda image: self._app.window.results.show_thumbnail(key, image),
            _leave,
            key=f"thumbnail {key}",
        )

    def _give_up(self, listed: set[hit_words.HitKey]) -> None:
        """Fetch no pictures of the service but those of listed hits."""
        for key in self._asked - listed:
            self._app.operations.cancel(f"still {key}")
        self._asked &= listed

    def _fetch(self, key: hit_words.HitKey, far: RemoteMatch) -> None:
        failed_s = self._failed_s.get(key)
        if key in self._asked or (failed_s is not None and time.monotonic() - failed_s <= RETRY_S):
            return
        self._asked.add(key)
        from desktop.lookup.previews import Size

        def work(progress: Telling) -> QImage:
            data = self._app.distant.previews.picture(far, Size.MIDDLE, progress, progress.tell)
            return QImage.fromData(data)

        def show(image: QImage) -> None:
            self._asked.discard(key)
            self._app.window.results.show_thumbnail(key, image)
            self.came.emit()

        def note(_failure: Failure) -> None:
            self._asked.discard(key)
            self._failed_s[key] = time.monotonic()

        asking = self._app.asking
        self._app.operations.run(
            Lane.STILLS, work, show, note, key=f"still {key}", reported=asking.heed_renewal
        )


def _leave(_failure: Failure) -> None:
    """Leave the sign of a film in its place: the hit stands without a picture."""


def _film_of(hit: Hit) -> Path | None:
    """Give the film on this machine that a hit was found in."""
    return hit.here.film if hit.here is not None else None
