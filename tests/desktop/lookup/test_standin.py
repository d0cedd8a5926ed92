"""The stand-in is held to the reference on trace.moe's interface: what we believe about the service."""

from __future__ import annotations

import base64
import io
import json
from typing import Any

import av
import pytest
import requests

from desktop.lookup import service_facts as facts
from index_tools.descriptors import color_layout
from index_tools.picture import Picture
from tests.desktop.lookup.conftest import Moment
from tests.standins import tracemoe_accounts as accounts
from tests.standins import tracemoe_search as search
from tests.standins.server import Server
from tests.standins.titles import FILELESS, FILM
from tests.standins.tracemoe import TraceMoe as Service

Answer = requests.Response


@pytest.fixture
def vector(picture: Picture) -> str:
    return color_layout.encode_base64(color_layout.describe(color_layout.fit_for_query(picture.rgb)))


@pytest.fixture
def jpeg(demo_film: Any) -> bytes:
    return bytes((demo_film.parent / "samples" / "close-up.jpg").read_bytes())


def post(server: Server, query: str = "", **named: Any) -> Answer:
    return requests.post(f"{server.url}/search{query}", timeout=10, **named)


def error_of(answer: Answer) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]


def test_both_know_the_same_limits() -> None:
    assert (facts.REQUESTS, facts.WINDOW_S) == (accounts.REQUESTS, accounts.WINDOW_S)
    assert (facts.QUOTA_WINDOW_S, facts.CRASH_CLEARED_S) == (accounts.DAY_S, accounts.CLEARED_S)
    assert facts.MOST_VECTORS == search.MOST_VECTORS
    assert (facts.JSON_BYTES, facts.PICTURE_BYTES) == (search.JSON_BYTES, search.FILE_BYTES)
    assert facts.OUR_PREVIEWS < facts.OUR_REQUESTS < facts.REQUESTS


def test_a_search_has_the_fields_of_the_table(server: Server, vector: str) -> None:
    answer = post(server, "?anilistInfo", json={"vector": vector}).json()
    assert set(answer) == {field.name for field in facts.ANSWER_FIELDS}
    assert 0 < len(answer["result"]) <= facts.MOST_RESULTS
    for item in answer["result"]:
        assert set(item) == {field.name for field in facts.ITEM_FIELDS}
    full = answer["result"][0]["anilist"]
    assert {field.name for field in facts.ANIME_FIELDS} <= set(full)
    assert (answer["quota"], answer["quotaUsed"]) == (100, 0)
    again = post(server, json={"vector": vector}).json()
    assert again["quotaUsed"] == 1
    assert again["result"][0]["anilist"] == FILM
    assert {type(item["episode"]) for item in again["result"]} >= {type(None), float}


def test_vectors_in_both_forms_alone_and_together(server: Server, vector: str) -> None:
    numbers = list(base64.b64decode(vector))
    for sent in (vector, numbers):
        assert post(server, json={"vector": sent}).json()["result"][0]["similarity"] > 0.97
    lists = post(server, json={"vector": [vector, numbers, vector]}).json()["result"]
    assert [len(items) > 0 for items in lists] == [True] * 3
    for wrong in ("x", [], [1, 2], "AAAA", None, [vector, "x"]):
        assert error_of(post(server, json={"vector": wrong})) == (400, "Invalid vector format")
    many = error_of(post(server, json={"vector": [vector] * 11}))
    assert many == (400, "Too many vectors (max 10)")


@pytest.mark.parametrize("crash", ["batch of one", "title twice"])
def test_what_breaks_it_leaks_a_running_search(
    server: Server, moment: Moment, vector: str, crash: str
) -> None:
    if crash == "batch of one":
        answer = post(server, json={"vector": [vector]})
    else:
        answer = post(server, "?anilistID=1&anilistID=2", json={"vector": vector})
    assert (answer.status_code, answer.text.lstrip()[:1]) == (500, "<")
    blocked = post(server, json={"vector": vector})
    assert error_of(blocked) == (402, "Concurrency limit exceeded")
    assert "quota" not in blocked.json()
    moment.pass_by(15 * 60)
    assert post(server, json={"vector": vector}).status_code == 200


def test_bodies_of_every_kind(server: Server, service: Service, jpeg: bytes) -> None:
    raw = {"Content-Type": "image/jpeg"}
    assert post(server, data=jpeg, headers=raw).json()["result"][0]["similarity"] > 0.97
    assert post(server, files={"any": ("a.jpg", jpeg)}).json()["result"][0]["similarity"] > 0.97
    assert post(server, files=[("a", ("a", jpeg)), ("b", ("b", jpeg))]).status_code == 500
    assert error_of(post(server, data=b"x", headers=raw)) == (400, "Failed to process image")
    assert error_of(post(server, data=b"", headers=raw)) == (400, "Failed to process file")
    assert error_of(post(server, data=b"x", headers={"Content-Type": "text/plain"}))[0] == 405
    assert error_of(requests.get(f"{server.url}/search", timeout=10)) == (405, "Method Not Allowed")
    assert error_of(post(server, json={}))[0] == 400
    broken = post(server, data=b"{", headers={"Content-Type": "application/json"})
    assert (broken.status_code, broken.text.lstrip()[:1]) == (400, "<")
    large = post(server, json={"vector": "x" * 110_000})
    assert (large.status_code, large.text.lstrip()[:1]) == (413, "<")
    service.hosts = {"https://host.example/a.jpg": jpeg, "https://host.example/b.jpg": 403}
    good, refused, private, none = (
        requests.get(f"{server.url}/search", params={"url": url}, timeout=10)
        for url in (*service.hosts, "http://127.0.0.1/a.jpg", "nonsense")
    )
    assert good.json()["result"][0]["similarity"] > 0.97
    assert (refused.status_code, private.status_code, none.status_code) == (403, 400, 400)
    assert refused.json()["error"].startswith("Failed to fetch image")
    assert none.json()["error"].startswith("Invalid image url")


