"""The searchers that the product is held against."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index_tools.build import build_pack
from index_tools.film import read_frame
from index_tools.measure.searchers import LayoutAlone, Product, VectorsAlone, embedding_alone, side_by_side
from index_tools.pack import ScenePack
from index_tools.picture import Picture
from index_tools.search import Engine, SearchOptions
from tests.standins.network import use_network

OPTIONS = SearchOptions()
AT_S = 6.0


def test_layouts_alone_find_a_frame_and_not_its_mirror_image(clip: Path, clip_pack: Path) -> None:
    picture = read_frame(clip, AT_S)
    with ScenePack.open(clip_pack) as pack:
        alone = LayoutAlone([pack])
        answer = alone.answer(picture, OPTIONS)
        turned = alone.answer(Picture.of(picture.rgb[:, ::-1].copy()), OPTIONS)
        assert answer.frames_searched == len(pack.kept)
    assert answer.best is not None
    assert answer.best.start_s <= AT_S <= answer.best.end_s
    assert turned.matches[0].similarity < answer.best.similarity - 0.05


def test_vectors_alone_rank_scenes_by_cosine(clip: Path, clip_pack: Path) -> None:
    def describe(rgb: NDArray[np.uint8]) -> NDArray[np.float32]:
        means = rgb[::9, ::9].reshape(-1).astype(np.float32) + 1
        return np.asarray(means / np.linalg.norm(means), np.float32)

    with ScenePack.open(clip_pack) as pack:
        vectors = np.stack([describe(read_frame(clip, float(at_s)).rgb) for at_s in pack.kept["at_s"]])
        alone = VectorsAlone([pack], describe, [(vectors, np.arange(len(vectors)))])
        row = len(vectors) // 2
        answer = alone.answer(read_frame(clip, float(pack.kept["at_s"][row])), OPTIONS)
        first = answer.matches[0]
        assert first.shot == pack.kept["shot"][row]
    assert first.similarity == pytest.approx(1.0, abs=1e-4)
    assert first.is_match
    similarities = [match.similarity for match in answer.matches]
    assert similarities == sorted(similarities, reverse=True)


def test_a_missing_column_says_why(clip_pack: Path) -> None:
    with ScenePack.open(clip_pack) as pack:
        engine = Engine([pack], graphs=False)
        searchers, absent = side_by_side(engine, refine=False)
        engine.close()
    assert isinstance(searchers[0], Product)
    assert {searcher.name for searcher in searchers} | set(absent) == {
        "product", "color_layout", "scene_embedding",
    }  # fmt: skip
    assert all(reason.endswith(".") for reason in absent.values())


def test_embeddings_alone_are_measured_where_the_network_and_the_pack_have_them(
    demo_film: Path, clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_network(tmp_path / "network", monkeypatch)
    build_pack(tmp_path / "pack", [clip], workers=1)
    with ScenePack.open(tmp_path / "pack") as pack:
        alone = embedding_alone([pack])
        assert isinstance(alone, VectorsAlone)
        best = alone.answer(read_frame(clip, AT_S), OPTIONS).matches[0]
        assert best.start_s <= AT_S <= best.end_s
        assert best.similarity > 0.9
        use_network(tmp_path / "another network", monkeypatch, seed=5)
        assert "build it again" in str(embedding_alone([pack]))
