from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index_tools.search.exact import nearest, squared_distances

NUMBERS = np.random.default_rng(5)
# values over the whole range of a color layout, more rows than one chunk has
TABLE = NUMBERS.integers(0, 64, (40_000, 33), dtype=np.uint8)
QUERIES = np.stack([TABLE[7], TABLE[39_999], np.zeros(33, np.uint8), np.full(33, 63, np.uint8)])


def plain(query: int, rows: range | None = None) -> list[tuple[int, int]]:
    numbers = np.arange(len(TABLE)) if rows is None else np.array(rows)
    every = ((TABLE[numbers].astype(int) - QUERIES[query].astype(int)) ** 2).sum(1)
    order = np.lexsort((numbers, every))
    return [(int(numbers[i]), int(every[i])) for i in order]


@pytest.mark.parametrize("count", [1, 50, 2000])
def test_nearest_are_those_of_a_plain_loop_in_its_order(count: int) -> None:
    for number, (rows, distances) in enumerate(nearest(TABLE, QUERIES, count)):
        assert list(zip(rows.tolist(), distances.tolist(), strict=True)) == plain(number)[:count]


def test_a_table_can_be_a_read_only_map_of_a_file(tmp_path: Path) -> None:
    np.save(tmp_path / "table.npy", TABLE)
    mapped = np.load(tmp_path / "table.npy", mmap_mode="r")
    for one, other in zip(nearest(mapped, QUERIES, 9), nearest(TABLE, QUERIES, 9), strict=True):
        assert np.array_equal(one, other)


def test_parts_limit_what_is_looked_at() -> None:
    rows, distances = nearest(TABLE, QUERIES[:1], 20, [slice(5, 9), slice(35_000, 36_000)])[0]
    expected = sorted([*plain(0, range(5, 9)), *plain(0, range(35_000, 36_000))], key=lambda pair: pair[::-1])
    assert list(zip(rows.tolist(), distances.tolist(), strict=True)) == expected[:20]
    assert rows[0] == 7


def test_fewer_rows_than_wanted_are_all_given() -> None:
    rows, distances = nearest(TABLE[:3], QUERIES[:1], 10)[0]
    assert sorted(rows.tolist()) == [0, 1, 2]
    assert distances.tolist() == sorted(distances.tolist())


def test_squared_distances_do_not_wrap() -> None:
    black, white = np.zeros((1, 33), np.uint8), np.full((1, 33), 255, np.uint8)
    assert squared_distances(black, white).tolist() == [33 * 255 * 255]


def test_nothing_to_look_at_finds_nothing() -> None:
    for parts in ([], [slice(4, 4)]):
        ((rows, distances),) = nearest(TABLE, QUERIES[:1], 10, parts)
        assert rows.size == 0
        assert distances.size == 0
