"""Small videos, and vectors of parts of frames, beside a pack: made, moved along, removed, never sent."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from index_tools.build import add_to_pack, build_pack, remove_from_pack
from index_tools.build.sources import find_films
from index_tools.cli import commands
from index_tools.descriptors.frame_parts import PART_VALUES, PARTS
from index_tools.descriptors.model_file import shipped_network
from index_tools.film import index_film
from index_tools.pack import ScenePack
from index_tools.pack.beside import parts_of, parts_path, proxy_of, proxy_path, write_parts
from tests.index_tools.film.drawn_films import write_film
from tests.standins.network import use_network

SIZE = (512, 288)


@pytest.fixture
def films(tmp_path: Path) -> Path:
    folder = tmp_path / "films"
    folder.mkdir()
    for number in (1, 2):
        write_film(folder / f"Show - {number:02}.mkv", 30, size=SIZE, shots=(number * 7,))
    write_film(folder / "Small.mkv", 20)
    return folder


def proxied(pack: Path) -> dict[str, bool]:
    with ScenePack.open(pack) as opened:
        return {video.file_name: opened.proxy_path(video) is not None for video in opened.videos}


def test_films_that_are_not_small_have_them(tmp_path: Path, films: Path) -> None:
    pack = tmp_path / "pack"
    build_pack(pack, [films], workers=1, embeddings=False)
    assert proxied(pack) == {"Show - 01.mkv": True, "Show - 02.mkv": True, "Small.mkv": False}
    assert list(tmp_path.glob("*.part")) == []
    about = json.loads(CliRunner().invoke(commands, ["info", "--json", str(pack)]).output)
    assert about["bytes_of_proxies"] > 0
    assert [video["proxy"] for video in about["videos"]] == [True, True, False]
    told = " ".join(CliRunner().invoke(commands, ["info", str(pack)]).output.split())
    assert "lie the proxies of 2 of 3 videos and vectors of parts of frames: " in told


def test_they_come_and_go_with_their_films(tmp_path: Path, films: Path) -> None:
    pack = tmp_path / "pack"
    build_pack(pack, [films / "Show - 01.mkv"], workers=1, embeddings=False)
    add_to_pack(pack, [films / "Show - 02.mkv"], workers=1, embeddings=False)
    assert proxied(pack) == {"Show - 01.mkv": True, "Show - 02.mkv": True}
    remove_from_pack(pack, ["Show - 01.mkv"])
    assert proxied(pack) == {"Show - 02.mkv": True}
    assert len(list((pack / "proxies").iterdir())) == 1
    remove_from_pack(pack, ["Show - 02.mkv"])
    assert not (pack / "proxies").exists()


def test_they_are_no_films_themselves(tmp_path: Path, films: Path) -> None:
    build_pack(films / "pack", [films / "Show - 01.mkv"], workers=1, embeddings=False)
    (films / "proxies").mkdir()
    write_film(films / "proxies" / "Holiday.mkv", 10)
    found, _ = find_films([films])
    assert [film.path.name for film in found] == [
        "Show - 01.mkv",
        "Show - 02.mkv",
        "Small.mkv",
        "Holiday.mkv",
    ]


def test_a_new_pack_in_the_place_of_an_old_one_has_its_own(tmp_path: Path, films: Path) -> None:
    pack = tmp_path / "pack"
    build_pack(pack, [films / "Show - 01.mkv"], workers=1, embeddings=False)
    build_pack(pack, [films / "Show - 02.mkv"], workers=1, embeddings=False, replace_old=True)
    assert proxied(pack) == {"Show - 02.mkv": True}
    assert len(list((pack / "proxies").iterdir())) == 1


def test_a_transport_file_holds_none_but_this_machine_keeps_them(tmp_path: Path, films: Path) -> None:
    pack = tmp_path / "pack.scenepack"
    build_pack(pack, [films / "Show - 01.mkv"], workers=1, embeddings=False)
    assert proxied(pack) == {"Show - 01.mkv": True}
    add_to_pack(pack, [films / "Show - 02.mkv"], workers=1, embeddings=False)
    assert proxied(pack) == {"Show - 01.mkv": True, "Show - 02.mkv": True}
    with ScenePack.open(pack) as opened:
        proxies = sum(path.stat().st_size for path in (opened.folder / "proxies").iterdir())
    assert pack.stat().st_size < proxies


def test_none_is_made_where_none_is_wanted(tmp_path: Path, films: Path) -> None:
    pack = tmp_path / "pack"
    ran = CliRunner().invoke(
        commands, ["build", "--no-proxies", "-o", str(pack), str(films / "Show - 01.mkv")]
    )
    assert ran.exit_code == 0, ran.output
    assert not (pack / "proxies").exists()


def parted(pack: Path) -> dict[str, bool]:
    """Which videos of a pack have the vectors of all their described frames' parts."""
    with ScenePack.open(pack) as opened:
        rows = opened.described_rows("scene_embedding")
        assert rows is not None
        counts = [
            sum(span.start <= row < span.stop for row in rows)
            for span in map(opened.rows_of, range(len(opened.videos)))
        ]
        return {
            video.file_name: opened.parts_of_frames(
                number, shipped_network().sha256, (count, len(PARTS), PART_VALUES)
            )
            is not None
            for number, (video, count) in enumerate(zip(opened.videos, counts, strict=True))
        }


