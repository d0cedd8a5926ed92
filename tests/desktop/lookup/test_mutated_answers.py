"""Answers of the service, altered at random: no traceback, and no claim that the answer does not bear out.

`SCENELENS_MUTATIONS=10000 make test TESTS=tests/desktop/lookup/test_mutated_answers.py` tries ten thousand.
"""

from __future__ import annotations

import json
import math
import os
from functools import lru_cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop.lookup.cache import Kept, _packed, _unpacked
from desktop.lookup.exchange import Reply
from desktop.lookup.remote_answer import RemoteAnswer
from desktop.lookup.service_errors import RemoteError
from desktop.lookup.service_facts import ITEM_FIELDS, Endpoint
from desktop.lookup.tracemoe_claims import Reading, merged
from desktop.lookup.tracemoe_reading import read_results, text
from desktop.lookup.tracemoe_statuses import failure, retry_after_s, window_left
from desktop.start.search_lines import Outcome, as_object
from tests.standins.server import Asked
from tests.standins.tracemoe import TraceMoe
from tests.standins.tracemoe_index import demo_index

MUTATIONS = int(os.environ.get("SCENELENS_MUTATIONS", "200"))
#: Ten thousand take some minutes, longer than a test may take otherwise.
pytestmark = pytest.mark.timeout(max(120, MUTATIONS // 8))
ENDPOINTS: tuple[Endpoint, ...] = ("search", "me", "preview")
BASE = "http://127.0.0.1:8410"


@lru_cache(maxsize=2)
def real_answer(vectors: int) -> str:
    """What the stand-in answers to so many vectors."""
    sent = [list(map(int, demo_index().vectors[400 * n + 100])) for n in range(vectors)]
    body = json.dumps({"vector": sent if vectors > 1 else sent[0]}).encode()
    asked = Asked(
        "POST", "/search", (("anilistInfo", ""),), {"content-type": "application/json"}, body, "1.1.1.1", BASE
    )
    told = TraceMoe().handle(asked).body
    assert isinstance(told, bytes)
    answer = json.loads(told)
    lists = answer["result"] if vectors > 1 else [answer["result"]]
    for items in lists:
        del items[3:]  # enough to alter, and quicker
    return json.dumps(answer)


NUMBERS = st.one_of(
    st.integers(), st.floats(), st.sampled_from([0, -1, 0.9, 1, 1.0001, 2**63, 10**400, 1e308, True])
)
TEXTS = st.one_of(
    st.text(), st.sampled_from(["", "\ud800", "file:///etc/passwd", "http://127.0.0.1:1/", "0.99"])
)
VALUES = st.recursive(
    st.one_of(st.none(), NUMBERS, TEXTS),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=8,
)

#: Fields of an item, most often the one that claims hang on, and values near those that matter.
FIELDS = [field.name for field in ITEM_FIELDS] + ["similarity"] * 10
LIKELY = st.sampled_from([
    0.85, 0.8999, 0.9, 1, 1.00005, 2, 94.4, -0.5, True, "0.95", "94%", 0, 12.5, 99999.0, None, [1, 2],
    {"id": 7},
])  # fmt: skip


@st.composite
def altered(draw: st.DrawFn) -> tuple[bytes, int]:
    """A body, and for how many vectors it is the answer: altered as JSON, as bytes, or both."""
    vectors = draw(st.sampled_from([1, 2]))
    value = json.loads(real_answer(vectors))
    for _ in range(draw(st.integers(1, 6))):
        _alter(draw, value)
    body = bytearray(json.dumps(value).encode())
    for _ in range(draw(st.sampled_from([0] * 9 + [1, 4]))):
        place = draw(st.integers(0, len(body) - 1))
        match draw(st.sampled_from(["set", "cut", "insert"])):
            case "set":
                body[place] = draw(st.integers(0, 255))
            case "cut":
                del body[place : place + draw(st.integers(1, 50))]
            case _:
                body[place:place] = draw(st.binary(max_size=20))
        if not body:
            break
    return bytes(body), vectors


def _alter(draw: st.DrawFn, value: Any) -> None:
    """Change a field of an item, or change, drop or double one thing somewhere inside."""
    items = _items(value)
    of_item = bool(draw(st.integers(0, 1)))
    if items and of_item:
        values = LIKELY if draw(st.integers(0, 3)) else VALUES
        chosen = items[draw(st.integers(0, len(items) - 1))]
        chosen[draw(st.sampled_from(FIELDS))] = draw(values)
        return
    while True:
        keys = sorted(value) if isinstance(value, dict) else list(range(len(value)))
        if not keys:
            return
        key = draw(st.sampled_from(keys))
        inner = value[key]
        if isinstance(inner, dict | list) and inner and draw(st.integers(0, 3)):
            value = inner
            continue
        match draw(st.sampled_from(["set", "drop", "double", "swap"])):
            case "set":
                value[key] = draw(VALUES)
            case "drop":
                del value[key]
            case "double" if isinstance(value, list):
                value.insert(key, inner)
            case _:
                other = draw(st.sampled_from(keys))
                value[key], value[other] = value[other], value[key]
        return


def _items(answer: Any) -> list[dict[str, Any]]:
    """Every object of an answer that could be an item."""
    result = answer.get("result")
    parts = (
        [part if isinstance(part, list) else [part] for part in result] if isinstance(result, list) else []
    )
    return [one for part in parts for one in part if isinstance(one, dict)]


def is_borne_out(match: Any, given_items: list[dict[str, Any]]) -> bool:
    """Whether an item of the answer says what is claimed."""
    return any(
        type(one.get("similarity")) in (int, float)
        and 0 <= one["similarity"] <= 1.0001
        and math.isclose(min(one["similarity"], 1.0), match.similarity)
        and text(one.get("filename")) == match.filename
        and match.at_s in (one.get("at"), one.get("from"))
        for one in given_items
    )


@settings(
    max_examples=MUTATIONS, deadline=None, database=None, derandomize=MUTATIONS < 1000,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
@given(altered())
def test_no_altered_answer_gives_a_traceback_or_a_wrong_claim(given_answer: tuple[bytes, int]) -> None:
    body, vectors = given_answer
    try:
        results = read_results(body, vectors, BASE)
    except RemoteError:
        return
    found = [
        match
        for number, listed in enumerate(results.lists)
        for match in Reading(f"reading {number}", bytes(33), 5.0).told(listed)
    ]
    kept = Kept(tuple(found), results.frames_searched, 5.0)
    assert _unpacked(_packed(kept)) == kept.matches
    matches = merged(found)
    given_items = _items(json.loads(body))
    for match in matches:
        assert is_borne_out(match, given_items)
        assert match.is_match <= (0.9 <= match.similarity <= 1)
        assert 0 <= match.start_s <= match.at_s <= match.end_s < math.inf
        assert match.duration_s is None or match.at_s <= match.duration_s < math.inf
        for address in (match.video, match.image):
            assert not address or address.startswith((BASE, "https://127.0.0.1", "https://api.trace.moe/"))
    told = as_object("q", Outcome(remote=RemoteAnswer(matches, results.frames_searched)), 1.0)
    json.dumps(told, ensure_ascii=False, allow_nan=False).encode("utf-8")


@settings(max_examples=MUTATIONS, deadline=None, database=None, derandomize=MUTATIONS < 1000)
@given(
    st.integers(100, 599), st.one_of(st.binary(max_size=200), altered().map(lambda pair: pair[0])),
    st.dictionaries(
        st.sampled_from(["retry-after", "ratelimit-remaining", "ratelimit-reset"]), st.text(max_size=30)
    ),
)  # fmt: skip
def test_no_failure_gives_a_traceback(status: int, body: bytes, headers: dict[str, str]) -> None:
    reply = Reply(status, headers, body, 1.0)
    for endpoint in ENDPOINTS:
        error = failure(reply, endpoint)
        assert str(error).endswith(".")
        assert error.wait_s is None or error.wait_s > 0
    assert retry_after_s(reply) >= 1
    left = window_left(reply)
    assert left is None or 0 <= left[1] <= 60
