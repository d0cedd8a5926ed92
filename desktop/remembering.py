"""Remembers the last searches, unless the user does not want that."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.intake.offers import LocalFile
from desktop.intake.reading import read_first
from desktop.library import recent
from desktop.library.recent import RecentSearch
from desktop.state.query import Query, SearchState
from desktop.state.running import Failure, Lane
from desktop.window import words
from index_tools.progress import Progress

if TYPE_CHECKING:
    from desktop.app import Application
    from index_tools.picture import Picture

KEY = "recent"


class Remembering(QObject):
    """Holds what is remembered; `changed` comes with each change."""

    changed = Signal()

    def __init__(self, app: Application) -> None:
        super().__init__(app)
        self._app = app
        self._folder = app.places.data / "recent"
        self._query: Query | None = None
        self._again: Picture | None = None
        self.searches: tuple[RecentSearch, ...] = ()
        if app.settings.keep_recent:
            self.searches = recent.load(self._folder)
        app.session.observe(self._watch)

    def search(self, one: RecentSearch) -> None:
        """Search a remembered picture again."""

        def read(progress: Progress) -> Query:
            query = replace(read_first((LocalFile(one.picture),), progress), origin=one.name)
            self._again = query.picture
            return query

        self._app.session.open(one.name, read)

    def set_kept(self, on: bool) -> None:
        """Remember from now on, or forget all and remember nothing more."""
        self._app.change(keep_recent=on)
        if not on:
            self.forget()

    def forget(self) -> None:
        """Remove everything remembered, from the disk too."""
        folder = self._folder

        def work(_progress: object) -> tuple[RecentSearch, ...]:
            recent.forget(folder)
            return ()

        self._app.operations.run(Lane.THUMBNAILS, work, self._has, self._has_failed)

    def _watch(self, state: SearchState) -> None:
        """Note a search once it has an answer; sharpening and choosing are no new searches."""
        query, found = state.query, state.found
        if query is None or found is None or query is self._query or not self._app.settings.keep_recent:
            return
        if query.picture is self._again:
            return  # searched out of the menu
        self._query = query
        best = state.match
        search = RecentSearch(
            self._folder,
            query.origin,
            words.title(best.video) if best is not None else "",
            words.clock(best.at_s) if best is not None else "",
        )
        folder, picture = self._folder, query.picture
        self._app.operations.run(
            Lane.THUMBNAILS,
            lambda _progress: recent.add(folder, picture, search),
            self._has,
            self._has_failed,
        )

    def _has(self, searches: tuple[RecentSearch, ...]) -> None:
        self.searches = searches if self._app.settings.keep_recent else ()
        self.changed.emit()

    def _has_failed(self, failure: Failure) -> None:
        if not failure.cancelled:
            self._app.tell(failure.sentence)
