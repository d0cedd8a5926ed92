"""Works from what was kept, what came along and AniList; and the file they are kept in."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.lookup import anilist_store
from desktop.lookup.anilist import AniList
from desktop.lookup.anilist_details import Details, WorkLookup
from desktop.lookup.anilist_store import FRESH_S, WorkStore
from desktop.lookup.anilist_work import work_of
from desktop.lookup.request_queue import RequestQueue
from desktop.state.work import Day, Link, Titles, Work
from index_tools.progress import Progress
from tests.standins import anilist as standin
from tests.standins.titles import FILM, SERIES, records

WORK = Work(
    5, Titles("うさぎ", "Usagi", "", "兔子"), ("Bunny",), "TV", "FINISHED", 12, 24, "FALL", 2019,
    Day(2019, 10, 4), Day(2019), (Link("Studio", "https://studio.test"),), ("Comedy",), True,
    "https://covers.test/5.jpg", "#112233", (Link("Site", "https://site.test"),), "https://anilist.co/anime/5",
)  # fmt: skip


class Days:
    """A clock of days."""

    def __init__(self) -> None:
        self.day = 100.0

    def now(self) -> float:
        return self.day * 86400


def find(
    lookup: WorkLookup, *numbers: int, brought: dict[int, Work] | None = None, online: bool = True
) -> Details:
    return lookup.find(numbers, brought or {}, Progress(), lambda _waiting: None, online=online)


def test_works_are_kept_for_weeks_and_work_when_the_service_is_down(tmp_path: Path) -> None:
    days = Days()
    store = WorkStore(tmp_path / "works.sqlite", now=days.now)
    with (
        standin.anilist() as (server, service),
        closing(WorkLookup(store, AniList(server.url, RequestQueue()))) as lookup,
    ):
        first = find(lookup, SERIES, 7)
        assert first.works[SERIES].titles.romaji == "Usagi Monogatari"
        assert 7 not in first.works
        assert find(lookup, SERIES, 7) == first
        assert service.questions == [[SERIES, 7]]  # what is not there is known not to be there
        days.day += 30
        server.fault_next("/", standin.FAULTS["down"])
        old = find(lookup, SERIES)
        assert old.works[SERIES] == first.works[SERIES]
        assert "out of order" in old.failure
        assert find(lookup, SERIES, online=False).failure == ""
        assert len(server.records) == 2


def test_a_whole_record_that_came_along_spares_the_question(tmp_path: Path) -> None:
    brought = work_of(records("http://127.0.0.1:1")[SERIES])
    assert brought is not None
    store = WorkStore(tmp_path / "works.sqlite")
    with (
        standin.anilist() as (server, service),
        closing(WorkLookup(store, AniList(server.url, RequestQueue()))) as lookup,
    ):
        assert find(lookup, SERIES, brought={SERIES: brought}).works == {SERIES: brought}
        assert find(lookup, SERIES).works == {SERIES: brought}
        assert service.questions == []
        bare = Work(FILM, Titles("", "", "", "大雄兔"))
        found = find(lookup, FILM, brought={FILM: bare}).works[FILM]
        assert service.questions == [[FILM]]
        assert found.format == "MOVIE"
        assert found.titles.chinese == "大雄兔"  # which AniList does not know


def test_nothing_is_asked_without_leave(tmp_path: Path) -> None:
    with (
        standin.anilist() as (server, _),
        closing(WorkLookup(WorkStore(tmp_path / "w"), AniList(server.url, RequestQueue()))) as lookup,
    ):
        assert find(lookup, SERIES, online=False) == Details({})
        assert server.records == []


# --- the file --------------------------------------------------------------------------------------------


def test_what_is_kept_comes_back_the_same(tmp_path: Path) -> None:
    store = WorkStore(tmp_path / "deep" / "works.sqlite")
    store.keep({5: WORK, 6: None, 7: Work(7)})
    found = store.find([5, 6, 7, 8])
    assert {number: stored.work for number, stored in found.items()} == {5: WORK, 6: None, 7: Work(7)}
    assert all(stored.is_fresh for stored in found.values())


def test_a_file_of_version_1_is_read(tmp_path: Path) -> None:
    """The format as it was first written: it must stay readable, or the version must change."""
    record = (
        '{"number": 5, "titles": {"native": "うさぎ", "romaji": "Usagi", "english": "", "chinese": "兔子"}, '
        '"synonyms": ["Bunny"], "format": "TV", "status": "FINISHED", "episodes": 12, "minutes": 24, '
        '"season": "FALL", "season_year": 2019, "start": {"year": 2019, "month": 10, "day": 4}, '
        '"end": {"year": 2019, "month": null, "day": null}, '
        '"studios": [{"name": "Studio", "address": "https://studio.test"}], "genres": ["Comedy"], '
        '"is_adult": true, "cover": "https://covers.test/5.jpg", "colour": "#112233", '
        '"links": [{"name": "Site", "address": "https://site.test"}], "page": "https://anilist.co/anime/5"}'
    )
    path = tmp_path / "works.sqlite"
    with closing(sqlite3.connect(path)) as base, base:
        base.execute(
            "CREATE TABLE works (number INTEGER PRIMARY KEY, kept_s REAL NOT NULL, record TEXT NOT NULL)"
        )
        base.execute("INSERT INTO works VALUES (5, 1000.0, ?)", (record,))
        base.execute("PRAGMA user_version = 1")
    stored = WorkStore(path, now=lambda: 1000.0 + FRESH_S - 1).find([5])[5]
    assert stored.work == WORK
    assert stored.is_fresh
    assert not WorkStore(path, now=lambda: 1000.0 + FRESH_S + 1).find([5])[5].is_fresh
    store = WorkStore(path)
    store.keep({5: WORK})
    with closing(sqlite3.connect(path)) as base:
        assert json.loads(base.execute("SELECT record FROM works").fetchone()[0]) == json.loads(record)


@pytest.mark.parametrize("content", [b"", b"no database at all" * 100, b"SQLite format 3\0" + b"\xff" * 4000])
def test_a_damaged_file_is_begun_anew(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "works.sqlite"
    path.write_bytes(content)
    store = WorkStore(path)
    assert store.find([5]) == {}
    store.keep({5: WORK})
    assert store.find([5])[5].work == WORK


def test_a_file_of_another_version_or_with_strange_records_holds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "works.sqlite"
    store = WorkStore(path)
    store.keep({5: WORK, 6: WORK})
    with closing(sqlite3.connect(path)) as base, base:
        base.execute("UPDATE works SET record = ? WHERE number = 5", ('{"number": 5}',))
    assert set(store.find([5, 6])) == {6}
    with closing(sqlite3.connect(path)) as base, base:
        base.execute("PRAGMA user_version = 9")
    assert store.find([6]) == {}


def test_the_oldest_go_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(anilist_store, "MOST", 3)
    days = Days()
    store = WorkStore(tmp_path / "works.sqlite", now=days.now)
    for number in range(1, 6):
        days.day += 1
        store.keep({number: replace(WORK, number=number)})
    assert set(store.find(range(1, 6))) == {3, 4, 5}
