"""The client of trace.moe against the stand-in, with a clock that tests move."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop.lookup.cache import AnswerCache
from desktop.lookup.keys import Keys
from desktop.lookup.request_queue import RequestQueue
from desktop.lookup.tracemoe import TraceMoe
from index_tools.film import read_frame
from index_tools.picture import Picture
from tests.standins.server import Server
from tests.standins.tracemoe import TraceMoe as Service
from tests.standins.tracemoe import tracemoe

#: A Unix time early in an hour.
NOON = 1_795_435_200.0


class Moment:
    """Time that passes when it is told to, and while a queue waits."""

    def __init__(self, now_s: float = NOON) -> None:
        self.now_s = now_s

    def now(self) -> float:
        return self.now_s

    def pass_by(self, seconds: float) -> None:
        self.now_s += seconds

    def wait(self, condition: threading.Condition, seconds: float) -> None:
        """As `Clock.wait`: nobody has to wait really."""
        condition.wait(0)
        self.now_s += seconds


class NoRing:
    """A key ring with nothing in it."""

    def get_password(self, service: str, name: str) -> str | None:
        return None

    def set_password(self, service: str, name: str, password: str) -> None:
        raise RuntimeError("no test keeps a key here")

    def delete_password(self, service: str, name: str) -> None:
        raise RuntimeError("no test keeps a key here")


@pytest.fixture
def moment() -> Moment:
    return Moment()


@pytest.fixture
def standin(moment: Moment) -> Iterator[tuple[Server, Service]]:
    with tracemoe(now=moment.now) as pair:
        yield pair


@pytest.fixture
def server(standin: tuple[Server, Service]) -> Server:
    return standin[0]


@pytest.fixture
def service(standin: tuple[Server, Service]) -> Service:
    return standin[1]


@pytest.fixture
def connect(server: Server, moment: Moment, tmp_path: Path) -> Iterator[Callable[..., TraceMoe]]:
    """Make a client; each one shares the cache and the quota's book of the test."""
    made: list[TraceMoe] = []

    def make(base: str = "", key: str = "", queue: RequestQueue | None = None) -> TraceMoe:
        base = base or server.url
        cache = AnswerCache(tmp_path / "answers.sqlite", base)
        keys = Keys(base, {"SCENELENS_TRACEMOE_KEY": key}, NoRing)
        turns = queue or RequestQueue(moment)
        client = TraceMoe(base, turns, cache, keys, tmp_path / "quota.json", moment.now)
        made.append(client)
        return client

    yield make
    for client in made:
        client.close()


@pytest.fixture
def client(connect: Callable[..., TraceMoe]) -> TraceMoe:
    return connect()


@pytest.fixture(scope="session")
def pictures(demo_film: Path) -> list[Picture]:
    """Frames of the demo film, 12 and 36 seconds in."""
    return [read_frame(demo_film, at_s, 640) for at_s in (12.0, 36.0)]


@pytest.fixture
def picture(pictures: list[Picture]) -> Picture:
    return pictures[1]
