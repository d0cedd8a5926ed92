from __future__ import annotations

import json

import pytest

from desktop.lookup.remote_answer import RemoteAnime, RemoteMatch
from desktop.lookup.service_errors import RemoteError
from desktop.lookup.tracemoe_claims import LEAST_GUESS, Reading, merged
from desktop.lookup.tracemoe_reading import address, episode, read_results, text

BASE = "https://api.trace.moe"


def item(**changed: object) -> dict[str, object]:
    plain = {
        "anilist": 5, "filename": "a.mkv", "episode": 4, "from": 10.5, "at": 11, "to": 12.25,
        "duration": 1440.1, "similarity": 0.95, "video": f"{BASE}/video/x", "image": f"{BASE}/image/x",
    }  # fmt: skip
    return {name: value for name, value in {**plain, **changed}.items() if value is not ...}


def read_one(**changed: object) -> RemoteMatch | None:
    body = json.dumps({"frameCount": 9, "error": "", "result": [item(**changed)]}).encode()
    (items,) = read_results(body, 1, BASE).lists
    return items[0] if items else None


def only(**changed: object) -> RemoteMatch:
    found = read_one(**changed)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (4, "4"), (4.0, "4"), (6.5, "6.5"), (0, "0"), ("10|11", "10|11"), (" OVA\n2 ", "OVA 2"),
        ([1, 2], "1-2"), ([1, 2, 3], "1-3"), ([1, 3], "1, 3"), ([6.5, 7], "6.5, 7"), (["1", "2"], "1-2"),
        ([7], "7"), ([], ""),
        (None, ""), (True, ""), (-1, ""), (1e300, ""), ({}, ""), ([[1], None, 2], "2"), ([2, 1], "2, 1"),
    ],
)  # fmt: skip
def test_episodes_of_every_kind(value: object, shown: str) -> None:
    assert episode(value) == shown


@pytest.mark.parametrize(
    "changed",
    [
        {"similarity": None}, {"similarity": "0.95"}, {"similarity": 94.4}, {"similarity": -0.1},
        {"similarity": True}, {"similarity": ...}, {"filename": None, "anilist": None},
        {"filename": 5, "anilist": 0}, {"at": None, "from": None}, {"at": -1, "from": "x"},
    ],
)  # fmt: skip
def test_what_cannot_be_told_is_left_out(changed: dict[str, object]) -> None:
    assert read_one(**changed) is None


def test_unknown_and_missing_fields_do_no_harm() -> None:
    found = only(
        new=[1], anilist=..., episode=..., duration=..., video=..., image=..., to=..., **{"from": ...}
    )
    assert found == RemoteMatch(RemoteAnime(None), "a.mkv", "", 11, 11, 11, None, 0.95)


def test_times_stand_in_their_order() -> None:
    for given in ({"from": 20, "at": 11, "to": 5}, {"from": None, "to": None}, {"from": -3, "to": "x"}):
        found = only(**given)
        assert (found.start_s, found.at_s, found.end_s) == (11, 11, 11)
    assert only(at=None).at_s == 10.5
    endless = only(at=1e308, to=1e308, duration=1e308)
    assert (endless.at_s, endless.end_s, endless.duration_s) == (10.5, 10.5, None)
    assert endless.scene == (5, "a.mkv", 10_500)
    assert [only(duration=value).duration_s for value in (0, None, -1, 5, "x")] == [None] * 5


def test_titles_as_numbers_as_objects_and_as_nothing() -> None:
    assert only(anilist=None).anime == RemoteAnime(None)
    assert only(anilist="21").anime.number == 21
    odd: list[object] = [True, 1.5, -4, 0, [], "x"]
    assert [only(anilist=value).anime.number for value in odd] == [None] * 6
    full = only(anilist={
        "id": 7, "idMal": None, "title": {"native": "題", "romaji": None, "english": "", "chinese": 5},
        "synonyms": ["S", None, " T\t"], "isAdult": False,
        "studios": {"edges": [{"node": {"name": "x" * 999}}]},
    }).anime  # fmt: skip
    assert (full.number, full.native, full.synonyms, full.is_adult) == (7, "題", ("S", "T"), False)
    assert full.name == "題"
    assert only(anilist={"id": 7, "title": "", "isAdult": "yes"}).anime.name == "AniList 7"
    assert only(anilist={"id": 7, "isAdult": "yes"}).anime.is_adult
    assert only(anilist={"title": {"english": "E"}}).anime.name == "E"


