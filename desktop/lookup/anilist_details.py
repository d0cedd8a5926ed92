"""Works by their numbers: from what was kept, from what an answer brought along, from AniList.

Called in the lane of details, one caller at a time.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from desktop.lookup.anilist import BATCH, AniList
from desktop.lookup.anilist_store import WorkStore
from desktop.lookup.paces import Waiting
from desktop.lookup.service_errors import RemoteError
from desktop.state.work import Work
from index_tools.progress import Progress

log = logging.getLogger("scenelens.lookup")


@dataclass(frozen=True, slots=True)
class Details:
    """What is known of some works; `failure` is a sentence where AniList could not be asked for all.

    `wait_s` is after how long it may be asked again, None where nobody knows.
    """

    works: Mapping[int, Work]
    failure: str = ""
    wait_s: float | None = None


class WorkLookup:
    """Finds works, and keeps what it found for weeks."""

    def __init__(self, store: WorkStore, anilist: AniList) -> None:
        self._store = store
        self._anilist = anilist

    def close(self) -> None:
        """Let the connections go."""
        self._anilist.close()

    def find(
        self,
        numbers: Sequence[int],
        brought: Mapping[int, Work],
        progress: Progress,
        told: Callable[[Waiting], None],
        *,
        online: bool,
    ) -> Details:
        """Give what there is to know of some works; at most `BATCH`.

        `brought` is what came with an answer of trace.moe; where that is the whole record, nobody is asked
        for it.  What is kept but old is asked for anew and given all the same where that fails.
        """
        wanted = list(dict.fromkeys(numbers))[:BATCH]
        kept = self._store.find(wanted)
        known = {number: stored.work for number, stored in kept.items() if stored.work is not None}
        fresh = {number for number, stored in kept.items() if stored.is_fresh}
        new: dict[int, Work | None] = {}
        for number, work in brought.items():
            if number not in fresh:
                known[number] = joined(work, known.get(number))
                if is_whole(work):
                    new[number] = known[number]
        missing = [number for number in wanted if number not in fresh and number not in new]
        failure, wait_s = "", None
        if missing and online:
            try:
                found = self._anilist.works(missing, progress, told)
            except RemoteError as error:
                failure, wait_s = str(error), error.wait_s
            else:
                for number in missing:
                    told_of = found.get(number)
                    new[number] = joined(told_of, known.get(number)) if told_of else known.get(number)
        self._keep(new)
        known.update((number, one) for number, one in new.items() if one is not None)
        return Details(known, failure, wait_s)

    def _keep(self, works: dict[int, Work | None]) -> None:
        """Keep what is new; a disk that is full costs the next time's speed, nothing else."""
        if works:
            try:
                self._store.keep(works)
            except (sqlite3.Error, OSError) as error:
                log.info("Details were not kept: %s", error)


def is_whole(work: Work) -> bool:
    """Whether a record has what AniList would tell, and not only a title."""
    return bool(work.format and work.cover and work.genres and work.page)


def joined(work: Work, other: Work | None) -> Work:
    """Give a work with the Chinese title and the synonyms that the other one has besides."""
    if other is None:
        return work
    titles = work.titles if work.titles.chinese else replace(work.titles, chinese=other.titles.chinese)
    if not work.titles.ordered():
        titles = other.titles
    synonyms = tuple(dict.fromkeys((*work.synonyms, *other.synonyms)))
    return replace(work, titles=titles, synonyms=synonyms)
