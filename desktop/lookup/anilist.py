"""AniList's GraphQL service: many works by their numbers in one request.

What is believed about the service (limits, headers, errors) is in `docs.anilist.co` and, as data, below; the
stand-in in the tests behaves the same.  Called in a worker, one caller at a time.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import requests

from desktop.lookup.address import USER_AGENT
from desktop.lookup.anilist_work import work_of
from desktop.state.work import Work
from index_tools.errors import SceneLensError
from index_tools.progress import Progress

ENDPOINT = "https://graphql.anilist.co"
ENDPOINT_VARIABLE = "SCENELENS_ANILIST_URL"

#: Works in one request: the service gives at most 50 a page.
BATCH = 50

#: Seconds between two requests: its limit of 90 a minute stood at 30 for a long time.
LEAST_INTERVAL_S = 2.0

#: Refusal after too many requests, where the answer does not say how long: its guide says one minute.
REFUSAL_S = 60.0

#: The longest wait that an answer can impose.
LONGEST_WAIT_S = 600.0

QUERY = """query ($ids: [Int]) { Page(page: 1, perPage: 50) { media(id_in: $ids, type: ANIME) {
  id title { native romaji english } synonyms format status episodes duration season seasonYear
  startDate { year month day } endDate { year month day } genres isAdult siteUrl
  coverImage { large medium color }
  studios { edges { isMain node { name siteUrl } } }
  externalLinks { url site } } } }"""


class AniListError(SceneLensError):
    """AniList did not answer, or not with works; `wait_s` says when it may be asked again."""

    def __init__(self, sentence: str, wait_s: float = 0.0) -> None:
        super().__init__(sentence)
        self.wait_s = wait_s


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one request may cost."""

    connect_s: float = 6.0
    silence_s: float = 10.0
    total_s: float = 20.0
    bytes: int = 4 * 1024 * 1024


def endpoint(environment: Mapping[str, str] = os.environ) -> str:
    """Give the address of the service, or of the one that the environment names in its place."""
    return environment.get(ENDPOINT_VARIABLE) or ENDPOINT


class AniList:
    """Asks for works.  `clock` and `sleep` are replaced in tests."""

    def __init__(
        self,
        url: str = ENDPOINT,
        *,
        bounds: Bounds = Bounds(),
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._url = url
        self._host = urlsplit(url).hostname or url
        self._bounds = bounds
        self._clock, self._sleep = clock, sleep
        self._not_before_s = 0.0

    @property
    def wait_s(self) -> float:
        """Seconds until the next request may be sent."""
        return max(self._not_before_s - self._clock(), 0.0)

    def works(self, numbers: Sequence[int], progress: Progress) -> dict[int, Work]:
        """Give the works there are, by their numbers; at most `BATCH`, in one request.

        Waits its turn first.  Raises AniListError, Cancelled.
        """
        if not 0 < len(numbers) <= BATCH:
            raise ValueError(f"1 to {BATCH} numbers are asked for at a time, not {len(numbers)}")
        while self.wait_s > 0:
            progress.check()
            self._sleep(min(self.wait_s, 0.05))
        progress.check()
        answer = self._ask({"query": QUERY, "variables": {"ids": list(numbers)}}, progress)
        found = (work_of(record) for record in self._records(answer))
        return {work.number: work for work in found if work is not None and work.number in numbers}

    def _ask(self, body: object, progress: Progress) -> object:
        """Send one request; the JSON of its answer."""
        self._not_before_s = self._clock() + LEAST_INTERVAL_S
        try:
            with requests.Session() as session:
                session.headers["User-Agent"] = USER_AGENT
                session.headers["Accept"] = "application/json"
                session.auth = _no_credentials
                timeout = (self._bounds.connect_s, self._bounds.silence_s)
                with session.post(
                    self._url, json=body, stream=True, allow_redirects=False, timeout=timeout
                ) as response:
                    self._heed(response)
                    return self._json(response, progress)
        except requests.Timeout as error:
            raise AniListError(
                f"{self._host} did not answer in time. What is known already stays."
            ) from error
        except (requests.RequestException, OSError) as error:
            raise AniListError(
                f"{self._host} could not be reached. What is known already stays; the search goes on."
            ) from error

    def _heed(self, response: requests.Response) -> None:
        """Keep to the limits that an answer tells; raises AniListError where it is a refusal."""
        limit = _seconds(response.headers.get("X-RateLimit-Limit"))
        if limit >= 1:
            self._not_before_s = max(self._not_before_s, self._clock() + min(60 / limit, LONGEST_WAIT_S))
        if response.status_code == 429:
            wait_s = min(_seconds(response.headers.get("Retry-After")) or REFUSAL_S, LONGEST_WAIT_S)
            self._not_before_s = self._clock() + wait_s
            raise AniListError(
                f"{self._host} asks to be left alone for {wait_s:.0f} s; after that it is asked again.",
                wait_s,
            )
        if response.status_code >= 500:
            raise AniListError(
                f"{self._host} is out of order (error {response.status_code}). Try again later.", 5.0
            )
        if response.status_code != 200:
            raise AniListError(
                f"{self._host} refused the question (error {response.status_code}). "
                "A newer SceneLens may know how to ask."
            )

    def _json(self, response: requests.Response, progress: Progress) -> object:
        """Read a body within the bounds."""
        deadline = time.monotonic() + self._bounds.total_s
        data = bytearray()
        for piece in response.iter_content(16 * 1024):
            data += piece
            progress.check()
            if len(data) > self._bounds.bytes:
                raise AniListError(f"{self._host} sent more than an answer can be; it was left unread.")
            if time.monotonic() > deadline:
                raise AniListError(f"{self._host} sends too slowly. What is known already stays.")
        try:
            return json.loads(data)
        except (ValueError, RecursionError) as error:
            raise self._unreadable() from error

    def _records(self, answer: object) -> list[object]:
        """Give the list of records in an answer."""
        place: object = answer
        for name in ("data", "Page", "media"):
            place = place.get(name) if isinstance(place, dict) else None
        if not isinstance(place, list):
            raise self._unreadable()
        return place[:BATCH]

    def _unreadable(self) -> AniListError:
        return AniListError(
            f"{self._host} sent an answer that could not be read. What is known already stays."
        )


def _seconds(value: str | None) -> float:
    return float(value) if value is not None and value.isdecimal() and len(value) < 9 else 0.0


def _no_credentials(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Keep requests from reading credentials for the host out of ~/.netrc."""
    return request
