"""Records of AniList, friendly and hostile, into works."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.lookup.anilist_work import MAX_CHARACTERS, MAX_ITEMS, text, web_address, work_of
from desktop.state.work import Day, Link, Titles
from tests.standins.titles import SERIES, records

RECORD = records("http://127.0.0.1:1")[SERIES]

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


def test_a_whole_record() -> None:
    work = work_of(RECORD)
    assert work is not None
    assert work.titles == Titles("うさぎ物語", "Usagi Monogatari", "", "兔子物語")
    assert work.synonyms == ("Bunny Tales", "兔子物語（別名）")
    assert (work.format, work.episodes, work.minutes) == ("TV", 12, 24)
    assert (work.season, work.season_year) == ("FALL", 2019)
    assert (work.start, work.end) == (Day(2019, 10, 4), Day(2019, 12, 20))
    assert work.studios == (Link("Peach Studio", "http://127.0.0.1:1/studio/1"),)
    assert work.genres == ("Comedy", "Adventure")
    assert work.cover.endswith("?size=large")
    assert work.colour == "#6ba14d"
    assert work.links == (Link("Official Site", f"http://127.0.0.1:1/official/{SERIES}"),)
    assert not work.is_adult


@pytest.mark.parametrize("record", [None, 7, [], {}, {"id": "5"}, {"id": True}, {"id": -3}, {"id": 2**40}])
def test_without_a_number_it_is_nobodys(record: object) -> None:
    assert work_of(record) is None


def test_titles_in_the_users_order() -> None:
    titles = Titles("うさぎ", "Usagi", "", "兔子")
    assert titles.ordered() == ("うさぎ", "Usagi", "兔子")
    assert titles.ordered(("chinese", "english")) == ("兔子", "うさぎ", "Usagi")
    work = work_of({"id": 5, "title": {"native": None}, "synonyms": ["Other"]})
    assert work is not None
    assert work.title() == "Other"
    nameless = work_of({"id": 5, "title": {"native": ""}})
    assert nameless is not None
    assert nameless.title() == "AniList 5"


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("A <b>bold</b> <img src=x onerror=y> title", "A bold title"),
        ("Tom &amp; <i>Jerry</i>", "Tom & Jerry"),
        ("two\nlines\tand\0 more", "two lines and more"),
        ("left\u202eright\u200b", "leftright"),
        ("&lt;script&gt;", "<script>"),
        (None, ""),
        ("x" * 5000, "x" * (MAX_CHARACTERS - 1) + "…"),
    ],
)
def test_texts_are_plain(given: object, shown: str) -> None:
    assert text(given) == shown


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "file:///etc/passwd", "http://", "//host/a", "http://user:pw@host/", 5, None,
     "https://host/" + "a" * 2000, "http://[::1", "https://ho st/"],
)  # fmt: skip
def test_addresses_must_lead_to_the_web(address: object) -> None:
    assert web_address(address) == ""


def test_dates_as_far_as_they_are_known() -> None:
    def read(start: object) -> Day | None:
        work = work_of({"id": 1, "startDate": start})
        assert work is not None
        return work.start

    assert read({"year": 2021, "month": None, "day": None}) == Day(2021)
    assert read({"year": 2021, "month": 2, "day": 30}) == Day(2021, 2)
    assert read({"year": 2021, "month": 13, "day": 1}) == Day(2021)
    assert read({"year": None, "month": 4, "day": 1}) is None
    assert read({"year": 99999}) is None


@settings(max_examples=80, deadline=None)
@given(st.dictionaries(st.sampled_from([*RECORD]), anything))
def test_no_record_is_too_strange(changes: dict[str, Any]) -> None:
    work = work_of({**RECORD, **changes})
    if work is not None:
        texts = [*work.titles.ordered(), *work.synonyms, *work.genres, *(link.name for link in work.links)]
        assert all(len(one) <= MAX_CHARACTERS and one.isprintable() for one in texts)
        assert all(link.address.startswith("http") for link in work.links)
        assert len(work.synonyms) <= 2 * MAX_ITEMS
