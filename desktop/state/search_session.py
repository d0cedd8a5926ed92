"""One search at a time: from something given to the scene that is shown.

Reading, then the fast answer of the packs, then, when the scene is on screen or where there is none to show,
the same answer sharpened in the films; beside it, as the user wishes, the answer of trace.moe.  Each of them
replaces its own part of the state alone, and the list is made of all parts anew.  A newer query replaces an
older one wherever that is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from desktop.lookup.merged import Hit
from desktop.state.query import Box, Found, Query, SearchState, Stage
from desktop.state.remote import RemoteState, is_same_scene
from desktop.state.remote_search import RemoteSearch
from desktop.state.running import Failure, Lane, Runner
from desktop.state.series import Series
from index_tools.progress import Progress, Report

SEARCH_KEY = "search"


class Finder(Protocol):
    """The engine as a session needs it; called in the engine's lane.  Raises SceneLensError."""

    def search(self, query: Query, progress: Progress) -> Found:
        """Answer from the packs' own data."""

    def refine(self, query: Query, found: Found, progress: Progress) -> Found:
        """Sharpen an answer in the films at hand, by one step; until it is exact there is another."""


class SearchSession:
    """Holds the current search; `state` is replaced as a whole and observers are told."""

    def __init__(self, runner: Runner, finder: Finder, remote: RemoteSearch | None = None) -> None:
        self._runner = runner
        self._finder = finder
        self._remote = remote
        self._show_adult = False
        self._observers: list[Callable[[SearchState], None]] = []
        self._watchers: list[Callable[[float | None], None]] = []
        self._sharpened: Found | None = None
        self.state = SearchState()
        if remote is not None:
            remote.observer = self._has_news

    def observe(self, observer: Callable[[SearchState], None]) -> None:
        """Have `observer` called with each new state, and with the present one at once."""
        self._observers.append(observer)
        observer(self.state)

    def watch(self, watcher: Callable[[float | None], None]) -> None:
        """Have `watcher` told how much of the work under way is done, 0..1, and None when that is over."""
        self._watchers.append(watcher)

    def open(self, origin: str, read: Callable[[Progress], Query], lane: Lane = Lane.READING) -> None:
        """Read something new and search it.  The work begins before that is shown, here and in `search`."""
        self._forget_remote()
        self._runner.run(
            lane, read, self._has_read, self._has_failed, key=SEARCH_KEY, reported=self._has_told
        )
        self._change(self._fresh(Stage.READING, origin))

    def search(self, query: Query) -> None:
        """Search a picture that is already read."""
        self._search_here(query)
        remote = self._begin_remote(query)
        self._change(replace(self._fresh(Stage.SEARCHING, query.origin, query), remote=remote))

    def search_again(self) -> None:
        """Search the same picture once more, here and by the service."""
        if self.state.query is not None:
            self.search(self.state.query)

    def search_in_more(self) -> None:
        """Search the same picture here once more, as after new films came; what the service said stays."""
        if self.state.query is not None:
            self._search_here(self.state.query)
            new = replace(self.state, stage=Stage.SEARCHING, found=None, failure="", error=None)
            self._change(_selected_anew(self.state, new))

    def search_region(self, region: Box | None) -> None:
        """Search a part of the picture alone, or the whole again."""
        query = self.state.query
        if query is not None and query.region != region:
            self.search(replace(query, region=region))

    def search_within(self, series: Series | None) -> None:
        """Search a series or film alone, or everything again."""
        query = self.state.query
        if query is not None and query.within != series:
            self.search(replace(query, within=series))

    def search_position(self, position: float) -> None:
        """Search another frame of the clip at hand."""
        query = self.state.query
        if query is None or query.clip is None:
            return
        clip = query.clip
        self._forget_remote()
        self._change(self._fresh(Stage.READING, query.origin, query))
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
        self._forget_remote()
        self._change(self._fresh(Stage.READING, query.origin, query))
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
        if found.answer.can_be_sharpened:
            self._runner.run(
                Lane.ENGINE,
                lambda progress: self._finder.refine(query, found, progress),
                self._has_found,
                self._has_not_refined,
                key=SEARCH_KEY,
                reported=self._has_told,
            )

    def select(self, index: int) -> None:
        """Show another hit."""
        if 0 <= index < len(self.state.hits) and index != self.state.selected:
            self._change(replace(self.state, selected=index, chosen_by_hand=True))

    def select_next(self, distance: int) -> None:
        """Show the hit so many places further down, staying in the list."""
        if self.state.hits:
            start = -1 if self.state.selected is None else self.state.selected
            self.select(min(max(start + distance, 0), len(self.state.hits) - 1))

    def show_adult(self, on: bool) -> None:
        """Show what belongs to adult works, or leave it out."""
        if on != self._show_adult:
            self._show_adult = on
            self._change(_selected_anew(self.state, replace(self.state, show_adult=on)))

    def foresee(self) -> None:
        """Find out what asking the service would cost, where the user may yet decide to; nothing is sent."""
        if self._remote is not None:
            self._remote.foresee()

    def ask_remote(self) -> None:
        """Ask the service about this very picture."""
        if self._remote is not None:
            self._remote.ask()

    def send_picture(self) -> None:
        """Send this very picture to the service."""
        if self._remote is not None:
            self._remote.send_picture()

    def decide_again(self) -> None:
        """Heed a changed wish about asking the service."""
        if self._remote is not None:
            self._remote.decide_again()

    def cancel(self) -> None:
        """Give up a search under way; an answer at hand stays while only the service is asked."""
        self._tell_share(None)
        is_looking = self.state.stage is Stage.LOOKING
        if self.state.stage.is_busy and not is_looking:
            self.clear()
            return
        self._runner.cancel(SEARCH_KEY)
        if is_looking:
            self._be_content()
        if self._remote is not None:
            self._remote.cancel()

    def clear(self) -> None:
        """Forget picture and answer."""
        self._runner.cancel(SEARCH_KEY)
        self._forget_remote()
        self._change(self._fresh())

    def fail(self, origin: str, sentence: str) -> None:
        """Show why something given could not be taken."""
        self._runner.cancel(SEARCH_KEY)
        self._forget_remote()
        self._change(replace(self._fresh(Stage.FAILED, origin), failure=sentence))

    def _search_here(self, query: Query) -> None:
        self._runner.run(
            Lane.ENGINE,
            lambda progress: self._finder.search(query, progress),
            self._has_found,
            self._has_failed,
            key=SEARCH_KEY,
            reported=self._has_told,
        )

    def _has_read(self, query: Query) -> None:
        self.search(query)

    def _has_found(self, found: Found) -> None:
        """Show an answer from here in place of the one before, and let the service know how it ended.

        One without a match has not ended before all was looked at closely.
        """
        is_over = found.answer.best is not None or not found.answer.can_be_sharpened
        stage = Stage.ANSWERED if is_over else Stage.LOOKING
        self._change(_selected_anew(self.state, replace(self.state, stage=stage, found=found)))
        if not is_over:
            self.sharpen()
        elif self._remote is not None:
            self._remote.here_ended(found.answer.best is not None)

    def _has_not_refined(self, _failure: Failure) -> None:
        """Keep the fast answer: it stands without the films, whose own failure the player will tell."""
        self._tell_share(None)
        if self.state.found is not None and self.state.found.answer.best is None:
            self._be_content()
            if self._remote is not None:
                self._remote.here_ended(False)

    def _be_content(self) -> None:
        """Show the answer at hand as it is, without a closer look."""
        self._change(_selected_anew(self.state, replace(self.state, stage=Stage.ANSWERED)))

    def _has_failed(self, failure: Failure) -> None:
        if failure.cancelled:
            return
        self._change(replace(self.state, stage=Stage.FAILED, failure=failure.sentence, error=failure.error))
        if self._remote is not None and self.state.query is not None:
            self._remote.here_ended(False)

    def _has_news(self, remote: RemoteState) -> None:
        """Show what the service says beside what was found here."""
        if remote is not self.state.remote:
            self._change(_selected_anew(self.state, replace(self.state, remote=remote)))

    def _begin_remote(self, query: Query) -> RemoteState:
        """Have the service asked as the user wishes; gives what is to be shown of it."""
        if self._remote is None:
            return RemoteState()
        self._remote.observer = _nobody
        self._remote.begin(query)
        self._remote.observer = self._has_news
        return self._remote.state

    def _forget_remote(self) -> None:
        if self._remote is not None:
            self._remote.observer = _nobody
            self._remote.forget()
            self._remote.observer = self._has_news

    def _fresh(self, stage: Stage = Stage.EMPTY, origin: str = "", query: Query | None = None) -> SearchState:
        return SearchState(stage, origin, query, show_adult=self._show_adult)

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


