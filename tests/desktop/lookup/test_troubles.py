"""Every way in which the service fails: told apart as the reference tells it apart, and repeated or not."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from desktop.lookup import service_facts as facts
from desktop.lookup import tracemoe_requests
from desktop.lookup.exchange import Limits
from desktop.lookup.paces import Waiting
from desktop.lookup.request_queue import RequestQueue
from desktop.lookup.service_errors import RemoteError, Trouble
from desktop.lookup.tracemoe import TraceMoe
from desktop.lookup.tracemoe_requests import SEARCH_LIMITS
from desktop.state.running import Telling
from index_tools.errors import Cancelled
from index_tools.picture import Picture
from index_tools.progress import Progress
from tests.desktop.lookup.conftest import Moment
from tests.standins.server import Asked, Server, Told
from tests.standins.tracemoe import TraceMoe as Service
from tests.standins.tracemoe_faults import FAULTS

#: Fault -> what it is taken for, how often the search is sent, part of the sentence.
TROUBLES = {
    "400-vector": (Trouble.REFUSED, 1, "form of the vectors"),
    "400-many": (Trouble.REFUSED, 1, "fewer vectors"),
    "400-url": (Trouble.REFUSED, 1, "does not take this address"),
    "400-process": (Trouble.REFUSED, 1, "could not decode"),
    "400-html": (Trouble.REFUSED, 1, "could not read what was sent"),
    "403-host": (Trouble.REFUSED, 1, "could not fetch the picture"),
    "429-host": (Trouble.REFUSED, 1, "could not fetch the picture"),
    "402-quota": (Trouble.QUOTA_ENDED, 1, "used up"),
    "402-busy": (Trouble.BUSY, 4, "another search"),
    "403-key": (Trouble.BAD_KEY, 1, "your key"),
    "405": (Trouble.REFUSED, 1, "nothing to search for"),
    "413-html": (Trouble.REFUSED, 1, "too large"),
    "429": (Trouble.TOO_MANY, 3, "too many requests"),
    "500-index": (Trouble.FAILED, 1, "index is down"),
    "500-html": (Trouble.FAILED, 1, "no fault of yours"),
    "503": (Trouble.BUSY, 6, "Too many others"),
    "502": (Trouble.BUSY, 3, "restarting"),
    "504": (Trouble.BUSY, 3, "restarting"),
    "522": (Trouble.BUSY, 3, "restarting"),
    "html": (Trouble.NOT_UNDERSTOOD, 1, "could not be understood"),
    "not-json": (Trouble.NOT_UNDERSTOOD, 1, "could not be understood"),
    "wrong-json": (Trouble.NOT_UNDERSTOOD, 1, "could not be understood"),
    "empty": (Trouble.NOT_UNDERSTOOD, 1, "could not be understood"),
    "cut": (Trouble.NOT_UNDERSTOOD, 1, "cut short"),
    "drop": (Trouble.UNREACHABLE, 1, "could not be reached"),
    "drip": (Trouble.TOO_SLOW, 1, "did not answer in time"),
    "endless": (Trouble.NOT_UNDERSTOOD, 1, "sent more than 1 MB"),
    "redirect-loop": (Trouble.NOT_UNDERSTOOD, 4, "redirects without end"),
    "redirect-elsewhere": (Trouble.NOT_UNDERSTOOD, 1, "192.0.2.1, where nothing was sent"),
}


@pytest.fixture(autouse=True)
def little_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    limits = Limits(bytes=2**20, total_s=0.4, connect_s=0.4, silence_s=0.4, grace_s=0.1)
    monkeypatch.setattr(tracemoe_requests, "SEARCH_LIMITS", limits)


def search(client: TraceMoe, picture: Picture, progress: Progress | None = None) -> None:
    client.search(client.plan(picture, Progress()), progress or Progress())


@pytest.mark.parametrize("fault", TROUBLES)
def test_each_failure_is_a_sentence_of_its_own(
    client: TraceMoe, server: Server, service: Service, picture: Picture, fault: str
) -> None:
    trouble, sent, words = TROUBLES[fault]
    server.fault_next("/search", FAULTS[fault], 20)
    with pytest.raises(RemoteError, match=words) as caught:
        search(client, picture)
    assert caught.value.trouble is trouble
    assert str(caught.value).endswith(".")
    assert len(server.asked("/search")) == sent
    assert service.accounts.used("127.0.0.1") == 0


@pytest.mark.parametrize("fault", ["402-busy", "429", "503", "502"])
def test_what_passes_is_waited_for(
    client: TraceMoe, server: Server, moment: Moment, picture: Picture, fault: str
) -> None:
    server.fault_next("/search", FAULTS[fault])
    before = moment.now()
    told: list[object] = []
    search(client, picture, Telling(told.append))
    waits = [one for one in told if isinstance(one, Waiting)]
    assert 2.0 <= moment.now() - before < 6
    left = [one.left_s for one in waits if one.left_s is not None]
    assert left == sorted(left, reverse=True)
    assert len(left) >= 2
    assert all(one.why.endswith(".") for one in waits)


def test_every_row_of_the_table_is_met_by_a_fault(server: Server) -> None:
    """The stand-in and the table of the client are written apart; here they are held together."""
    from desktop.lookup.exchange import Exchange
    from desktop.lookup.tracemoe_statuses import row_of

    met: set[facts.Status] = set()
    exchange = Exchange("trace.moe")
    for name, fault in FAULTS.items():
        if name in ("drop", "drip", "endless", "cut") or name.startswith("redirect"):
            continue
        server.fault_next("/", fault)
        reply = exchange.send("GET", f"{server.url}/", Progress())
        endpoints: tuple[facts.Endpoint, ...] = ("search", "me", "preview")
        met |= {row for endpoint in endpoints if (row := row_of(reply, endpoint)) is not None}
    exchange.close()
    assert [row for row in facts.STATUSES if row not in met] == []


def test_waiting_can_be_given_up(server: Server, connect: Callable[..., TraceMoe], picture: Picture) -> None:
    client = connect(queue=RequestQueue())
    server.fault_next("/search", FAULTS["503"])
    progress = Telling(lambda told: progress.cancel() if isinstance(told, Waiting) else None)
    begun = time.monotonic()
    with pytest.raises(Cancelled):
        search(client, picture, progress)
    assert time.monotonic() - begun < 3
    assert len(server.asked("/search")) == 1


def test_a_search_given_up_half_way_keeps_the_next_one_back(
    client: TraceMoe, server: Server, service: Service, moment: Moment, pictures: list[Picture]
) -> None:
    """The service may still be at it, and allows one at a time."""
    plan = client.plan(pictures[0], Progress())
    progress = Progress()

    def cancelled_meanwhile(asked: Asked) -> Told:
        progress.cancel()
        time.sleep(0.3)
        return FAULTS["502"](asked)

    server.fault_next("/search", cancelled_meanwhile)
    with pytest.raises(Cancelled):
        client.search(plan, progress)
    before = moment.now()
    search(client, pictures[1])
    assert moment.now() - before >= tracemoe_requests.ABANDONED_S


def test_an_answer_that_is_nearly_there_is_kept_all_the_same(
    client: TraceMoe,
    server: Server,
    service: Service,
    picture: Picture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It has been paid for."""
    monkeypatch.setattr(tracemoe_requests, "SEARCH_LIMITS", replace(SEARCH_LIMITS, grace_s=5.0))
    plan = client.plan(picture, Progress())
    progress = Progress()
    service.search_s = 0.2

    def cancelled_meanwhile(asked: Asked) -> Told:
        progress.cancel()
        return service.handle(asked)

    server.fault_next("/search", cancelled_meanwhile)
    client.search(plan, progress)
    assert client.plan(picture, Progress()).cost == 0


