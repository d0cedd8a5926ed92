"""The neighbour graph: right when whole, refused before hnswlib sees it when not."""

from __future__ import annotations

import struct
from pathlib import Path

import hnswlib
import numpy as np
import pytest
from numpy.typing import NDArray

from index_tools.nouns import FilmIndex
from index_tools.pack import ScenePack, graph_file, pack_file, verify_pack, write_pack

ROWS = 2000


@pytest.fixture(scope="module")
def vectors() -> NDArray[np.uint8]:
    return np.random.default_rng(3).integers(0, 64, (ROWS, 33), dtype=np.uint8)


@pytest.fixture(scope="module")
def whole(vectors: NDArray[np.uint8], tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("graph") / "graph.hnsw"
    graph_file.build_graph(vectors, path, threads=2)
    return path.read_bytes()


def test_a_sound_graph(whole: bytes, vectors: NDArray[np.uint8], tmp_path: Path) -> None:
    path = tmp_path / "graph"
    path.write_bytes(whole)
    graph_file.check_graph(path, vectors)
    index = hnswlib.Index("l2", 33)
    index.load_index(str(path), max_elements=ROWS)
    index.set_ef(256)
    labels, distances = index.knn_query(vectors[:200].astype(np.float32), k=1)
    assert (labels[:, 0] == np.arange(200)).mean() > 0.99
    assert np.count_nonzero(distances) < 3


@pytest.mark.parametrize("rows", [1, 2, 40])
def test_small_graphs(rows: int, vectors: NDArray[np.uint8], tmp_path: Path) -> None:
    graph_file.build_graph(vectors[:rows], tmp_path / "graph")
    graph_file.check_graph(tmp_path / "graph", vectors[:rows])


ELEMENT = 4 + 4 * 32 + 4 * 33 + 8
FIRST_UPPER = 96 + ROWS * ELEMENT


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (0, struct.pack("<Q", 8)),
        (8, struct.pack("<Q", 1)),
        (8, struct.pack("<Q", 1 << 60)),
        (16, struct.pack("<Q", ROWS + 1)),
        (24, struct.pack("<Q", 10)),
        (32, struct.pack("<Q", 1 << 40)),
        (40, struct.pack("<Q", 0)),
        (48, struct.pack("<i", 63)),
        (48, struct.pack("<i", -1)),
        (52, struct.pack("<I", ROWS)),
        (56, struct.pack("<Q", 1 << 32)),
        (64, struct.pack("<Q", 1000)),
        (72, struct.pack("<Q", 0)),
        (80, struct.pack("<d", float("nan"))),
        (96, struct.pack("<H", 33)),
        (98, b"\x01"),
        (100, struct.pack("<I", ROWS)),
        (96 + ELEMENT * 1500 + 4, struct.pack("<I", 2**32 - 1)),
        (96 + 132, struct.pack("<f", 77.0)),
        (96 + 132, struct.pack("<f", float("nan"))),
        (96 + ELEMENT - 8, struct.pack("<Q", ROWS)),
        (96 + ELEMENT - 8, struct.pack("<Q", 1 << 63)),
        (FIRST_UPPER, struct.pack("<I", 4)),
        (FIRST_UPPER, struct.pack("<I", 68 * 100)),
        (FIRST_UPPER, struct.pack("<I", 2**32 - 4)),
    ],
)
def test_a_number_out_of_range(
    whole: bytes, vectors: NDArray[np.uint8], tmp_path: Path, place: int, value: bytes
) -> None:
    path = tmp_path / "graph"
    path.write_bytes(whole[:place] + value + whole[place + len(value) :])
    with pytest.raises(ValueError, match="graph"):
        graph_file.check_graph(path, vectors)


def test_cut_at_any_place(whole: bytes, vectors: NDArray[np.uint8], tmp_path: Path) -> None:
    path = tmp_path / "graph"
    for length in (
        0,
        50,
        96,
        97,
        FIRST_UPPER - 1,
        FIRST_UPPER,
        FIRST_UPPER + 40,
        len(whole) - 4,
        len(whole) - 1,
    ):
        path.write_bytes(whole[:length])
        with pytest.raises(ValueError, match="graph"):
            graph_file.check_graph(path, vectors)
    path.write_bytes(whole + bytes(4))
    with pytest.raises(ValueError, match="graph"):
        graph_file.check_graph(path, vectors)


def test_upper_links_anywhere_wrong(whole: bytes, vectors: NDArray[np.uint8], tmp_path: Path) -> None:
    """Whatever is passed, hnswlib must then survive it: try random changes and ask the graph."""
    numbers = np.random.default_rng(9)
    path = tmp_path / "graph"
    passed = refused = 0
    for _ in range(150):
        data = bytearray(whole)
        place = int(numbers.integers(FIRST_UPPER, len(whole) - 4)) & ~3
        data[place : place + 4] = struct.pack("<I", int(numbers.choice([1, 15, 68, 1999, 2000, 2**31])))
        path.write_bytes(data)
        try:
            graph_file.check_graph(path, vectors)
        except ValueError:
            refused += 1
            continue
        passed += 1
        index = hnswlib.Index("l2", 33)
        index.load_index(str(path), max_elements=ROWS)
        index.knn_query(vectors[:50].astype(np.float32), k=5)
    assert refused > 50
    assert passed + refused == 150


def test_the_graph_of_other_vectors(whole: bytes, vectors: NDArray[np.uint8], tmp_path: Path) -> None:
    path = tmp_path / "graph"
    path.write_bytes(whole)
    other = vectors.copy()
    other[777, 5] ^= 1
    with pytest.raises(ValueError, match="other vectors"):
        graph_file.check_graph(path, other)
    with pytest.raises(ValueError, match="another number of rows"):
        graph_file.check_graph(path, vectors[:-1])


def test_in_a_pack(films: list[FilmIndex], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graph_file, "WORTH_ROWS", 10)
    folder = tmp_path / "pack"
    write_pack(folder, films)
    with ScenePack.open(folder) as pack:
        assert pack.graph_path("color_layout") is None
        path = pack.build_graph("color_layout")
        assert path is not None
        assert path.parent == folder
        assert pack.graph_path("color_layout") == path
        assert pack.build_graph("color_layout") == path
    assert verify_pack(folder) == []
    data = bytearray(path.read_bytes())
    data[200] ^= 1
    path.write_bytes(data)
    (problem,) = verify_pack(folder)
    assert path.name in problem
    with ScenePack.open(folder) as pack:
        assert pack.graph_path("color_layout") is None
        assert pack.build_graph("color_layout") == path
        assert pack.graph_path("color_layout") == path
    pack_file(folder, tmp_path / "x.scenepack")
    with ScenePack.open(tmp_path / "x.scenepack") as pack:
        assert pack.graph_path("color_layout") is None
