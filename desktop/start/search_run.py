"""What a search from the shell needs: the packs of this user, and the client of trace.moe."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.library.demo import find_demo
from desktop.library.shelf import Shelf
from desktop.lookup.paces import Waiting
from desktop.lookup.request_queue import RequestQueue
from desktop.lookup.services import find_services
from desktop.start.places import Places
from desktop.start.settings import Settings
from desktop.state.query import Query
from desktop.state.running import Telling
from index_tools.errors import SceneLensError

if TYPE_CHECKING:
    from desktop.lookup.remote_answer import RemoteAnswer
    from desktop.lookup.tracemoe import TraceMoe
    from index_tools.nouns import Answer
    from index_tools.picture import Picture


class SearchRun:
    """Opens what is asked only when it is asked.  `waiting` is told while trace.moe must be waited for."""

    def __init__(self, places: Places, settings: Settings, waiting: Callable[[Waiting], None]) -> None:
        self._places = places
        self._settings = settings
        self._shelf = Shelf(places.cache, graphs=False)
        self._client: TraceMoe | None = None
        self.progress = Telling(lambda told: waiting(told) if isinstance(told, Waiting) else None)
        self.own_pack_id = ""

    def open_packs(self) -> Sequence[str]:
        """Open the demo, the own pack and those that the window remembers; sentences on what failed."""
        problems: list[str] = []
        demo = find_demo() if self._settings.use_demo else None
        if demo is not None:
            try:
                self._shelf.open_demo(demo, self.progress)
            except (SceneLensError, OSError) as error:
                problems.append(str(error))
        own = self._places.own_pack
        for path in ([own] if own.exists() else []) + [Path(name) for name in self._settings.packs]:
            try:
                opened = self._shelf.open(path, "own" if path == own else "opened", self.progress)
            except SceneLensError as error:
                problems.append(str(error))
                continue
            if path == own:
                self.own_pack_id = opened.pack_id
        return problems

    def here(self, query: Query) -> Answer:
        """The answer of packs and own films to a picture or a clip, sharpened in the films at hand."""
        found = self._shelf.search(query, self.progress)
        while found.answer.can_be_sharpened:
            found = self._shelf.refine(query, found, self.progress)
        return found.answer

    def remote(self, picture: Picture, anilist: int | None, *, send_picture: bool) -> RemoteAnswer:
        """The answer of trace.moe.  Raises RemoteError and Cancelled."""
        client = self._ready()
        if send_picture:
            return client.send_picture(picture, self.progress, anilist)
        return client.search(client.plan(picture, self.progress, anilist), self.progress)

    def close(self) -> None:
        """Let packs and connections go."""
        self._shelf.close_all()
        if self._client is not None:
            self._client.close()

    def _ready(self) -> TraceMoe:
        if self._client is None:
            from desktop.lookup.neighbours import Neighbours
            from desktop.lookup.tracemoe import connect

            cache, services = self._places.cache, find_services()
            queue = RequestQueue(beside=Neighbours(cache, services))
            self._client = connect(services.tracemoe, queue, cache)
        return self._client
