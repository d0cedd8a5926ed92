"""Packs get the embeddings of the network that ships, and those of no other."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index_tools.build import add_to_pack, build_pack
from index_tools.build.lock import building
from index_tools.descriptors.model_file import shipped_network
from index_tools.pack import ScenePack, verify_pack
from tests.standins.network import VALUES, use_network

NAME = "scene_embedding"


@pytest.fixture
def network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, impatient: None) -> Path:
    return use_network(tmp_path / "network", monkeypatch)


def rows_by_video(path: Path) -> list[int]:
    """How many embeddings each video of a pack has."""
    with ScenePack.open(path) as pack:
        rows = pack.described_rows(NAME)
        video = pack.kept["video"] if rows is None else pack.kept["video"][rows]
        assert len(pack.vectors(NAME)) == len(video)
        return np.bincount(video, minlength=len(pack.videos)).tolist()


@pytest.mark.parametrize("name", ["shelf", "shelf.scenepack"])
def test_a_pack_notes_the_network_and_every_film_is_described(
    name: str, clips: Path, tmp_path: Path, network: Path
) -> None:
    report = build_pack(tmp_path / name, [clips], workers=1)
    assert report.warnings == ()
    with ScenePack.open(tmp_path / name) as pack:
        info = pack.manifest.descriptors[NAME]
        assert (info.size, info.dtype) == (VALUES, "uint8")
        assert info.parameters == shipped_network().parameters
    assert all(count >= 2 for count in rows_by_video(tmp_path / name))
    assert verify_pack(tmp_path / name) == []


def test_without_a_network_a_pack_is_whole_and_says_what_it_lacks(
    clips: Path, tmp_path: Path, network: Path
) -> None:
    network.unlink()
    report = build_pack(tmp_path / "shelf", [clips], workers=1)
    assert report.videos == 3
    assert ["is missing" in sentence for sentence in report.warnings] == [True]
    with ScenePack.open(tmp_path / "shelf") as pack:
        assert set(pack.manifest.descriptors) == {"color_layout"}


def test_a_network_that_cannot_be_loaded_costs_no_film(clips: Path, tmp_path: Path, network: Path) -> None:
    data = network.read_bytes()
    network.write_bytes(data.replace(b"ReduceL2", b"Xeduce99"))
    report = build_pack(tmp_path / "shelf", [clips], workers=1)
    assert report.videos == 3
    assert report.skipped == ()
    assert any("cannot be used" in sentence for sentence in report.warnings)
    assert rows_by_video(tmp_path / "shelf") == [0, 0, 0]


def test_films_without_embeddings_are_indexed_again_when_they_are_added_again(
    clips: Path, tmp_path: Path, network: Path
) -> None:
    shelf = tmp_path / "shelf"
    build_pack(shelf, [clips], workers=1, embeddings=False, title="A name")
    first, *others = sorted(clips.iterdir())
    report = add_to_pack(shelf, [first], workers=1)
    assert (report.added, report.renewed, report.videos) == ((), (first.name,), 3)
    counts = rows_by_video(shelf)
    assert sorted(count > 0 for count in counts) == [False, False, True]
    report = add_to_pack(shelf, [clips], workers=1)
    assert sorted(report.renewed) == sorted(path.name for path in others)
    assert all(rows_by_video(shelf))
    with ScenePack.open(shelf) as pack:
        assert {video.title for video in pack.videos} == {"A name"}
    again = add_to_pack(shelf, [clips], workers=1)
    assert (again.renewed, again.frames) == ((), 0)
    assert verify_pack(shelf) == []


def test_another_networks_embeddings_leave_the_pack(
    clips: Path, tmp_path: Path, network: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = tmp_path / "shelf"
    build_pack(shelf, [clips], workers=1)
    use_network(tmp_path / "newer", monkeypatch, seed=9)
    first = min(clips.iterdir())
    add_to_pack(shelf, [first], workers=1)
    assert sorted(count > 0 for count in rows_by_video(shelf)) == [False, False, True]
    with ScenePack.open(shelf) as pack:
        assert pack.manifest.descriptors[NAME].parameters == shipped_network().parameters


def test_what_another_network_indexed_is_not_taken_from_the_journal(
    clips: Path, tmp_path: Path, network: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = tmp_path / "shelf"
    with building(tmp_path / "shelf.part", shelf):
        from index_tools.build.gathering import HowToBuild, gather
        from index_tools.build.sources import find_films
        from index_tools.progress import Progress

        films, _ = find_films([clips])
        how = HowToBuild(1, True, network=shipped_network())
        gather(tmp_path / "shelf.part", films[:1], how, None, Progress())
    use_network(tmp_path / "newer", monkeypatch, seed=9)
    assert build_pack(shelf, [clips], workers=1).resumed == 0
    assert all(rows_by_video(shelf))
