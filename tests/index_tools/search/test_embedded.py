"""Search by scene embeddings: candidates, fusion with color layouts, and packs that have none."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index_tools.build import build_pack
from index_tools.descriptors.embedding_form import restored, stored, unit
from index_tools.film import read_frame
from index_tools.pack import ScenePack, graph_file
from index_tools.picture import Picture
from index_tools.search import Engine, SearchOptions
from index_tools.search import embedded as embedded_module
from index_tools.search.options import titled
from index_tools.search.reading_names import upright_name
from index_tools.search.readings import read
from tests.standins.network import use_network

AT_S = (2.0, 12.5, 31.0, 47.5, 66.0)


@pytest.fixture(scope="module")
def pack_folder(tmp_path_factory: pytest.TempPathFactory, demo_film: Path) -> Path:
    """A pack of the demo film, described by the small network."""
    folder = tmp_path_factory.mktemp("embedded")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SCENELENS_CACHE", str(folder / "cache"))
        use_network(folder / "network", patch)
        build_pack(folder / "pack", [demo_film], workers=1)
    return folder


@pytest.fixture
def pack(pack_folder: Path, monkeypatch: pytest.MonkeyPatch) -> ScenePack:
    use_network(pack_folder / "network", monkeypatch)
    return ScenePack.open(pack_folder / "pack")


def tinted(rgb: NDArray[np.uint8]) -> Picture:
    """A picture whose color layout is far from its frame's, mirrored, while block means stay in order."""
    values = rgb[:, ::-1].astype(np.float32) * np.array([0.9, 0.55, 0.75], np.float32) + 8
    return Picture.of(np.ascontiguousarray(values.clip(0, 255).astype(np.uint8)))


def test_an_edited_picture_is_found_and_more_scenes_come_along(pack: ScenePack, demo_film: Path) -> None:
    engine = Engine([pack])
    assert engine.warnings == ()
    right = 0
    for at_s in AT_S:
        picture = tinted(read_frame(demo_film, at_s).rgb)
        answer = engine.search(picture)
        first = answer.ranked[0]
        right += first.match.start_s <= at_s <= first.match.end_s
        assert not np.isnan(first.score)
        assert len(answer.ranked) > len(answer.matches) == 10
        assert answer.matches == tuple(one.match for one in answer.ranked[:10])
        places = [(one.match.start_s, one.match.end_s) for one in answer.ranked]
        assert all(
            end <= start for (_, end), (start, _) in zip(sorted(places), sorted(places)[1:], strict=False)
        )
        others = [one.score for one in answer.ranked[1:] if not np.isnan(one.score)]
        assert first.lead == pytest.approx(first.score - max(others))
    assert right >= 4
    engine.close()


def test_what_the_network_does_not_know_is_found_by_light_and_shade(pack: ScenePack, demo_film: Path) -> None:
    """As of a shot in which all moves fast: its scene is not among those that were ranked."""
    engine = Engine([pack])
    for at_s in AT_S:
        picture = tinted(read_frame(demo_film, at_s).rgb)
        answer = engine.search(picture)
        ranked = tuple(
            one for one in answer.ranked if not one.match.start_s - 1 <= at_s <= one.match.end_s + 1
        )
        matches = tuple(one.match for one in ranked[:10])
        best = engine.refine(picture, replace(answer, matches=matches, ranked=ranked)).best
        assert best is not None
        assert abs(best.at_s - at_s) < 0.5
    engine.close()


