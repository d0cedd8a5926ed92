"""From the scene that is shown to what is known of its work: titles, cover, dates, links."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize, Qt, QTimer
from PySide6.QtGui import QImage

from desktop.lookup.merged import Hit
from desktop.state.details import DetailsStage, DetailsState
from desktop.state.query import SearchState
from desktop.state.running import Failure, Lane, Telling
from desktop.state.work import Titles, Work, number_of, work_of_video
from desktop.window import hit_words, words
from desktop.window.cover import Cover
from desktop.work.operations import AFTER_PAINTING_MS

if TYPE_CHECKING:
    from desktop.app import Application
    from desktop.lookup.anilist_details import Details

WORKS_KEY, COVER_KEY = "works", "cover"

#: A cover is kept in memory at twice the size it is shown in, for screens of many pixels.
KEPT_SIZE = QSize(2 * Cover.SIZE.width(), 2 * Cover.SIZE.height())

#: A service that failed is not asked again unasked before so long has passed, in seconds.
RETRY_S = 60.0


class Informing(QObject):
    """Looks up the works of all hits of a list together, and shows that of the selected one."""

    def __init__(self, app: Application) -> None:
        super().__init__(app)
        self._app = app
        self._hit: Hit | None = None
        self._works: dict[int, Work] = {}
        self._asked: frozenset[int] = frozenset()
        self._failure = ""
        self._failed_s = 0.0
        self._is_loading = False
        self._covers: dict[str, QImage] = {}
        self._shown = SearchState()
        self._soon = QTimer(self, singleShot=True, interval=AFTER_PAINTING_MS)
        self._soon.timeout.connect(self._show_soon)
        self._reveal = QTimer(self, singleShot=True, interval=AFTER_PAINTING_MS)
        self._reveal.timeout.connect(lambda: app.window.beside.set_any(True))
        self._again = QTimer(self, singleShot=True)
        self._again.timeout.connect(self.retry)
        app.window.details.retry_wanted.connect(self.retry)

    def show_search(self, state: SearchState) -> None:
        """Show the work of the selected hit, after the scene itself has been shown."""
        self._shown = state
        self._soon.start()

    def retry(self) -> None:
        """Look up once more what could not be looked up."""
        numbers = [number for hit in self._shown.hits if (number := number_of_hit(hit))]
        if numbers:
            self._look_up(numbers, self._shown.hits)

    def _show_soon(self) -> None:
        """Look up the works of the list that are not known yet, and show the one of the selected hit."""
        state = self._shown
        self._hit = state.hit
        numbers = [number for hit in state.hits if (number := number_of_hit(hit))]
        if numbers and (not self._asked.issuperset(numbers) or self._may_retry()):
            self._look_up(numbers, state.hits)
        else:
            self._show()

    def _look_up(self, numbers: list[int], hits: tuple[Hit, ...]) -> None:
        self._again.stop()
        self._asked, self._failure, self._is_loading = frozenset(numbers), "", True
        records = {hit.remote.anime.number: hit.remote.anime.record for hit in hits if hit.remote is not None}
        online = self._app.asking.may_look_up

        def work(progress: Telling) -> Details:
            brought = {number: made for number, made in _read(records).items() if number in numbers}
            return self._app.distant.works.find(numbers, brought, progress, progress.tell, online=online)

        self._app.operations.run(Lane.DETAILS, work, self._has_works, self._has_failed, key=WORKS_KEY)
        self._show()

    def _has_works(self, details: Details) -> None:
        self._works.update(details.works)
        self._is_loading, self._failure = False, details.failure
        if details.failure:
            self._failed_s = time.monotonic()
            if details.wait_s is not None:
                self._again.start(round(details.wait_s * 1000) + 500)
        self._show()

    def _may_retry(self) -> bool:
        """Whether what failed failed so long ago that it may be asked again unasked."""
        return bool(self._failure) and time.monotonic() - self._failed_s > RETRY_S

    def _has_failed(self, failure: Failure) -> None:
        self._is_loading = False
        self._failed_s = time.monotonic()
        if not failure.cancelled:
            self._failure = failure.sentence
            self._show()

    def _show(self) -> None:
        state = self._state()
        window = self._app.window
        window.details.show_state(state)
        if state.stage is DetailsStage.NONE or window.beside.has_any:
            self._reveal.stop()
            window.beside.set_any(state.stage is not DetailsStage.NONE)
        else:
            self._reveal.start()  # to fill the panel and to lay it out take too long for one turn
        work = state.work
        if work is not None and work.cover and not window.details.cover.has_image:
            self._show_cover(work)

    def _state(self) -> DetailsState:
        hit = self._hit
        if hit is None:
            return DetailsState()
        number = number_of_hit(hit)
        work = self._works.get(number) or plain_work(hit)
        facts = self._facts(hit)
        if self._is_loading and number not in self._works:
            return DetailsState(DetailsStage.LOADING, work, self.tr("Looking up details…"), facts, True)
        if number in self._works:
            return DetailsState(DetailsStage.READY, work, self._failure, facts, bool(work.cover))
        if self._failure and number:
            return DetailsState(DetailsStage.FAILED, work, self._failure, facts, False)
        return DetailsState(DetailsStage.BARE, work, "", facts, False)

    def _facts(self, hit: Hit) -> tuple[tuple[str, str], ...]:
        """Give what is known of the file, and where that was found."""
        rows = [(self.tr("Found by"), hit_words.source(hit))]
        if hit.here is not None:
            video = hit.here.video
            size = f"{video.width} × {video.height} · {words.rate(video.fps)}"
            rows += [
                (self.tr("File"), video.file_name),
                (self.tr("Length"), words.clock(video.duration_s)),
                (self.tr("Picture"), size),
            ]
            rows += self._pack_facts(hit.here.pack_id)
        elif hit.remote is not None:
            rows.append((self.tr("File"), hit.remote.filename))
            if hit.remote.duration_s:
                rows.append((self.tr("Length"), words.clock(hit.remote.duration_s)))
        return tuple((name, value) for name, value in rows if value)

    def _pack_facts(self, pack_id: str) -> list[tuple[str, str]]:
        for pack in self._app.library.state.packs:
            if pack.pack_id == pack_id:
                return [(self.tr("Pack by"), pack.creator), (self.tr("Licence"), pack.licence)]
        return []

    def _show_cover(self, work: Work) -> None:
        image = self._covers.get(work.cover)
        if image is not None:
            self._app.window.details.show_cover(work.number, image)
            return
        online = self._app.asking.may_look_up or (self._hit is not None and self._hit.remote is not None)

        def fetch(progress: Telling) -> QImage:
            data = self._app.distant.cover(work.cover, progress, online=online)
            image = QImage.fromData(data) if data else QImage()
            if image.isNull():
                return image
            return image.scaled(
                KEPT_SIZE,
                Qt.AspectRatioMode.KeepAspectRatioByExpanding,
                Qt.TransformationMode.SmoothTransformation,
            )

        def show(image: QImage) -> None:
            if not image.isNull():
                self._covers[work.cover] = image
                while len(self._covers) > 40:
                    self._covers.pop(next(iter(self._covers)))
                self._app.window.details.show_cover(work.number, image)

        def leave(_failure: Failure) -> None:
            """Leave the work's colour in the cover's place."""

        self._app.operations.run(Lane.STILLS, fetch, show, leave, key=COVER_KEY)


def number_of_hit(hit: Hit) -> int:
    """Give AniList's number of the work that a hit belongs to, 0 where it is not known."""
    if hit.remote is not None and hit.remote.anime.number:
        return hit.remote.anime.number
    return number_of(hit.here.video) if hit.here is not None else 0


def plain_work(hit: Hit) -> Work:
    """Give what a hit itself says of its work."""
    if hit.here is not None:
        return work_of_video(hit.here.video)
    assert hit.remote is not None
    anime = hit.remote.anime
    titles = Titles(anime.native, anime.romaji, anime.english, anime.chinese)
    return Work(anime.number or 0, titles, anime.synonyms or (hit.remote.filename,), is_adult=anime.is_adult)


def _read(records: Mapping[int | None, Mapping[str, object]]) -> dict[int, Work]:
    """Read the records that came with an answer; in the worker, since they are large."""
    from desktop.lookup.anilist_work import work_of

    found = (work_of(record) for record in records.values())
    return {work.number: work for work in found if work is not None}
