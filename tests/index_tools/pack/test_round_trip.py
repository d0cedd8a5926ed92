"""What is written comes back, from the folder and from the transport file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index_tools.errors import PackError
from index_tools.nouns import FilmIndex
from index_tools.pack import ScenePack, pack_file, unpack_file, verify_pack, write_pack
from index_tools.pack.writing import write_members


def check_holds(pack: ScenePack, films: list[FilmIndex]) -> None:
    assert pack.videos == tuple(film.video for film in films)
    for number, film in enumerate(films):
        rows, shots = pack.rows_of(number), pack.shots_of(film.video)
        assert (pack.kept["video"][rows] == number).all()
        for column in ("at_s", "from_s", "to_s"):
            assert np.array_equal(pack.kept[column][rows], film.kept[column])
        assert np.array_equal(pack.kept["shot"][rows], film.kept["shot"] + shots.start)
        assert np.array_equal(pack.vectors("color_layout")[rows], film.color_layout)
        assert np.array_equal(pack.shots["start_s"][shots], film.shots["start_s"])
        assert np.array_equal(pack.shots["end_s"][shots], film.shots["end_s"])
        track = pack.track(number)
        assert np.array_equal(track.times_s.view(np.int64), film.track.times_s.view(np.int64))
        assert np.array_equal(track.color_layout, film.track.color_layout)
        pictures = [pack.thumbnail(shot) for shot in range(shots.start, shots.stop)]
        expected: list[bytes | None] = [*film.thumbnails] or [None] * len(film.shots)
        assert pictures == expected
        for shot, sketches in enumerate(film.sketches, shots.start):
            back = pack.sketches(shot)
            assert back is not None
            assert back.times_s == pytest.approx(sketches.times_s, abs=0.0005)
            assert np.abs(back.luma.astype(int) - sketches.luma).max() <= 14


def test_folder(pack_folder: Path, films: list[FilmIndex]) -> None:
    with ScenePack.open(pack_folder) as pack:
        check_holds(pack, films)
        counts = pack.manifest.counts
        assert (counts.videos, counts.kept, counts.shots) == (3, 24, 12)
        assert pack.manifest.title == "Tést"
        assert not pack.kept.flags.writeable
        assert pack.described_rows("color_layout") is None
        assert pack.graph_path("color_layout") is None
        assert pack.build_graph("color_layout") is None
    assert verify_pack(pack_folder) == []
    with pytest.raises(PackError, match="closed"):
        _ = pack.kept


def test_transport_file(pack_folder: Path, films: list[FilmIndex], tmp_path: Path) -> None:
    file = tmp_path / "three.scenepack"
    pack_file(pack_folder, file)
    with ScenePack.open(file) as pack:
        check_holds(pack, films)
        unpacked = pack.folder
    stamp = (unpacked / "manifest.json").stat().st_mtime_ns
    with ScenePack.open(file) as pack:  # unpacked only once
        assert pack.folder == unpacked
        assert (unpacked / "manifest.json").stat().st_mtime_ns == stamp
    unpack_file(file, tmp_path / "by hand")
    with ScenePack.open(tmp_path / "by hand") as pack:
        check_holds(pack, films)
    assert verify_pack(file) == []


def test_the_same_films_give_the_same_file(films: list[FilmIndex], tmp_path: Path, pack_folder: Path) -> None:
    with ScenePack.open(pack_folder) as pack:
        about = pack.manifest
    again = write_pack(tmp_path / "again", films)
    assert again.members == about.members


def test_empty_pack(tmp_path: Path) -> None:
    write_pack(tmp_path / "none", [])
    with ScenePack.open(tmp_path / "none") as pack:
        assert pack.videos == ()
        assert len(pack.kept) == len(pack.vectors("color_layout")) == 0
    assert verify_pack(tmp_path / "none") == []


def test_without_thumbnails(tmp_path: Path, films: list[FilmIndex]) -> None:
    bare = [replace(film, thumbnails=()) for film in films]
    write_pack(tmp_path / "bare", bare)
    with ScenePack.open(tmp_path / "bare") as pack:
        check_holds(pack, bare)
        assert "thumbnails" not in pack.manifest.members
    mixed = [films[0], bare[1]]
    write_pack(tmp_path / "mixed", mixed)
    with ScenePack.open(tmp_path / "mixed") as pack:
        check_holds(pack, mixed)


def test_a_taken_name_is_left_alone(pack_folder: Path, films: list[FilmIndex]) -> None:
    before = sorted((path.name, path.read_bytes()) for path in pack_folder.iterdir())
    with pytest.raises(PackError, match="there already"):
        write_pack(pack_folder, films)
    assert sorted((path.name, path.read_bytes()) for path in pack_folder.iterdir()) == before


@pytest.mark.parametrize(
    "change",
    [{"width": 100_001}, {"duration_s": float("inf")}, {"season": -1}, {"episode": "e" * 201}],
    ids=["width", "duration", "season", "episode"],
)
def test_what_could_not_be_opened_again_is_not_written(pack_folder: Path, change: dict[str, Any]) -> None:
    before = {path.name: path.read_bytes() for path in pack_folder.iterdir()}
    with ScenePack.open(pack_folder) as pack:
        film = pack.stored_film(0)
        odd = replace(film, video=replace(film.video, **change))
        with pytest.raises(PackError, match="nothing could open it afterwards"):
            write_members(pack_folder, [odd], pack.manifest)
    assert {path.name: path.read_bytes() for path in pack_folder.iterdir()} == before


def test_places(pack_folder: Path, films: list[FilmIndex], tmp_path: Path) -> None:
    film = tmp_path / "here.mkv"
    film.write_bytes(bytes(films[0].video.size_bytes))
    with ScenePack.open(pack_folder) as pack:
        assert pack.film_path(0) is None
        pack.note_places({films[0].video.fingerprint: film})
        assert pack.film_path(films[0].video) == film
    with ScenePack.open(pack_folder) as pack:
        assert pack.film_path(0) == film
        film.write_bytes(b"shorter")
        assert pack.film_path(0) is None
        film.unlink()
        assert pack.film_path(0) is None
    file = tmp_path / "three.scenepack"
    pack_file(pack_folder, file)
    with ScenePack.open(file) as pack:
        assert pack.places == {}


def test_no_film_at_that_number(pack_folder: Path) -> None:
    with ScenePack.open(pack_folder) as pack:
        for number in (3, 99):
            with pytest.raises(IndexError):
                pack.track(number)
        with pytest.raises(PackError, match="no vectors"):
            pack.vectors("scene_embedding")
