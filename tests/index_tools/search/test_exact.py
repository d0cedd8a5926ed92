from __future__ import annotations

import numpy as np
import pytest

from index_tools.search.exact import ExactScan, squared_distances

NUMBERS = np.random.default_rng(5)
# values over the whole range of a color layout, more rows than one chunk has
TABLE = NUMBERS.integers(0, 64, (40_000, 33), dtype=np.uint8)
QUERIES = np.stack([TABLE[7], TABLE[39_999], np.zeros(33, np.uint8), np.full(33, 63, np.uint8)])


def plain(query: int, rows: range | None = None) -> list[tuple[int, int]]:
    numbers = np.arange(len(TABLE)) if rows is None else np.array(rows)
    every = ((TABLE[numbers].astype(int) - QUERIES[query].astype(int)) ** 2).sum(1)
    order = np.lexsort((numbers, every))
    return [(int(numbers[i]), int(every[i])) for i in order]


@pytest.mark.parametrize("turn", [1, 2], ids=["first scan", "lengths known"])
def test_nearest_are_those_of_a_plain_loop(turn: int) -> None:
    scan = ExactScan(TABLE)
    for _ in range(turn):
        found = scan.nearest(QUERIES, 50)
    for number, (rows, distances) in enumerate(found):
        expected = plain(number)[:50]
        assert distances.tolist() == [distance for _, distance in expected]
        # equally near rows at the very end may be others
        inside = distances < distances[-1]
        assert rows[inside].tolist() == [row for row, distance in expected if distance < distances[-1]]


def test_parts_limit_what_is_looked_at() -> None:
    rows, distances = ExactScan(TABLE).nearest(QUERIES[:1], 20, [slice(5, 9), slice(35_000, 36_000)])[0]
    expected = sorted([*plain(0, range(5, 9)), *plain(0, range(35_000, 36_000))], key=lambda pair: pair[::-1])
    assert list(zip(rows.tolist(), distances.tolist(), strict=True)) == expected[:20]
    assert rows[0] == 7


def test_fewer_rows_than_wanted_are_all_given() -> None:
    rows, distances = ExactScan(TABLE[:3]).nearest(QUERIES[:1], 10)[0]
    assert sorted(rows.tolist()) == [0, 1, 2]
    assert distances.tolist() == sorted(distances.tolist())


def test_squared_distances_do_not_wrap() -> None:
    black, white = np.zeros((1, 33), np.uint8), np.full((1, 33), 255, np.uint8)
    assert squared_distances(black, white).tolist() == [33 * 255 * 255]
