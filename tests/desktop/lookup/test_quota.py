from __future__ import annotations

import json
from pathlib import Path

import pytest

from desktop.lookup.quota import Quota, QuotaBook
from tests.desktop.lookup.conftest import NOON, Moment

DAY_S = 24 * 3600.0


def book(path: Path, moment: Moment, service: str = "http://one") -> QuotaBook:
    return QuotaBook(path, service, moment.now)


def test_what_was_said_is_remembered_for_each_service(tmp_path: Path, moment: Moment) -> None:
    path = tmp_path / "cache" / "quota.json"
    assert book(path, moment).current() is None
    book(path, moment).note(1000, 7, cost=3, concurrency=2)
    book(path, moment, "http://two").note(100, 0)
    again = book(path, moment).current()
    assert again == Quota(1000, 10, NOON, 2)
    assert again.left == 990
    assert [file.name for file in path.parent.iterdir()] == ["quota.json"]


def test_own_searches_count_for_a_day(tmp_path: Path, moment: Moment) -> None:
    made = book(tmp_path / "quota.json", moment)
    made.note(100, 0, cost=4)
    moment.pass_by(20 * 3600)
    made.note(100, 4, cost=2)
    assert made.next_free_s() == 4 * 3600
    moment.pass_by(4 * 3600 + 1)
    current = book(tmp_path / "quota.json", moment).current()
    assert current is not None
    assert current.used == 2
    moment.pass_by(DAY_S)
    assert made.current() is None  # whoever shares the address may have spent anything since


def test_an_answer_without_figures_is_counted_on(tmp_path: Path, moment: Moment) -> None:
    made = book(tmp_path / "quota.json", moment)
    made.spend(1)
    assert made.current() is None
    made.note(100, 10)
    made.spend(5)
    assert made.current() == Quota(100, 15, NOON)
    made.note_ended()
    current = made.current()
    assert current is not None
    assert current.left == 0


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[",
        "[]",
        '{"version": 2, "services": {"http://one": {"limit": 5, "used": 0, "at_s": 1}}}',
        '{"version": 1, "services": []}',
        '{"version": 1, "services": {"http://one": []}}',
        '{"version": 1, "services": {"http://one": {"limit": true, "used": -1, "at_s": 1e999}}}',
        '{"version": 1, "services": {"http://one": {"limit": 5, "used": 0, "at_s": "x", "spent": [[1], 2]}}}',
        "[" * 100_000,
    ],
)
def test_a_book_that_is_none_is_no_knowledge(tmp_path: Path, moment: Moment, text: str) -> None:
    path = tmp_path / "quota.json"
    path.write_text(text)
    made = book(path, moment)
    assert made.current() is None
    made.note(100, 1)
    assert json.loads(path.read_text())["services"]["http://one"]["used"] == 1


def test_a_clock_that_was_set_back_is_not_believed(tmp_path: Path, moment: Moment) -> None:
    made = book(tmp_path / "quota.json", moment)
    made.note(100, 5)
    moment.pass_by(-3600)
    assert made.current() is None


def test_without_a_place_to_write_it_holds_for_this_run(tmp_path: Path, moment: Moment) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    made = book(blocked / "quota.json", moment)
    made.note(100, 5)
    assert made.current() == Quota(100, 5, NOON)


def test_the_first_format_is_still_read(tmp_path: Path, moment: Moment) -> None:
    path = tmp_path / "quota.json"
    path.write_text(
        '{"version": 1, "services": {"http://one": {"spent": [[1795435100.0, 3]], "limit": 100, "used": 9, '
        '"at_s": 1795435100.0, "concurrency": 1}}}'
    )
    made = book(path, moment)
    assert made.current() == Quota(100, 9, 1795435100.0)
    assert made.next_free_s() == DAY_S - 100
