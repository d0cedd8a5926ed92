"""The sanity check counts as it should: a describer that sees finds, one that is blind does not."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from index_tools.errors import SceneLensError
from index_tools.training.check import Degradation, check, first_values, load_degradations, whole_numbers
from index_tools.training.shards import FACTS, SIDE, shard_path, write_whole

Pixels = NDArray[np.uint8]

MODULE = """
def identity(rgb, rng):
    return rgb

def turned(rgb, rng):
    return rgb[::-1, ::-1].copy()

GROUPS = {"plain": {"identity": identity}, "hard": {"turned": turned}}
"""


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """Two scenes of eight seconds that differ wholly."""
    path = tmp_path / "film.mp4"
    rng = np.random.default_rng(2)
    scenes = [
        np.kron(rng.integers(0, 256, (9, 16, 3)), np.ones((10, 10, 1))).astype(np.uint8) for _ in range(2)
    ]
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=8)
        stream.width, stream.height, stream.pix_fmt = 160, 90, "yuv420p"
        for scene in scenes:
            for _ in range(64):
                out.mux(stream.encode(av.VideoFrame.from_ndarray(scene, format="rgb24")))
        out.mux(stream.encode(None))
    return path


@pytest.fixture
def distractors(tmp_path: Path) -> Path:
    pictures = np.random.default_rng(1).integers(0, 256, (4, SIDE, SIDE, 3), dtype=np.uint8)
    write_whole(shard_path(tmp_path, "pictures", 0), pictures)
    write_whole(shard_path(tmp_path, "facts", 0), np.zeros(4, FACTS))
    return tmp_path


@pytest.fixture
def groups(tmp_path: Path) -> Mapping[str, Mapping[str, Degradation]]:
    module = tmp_path / "degradations.py"
    module.write_text(MODULE)
    return load_degradations(module)


def test_a_describer_that_sees_finds(
    film: Path, distractors: Path, groups: Mapping[str, Mapping[str, Degradation]]
) -> None:
    def describe(pictures: Pixels) -> NDArray[np.float32]:
        small = pictures[:, ::8, ::8].reshape(len(pictures), -1).astype(np.float32)
        small -= small.mean(1, keepdims=True)
        return np.asarray(small / np.linalg.norm(small, axis=1, keepdims=True), np.float32)

    ways = {"all": lambda vectors: vectors, "four": first_values(4)}
    results = check(describe, 64, [film], distractors, groups, ways=ways, queries=10)
    assert results["all"]["identity"] == results["four"]["identity"] == (1.0, 1.0)
    assert results["all"]["= plain"] == (1.0, 1.0)
    assert results["all"]["turned"][0] < 1.0


def test_a_blind_describer_does_not(
    film: Path, distractors: Path, groups: Mapping[str, Mapping[str, Degradation]]
) -> None:
    rng = np.random.default_rng(8)
    results = check(lambda pictures: rng.normal(size=(len(pictures), 16)).astype(np.float32), 64, [film],
                    distractors, groups, ways={"all": lambda vectors: vectors}, queries=20)  # fmt: skip
    assert results["all"]["= plain"][0] < 0.9


def test_stored_and_shortened_vectors_are_unit_vectors_that_point_alike() -> None:
    vectors = np.random.default_rng(3).normal(size=(50, 256)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    stored = whole_numbers(vectors)
    assert float((stored * vectors).sum(1).min()) > 0.998
    short = first_values(64)(vectors)
    assert short.shape == (50, 64)
    np.testing.assert_allclose(np.linalg.norm(short, axis=1), 1, atol=1e-6)


def test_says_what_is_no_module_of_degradations(tmp_path: Path) -> None:
    with pytest.raises(SceneLensError, match="no Python file"):
        load_degradations(tmp_path / "degradations.txt")