def test_parts_of_frames_lie_beside_of_small_films_too(
    tmp_path: Path, films: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_network(tmp_path / "network", monkeypatch, parts=True)
    pack = tmp_path / "pack"
    build_pack(pack, [films / "Show - 01.mkv", films / "Small.mkv"], workers=1)
    add_to_pack(pack, [films / "Show - 02.mkv"], workers=1)
    assert parted(pack) == {"Show - 01.mkv": True, "Small.mkv": True, "Show - 02.mkv": True}
    remove_from_pack(pack, ["Show - 01.mkv"])
    assert parted(pack) == {"Small.mkv": True, "Show - 02.mkv": True}
    assert len(list((pack / "proxies").iterdir())) == 3
    build_pack(tmp_path / "bare", [films / "Small.mkv"], workers=1, proxies=False)
    assert parted(tmp_path / "bare") == {"Small.mkv": False}


def test_those_of_another_network_are_replaced(
    tmp_path: Path, films: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack = tmp_path / "pack"
    for seed in (1, 2):
        use_network(tmp_path / f"network {seed}", monkeypatch, seed, parts=True)
        (build_pack if seed == 1 else add_to_pack)(pack, [films / "Small.mkv"], workers=1)
        assert parted(pack) == {"Small.mkv": True}
        assert len(list((pack / "proxies").iterdir())) == 1


def test_files_of_other_names_are_never_removed(tmp_path: Path, films: Path) -> None:
    pack = tmp_path / "pack"
    build_pack(pack, [films / "Small.mkv"], workers=1, embeddings=False)
    (pack / "proxies").symlink_to(films)
    add_to_pack(pack, [films / "Show - 01.mkv"], workers=1, embeddings=False)
    assert len(list(films.iterdir())) == 3
    assert not (pack / "proxies").is_symlink()
    own = pack / "proxies" / "Holiday.mkv"
    own.write_bytes(b"a film")
    remove_from_pack(pack, ["Show - 01.mkv"])
    assert list((pack / "proxies").iterdir()) == [own]


def test_nothing_is_read_from_elsewhere(tmp_path: Path, films: Path) -> None:
    video = index_film(films / "Small.mkv").video
    shape, network = (1, 2, 3), "0" * 64
    sound, linked = tmp_path / "sound", tmp_path / "linked"
    write_parts(parts_path(sound, video.fingerprint, network), np.zeros(shape, np.uint8))
    proxy_path(sound, video.fingerprint).write_bytes(b"a film")
    linked.mkdir()
    (linked / "proxies").symlink_to(sound / "proxies")
    named_so = replace(video, fingerprint=f"../../sound/proxies/{video.fingerprint}")
    for folder, asked, there in ((sound, video, True), (linked, video, False), (sound, named_so, False)):
        assert (proxy_of(folder, asked) is not None) == there
        assert (parts_of(folder, asked, network, shape) is not None) == there
