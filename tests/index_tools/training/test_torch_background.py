"""The background set is small, stored in whole numbers, and spread over what there is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index_tools.descriptors.embedding_form import restored
from index_tools.training.background import choose_background
from index_tools.training.shards import (
    FACTS,
    SIDE,
    Shards,
    open_shards,
    shard_path,
    some_pictures,
    write_whole,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """18 pictures: six times three that are all but the same."""
    rng = np.random.default_rng(6)
    rough = rng.integers(0, 256, (6, 1, 4, 4, 3)).repeat(3, axis=1).reshape(18, 4, 4, 3)
    pictures = np.kron(rough, np.ones((1, SIDE // 4, SIDE // 4, 1))).astype(np.uint8)
    facts = np.zeros(18, FACTS)
    facts["aspect"] = 1.5
    write_whole(shard_path(tmp_path, "pictures", 0), pictures)
    write_whole(shard_path(tmp_path, "facts", 0), facts)
    return tmp_path


@pytest.fixture
def shards(folder: Path) -> Shards:
    return open_shards(folder, [0])


def seen_coarsely(pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Vectors of 64 values: the pictures' middles on a coarse grid."""
    small = pictures[:, 2::8, 2::8].astype(np.float32).reshape(len(pictures), -1)
    small -= small.mean(1, keepdims=True)
    return np.asarray(small / np.linalg.norm(small, axis=1, keepdims=True), np.float32)


def test_chooses_different_pictures_and_the_same_ones_again(shards: Shards) -> None:
    chosen = choose_background(seen_coarsely, 32, shards, 6)
    assert chosen.dtype == np.uint8
    assert 3 <= len(chosen) <= 6
    np.testing.assert_array_equal(chosen, choose_background(seen_coarsely, 32, shards, 6))
    values = restored(chosen)
    np.testing.assert_allclose(np.linalg.norm(values, axis=1), 1, atol=0.1)
    cosines = values @ values.T - 2 * np.eye(len(values))
    assert float(cosines.max()) < 0.9


def test_pictures_are_drawn_from_everywhere(folder: Path) -> None:
    some = some_pictures(folder, 4, 32)
    assert some.shape == (4, 32, 32, 3)
    assert not np.array_equal(some[0], some[3])
    assert len(some_pictures(folder, 99, 32)) == 18