@pytest.mark.parametrize(
    ("body", "vectors"),
    [
        (b"", 1), (b"<html>", 1), (b"null", 1), (b"[]", 1), (b"{}", 1), (b'{"result": {}}', 1),
        (b'{"result": [[], []]}', 3), (b'{"result": [{}, {}]}', 2), (b"\xff\xfe{", 1),
        (b'{"result":' * 100_000, 1), (b'{"result": [' + b"9" * 10_000 + b"]}", 1),
    ],
)  # fmt: skip
def test_what_is_no_answer_is_a_sentence(body: bytes, vectors: int) -> None:
    with pytest.raises(RemoteError, match="could not be understood"):
        read_results(body, vectors, BASE)


def test_lists_belong_to_vectors_in_their_order() -> None:
    body = json.dumps({"result": [[item(similarity=0.9)], [], [item(similarity=0.8)] * 12], "quota": None})
    results = read_results(body.encode(), 3, BASE)
    assert [len(items) for items in results.lists] == [1, 0, 10]
    assert (results.frames_searched, results.limit, results.used) == (None, None, None)
    assert read_results(b'{"result": [], "frameCount": NaN}', 3, BASE).lists == ((), (), ())
    with pytest.raises(RemoteError, match="says: “No”"):
        read_results(b'{"error": "No", "result": []}', 1, BASE)


def test_texts_are_one_line_that_cannot_mislead() -> None:
    assert text("a\u202eb\r\n\tc\u2028d\x00e\ud800f\u200bg") == "ab c d efg"
    assert len(text("x" * 10_000)) == 400
    text("👩\u200d💻 題").encode("utf-8")


@pytest.mark.parametrize(
    ("value", "base", "allowed"),
    [
        (f"{BASE}/video/x?a=1", BASE, True),
        ("https://media.trace.moe/v", BASE, True),
        ("https://api.trace.moe/v", "http://127.0.0.1:8410", True),
        ("http://127.0.0.1:8410/v", "http://127.0.0.1:8410", True),
        ("http://api.trace.moe/v", BASE, False),
        ("http://127.0.0.1:8410/v", BASE, False),
        ("http://127.0.0.1:22/v", "http://127.0.0.1:8410", False),
        ("https://trace.moe.evil.example/v", BASE, False),
        ("https://eviltrace.moe/v", BASE, False),
        ("https://user@api.trace.moe/v", BASE, False),
        ("https://api.trace.moe:8443/v", "https://mirror.example", False),
        ("file:///etc/passwd", BASE, False),
        ("https://api.trace.moe/a b", BASE, False),
        ("https://api.trace.moe/\r\nX: y", BASE, False),
        ("https://[/", BASE, False),
        ("/video/x", BASE, False),
        (None, BASE, False),
    ],
)
def test_addresses_lead_to_the_service_alone(value: object, base: str, allowed: bool) -> None:
    assert address(value, base) == (value if allowed else "")


def matches_of(*items: dict[str, object], claimable: bool = True) -> list[tuple[str, float, bool]]:
    body = json.dumps({"result": list(items)}).encode()
    (read,) = read_results(body, 1, BASE).lists
    found = merged(Reading("as_is", bytes(33), 0.0).told(read), claimable=claimable)
    return [(match.filename, match.similarity, match.is_match) for match in found]


def test_claims_begin_where_the_manual_says() -> None:
    found = matches_of(
        item(similarity=0.8999, filename="b"), item(similarity=0.9), item(similarity=0.3, at=500)
    )
    assert found == [("a.mkv", 0.9, True), ("b", 0.8999, False)]
    assert LEAST_GUESS > 0.3
    assert matches_of(item(similarity=1), claimable=False) == [("a.mkv", 1.0, False)]


def test_many_titles_alike_are_no_claim() -> None:
    three = [item(anilist=number, filename=f"{number}", similarity=0.99) for number in (1, 2, 3)]
    assert not any(claimed for *_, claimed in matches_of(*three))
    assert all(claimed for *_, claimed in matches_of(*three[:2]))
    episodes = [item(filename=f"{number}", similarity=0.99) for number in range(8)]
    assert all(claimed for *_, claimed in matches_of(*episodes))


def test_a_scene_found_by_two_readings_is_one() -> None:
    same = [item(at=11, similarity=0.91), item(at=12, similarity=0.97, **{"from": 10, "to": 13})]
    assert matches_of(*same) == [("a.mkv", 0.97, True)]
    apart = [item(), item(at=400, **{"from": 399, "to": 401})]
    assert len(matches_of(*apart)) == 2
