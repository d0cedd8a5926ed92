"""Packs written by each format version open for ever; these files are never made anew."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from index_tools.pack import ScenePack, read_manifest, verify_pack
from index_tools.pack.writing import begin, write_members

GOLDEN = Path(__file__).parent / "golden"
#: The sum of all levels of the first shot's sketches.
FIRST_SKETCHES = 86798


@pytest.mark.parametrize("name", ["version-1", "version-1.scenepack"])
def test_version_1(name: str, tmp_path: Path) -> None:
    kept = GOLDEN / name
    path = tmp_path / name
    if kept.is_dir():
        shutil.copytree(kept, path)
    else:
        shutil.copy(kept, path)
    assert verify_pack(path) == []
    with ScenePack.open(path) as pack:
        about = pack.manifest
        assert (about.pack_id, about.title, about.licence, about.revision) == (
            "60" * 16,
            "Golden",
            "CC0-1.0",
            1,
        )
        first, second = pack.videos
        assert (first.file_name, first.title, first.season, first.episode) == ("film 1.mkv", "映画", 1, "01")
        assert (dict(first.titles), dict(first.ids)) == ({"en": "Film", "ja": "映画"}, {"anilist": "1"})
        assert (second.season, second.fps, second.duration_s, second.frame_count) == (None, 24.0, 1.0, 24)
        assert pack.kept["at_s"].tolist() == [0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 0.0, 0.25, 0.5, 0.75]
        assert pack.kept["shot"].tolist() == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]
        assert pack.kept["to_s"][1] == 11 / 24
        assert pack.shots["end_s"].tolist() == [0.5, 1.0, 1.5, 0.5, 1.0]
        track = pack.track(first)
        assert np.array_equal(track.times_s, np.arange(36) / 24)
        assert np.array_equal(pack.vectors("color_layout")[:6], track.color_layout[::6])
        assert int(track.color_layout.astype(np.int64).sum()) == 35_560
        assert pack.thumbnail(0) is not None
        assert pack.thumbnail(3) is None


def test_version_2(tmp_path: Path) -> None:
    path = Path(shutil.copytree(GOLDEN / "version-2", tmp_path / "pack"))
    assert verify_pack(path) == []
    with ScenePack.open(path) as pack:
        assert pack.manifest.format_version == 2
        assert pack.thumbnail(0) is not None
        assert np.array_equal(pack.track(0).times_s, np.arange(24) / 24)
        first, last = pack.sketches(0), pack.sketches(1)
        assert first is not None
        assert first.times_s.tolist() == [0.0, 0.25]
        assert first.luma.shape == (2, 14, 24)
        assert int(first.luma.astype(np.int64).sum()) == FIRST_SKETCHES
        assert last is None


def test_version_1_has_no_sketches(tmp_path: Path) -> None:
    path = Path(shutil.copytree(GOLDEN / "version-1", tmp_path / "pack"))
    with ScenePack.open(path) as pack:
        assert pack.manifest.format_version == 1
        assert pack.sketches(0) is None


def test_what_version_1_holds_is_written_as_ever(tmp_path: Path) -> None:
    shutil.copytree(GOLDEN / "version-1", tmp_path / "old")
    with ScenePack.open(tmp_path / "old") as pack:
        (tmp_path / "new").mkdir()
        films = (pack.stored_film(number) for number in range(len(pack.videos)))
        manifest = write_members(tmp_path / "new", films, begin())
    for role, member in manifest.members.items():
        if role != "metadata":  # SQLite notes its own version in it
            assert (tmp_path / "new" / member.file).read_bytes() == (
                tmp_path / "old" / member.file
            ).read_bytes()
    assert set(manifest.members) == set(read_manifest(tmp_path / "old").members)


def test_version_1_with_embeddings(tmp_path: Path) -> None:
    path = Path(shutil.copytree(GOLDEN / "version-1-embeddings", tmp_path / "pack"))
    assert verify_pack(path) == []
    with ScenePack.open(path) as pack:
        info = pack.manifest.descriptors["scene_embedding"]
        assert (info.size, info.dtype) == (64, "uint8")
        assert info.parameters == {"model": "ab" * 32, "side": 128, "steps": 80, "zero": 128}
        assert pack.vectors("scene_embedding").shape == (4, 64)
        assert pack.vectors("scene_embedding")[0, :4].tolist() == [130, 132, 130, 121]
        rows = pack.described_rows("scene_embedding")
        assert rows is not None
        assert rows.tolist() == [0, 3, 5, 7]
        described = pack.stored_film(1).described["scene_embedding"]
        assert described.rows is not None
        assert described.rows.tolist() == [1]
