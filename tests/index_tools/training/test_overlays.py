"""The bank of overlays is drawn from its seed, and its layers cover a part, not all."""

from __future__ import annotations

import numpy as np

from index_tools.training.overlays import draw_bank


def test_the_same_seed_draws_the_same_bank() -> None:
    first, again, other = draw_bank(4, 48, 12, 4), draw_bank(4, 48, 12, 4), draw_bank(5, 48, 12, 4)
    np.testing.assert_array_equal(first.layers, again.layers)
    np.testing.assert_array_equal(first.pages, again.pages)
    assert not np.array_equal(first.layers, other.layers)


def test_layers_cover_some_of_a_view() -> None:
    bank = draw_bank(1, 64, 60, 6)
    assert bank.layers.shape == (60, 64, 64, 4)
    assert bank.pages.shape == (6, 64, 64, 3)
    covered = (bank.layers[..., 3] > 20).mean((1, 2))
    assert covered.min() > 0
    assert covered.max() < 0.8
    assert 0.02 < covered.mean() < 0.3
