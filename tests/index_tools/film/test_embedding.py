"""Scene embeddings made while a film is read: of every shot, of no picture twice, in step with the rows."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from index_tools.descriptors.embedding_form import restored, unit
from index_tools.descriptors.frame_parts import PART_VALUES, PARTS
from index_tools.descriptors.model_file import network_file
from index_tools.descriptors.scene_embedding import SceneEmbedder
from index_tools.film import FilmReader, Frame, embedding, index_film
from index_tools.film.embedding import EmbeddingPicker
from tests.index_tools.film.drawn_films import write_film
from tests.standins.network import write_network


@pytest.fixture(scope="module")
def embedder(tmp_path_factory: pytest.TempPathFactory) -> SceneEmbedder:
    return SceneEmbedder(network_file(write_network(tmp_path_factory.mktemp("network"))))


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five shots, the second of them only 8 frames (a third of a second) long."""
    path = tmp_path_factory.mktemp("films") / "shots.mkv"
    return write_film(path, 240, shots=(60, 68, 120, 190))


def test_every_shot_has_one_and_the_rows_are_those_of_the_frames(film: Path, embedder: SceneEmbedder) -> None:
    index = index_film(film, embedder=embedder)
    assert index.scene_embedding is not None
    assert index.embedded is not None
    rows = index.embedded
    assert rows.dtype == np.int32
    assert (np.diff(rows) > 0).all()
    assert len(index.shots) == 5
    assert set(index.kept["shot"][rows].tolist()) == {0, 1, 2, 3, 4}
    vectors = unit(restored(index.scene_embedding))
    with FilmReader(film) as reader:
        for row, vector in zip(rows, vectors, strict=True):
            kept = index.kept[row]
            frames = [
                f.picture().rgb for f in reader.frames(float(kept["from_s"]), float(kept["to_s"]) + 0.01)
            ]
            assert float((embedder.describe(frames) @ vector).max()) > 0.99


def test_nothing_else_of_an_index_depends_on_it(film: Path, embedder: SceneEmbedder) -> None:
    plain, described = index_film(film), index_film(film, embedder=embedder)
    assert plain.scene_embedding is None
    assert plain.embedded is None
    assert np.array_equal(plain.kept, described.kept)
    assert np.array_equal(plain.color_layout, described.color_layout)
    assert plain.thumbnails == described.thumbnails


def test_parts_are_those_of_the_frames_of_the_rows(film: Path, tmp_path: Path) -> None:
    describer = SceneEmbedder(network_file(write_network(tmp_path, parts=True)))
    index = index_film(film, embedder=describer)
    assert index.scene_embedding is not None
    assert index.embedded is not None
    assert index.scene_parts is not None
    assert index.scene_parts.shape == (len(index.embedded), len(PARTS), PART_VALUES)
    vectors, parts = unit(restored(index.scene_embedding)), restored(index.scene_parts)
    with FilmReader(film) as reader:
        for row, vector, some in zip(index.embedded, vectors, parts, strict=True):
            kept = index.kept[row]
            frames = [
                f.picture().rgb for f in reader.frames(float(kept["from_s"]), float(kept["to_s"]) + 0.01)
            ]
            whole, of_parts = describer.describe_parts(frames)
            assert of_parts is not None
            nearest = int((whole @ vector).argmax())
            assert float((of_parts[nearest] * unit(some)).sum(axis=1).min()) > 0.97


def write_pictures(path: Path, pictures: list[NDArray[np.uint8]]) -> Path:
    """A film of 24 pictures a second."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=24)
        stream.height, stream.width = pictures[0].shape[:2]
        stream.pix_fmt = "yuv420p"
        for rgb in pictures:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(rgb, format="rgb24")))
        container.mux(stream.encode())
    return path


def test_a_still_shot_is_described_once_and_motion_once_a_second_at_most(
    tmp_path: Path, embedder: SceneEmbedder
) -> None:
    numbers = np.random.default_rng(4)
    wide = np.kron(numbers.integers(20, 236, (6, 40, 3), np.uint8), np.ones((16, 16, 1), np.uint8))
    still = [wide[:, :160]] * 240
    panned = [np.ascontiguousarray(wide[:, shift : shift + 160]) for shift in range(0, 480, 2)]
    index = index_film(write_pictures(tmp_path / "still.mkv", still), embedder=embedder)
    assert index.embedded is not None
    assert len(index.embedded) == 1
    index = index_film(write_pictures(tmp_path / "panned.mkv", panned), embedder=embedder)
    assert index.embedded is not None
    assert 5 <= len(index.embedded) <= 10


def test_the_shortest_film_has_one(tmp_path: Path, embedder: SceneEmbedder) -> None:
    index = index_film(write_film(tmp_path / "one.mkv", 1), embedder=embedder)
    assert index.embedded is not None
    assert index.embedded.tolist() == [0]


def test_large_frames_are_not_held(
    film: Path, embedder: SceneEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = index_film(film, embedder=embedder).scene_embedding
    monkeypatch.setattr(embedding, "_MOST_HELD_BYTES", 0)
    offered: list[object] = []
    offer = EmbeddingPicker.offer

    def watched(self: EmbeddingPicker, number: int, frame: Frame) -> None:
        offer(self, number, frame)
        offered.extend(held.picture for held in self._held)

    monkeypatch.setattr(EmbeddingPicker, "offer", watched)
    after = index_film(film, embedder=embedder).scene_embedding
    assert offered
    assert all(isinstance(picture, np.ndarray) for picture in offered)
    assert np.array_equal(before, after)  # type: ignore[arg-type]
