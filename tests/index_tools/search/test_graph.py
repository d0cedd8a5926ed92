from __future__ import annotations

import threading
from pathlib import Path

import hnswlib
import numpy as np
import pytest

from index_tools.pack.graph_file import build_graph
from index_tools.search.exact import nearest
from index_tools.search.graph import Graph
from index_tools.search.graph_loading import load_graph

NUMBERS = np.random.default_rng(6)
TABLE = np.clip(
    NUMBERS.integers(5, 28, (400, 1, 33)) + np.cumsum(NUMBERS.integers(-1, 2, (400, 10, 33)), 1), 0, 63
).astype(np.uint8).reshape(-1, 33)  # fmt: skip


@pytest.fixture(scope="module")
def graph_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("graph") / "graph.hnsw"
    build_graph(TABLE, path)
    return path


def test_a_graph_loaded_by_parts_answers_as_hnswlibs_own_loading(graph_path: Path) -> None:
    theirs = hnswlib.Index("l2", 33)
    theirs.load_index(str(graph_path))
    ours = load_graph(graph_path, len(TABLE), 33)
    queries = NUMBERS.integers(0, 40, (100, 33)).astype(np.float32)
    for index in (theirs, ours):
        index.set_ef(64)
    for one, other in zip(theirs.knn_query(queries, 20), ours.knn_query(queries, 20), strict=True):
        assert np.array_equal(one, other)


def test_nearly_all_true_neighbours_are_found_also_for_absent_vectors(graph_path: Path) -> None:
    graph = Graph("test", lambda: graph_path, *TABLE.shape)
    try:
        assert graph.wait(30)
        assert graph.ready
        queries = np.concatenate([TABLE[::40], NUMBERS.integers(0, 40, (100, 33), dtype=np.uint8)])
        exact = nearest(TABLE, queries, 10)
        found = graph.nearest(queries, 256)
        good = [
            (distances[:10] <= true[-1]).mean()
            for (_, distances), (_, true) in zip(found, exact, strict=True)
        ]
        assert np.mean(good) >= 0.995
    finally:
        graph.close()


def test_loading_leaves_other_threads_running(graph_path: Path) -> None:
    found, may_find = threading.Event(), threading.Event()

    def find() -> Path:
        found.set()
        assert may_find.wait(30)
        return graph_path

    graph = Graph("test", find, *TABLE.shape)
    try:
        assert found.wait(30)
        assert not graph.ready
        may_find.set()
        assert graph.wait(30)
        assert graph.ready
    finally:
        may_find.set()
        graph.close()


@pytest.mark.parametrize("which", ["none", "missing", "other rows"])
def test_a_graph_that_cannot_be_used_is_told(graph_path: Path, which: str) -> None:
    path = {"none": None, "missing": graph_path.with_name("nothing"), "other rows": graph_path}[which]
    graph = Graph("My pack", lambda: path, len(TABLE) - (which == "other rows"), 33)
    try:
        assert graph.wait(30)
        assert not graph.ready
        assert "My pack" in graph.failure
        assert "more slowly" in graph.failure
    finally:
        graph.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "graph of My pack"]


def test_a_graph_let_go_while_it_loads_is_not_kept(graph_path: Path) -> None:
    may_find = threading.Event()

    def find() -> Path:
        assert may_find.wait(30)
        return graph_path

    graph = Graph("test", find, *TABLE.shape)
    graph.let_go()
    may_find.set()
    assert graph.wait(30)
    graph.close()
    assert not graph.ready
    assert graph.failure == ""
