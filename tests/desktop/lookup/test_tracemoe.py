"""The client against a server that behaves as the reference says trace.moe does."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import keyring.errors
import numpy as np
import pytest

from desktop.lookup import service_facts as facts
from desktop.lookup.cache import AnswerCache
from desktop.lookup.keys import Keys
from desktop.lookup.quota import Cost, Renewed, Renewing
from desktop.lookup.remote_answer import RemoteMatch
from desktop.lookup.request_queue import RequestQueue
from desktop.lookup.service_errors import RemoteError, Trouble
from desktop.lookup.tracemoe import TraceMoe
from desktop.lookup.tracemoe_requests import vector_body
from desktop.state.running import Telling
from index_tools.picture import Picture, read_picture
from index_tools.progress import Progress
from tests.desktop.lookup.conftest import Moment, NoRing
from tests.standins.server import Server, Told
from tests.standins.titles import ADULT, FILELESS, FILM, SERIES
from tests.standins.tracemoe import TraceMoe as Service
from tests.standins.tracemoe_faults import FAULTS

Connect = Callable[..., TraceMoe]


def find(
    client: TraceMoe, picture: Picture, anilist: int | None = None
) -> tuple[int, tuple[RemoteMatch, ...]]:
    plan = client.plan(picture, Progress(), anilist)
    answer = client.search(plan, Progress())
    assert answer.cost == plan.cost
    return answer.cost, answer.matches


def test_a_frame_is_found_with_its_second_and_title(client: TraceMoe, picture: Picture) -> None:
    cost, matches = find(client, picture)
    assert cost == 2
    best = matches[0]
    assert best.is_match
    assert best.similarity > 0.97
    assert abs(best.at_s - 36.0) < 0.1
    assert best.start_s <= best.at_s <= best.end_s
    assert (best.anime.number, best.anime.english, best.anime.chinese) == (FILM, "Big Buck Bunny", "大雄兔")
    assert best.anime.record["format"] == "MOVIE"
    assert best.hypothesis == "as_is"
    series = next(match for match in matches if match.anime.number == SERIES)
    assert (series.episode, series.duration_s) == ("6.5", 1440.064)
    assert all(match.similarity >= 0.5 for match in matches)


def test_what_is_sent_is_vectors_and_nothing_else(client: TraceMoe, server: Server, picture: Picture) -> None:
    find(client, picture)
    (asked,) = server.asked("/search")
    sent = json.loads(asked.body)
    assert set(sent) == {"vector"}
    assert [len(vector) for vector in sent["vector"]] == [44, 44]
    assert asked.query == (("anilistInfo", ""),)
    assert asked.headers["content-type"] == "application/json"
    assert asked.headers["user-agent"].startswith("SceneLens/")
    assert not {"cookie", "authorization", "referer", "x-trace-key"} & set(asked.headers)


def test_a_single_vector_is_never_sent_as_a_batch(client: TraceMoe, server: Server, picture: Picture) -> None:
    """A batch of one makes the service fail and blocks the address (reference, section 6, 1)."""
    symmetric = Picture.of(np.concatenate([picture.rgb, picture.rgb[:, ::-1]], axis=1))
    cost, _ = find(client, symmetric)
    assert cost == 1
    assert isinstance(json.loads(server.asked("/search")[0].body)["vector"], str)
    assert json.loads(vector_body(("a",)))["vector"] == "a"
    assert json.loads(vector_body(("a", "b")))["vector"] == ["a", "b"]
    for wrong in ((), ("a",) * 11):
        with pytest.raises(ValueError, match="1 to 10"):
            vector_body(wrong)


@pytest.mark.parametrize(
    ("sample", "hypothesis"), [("mirrored", "mirrored"), ("black-bars", "borders_cut"), ("close-up", "as_is")]
)
def test_every_reading_goes_out_in_one_request(
    client: TraceMoe, server: Server, demo_film: Path, sample: str, hypothesis: str
) -> None:
    _, matches = find(client, read_picture(demo_film.parent / "samples" / f"{sample}.jpg"))
    assert (matches[0].hypothesis, matches[0].is_match) == (hypothesis, True)
    scenes = [(match.filename, match.start_s) for match in matches]
    assert len(set(scenes)) == len(scenes)
    assert len(server.asked("/search")) == 1


def test_a_search_costs_exactly_what_was_announced(
    client: TraceMoe, service: Service, pictures: list[Picture]
) -> None:
    for picture in pictures:
        before = service.accounts.used("127.0.0.1")
        plan = client.plan(picture, Progress())
        assert service.accounts.used("127.0.0.1") == before
        answer = client.search(plan, Progress())
        assert service.accounts.used("127.0.0.1") - before == plan.cost == answer.cost > 0
        assert answer.quota is not None
        assert answer.quota.used == service.accounts.used("127.0.0.1")


def test_what_was_foreseen_is_what_is_searched_and_foreseeing_asks_nobody(
    client: TraceMoe, service: Service, server: Server, pictures: list[Picture]
) -> None:
    blind = client.foresee(pictures[0])
    assert server.records == []
    assert blind.announced == Cost(2, None)
    plan = client.plan(pictures[0], Progress(), foreseen=blind)
    assert plan.announced == Cost(2, 100)
    client.search(plan, Progress())
    requests, used = len(server.records), service.accounts.used("127.0.0.1")
    assert client.foresee(pictures[0]).announced == Cost(0, 98)
    foreseen = client.foresee(pictures[1])
    assert len(server.records) == requests
    plan = client.plan(pictures[1], Progress(), foreseen=foreseen)
    assert (plan, plan.announced.left) == (foreseen, 98)
    assert client.search(plan, Progress()).cost == foreseen.cost
    assert service.accounts.used("127.0.0.1") - used == foreseen.cost


def test_a_quota_that_shrank_since_is_told_anew(
    client: TraceMoe, service: Service, pictures: list[Picture]
) -> None:
    service.accounts.spend("127.0.0.1", 97)
    foreseen = client.foresee(pictures[0])
    service.accounts.spend("127.0.0.1", 2)
    plan = client.plan(pictures[0], Progress(), foreseen=foreseen)
    assert (foreseen.announced, plan.announced) == (Cost(2), Cost(1, 1, True))
    assert client.search(plan, Progress()).cost == 1
    assert client.foresee(pictures[0]).announced == Cost(0, 0, True)


def test_the_same_picture_costs_nothing_twice_and_works_offline(
    connect: Connect, server: Server, moment: Moment, picture: Picture
) -> None:
    _, first = find(connect(), picture)
    moment.pass_by(600)
    requests = len(server.records)
    server.fault_next("/", Told(drop=True), 100)
    again = connect()
    answer = again.search(again.plan(picture, Progress()), Progress())
    assert len(server.records) == requests
    assert (answer.cost, answer.age_s, answer.matches) == (0, 600.0, first)


def test_never_more_than_the_quota_has_left(
    client: TraceMoe, service: Service, server: Server, pictures: list[Picture]
) -> None:
    service.accounts.spend("127.0.0.1", 99)
    plan = client.plan(pictures[0], Progress())
    assert (plan.cost, plan.left_out, plan.names) == (1, 1, ("as_is",))
    answer = client.search(plan, Progress())
    assert "reach for 1 of 2 readings" in " ".join(answer.notes)
    assert answer.matches[0].is_match
    with pytest.raises(RemoteError, match="used up") as caught:
        find(client, pictures[1])
    assert caught.value.trouble is Trouble.QUOTA_ENDED
    assert len(server.asked("/search")) == 1
    assert client.known_quota() is not None


def test_the_quota_comes_back_as_old_searches_fall_out(
    client: TraceMoe, service: Service, moment: Moment, picture: Picture
) -> None:
    find(client, picture)
    moment.pass_by(3600)
    assert client.quota(Progress()).used == 2
    moment.pass_by(23 * 3600 + 1)
    known = client.known_quota()
    assert known is not None
    assert known.used == service.accounts.used("127.0.0.1") == 0


def test_within_one_title(client: TraceMoe, server: Server, service: Service, picture: Picture) -> None:
    _, matches = find(client, picture, SERIES)
    assert {match.anime.number for match in matches} == {SERIES}
    assert server.asked("/search")[0].given("anilistID") == [str(SERIES)]
    assert find(client, picture, SERIES)[0] == 0
    used = service.accounts.used("127.0.0.1")
    plan = client.plan(picture, Progress(), FILELESS)
    answer = client.search(plan, Progress())
    assert (answer.matches, answer.frames_searched) == ((), None)
    assert service.accounts.used("127.0.0.1") - used == answer.cost == 1
    known = client.known_quota()
    assert known is not None
    assert known.used == service.accounts.used("127.0.0.1")


def test_addresses_are_renewed_by_one_search_for_all_previews_of_it(
    client: TraceMoe, service: Service, moment: Moment, picture: Picture
) -> None:
    _, matches = find(client, picture)
    moment.pass_by(2 * 3600)
    used = service.accounts.used("127.0.0.1")
    told: list[object] = []
    renewed = [client.renew(match, Telling(told.append)) for match in matches]
    (before, after) = told
    assert before == Renewing(Cost(1, 100 - used))
    assert isinstance(after, Renewed)
    assert after.quota is not None
    assert after.quota.left == 100 - used - 1
    assert service.accounts.used("127.0.0.1") - used == 1
    for old, new in zip(matches, renewed, strict=True):
        assert new is not None
        assert new.scene == old.scene
        assert new.video != old.video
        assert new.addressed_s == moment.now()
        assert new.expires_s > moment.now() >= old.expires_s


def test_addresses_are_not_renewed_when_the_quota_has_ended(
    client: TraceMoe, server: Server, service: Service, moment: Moment, picture: Picture
) -> None:
    _, matches = find(client, picture)
    moment.pass_by(2 * 3600)
    service.accounts.spend("127.0.0.1", 100)
    client.quota(Progress())
    searched, told = len(server.asked("/search")), list[object]()
    with pytest.raises(RemoteError, match="expired, and today's searches"):
        client.renew(matches[0], Telling(told.append))
    assert (len(server.asked("/search")), told) == (searched, [])


def test_the_picture_itself_only_when_asked_to(
    client: TraceMoe, server: Server, service: Service, demo_film: Path
) -> None:
    picture = read_picture(demo_film.parent / "samples" / "black-bars.jpg")
    answer = client.send_picture(picture, Progress())
    (asked,) = server.asked("/search")
    assert asked.headers["content-type"] == "image/jpeg"
    assert asked.given("cutBorders") == [""]
    assert b"Exif" not in asked.body
    sent = read_picture(asked.body)
    assert max(sent.width, sent.height) == facts.PICTURE_SIDE
    assert answer.best is not None
    assert abs(answer.best.at_s - 64) < 0.5
    assert (answer.cost, service.accounts.used("127.0.0.1")) == (1, 1)
    assert client.send_picture(picture, Progress()).cost == 0
    assert client.renew(answer.best, Progress()) is None


def test_a_key_goes_in_its_header_and_has_its_own_quota(
    connect: Connect,
    server: Server,
    service: Service,
    picture: Picture,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("DEBUG")
    find(connect(), picture)
    key = next(iter(service.accounts.keys))
    holder = connect(key=key)
    assert holder.quota(Progress()).limit == 10_000
    assert server.records[-1].asked.headers["x-trace-key"] == key
    assert all(key not in record.asked.path + str(record.asked.query) for record in server.records)
    with pytest.raises(RemoteError, match="does not know your key") as caught:
        connect(key="wrong").quota(Progress())
    assert caught.value.trouble is Trouble.BAD_KEY
    assert "wrong" not in str(caught.value)
    assert caplog.text
    assert key not in caplog.text
    assert "someone@example.org" not in caplog.text


def test_without_a_key_ring_the_search_goes_on_and_the_answer_says_so(
    server: Server, moment: Moment, picture: Picture, tmp_path: Path
) -> None:
    def locked() -> NoRing:
        raise keyring.errors.KeyringLocked("no")

    keys = Keys(server.url, {}, locked)
    cache = AnswerCache(tmp_path / "answers.sqlite", server.url)
    client = TraceMoe(server.url, RequestQueue(moment), cache, keys, None, moment.now)
    answers = [client.search(client.plan(picture, Progress()), Progress()) for _ in range(2)]
    client.close()
    assert answers[0].best is not None
    assert ["The key could not be read" in note for answer in answers for note in answer.notes] == [True]


def test_adult_works_are_marked(client: TraceMoe, demo_film: Path) -> None:
    _, matches = find(client, read_picture(demo_film.parent / "samples" / "black-bars.jpg"))
    assert {match.anime.is_adult for match in matches if match.anime.number == ADULT} == {True}
    assert not any(match.anime.is_adult for match in matches if match.anime.number != ADULT)


def test_nothing_is_claimed_of_a_picture_that_shows_nothing(client: TraceMoe) -> None:
    plan = client.plan(Picture.of(np.zeros((180, 320, 3), np.uint8)), Progress())
    assert plan.flat
    answer = client.search(plan, Progress())
    assert answer.best is None
    assert "too little" in answer.notes[0]
    black = Picture.of(np.zeros((180, 320, 3), np.uint8))
    assert client.send_picture(black, Progress()).best is None


def test_old_answers_are_better_than_none(
    connect: Connect, server: Server, moment: Moment, picture: Picture
) -> None:
    find(connect(), picture)
    moment.pass_by(40 * 86400.0)
    client = connect()
    plan = client.plan(picture, Progress())
    assert plan.cost == 2
    server.fault_next("/search", FAULTS["500-index"])
    answer = client.search(plan, Progress())
    assert answer.matches[0].is_match
    assert (answer.cost, answer.age_s) == (0, 40 * 86400.0)
    assert "index is down" in answer.notes[0]
