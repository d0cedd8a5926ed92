from __future__ import annotations

import itertools
import random
import threading
import time
from pathlib import Path

import pytest

from desktop.lookup import service_facts as facts
from desktop.lookup.cache import AnswerCache
from desktop.lookup.keys import Keys
from desktop.lookup.paces import Kind, Waiting
from desktop.lookup.request_queue import RequestQueue
from desktop.lookup.service_errors import RemoteError
from desktop.lookup.tracemoe import TraceMoe
from desktop.lookup.tracemoe_plan import Vectors, make_plan
from index_tools.errors import Cancelled
from index_tools.progress import Progress
from tests.desktop.lookup.conftest import Moment, NoRing
from tests.standins.tracemoe import tracemoe
from tests.standins.tracemoe_index import demo_index


def take(queue: RequestQueue, kind: Kind, told: list[Waiting] | None = None) -> None:
    with queue.turn(kind, Progress(), (told if told is not None else []).append):
        pass


def most_in_a_window(moments: list[float], window_s: float) -> int:
    return max(sum(begin <= at < begin + window_s for at in moments) for begin in moments)


def test_no_minute_sees_more_requests_than_allowed(moment: Moment) -> None:
    queue, sent = RequestQueue(moment), []
    for number in range(400):
        take(queue, (Kind.SEARCH, Kind.PREVIEW, Kind.PREVIEW, Kind.QUOTA)[number % 4])
        sent.append(moment.now())
    assert most_in_a_window(sent, facts.WINDOW_S) == facts.OUR_REQUESTS < facts.REQUESTS


def test_previews_leave_room_for_searches(moment: Moment) -> None:
    queue = RequestQueue(moment)
    for _ in range(facts.OUR_PREVIEWS):
        take(queue, Kind.PREVIEW)
    begun = moment.now()
    for _ in range(facts.OUR_REQUESTS - facts.OUR_PREVIEWS):
        take(queue, Kind.SEARCH)
    assert moment.now() == begun
    take(queue, Kind.PREVIEW)
    assert moment.now() - begun >= facts.WINDOW_S - 0.01


def test_anilist_has_a_pace_of_its_own(moment: Moment) -> None:
    queue, sent = RequestQueue(moment), []
    for _ in range(5):
        take(queue, Kind.ANILIST)
        sent.append(moment.now())
        take(queue, Kind.SEARCH)
    assert [round(b - a, 3) for a, b in itertools.pairwise(sent)] == [2.0] * 4


def test_who_waits_is_told_for_how_long_once_a_second(moment: Moment) -> None:
    queue, told = RequestQueue(moment), list[Waiting]()
    queue.hold(Kind.SEARCH, 5.0, "The service rests.")
    queue.hold(Kind.SEARCH, 2.0, "A shorter rest changes nothing.")
    take(queue, Kind.SEARCH, told)
    assert [round(one.left_s or 0) for one in told] == [5, 4, 3, 2, 1]
    assert {one.why for one in told} == {"The service rests."}
    take(queue, Kind.PREVIEW, told)
    assert len(told) == 5
    queue.hold_all(1.0, "All rest.")
    take(queue, Kind.PREVIEW, told)
    assert told[-1].why == "All rest."


def test_searches_go_one_at_a_time_in_their_order() -> None:
    queue, order, running = RequestQueue(), list[int](), list[int]()
    first = threading.Event()

    def search(number: int) -> None:
        with queue.turn(Kind.SEARCH, Progress(), lambda _told: None):
            running.append(number)
            assert len(running) == 1
            if number == 0:
                first.wait(5)
            order.append(number)
            running.remove(number)

    threads = []
    for number in range(5):
        threads.append(threading.Thread(target=search, args=(number,)))
        threads[-1].start()
        time.sleep(0.02)
    with queue.turn(Kind.PREVIEW, Progress(), lambda _told: None):
        assert running == [0]  # a preview need not wait for a search
    first.set()
    for thread in threads:
        thread.join(5)
    assert order == [0, 1, 2, 3, 4]


def test_whoever_gives_up_leaves_the_line() -> None:
    queue, progress = RequestQueue(), Progress()
    with queue.turn(Kind.SEARCH, Progress(), lambda _told: None):
        threading.Timer(0.1, progress.cancel).start()
        with pytest.raises(Cancelled), queue.turn(Kind.SEARCH, progress, lambda _told: None):
            pytest.fail("two searches at a time")
    take(queue, Kind.SEARCH)


def test_a_day_of_two_hundred_searches_breaks_no_limit(tmp_path: Path) -> None:
    """Bursts of searches with their previews, over 24 simulated hours, against a guest's limits."""
    moment, chance = Moment(), random.Random(1)
    vectors = demo_index().vectors[chance.sample(range(2000), 400)]
    with tracemoe(now=moment.now) as (server, service):
        queue = RequestQueue(moment)
        cache = AnswerCache(tmp_path / "answers.sqlite", server.url)
        client = TraceMoe(server.url, queue, cache, Keys(server.url, {}, NoRing), None, moment.now)
        answered = refused = 0
        for number in range(200):
            if number % 20 == 0:
                moment.pass_by(24 * 3600 / 10)
            named = tuple((f"reading {n}", bytes(vectors[2 * number + n])) for n in range(2))
            left = client._left(Progress())
            plan = make_plan(Vectors(named, False), cache, None, left, moment.now())
            if plan.cost:
                client.search(plan, Progress())
                answered += 1
            else:
                with pytest.raises(RemoteError, match="used up"):
                    client.search(plan, Progress())
                refused += 1
            for _ in range(6):
                with queue.turn(Kind.PREVIEW, Progress(), lambda _told: None):
                    assert service.accounts.count_request("127.0.0.1")[0]
            assert service.accounts.used("127.0.0.1") <= 100
        client.close()
        assert {record.status for record in server.records} == {200}
    assert (answered, refused) == (50, 150)
