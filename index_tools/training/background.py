"""Vectors of pictures that are surely no answer, for normalising scores.

A query's nearest neighbours among them tell how easily it looks like anything at all (SSCD, section 5.3).
The set is small, so it is chosen: candidates are art as it is and as people hand it in, with borders,
captions and colours; of each cluster of their vectors the one nearest to its centre is kept.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray

from index_tools.descriptors.embedding_form import stored
from index_tools.training.batches import PictureStore
from index_tools.training.check import Describe
from index_tools.training.shards import Shards
from index_tools.training.views import ViewMaker, load_layers

_ROUNDS = 8
_BATCH = 64


def choose_background(
    describe: Describe, side: int, shards: Shards, count: int, seed: int = 1
) -> NDArray[np.uint8]:
    """Stored vectors (count, values) of pictures from `shards`, as different from one another as they are;
    every second candidate is disturbed."""
    rng = np.random.default_rng(seed)
    rows = np.sort(rng.permutation(len(shards))[: 3 * count])
    vectors = np.concatenate([describe(views) for views in _candidates(shards, rows, side, seed)])
    chosen = _nearest_to_centres(vectors, count, rng)
    return stored(vectors[chosen])


def _candidates(shards: Shards, rows: NDArray[np.int64], side: int, seed: int) -> Iterator[NDArray[np.uint8]]:
    """Square pictures uint8 (n, side, side, 3), every second one disturbed."""
    device = torch.device("cpu")
    store, maker = PictureStore(shards, device), ViewMaker(load_layers(seed, side, device), side)
    generator = torch.Generator(device)
    generator.manual_seed(seed)
    for start in range(0, len(rows), _BATCH):
        pictures, aspects = store.get(rows[start : start + _BATCH])
        strength = (torch.arange(len(pictures)) % 2).float()
        views = maker.disturbed(pictures, aspects, generator, strength)
        yield views.round().to(torch.uint8).permute(0, 2, 3, 1).contiguous().numpy()


def _nearest_to_centres(
    vectors: NDArray[np.float32], count: int, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Rows nearest to the centres of `count` clusters (k-means on the sphere), in rising order."""
    centres = vectors[rng.permutation(len(vectors))[:count]]
    for _ in range(_ROUNDS):
        nearest = (vectors @ centres.T).argmax(1)
        sums = np.zeros_like(centres)
        np.add.at(sums, nearest, vectors)
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        centres = np.where(lengths > 0, sums / np.maximum(lengths, 1e-9), centres).astype(np.float32)
    return np.unique((vectors @ centres.T).argmax(0))
