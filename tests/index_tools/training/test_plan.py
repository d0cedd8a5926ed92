"""Shards: made from their number alone, kept apart by package, complete or absent."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pytest

from index_tools.errors import SceneLensError
from index_tools.training import plan
from index_tools.training.art import Art, load_art
from index_tools.training.plan import HELD_OUT, is_even, make_shard, take_stock, write_shards
from index_tools.training.shards import FACTS, SIDE, open_shards, shard_numbers, shard_path, write_whole


@pytest.fixture(autouse=True)
def small_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "FILMS_A_SHARD", 1)
    monkeypatch.setattr(plan, "SHOTS_A_FILM", 3)
    monkeypatch.setattr(plan, "SINGLES_A_SHARD", 8)


def test_packages_held_out_never_meet_the_others(art: list[Art]) -> None:
    learnt, held = take_stock(art, held_out=False), take_stock(art, held_out=True)
    assert {item.package for item in learnt.all} == {"alpha-data", "beta-data"}
    assert {item.package for item in held.all} <= set(HELD_OUT)
    assert all(not item.cut_out for item in learnt.places)
    assert all(item.cut_out for item in learnt.cast)


def test_a_shard_follows_from_its_number(art: list[Art], reduced: Path) -> None:
    stock, load = take_stock(art, held_out=False), partial(load_art, reduced)
    pictures, facts = make_shard(stock, 2, load)
    again, facts_again = make_shard(stock, 2, load)
    np.testing.assert_array_equal(pictures, again)
    np.testing.assert_array_equal(facts, facts_again)
    assert pictures.shape == (len(facts), SIDE, SIDE, 3)
    assert facts.dtype == FACTS
    assert set(facts["film"]) <= {-1, 2}
    assert {"film", "single"} == {"film" if fact["film"] >= 0 else "single" for fact in facts}
    other, _ = make_shard(stock, 3, load)
    assert other.shape != pictures.shape or not np.array_equal(other, pictures)


def test_writing_goes_on_where_it_was_stopped(reduced: Path, tmp_path: Path) -> None:
    assert list(write_shards(reduced, tmp_path, range(2))) == [0, 1]
    shard_path(tmp_path, "facts", 1).unlink()
    kept = shard_path(tmp_path, "pictures", 0).stat().st_mtime_ns
    assert shard_numbers(tmp_path) == [0]
    assert list(write_shards(reduced, tmp_path, range(3))) == [0, 1, 2]
    assert shard_path(tmp_path, "pictures", 0).stat().st_mtime_ns == kept
    assert shard_numbers(tmp_path) == [0, 1, 2]
    assert not list(tmp_path.glob("*.part"))


def test_rows_are_gathered_across_shards(tmp_path: Path) -> None:
    for number, count in enumerate((3, 5)):
        shades = np.arange(count, dtype=np.uint8) + 10 * number
        pictures = np.broadcast_to(shades[:, None, None, None], (count, SIDE, SIDE, 3))
        write_whole(shard_path(tmp_path, "pictures", number), np.ascontiguousarray(pictures))
        write_whole(shard_path(tmp_path, "facts", number), np.zeros(count, FACTS))
    shards = open_shards(tmp_path, shard_numbers(tmp_path))
    assert len(shards) == 8
    got = shards.gather(np.array([7, 0, 3, 2]))
    assert got[:, 0, 0, 0].tolist() == [14, 0, 10, 2]


def test_says_when_there_are_no_shards(tmp_path: Path) -> None:
    with pytest.raises(SceneLensError, match="no finished shards"):
        open_shards(tmp_path, shard_numbers(tmp_path))


def test_even_frames_are_told() -> None:
    assert is_even(np.full((90, 160, 3), 77, np.uint8))
    spotted = np.full((90, 160, 3), 77, np.uint8)
    spotted[:4, :8] = 255
    assert is_even(spotted)
    assert not is_even(np.random.default_rng(0).integers(0, 256, (90, 160, 3), dtype=np.uint8))
