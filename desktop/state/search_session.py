"""One search at a time: from something given to the scene that is shown.

Reading, then the fast answer of the packs, then, when the scene is on screen, the same answer sharpened in
the films.  A newer query replaces an older one wherever that is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from desktop.state.query import Box, Found, Query, SearchState, Stage
from desktop.state.running import Failure, Lane, Runner
from index_tools.nouns import Match
from index_tools.progress import Progress, Report

SEARCH_KEY = "search"


class Finder(Protocol):
    """The engine as a session needs it; called in the engine's lane.  Raises SceneLensError."""

    def search(self, query: Query, progress: Progress) -> Found:
        """Answer from the packs' own data."""

    def refine(self, query: Query, found: Found, progress: Progress) -> Found:
        """Sharpen an answer in the films at hand."""


class SearchSession:
    """Holds the current search; `state` is replaced as a whole and observers are told."""

    def __init__(self, runner: Runner, finder: Finder) -> None:
        self._runner = runner
        self._finder = finder
        self._observers: list[Callable[[SearchState], None]] = []
        self._watchers: list[Callable[[float | None], None]] = []
        self._sharpened: Found | None = None
        self.state = SearchState()

    def observe(self, observer: Callable[[SearchState], None]) -> None:
        """Have `observer` called with each new state, and with the present one at once."""
        self._observers.append(observer)
        observer(self.state)

    def watch(self, watcher: Callable[[float | None], None]) -> None:
        """Have `watcher` told how much of the work under way is done, 0..1, and None when that is over."""
        self._watchers.append(watcher)

    def open(self, origin: str, read: Callable[[Progress], Query], lane: Lane = Lane.READING) -> None:
        """Read something new and search it."""
        self._change(SearchState(Stage.READING, origin))
        self._runner.run(
            lane, read, self._has_read, self._has_failed, key=SEARCH_KEY, reported=self._has_told
        )

    def search(self, query: Query) -> None:
        """Search a picture that is already read."""
        self._change(SearchState(Stage.SEARCHING, query.origin, query))
        self._runner.run(
            Lane.ENGINE,
            lambda progress: self._finder.search(query, progress),
            self._has_found,
            self._has_failed,
            key=SEARCH_KEY,
            reported=self._has_told,
        )

    def search_again(self) -> None:
        """Search the same picture once more, as after new films came."""
        if self.state.query is not None:
            self.search(self.state.query)

    def search_region(self, region: Box | None) -> None:
        """Search a part of the picture alone, or the whole again."""
        query = self.state.query
        if query is not None and query.region != region:
            self.search(replace(query, region=region))

    def search_position(self, position: float) -> None:
        """Search another frame of the clip at hand."""
        query = self.state.query
        if query is None or query.clip is None:
            return
        clip = query.clip
        self._change(SearchState(Stage.READING, query.origin, query))
        self._runner.run(
            Lane.READING,
            lambda _progress: replace(
                query, picture=clip.picture_at(position), position=position, region=None, moments=None
            ),
            self._has_read,
            self._has_failed,
            key=SEARCH_KEY,
        )

    def search_clip(self, position: float, read: Callable[[Query, float, Progress], Query]) -> None:
        """Search the clip at hand as a whole, or the seconds around a position of a long one."""
        query = self.state.query
        if query is None or query.clip is None:
            return
        self._change(SearchState(Stage.READING, query.origin, query))
        self._runner.run(
            Lane.READING,
            lambda progress: read(query, position, progress),
            self._has_read,
            self._has_failed,
            key=SEARCH_KEY,
            reported=self._has_told,
        )

    def sharpen(self) -> None:
        """Look the answer at hand up in the films; called once its best scene is on screen.

        Nothing happens where there is nothing to sharpen, or where it is being done.
        """
        query, found = self.state.query, self.state.found
        if query is None or found is None or found is self._sharpened:
            return
        self._sharpened = found
        if found.answer.matches and not found.answer.refined:
            self._runner.run(
                Lane.ENGINE,
                lambda progress: self._finder.refine(query, found, progress),
                self._has_refined,
                self._has_not_refined,
                key=SEARCH_KEY,
                reported=self._has_told,
            )

    def select(self, index: int) -> None:
        """Show another match."""
        if 0 <= index < len(self.state.matches) and index != self.state.selected:
            self._change(replace(self.state, selected=index, chosen_by_hand=True))

    def select_next(self, distance: int) -> None:
        """Show the match so many places further down, staying in the list."""
        if self.state.matches:
            start = -1 if self.state.selected is None else self.state.selected
            self.select(min(max(start + distance, 0), len(self.state.matches) - 1))

    def cancel(self) -> None:
        """Give up a search under way."""
        self._runner.cancel(SEARCH_KEY)
        self._tell_share(None)
        if self.state.stage.is_busy:
            self._change(SearchState())

    def clear(self) -> None:
        """Forget picture and answer."""
        self._runner.cancel(SEARCH_KEY)
        self._change(SearchState())

    def fail(self, origin: str, sentence: str) -> None:
        """Show why something given could not be taken."""
        self._runner.cancel(SEARCH_KEY)
        self._change(SearchState(Stage.FAILED, origin, failure=sentence))

    def _has_read(self, query: Query) -> None:
        self.search(query)

    def _has_found(self, found: Found) -> None:
        best = _first_claim(found.answer.matches)
        stage = Stage.NO_MATCH if best is None else Stage.ANSWERED
        self._change(replace(self.state, stage=stage, found=found, selected=best))

    def _has_refined(self, found: Found) -> None:
        old, best = self.state, _first_claim(found.answer.matches)
        selected = best
        if old.chosen_by_hand and old.match is not None:
            selected = _index_of(old.match, found.answer.matches)
        stage = Stage.NO_MATCH if best is None else Stage.ANSWERED
        self._change(replace(old, stage=stage, found=found, selected=selected))

    def _has_not_refined(self, _failure: Failure) -> None:
        """Keep the fast answer: it stands without the films, whose own failure the player will tell."""
        self._tell_share(None)

    def _has_failed(self, failure: Failure) -> None:
        if not failure.cancelled:
            self._change(
                replace(self.state, stage=Stage.FAILED, failure=failure.sentence, error=failure.error)
            )

    def _has_told(self, told: object) -> None:
        """Note how far the work is, where it says."""
        if isinstance(told, Report) and told.total > 0:
            self._tell_share(min(max(told.done / told.total, 0.0), 1.0))

    def _tell_share(self, share: float | None) -> None:
        for watcher in self._watchers:
            watcher(share)

    def _change(self, state: SearchState) -> None:
        self.state = state
        self._tell_share(None)
        for observer in tuple(self._observers):
            observer(state)


def _first_claim(matches: tuple[Match, ...]) -> int | None:
    """Find the best match that the engine stands for; a guess is shown only when the user asks for it."""
    return next((index for index, match in enumerate(matches) if match.is_match), None)


def _index_of(wanted: Match, matches: tuple[Match, ...]) -> int | None:
    """Find the match of the same scene; a sharpened one may have moved within its video."""
    same_video = [
        (abs(match.at_s - wanted.at_s), index)
        for index, match in enumerate(matches)
        if (match.pack_id, match.video_number) == (wanted.pack_id, wanted.video_number)
    ]
    return min(same_video)[1] if same_video else None
