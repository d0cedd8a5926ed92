"""The client of AniList against its stand-in, which is held against what is believed of the service."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import closing

import pytest
import requests

from desktop.lookup.anilist import BATCH, AniList
from desktop.lookup.exchange import Exchange
from desktop.lookup.paces import Waiting
from desktop.lookup.request_queue import RequestQueue
from desktop.lookup.service_errors import RemoteError, Trouble
from index_tools.errors import Cancelled
from index_tools.progress import Progress
from tests.standins import anilist as standin
from tests.standins.server import Server, Told, as_html, as_json, drip
from tests.standins.titles import ADULT, FILM, SERIES, records


class HandClock:
    """Time that passes only while somebody waits."""

    def __init__(self) -> None:
        self.at_s = 1000.0

    def now(self) -> float:
        return self.at_s

    def wait(self, condition: threading.Condition, seconds: float) -> None:
        self.at_s += max(seconds, 0.01)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def service(clock: HandClock) -> Iterator[tuple[Server, standin.AniList]]:
    with standin.anilist(clock.now) as running:
        yield running


@pytest.fixture
def client(service: tuple[Server, standin.AniList], clock: HandClock) -> Iterator[AniList]:
    with closing(AniList(service[0].url, RequestQueue(clock))) as made:
        yield made


def ask(client: AniList, *numbers: int) -> set[int]:
    return set(client.works(numbers, Progress(), lambda _waiting: None))


def test_one_request_for_all(client: AniList, service: tuple[Server, standin.AniList]) -> None:
    works = client.works((SERIES, FILM, 7), Progress(), lambda _waiting: None)
    assert set(works) == {SERIES, FILM}
    assert works[SERIES].titles.romaji == "Usagi Monogatari"
    assert works[SERIES].titles.chinese == ""
    assert service[1].questions == [[SERIES, FILM, 7]]
    headers = service[0].asked()[0].headers
    assert headers["content-type"] == "application/json"
    assert headers["user-agent"].startswith("SceneLens/")
    assert "cookie" not in headers


def test_at_most_one_request_in_two_seconds(client: AniList, clock: HandClock) -> None:
    begun, told = clock.now(), list[Waiting]()
    for _ in range(4):
        client.works((FILM,), Progress(), told.append)
    assert clock.now() - begun >= 6.0
    assert told
    assert told[0].left_s is not None


def test_a_lower_limit_makes_it_slower(
    client: AniList, service: tuple[Server, standin.AniList], clock: HandClock
) -> None:
    slow = as_json({"data": {"Page": {"media": []}}})
    service[0].fault_next("/", Told(200, slow.body, (*slow.headers, ("X-RateLimit-Limit", "10"))))
    assert ask(client, FILM) == set()
    begun = clock.now()
    ask(client, FILM)
    assert clock.now() - begun >= 5.9


def test_too_many_requests_are_waited_for(clock: HandClock) -> None:
    with standin.anilist(clock.now) as (server, _), closing(AniList(server.url, RequestQueue(clock))) as one:
        for _ in range(standin.LIMIT):
            requests.post(server.url, json={"query": "", "variables": {"ids": []}}, timeout=5)
        with pytest.raises(RemoteError, match="left alone for 60 s") as caught:
            ask(one, FILM)
        assert caught.value.trouble is Trouble.TOO_MANY
        assert caught.value.wait_s == 60
        begun = clock.now()
        assert ask(one, FILM) == {FILM}
        assert clock.now() - begun >= 60


@pytest.mark.parametrize("name", sorted(standin.FAULTS))
def test_every_fault_ends_in_a_sentence(
    name: str, client: AniList, service: tuple[Server, standin.AniList]
) -> None:
    service[0].fault_next("/", standin.FAULTS[name])
    if name == "strange":
        assert ask(client, 3) == {3}
        return
    with pytest.raises(RemoteError) as caught:
        ask(client, FILM)
    assert str(caught.value).endswith(".")
    assert ask(client, FILM) == {FILM}  # the next one is answered again


def test_a_dripping_body_and_a_wish_to_stop(clock: HandClock) -> None:
    with standin.anilist(clock.now) as (server, _):
        one = AniList(server.url, RequestQueue(clock), Exchange("AniList"))
        with closing(one):
            server.fault_next("/", lambda _asked: Told(200, drip(times=100), (), None))
            progress = Progress()
            threading.Timer(0.2, progress.cancel).start()
            with pytest.raises(Cancelled):
                one.works((FILM,), progress, lambda _waiting: None)


@pytest.mark.parametrize("numbers", [(), range(1, BATCH + 2)])
def test_a_batch_is_neither_empty_nor_larger_than_a_page(numbers: tuple[int, ...], client: AniList) -> None:
    with pytest.raises(ValueError, match="1 to 50"):
        ask(client, *numbers)


def test_other_statuses_are_refusals(client: AniList, service: tuple[Server, standin.AniList]) -> None:
    service[0].fault_next("/", as_html(404, "Not Found"))
    with pytest.raises(RemoteError, match="error 404") as caught:
        ask(client, FILM)
    assert caught.value.trouble is Trouble.REFUSED


# --- what is believed of the service ---------------------------------------------------------------------


def question(server: Server, query: str, ids: object) -> requests.Response:
    return requests.post(server.url, json={"query": query, "variables": {"ids": ids}}, timeout=5)


def test_the_stand_in_answers_as_the_guide_says(service: tuple[Server, standin.AniList]) -> None:
    server, _ = service
    told = question(server, "{ Page { media { id title { native } } } }", [SERIES, ADULT, 5, FILM])
    media = told.json()["data"]["Page"]["media"]
    assert [one["id"] for one in media] == sorted([SERIES, ADULT, FILM])
    assert set(media[0]) == {"id", "title"}
    assert set(media[0]["title"]) == {"native"}
    assert told.headers["X-RateLimit-Limit"] == "30"
    refused = question(server, "{ Page { media { title { chinese } } } }", [FILM])
    assert refused.status_code == 400
    assert refused.json()["data"] is None
    assert "chinese" in refused.json()["errors"][0]["message"]
    assert requests.get(server.url, timeout=5).status_code == 405
    assert requests.post(server.url, data=b"{", timeout=5).status_code == 400


def test_the_stand_in_refuses_for_a_minute(clock: HandClock) -> None:
    with standin.anilist(clock.now) as (server, _):
        statuses = [question(server, "", []).status_code for _ in range(standin.LIMIT + 1)]
        assert statuses == [200] * standin.LIMIT + [429]
        refused = question(server, "", [])
        assert refused.headers["Retry-After"] == "60"
        assert refused.headers["X-RateLimit-Remaining"] == "0"
        assert refused.json() == {
            "data": None,
            "errors": [
                {"message": "Too Many Requests.", "status": 429, "locations": [{"line": 1, "column": 1}]}
            ],
        }
        clock.at_s += 61
        assert question(server, "", []).status_code == 200


def test_the_stand_in_gives_fifty_a_page() -> None:
    def many(base: str) -> dict[int, dict[str, object]]:
        one = records(base)[FILM]
        return {number: {**one, "id": number} for number in range(1, 81)}

    with standin.anilist(known=many) as (server, _):
        told = question(server, "media id", list(range(1, 81)))
        assert len(json.loads(told.content)["data"]["Page"]["media"]) == BATCH
