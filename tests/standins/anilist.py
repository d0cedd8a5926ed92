"""A stand-in of AniList on loopback: one question for many works, its limits and its errors.

True to AniList's guide as the reference on it tells it: at most 50 works a page, missing numbers left out,
another order than asked for, 429 with `Retry-After`, errors as `{"data": null, "errors": [...]}`, and a
refusal of fields it does not know, such as the Chinese titles that trace.moe adds.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tests.standins.server import Asked, Server, Told, as_html, as_json, running
from tests.standins.titles import records

PER_PAGE = 50
LIMIT, WINDOW_S, REFUSAL_S = 30, 60.0, 60.0

#: Faults by name, to be put in front of the service.
FAULTS: dict[str, Told] = {
    "down": as_html(503, "Service Unavailable"),
    "not-json": Told(200, b"<html>maintenance</html>", (("Content-Type", "application/json"),)),
    "null": as_json({"data": None, "errors": [{"message": "Internal", "status": 500}]}),
    "strange": as_json({"data": {"Page": {"media": [None, 7, {"id": "x"}, {"id": 3, "title": []}]}}}),
    "short": Told(200, b'{"data": {"Page"', (("Content-Type", "application/json"),), 4000),
    "drop": Told(drop=True),
}


class AniList:
    """The service.  `now` gives Unix time; `known` gives the records by the address of the server."""

    def __init__(
        self,
        now: Callable[[], float] = time.time,
        known: Callable[[str], dict[int, dict[str, Any]]] = records,
    ) -> None:
        self._now = now
        self._known = known
        self._window: tuple[float, int] = (0.0, 0)
        self._refused_until = 0.0
        self.questions: list[list[int]] = []

    def handle(self, asked: Asked) -> Told:
        """Answer a question."""
        if asked.method != "POST":
            return _failure(405, "Method Not Allowed")
        now = self._now()
        began, count = self._window
        if now - began >= WINDOW_S:
            began, count = now, 0
        self._window = began, count + 1
        if now < self._refused_until or count >= LIMIT:
            if now >= self._refused_until:
                self._refused_until = now + REFUSAL_S
            return _too_many(self._refused_until - now, self._refused_until)
        limits = (
            ("X-RateLimit-Limit", str(LIMIT)), ("X-RateLimit-Remaining", str(LIMIT - count - 1)),
        )  # fmt: skip
        told = self._answer(asked)
        return Told(told.status, told.body, (*told.headers, *limits))

    def _answer(self, asked: Asked) -> Told:
        try:
            question = json.loads(asked.body)
            query, ids = question["query"], question["variables"]["ids"]
        except (ValueError, KeyError, TypeError):
            return _failure(400, "Invalid request")
        if not isinstance(query, str) or not isinstance(ids, list):
            return _failure(400, "Invalid request")
        if "chinese" in query:
            return _failure(400, 'Cannot query field "chinese" on type "MediaTitle".')
        self.questions.append(ids)
        fields = set(re.findall(r"[A-Za-z]+", query))
        known = self._known(asked.base)
        found = [_chosen(known[number], fields) for number in sorted(set(ids)) if number in known]
        return as_json({"data": {"Page": {"media": found[:PER_PAGE]}}})


@contextmanager
def anilist(
    now: Callable[[], float] = time.time,
    known: Callable[[str], dict[int, dict[str, Any]]] = records,
    **named: Any,
) -> Iterator[tuple[Server, AniList]]:
    """Run the stand-in while the block runs."""
    service = AniList(now, known)
    with running(service.handle, **named) as server:
        yield server, service


def _chosen(value: Any, fields: set[str]) -> Any:
    """A record with the fields that were asked for alone."""
    if isinstance(value, dict):
        return {name: _chosen(part, fields) for name, part in value.items() if name in fields}
    return [_chosen(part, fields) for part in value] if isinstance(value, list) else value


def _too_many(wait_s: float, until_s: float) -> Told:
    told = _failure(429, "Too Many Requests.")
    headers = (
        ("Retry-After", str(max(1, round(wait_s)))), ("X-RateLimit-Limit", str(LIMIT)),
        ("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", str(round(until_s))),
    )  # fmt: skip
    return Told(told.status, told.body, (*told.headers, *headers))


def _failure(status: int, message: str) -> Told:
    errors = [{"message": message, "status": status, "locations": [{"line": 1, "column": 1}]}]
    return as_json({"data": None, "errors": errors}, status)


handle = AniList().handle
"""The service with its own clock, for a server that serves others, too."""
