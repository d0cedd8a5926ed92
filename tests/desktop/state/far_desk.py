"""A search session with engine, service and their workers in the test's hands."""

from __future__ import annotations

import numpy as np

from desktop.lookup.policy import AskWhen
from desktop.state.query import Query, SearchState
from desktop.state.remote import RemoteStage
from desktop.state.remote_search import RemoteSearch
from desktop.state.running import Lane
from desktop.state.search_session import SearchSession
from index_tools.picture import Picture
from tests.desktop.state.far_hands import HandRemote, make_answer, make_far
from tests.desktop.state.hands import HandFinder, HandRunner, make_found


class Desk:
    """A session with everything in the test's hands."""

    def __init__(self) -> None:
        self.runner, self.finder, self.remote = HandRunner(), HandFinder(), HandRemote()
        self.wish = AskWhen.UNSURE
        search = RemoteSearch(self.runner, self.remote, lambda: self.wish)
        self.session = SearchSession(self.runner, self.finder, search)
        self.finder.first = self.finder.sharpened = make_found()
        self.remote.answer = make_answer(make_far(30.0))

    @property
    def state(self) -> SearchState:
        return self.session.state

    @property
    def far(self) -> RemoteStage:
        return self.state.remote.stage

    def search(self) -> None:
        picture = Picture.of(np.zeros((36, 64, 3), np.uint8), "query")
        self.session.search(Query(picture, "query"))

    def lanes(self) -> list[Lane]:
        return [queued.lane for queued in self.runner.queue]

    def finish(self) -> None:
        while self.runner.queue:
            self.runner.step()
