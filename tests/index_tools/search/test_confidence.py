from __future__ import annotations

import numpy as np

from index_tools.search.confidence import detail, from_layout, from_pixels

PLAIN = np.array([30] + [16] * 20 + [32] + [16] * 5 + [32] + [16] * 5, np.uint8)


def test_a_picture_of_one_colour_has_no_detail() -> None:
    assert detail(PLAIN) == 0
    richer = PLAIN.copy()
    richer[3] += 4
    assert detail(richer) == 16


def test_confidence_falls_with_distance_and_rises_with_margin_and_detail() -> None:
    by_distance = [from_layout(distance, 40, 1000) for distance in range(0, 255, 5)]
    assert by_distance == sorted(by_distance, reverse=True)
    assert by_distance[0] > 0.95
    assert by_distance[-1] < 0.75
    assert from_layout(100, 0, 100, as_is=False) < 0.1
    by_margin = [from_layout(20, margin, 1000) for margin in range(-50, 50, 5)]
    assert by_margin == sorted(by_margin)
    by_detail = [from_layout(20, 0, detail_of_query) for detail_of_query in (0, 10, 100, 1000, 10_000)]
    assert by_detail == sorted(by_detail)
    assert from_layout(20, 0, 300, as_is=False) < from_layout(20, 0, 300)


def test_pixels_have_the_last_word() -> None:
    assert from_pixels(0.5, 0.99) > 0.95
    assert from_pixels(0.99, 0.1) < 0.5
    assert from_pixels(0.05, 0.99) > 0.6
    assert all(
        0 <= from_pixels(before, likeness) <= 1 for before in (0.0, 1.0) for likeness in (-1.0, 0.0, 1.0)
    )
