from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.lookup.cache import APPLICATION_ID, VERSION, AnswerCache, Kept
from desktop.lookup.remote_answer import RemoteAnime, RemoteMatch

GOLDEN = Path(__file__).parent / "golden" / "answers-1.sqlite"
VECTOR = bytes(range(33))
ANIME = RemoteAnime(5, "題", "Dai", "", "题", ("a", "b"), True, {"id": 5, "x": [None, 1.5, {"y": "z"}]})
MATCH = RemoteMatch(
    ANIME,
    "a.mkv",
    "1-2",
    1.0,
    2.5,
    3.0,
    1440.5,
    0.97,
    False,
    "mirrored",
    VECTOR,
    "http://v",
    "http://i",
    7.0,
    5,
)
KEPT = Kept((MATCH,), 1000, 12.5)

Make = Callable[..., AnswerCache]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    made: list[AnswerCache] = []

    def open_one(service: str = "http://one", **limits: int) -> AnswerCache:
        made.append(AnswerCache(tmp_path / "cache" / "answers.sqlite", service, **limits))
        return made[-1]

    yield open_one
    for cache in made:
        cache.close()


def test_an_answer_comes_back_as_it_went_in(make: Make) -> None:
    make().put(VECTOR, None, KEPT)
    assert make().get(VECTOR, None) == KEPT
    got = make().get(VECTOR, None)
    assert got is not None
    assert got.matches[0].anime.record == ANIME.record
    assert make().take_notice() == ""


def test_vector_title_and_service_tell_answers_apart(make: Make) -> None:
    make().put(VECTOR, None, KEPT)
    assert make().get(VECTOR, 5) is None
    assert make().get(bytes(33), None) is None
    assert make("http://two").get(VECTOR, None) is None
    make().put(VECTOR, 5, Kept((), None, 13.0))
    assert make().get(VECTOR, 5) == Kept((), None, 13.0)
    assert make().get(VECTOR, None) == KEPT


def test_whether_it_is_claimed_is_not_kept(make: Make) -> None:
    make().put(VECTOR, None, Kept((replace(MATCH, is_match=True),), 1, 1.0))
    assert make().get(VECTOR, None) == Kept((MATCH,), 1, 1.0)


def test_the_oldest_go_when_there_are_too_many(make: Make) -> None:
    cache = make(answers=3)
    for number in range(6):
        cache.put(bytes([number]) * 33, None, Kept((), 1, float(number)))
    assert [number for number in range(6) if cache.get(bytes([number]) * 33, None)] == [3, 4, 5]
    small = make(size=1)
    small.put(VECTOR, None, KEPT)
    assert small.get(VECTOR, None) == KEPT  # the last one always fits
    assert small.get(bytes([5]) * 33, None) is None


@pytest.mark.parametrize("damage", ["no database", "cut", "row", "table", "version", "garbled"])
def test_a_damaged_file_is_set_aside_with_a_sentence(make: Make, tmp_path: Path, damage: str) -> None:
    path = tmp_path / "cache" / "answers.sqlite"
    cache = make()
    for number in range(200):
        cache.put(bytes([number]) * 33, None, KEPT)
    cache.close()
    _spoil(path, damage)
    for number in range(200):
        if cache.get(bytes([number]) * 33, None) is None:
            break
    else:
        pytest.fail("nobody noticed")
    notice = cache.take_notice()
    assert "answers.damaged.sqlite" in notice
    assert str(path) in notice
    assert cache.take_notice() == ""
    assert (path.parent / "answers.damaged.sqlite").is_file()
    cache.put(VECTOR, None, KEPT)
    assert make().get(VECTOR, None) == KEPT


def _spoil(path: Path, damage: str) -> None:
    data = path.read_bytes()
    if damage == "no database":
        path.write_bytes(b"no database at all, but long enough to be one" * 100)
    elif damage == "cut":
        path.write_bytes(data[: len(data) // 2])
    elif damage == "garbled":
        path.write_bytes(data[:4096] + bytes(len(data) - 4096))
    else:
        with sqlite3.connect(path) as database:
            if damage == "row":
                database.execute("UPDATE answers SET matches = ?", (b"no zlib",))
            elif damage == "table":
                database.execute("DROP TABLE answers")
                database.execute("CREATE TABLE answers (other TEXT)")
            else:
                database.execute(f"PRAGMA user_version = {VERSION + 1}")
        database.close()


def test_a_cache_that_cannot_be_is_done_without(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    cache = AnswerCache(blocked / "answers.sqlite", "http://one")
    cache.put(VECTOR, None, KEPT)
    assert cache.get(VECTOR, None) is None
    assert "cannot be used just now" in cache.take_notice()


def test_a_file_held_by_another_program_is_waited_for_and_kept(make: Make, tmp_path: Path) -> None:
    cache = make()
    cache.put(VECTOR, None, KEPT)
    holder = sqlite3.connect(tmp_path / "cache" / "answers.sqlite", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    cache.put(bytes(33), None, KEPT)
    assert "locked" in cache.take_notice()
    holder.execute("ROLLBACK")
    holder.close()
    assert cache.get(VECTOR, None) == KEPT
    assert cache.take_notice() == ""


def test_the_first_format_is_still_read(tmp_path: Path) -> None:
    copy = tmp_path / "answers.sqlite"
    copy.write_bytes(GOLDEN.read_bytes())
    cache = AnswerCache(copy, "http://one")
    assert cache.get(VECTOR, None) == KEPT
    cache.close()
    with sqlite3.connect(copy) as database:
        assert database.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
    database.close()