def test_only_answers_count_against_the_quota(server: Server, service: Service, vector: str) -> None:
    post(server, json={"vector": "x"})
    assert service.accounts.used("127.0.0.1") == 0
    post(server, json={"vector": [vector] * 10})
    empty = post(server, f"?anilistID={FILELESS}", json={"vector": vector}).json()
    assert empty == {"frameCount": 0, "error": "", "result": []}
    assert service.accounts.used("127.0.0.1") == 11
    service.accounts.spend("127.0.0.1", 88)
    assert post(server, json={"vector": [vector] * 10}).status_code == 200  # passes with one left
    ended = post(server, json={"vector": vector})
    assert ended.status_code == 402
    assert (ended.json()["quota"], ended.json()["quotaUsed"]) == (100, 109)


def test_me_and_the_keys(server: Server, service: Service) -> None:
    me = requests.get(f"{server.url}/me", timeout=10).json()
    assert me == {"id": "127.0.0.1", "priority": 0, "concurrency": 1, "quota": 100, "quotaUsed": 0}
    key = {"x-trace-key": next(iter(service.accounts.keys))}
    assert requests.get(f"{server.url}/me", headers=key, timeout=10).json()["id"] == "someone@example.org"
    ignored = requests.get(f"{server.url}/me?key=wrong", timeout=10)
    assert ignored.json()["quota"] == 100
    wrong = requests.get(f"{server.url}/me", headers={"x-trace-key": "wrong"}, timeout=10)
    assert error_of(wrong) == (403, "Invalid API key")
    assert error_of(requests.get(f"{server.url}/me?period=year", timeout=10)) == (400, "Invalid period")
    post(server, json={"vector": "x"})
    (traffic,) = requests.get(f"{server.url}/me?period=hour", timeout=10).json()
    assert (traffic["400"], traffic["total"], traffic["time"][-5:]) == (1, 1, ".000Z")


def test_a_hundred_requests_a_minute_of_any_kind(server: Server, moment: Moment) -> None:
    with requests.Session() as session:
        first = session.get(server.url, timeout=10)
        assert first.text == "ok"
        assert first.headers["RateLimit-Policy"] == "100;w=60"
        assert first.headers["RateLimit-Remaining"] == "99"
        for _ in range(99):
            last = session.get(f"{server.url}/image/x", timeout=10)
        assert (last.status_code, last.headers["RateLimit-Remaining"]) == (403, "0")
        over = session.get(f"{server.url}/me", timeout=10)
        assert over.status_code == 429
        assert over.text == "Too many requests, please try again later."
        assert over.headers["Content-Type"].startswith("text/html")
        assert int(over.headers["Retry-After"]) == 60
        moment.pass_by(60)
        assert session.get(f"{server.url}/me", timeout=10).status_code == 200


def test_previews_are_whole_clips_around_the_frame(server: Server, moment: Moment, vector: str) -> None:
    best = post(server, json={"vector": vector}).json()["result"][0]
    clip = requests.get(best["video"], params={"size": "s"}, headers={"Range": "bytes=0-9"}, timeout=20)
    assert (clip.status_code, clip.headers["ETag"]) == (200, "v0")
    start, end = float(clip.headers["x-video-start"]), float(clip.headers["x-video-end"])
    assert start <= best["at"] <= end <= start + 10
    assert float(clip.headers["x-video-duration"]) == 75.0
    with av.open(io.BytesIO(clip.content), "r") as box:
        video = box.streams.video[0]
        assert (video.width, len(box.streams.audio)) == (160, 1)
        count = len(list(box.decode(video=0)))
    assert abs(count / (24000 / 1001) - (end - start)) < 0.1
    short = {"size": "s", "mute": "", "maxDuration": "0.5"}
    muted = requests.get(best["video"], params=short, timeout=20)
    assert float(muted.headers["x-video-end"]) - float(muted.headers["x-video-start"]) <= 1.0
    with av.open(io.BytesIO(muted.content)) as box:
        assert len(box.streams.audio) == 0
    picture = requests.get(best["image"], timeout=10)
    assert (picture.headers["Content-Type"], picture.content[:3]) == ("image/jpeg", b"\xff\xd8\xff")
    webp = requests.get(best["image"], headers={"Accept": "image/webp,*/*"}, timeout=10)
    assert webp.headers["Content-Type"] == "image/webp"
    for query, expected in (("size=x", 400), ("size=l", 304)):
        conditional = {"If-None-Match": "v0"} if expected == 304 else {}
        got = requests.get(f"{best['image']}?{query}", headers=conditional, timeout=10)
        assert got.status_code == expected
    assert requests.get(best["video"][:-4], timeout=10).status_code == 403
    moment.pass_by(3600 + 301)
    assert requests.get(best["video"], timeout=10).status_code == 410


def test_the_unofficial_endpoints(server: Server) -> None:
    def get(path: str) -> Any:
        return requests.get(server.url + path, timeout=10).json()

    assert get("/status")["mediaCount"] == 4
    assert get(f"/status?id={FILM}") == [{"path": f"{FILM}/Big Buck Bunny (2008) [854x480].mp4"}]
    assert {title["id"] for title in get("/anilist?q=bunny")} == {FILM}
    assert get("/stats?type=traffic&period=hour") == []
    assert json.dumps(get("/anilist?q=nothing")) == "[]"
    assert requests.get(f"{server.url}/nowhere", timeout=10).status_code == 404