def test_after_a_crash_the_service_is_left_alone(
    client: TraceMoe, server: Server, service: Service, moment: Moment, pictures: list[Picture]
) -> None:
    """Its count of running searches is stuck; that is not the user's fault, and not to be hammered at."""
    service.accounts.begin("127.0.0.1", service.accounts.guest)
    server.fault_next("/search", FAULTS["500-html"])
    before = moment.now()
    with pytest.raises(RemoteError, match="no fault of yours"):
        search(client, pictures[0])
    with pytest.raises(RemoteError, match=r"forgets that by itself within 1[45] minutes") as caught:
        search(client, pictures[1])
    assert moment.now() - before >= facts.CRASH_REST_S
    assert caught.value.wait_s is not None
    assert len(server.asked("/search")) == 2
    moment.pass_by(15 * 60)
    search(client, pictures[1])


def test_too_many_requests_hold_every_kind_back(client: TraceMoe, server: Server, moment: Moment) -> None:
    server.fault_next("/me", FAULTS["429"])
    before = moment.now()
    with pytest.raises(RemoteError, match="too many requests"):
        client.quota(Progress())
    client.quota(Progress())
    assert moment.now() - before >= 2


def test_a_window_that_is_used_up_is_waited_out(
    client: TraceMoe, server: Server, service: Service, moment: Moment, picture: Picture
) -> None:
    for _ in range(98):
        service.accounts.count_request("127.0.0.1")
    before = moment.now()
    search(client, picture)  # the quota is asked for first, which leaves one request, then none
    client.quota(Progress())
    assert moment.now() - before >= 58
    assert {record.status for record in server.records} == {200}
