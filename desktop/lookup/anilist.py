"""AniList's GraphQL service: many works by their numbers in one request.

Source of limits, headers and errors: AniList's guide (docs.anilist.co) and the section on it in the reference
on the service's interface; the stand-in of the tests behaves the same.  Called in a worker.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

from desktop.lookup import service_facts as facts
from desktop.lookup.anilist_work import work_of
from desktop.lookup.exchange import Exchange, Limits, Reply
from desktop.lookup.paces import Kind, Waiting
from desktop.lookup.request_queue import Turns
from desktop.lookup.service_errors import RemoteError, Trouble
from desktop.state.work import Work
from index_tools.progress import Progress

NAME = "AniList"

#: Works in one request: the service gives at most 50 a page.
BATCH = 50

#: Refusal after too many requests, where the answer does not say how long: its guide says one minute.
REFUSAL_S = 60.0

#: The longest wait that an answer can impose.
LONGEST_WAIT_S = 600.0

#: What one request may cost; 50 works are some 250 kB.
BOUNDS = Limits(bytes=4 * 1024 * 1024, total_s=20.0, silence_s=10.0)

QUERY = """query ($ids: [Int]) { Page(page: 1, perPage: 50) { media(id_in: $ids, type: ANIME) {
  id title { native romaji english } synonyms format status episodes duration season seasonYear
  startDate { year month day } endDate { year month day } genres isAdult siteUrl
  coverImage { large medium color }
  studios { edges { isMain node { name siteUrl } } }
  externalLinks { url site } } } }"""


class AniList:
    """Asks for works, in the program's one queue of requests."""

    def __init__(self, url: str, turns: Turns, exchange: Exchange | None = None) -> None:
        self._url = url
        self._turns = turns
        self._exchange = exchange or Exchange(NAME)

    def close(self) -> None:
        """Let the connections go."""
        self._exchange.close()

    def works(
        self, numbers: Sequence[int], progress: Progress, told: Callable[[Waiting], None]
    ) -> dict[int, Work]:
        """Give the works there are, by their numbers; at most `BATCH`, in one request.

        Waits its turn first.  Raises RemoteError, Cancelled.
        """
        if not 0 < len(numbers) <= BATCH:
            raise ValueError(f"1 to {BATCH} numbers are asked for at a time, not {len(numbers)}")
        question = json.dumps({"query": QUERY, "variables": {"ids": list(numbers)}}).encode()
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        with self._turns.turn(Kind.ANILIST, progress, told):
            reply = self._exchange.send(
                "POST", self._url, progress, body=question, headers=headers, limits=BOUNDS
            )
            self._heed(reply)
        found = (work_of(record) for record in _records(reply.body))
        return {work.number: work for work in found if work is not None and work.number in numbers}

    def _heed(self, reply: Reply) -> None:
        """Keep to the limits that an answer tells; raises RemoteError where it is a refusal."""
        limit = _number(reply.headers.get("x-ratelimit-limit", ""))
        if limit and 60 / limit > facts.ANILIST_INTERVAL_S:
            self._turns.hold(
                Kind.ANILIST, min(60 / limit, LONGEST_WAIT_S), "AniList takes fewer requests now."
            )
        if reply.status == 429:
            wait_s = float(min(_number(reply.headers.get("retry-after", "")) or REFUSAL_S, LONGEST_WAIT_S))
            self._turns.hold(Kind.ANILIST, wait_s, "AniList has had too many requests from this address.")
            raise RemoteError(
                f"AniList asks to be left alone for {wait_s:.0f} s. It is asked again after that.",
                Trouble.TOO_MANY,
                wait_s,
            )
        if reply.status >= 500:
            raise RemoteError(
                "AniList is out of order just now. The match stands without its details; "
                "they come when AniList does.",
                Trouble.FAILED,
            )
        if reply.status != 200:
            raise RemoteError(
                f"AniList refused the question for details (error {reply.status}). The match stands "
                "without them; a newer SceneLens may know how to ask.",
                Trouble.REFUSED,
            )


def _records(body: bytes) -> list[object]:
    """Give the list of records in an answer.  Raises RemoteError."""
    try:
        place: object = json.loads(body)
    except (ValueError, RecursionError):
        place = None
    for name in ("data", "Page", "media"):
        place = place.get(name) if isinstance(place, dict) else None
    if not isinstance(place, list):
        raise RemoteError(
            "AniList sent an answer that could not be read. The match stands without its details.",
            Trouble.NOT_UNDERSTOOD,
        )
    return place[:BATCH]


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 9 else 0