def test_a_plain_picture_is_answered_without_the_network(
    pack: ScenePack, demo_film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr("index_tools.search.embedding.embed", never)
    engine = Engine([pack])
    answer = engine.search(Picture.of(read_frame(demo_film, 12.5).rgb))
    assert answer.best is not None
    assert answer.best.at_s == pytest.approx(12.5, abs=0.1)
    assert np.isnan(answer.ranked[0].score)
    engine.close()


def test_a_mirrored_picture_needs_no_embedding_of_its_own(demo_film: Path) -> None:
    readings = read(Picture.of(read_frame(demo_film, 12.5).rgb))
    assert {"as_is", "mirrored"} <= {reading.name for reading in readings.all}
    assert [one.name for one in readings.upright] == ["as_is"]


@pytest.mark.parametrize(
    ("name", "upright"),
    [
        ("as_is", "as_is"),
        ("mirrored", "as_is"),
        ("bars_added", "as_is"),
        ("mirrored_bars_added", "as_is"),
        ("borders_cut_mirrored", "borders_cut"),
        ("inner_picture_mirrored_bars_added", "inner_picture"),
    ],
)
def test_names_of_upright_readings(name: str, upright: str) -> None:
    assert upright_name(name) == upright


def test_candidates_are_those_of_all_values(pack: ScenePack) -> None:
    rows = embedded_module.EmbeddedRows(pack)
    numbers = np.random.default_rng(3)
    some = restored(rows.vectors[::7]) + numbers.normal(0, 0.02, (len(rows.vectors[::7]), 128))
    queries = unit(some.astype(np.float32))
    common = np.full(len(queries), 0.25, np.float32)
    found = rows.nearest(queries, common, None, 20)
    every = restored(rows.vectors) @ queries.T - common
    best = rows.kept_rows[every.argmax(axis=0)]
    assert set(best.tolist()) <= set(found.rows.tolist())
    place = np.searchsorted(rows.kept_rows, found.rows)
    np.testing.assert_allclose(found.scores, every[place].max(axis=1), atol=1e-5)
    assert np.array_equal(found.readings, every[place].argmax(axis=1))


def test_a_search_kept_to_some_videos_asks_only_their_rows(pack: ScenePack) -> None:
    rows = embedded_module.EmbeddedRows(pack)
    found = rows.nearest(unit(restored(rows.vectors[:1])), np.zeros(1, np.float32), [slice(40, 90)])
    assert len(found.rows)
    assert found.rows.min() >= 40
    assert found.rows.max() < 90
    engine = Engine([pack], graphs=False)
    nothing = engine.search(
        Picture.of(np.full((90, 160, 3), 120, np.uint8)), SearchOptions(only=titled("no such film"))
    )
    assert nothing.matches == ()
    engine.close()


def test_graph_and_scan_find_the_same(pack: ScenePack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graph_file, "WORTH_ROWS", 10)
    monkeypatch.setattr(embedded_module, "WORTH_ROWS", 10)
    path = pack.build_graph("scene_embedding")
    assert path is not None
    assert path.name.startswith("graph-scene_embedding64-")
    try:
        scan, graph = embedded_module.EmbeddedRows(pack, graphs=False), embedded_module.EmbeddedRows(pack)
        assert graph.graph is not None
        assert graph.graph.wait(30)
        assert graph.graph.ready, graph.graph.failure
        queries, common = unit(restored(scan.vectors[::5])), np.zeros(len(scan.vectors[::5]), np.float32)
        one, other = scan.nearest(queries, common, None, 10), graph.nearest(queries, common, None, 10)
        alike = len(set(one.rows.tolist()) & set(other.rows.tolist())) / len(one.rows)
        assert alike > 0.98
        graph.graph.close()
    finally:
        path.unlink()
        path.with_suffix(".json").unlink()


def test_a_pack_of_another_network_is_searched_by_color_layout_and_says_so(
    pack: ScenePack, demo_film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_network(tmp_path / "newer", monkeypatch, seed=8)
    engine = Engine([pack])
    (sentence,) = engine.warnings
    assert "by another network" in sentence
    answer = engine.search(tinted(read_frame(demo_film, 12.5).rgb))
    assert all(np.isnan(one.score) for one in answer.ranked)
    engine.close()


def test_the_demos_old_pack_says_what_it_lacks(
    demo_pack: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_network(tmp_path, monkeypatch)
    with ScenePack.open(Path(__file__).parent.parent / "pack" / "golden" / "version-1") as old:
        engine = Engine([old])
        (sentence,) = engine.warnings
        assert "“Golden” was made without the network" in sentence
        engine.close()


def test_without_a_network_packs_with_embeddings_are_still_searched(
    pack: ScenePack, demo_film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index_tools.descriptors.model_file.model_folders", lambda: [tmp_path])
    engine = Engine([pack])
    (sentence,) = engine.warnings
    assert "is missing" in sentence
    answer = engine.search(Picture.of(read_frame(demo_film, 47.5).rgb))
    assert answer.best is not None
    engine.close()


def test_scores_are_less_what_a_picture_shares_with_the_background(
    pack: ScenePack, pack_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, demo_film: Path
) -> None:
    picture = tinted(read_frame(demo_film, 31.0).rgb)
    engine = Engine([pack])
    upright = SearchOptions(hypotheses=("as_is", "mirrored"))
    before = engine.search(picture, upright).ranked[0].score
    engine.close()
    folder = tmp_path / "same"
    use_network(folder, monkeypatch)
    rows = pack.vectors("scene_embedding")
    np.save(folder / "scene_background.npy", stored(unit(restored(rows))))
    engine = Engine([pack])
    after = engine.search(picture, upright).ranked[0].score
    engine.close()
    assert after < before - 0.1