def _selected_anew(old: SearchState, new: SearchState) -> SearchState:
    """Give a new state of the same search its stage and selection.

    What the user chose stays selected wherever it now lies; otherwise, also where it vanished, it is the
    first claim, and a guess is shown only when the user asks for it.
    """
    hits = new.hits
    best = next((index for index, hit in enumerate(hits) if hit.is_match), None)
    chosen = _index_of(old.hit, hits) if old.chosen_by_hand and old.hit is not None else None
    stage = new.stage
    if best is not None and (new.found is not None or stage is Stage.FAILED):
        stage = Stage.ANSWERED
    elif new.found is not None and stage is not Stage.LOOKING:
        stage = Stage.NO_MATCH
    selected = best if chosen is None else chosen
    return replace(new, stage=stage, selected=selected, chosen_by_hand=chosen is not None)


def _index_of(wanted: Hit, hits: tuple[Hit, ...]) -> int | None:
    """Find the hit of the same scene; a sharpened one may have moved within its video."""
    same = next((index for index, hit in enumerate(hits) if is_same_scene(hit, wanted)), None)
    if same is not None or wanted.here is None:
        return same
    where, at_s = (wanted.here.pack_id, wanted.here.video_number), wanted.here.at_s
    same_video = [
        (abs(hit.here.at_s - at_s), index)
        for index, hit in enumerate(hits)
        if hit.here is not None and (hit.here.pack_id, hit.here.video_number) == where
    ]
    return min(same_video)[1] if same_video else None


def _nobody(_state: RemoteState) -> None:
    """Take what is of no interest while a newer search begins."""
