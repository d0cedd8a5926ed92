"""Packs from an enemy, whose checksums fit what they say: refused, nothing written where it must not be."""

from __future__ import annotations

import hashlib
import io
import json
import sqlite3
import struct
import tarfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import zstandard
from numpy.typing import NDArray

from index_tools.errors import PackDamagedError, PackError, PackVersionError
from index_tools.pack import ScenePack, unpack_file, verify_pack
from index_tools.pack.track_code import decode_track


def seal(folder: Path, role: str, data: bytes) -> None:
    """Put `data` into the pack with a checksum that fits."""
    path = folder / "manifest.json"
    value = json.loads(path.read_text("utf-8"))
    member = value["members"][role]
    (folder / member["file"]).write_bytes(data)
    member |= {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    path.write_text(json.dumps(value), "utf-8")


def npy(table: NDArray[Any], **how: Any) -> bytes:
    out = io.BytesIO()
    np.save(out, table, **how)
    return out.getvalue()


def changed(folder: Path, role: str, change: Callable[[NDArray[Any]], object]) -> None:
    file = json.loads((folder / "manifest.json").read_text("utf-8"))["members"][role]["file"]
    table = np.load(folder / file)
    change(table)
    seal(folder, role, npy(table))


def put(table: NDArray[Any], column: str, row: int, value: float) -> None:
    table[column][row] = value


@pytest.mark.parametrize(
    ("role", "column", "value"),
    [
        ("kept", "video", 99),
        ("kept", "video", -1),
        ("kept", "shot", 12),
        ("kept", "shot", -1),
        ("kept", "shot", 11),
        ("kept", "at_s", np.nan),
        ("kept", "at_s", np.inf),
        ("kept", "at_s", -5.0),
        ("kept", "to_s", 1e200),
        ("shots", "end_s", 1e8),
        ("kept", "from_s", 1e9),
        ("kept", "to_s", -1.0),
        ("kept", "to_s", np.nan),
        ("shots", "video", 3),
        ("shots", "video", -2),
        ("shots", "start_s", np.nan),
        ("shots", "end_s", -np.inf),
        ("shots", "start_s", 1e6),
    ],
)
def test_tables_that_contradict_themselves(pack_folder: Path, role: str, column: str, value: float) -> None:
    changed(pack_folder, role, lambda table: put(table, column, 1, value))
    with pytest.raises(PackDamagedError, match=f"{role}-1.npy"):
        ScenePack.open(pack_folder)
    assert verify_pack(pack_folder)


def test_a_kept_frame_without_a_color_layout(pack_folder: Path) -> None:
    manifest = json.loads((pack_folder / "manifest.json").read_text("utf-8"))
    manifest["members"]["rows/color_layout"] = {"file": "rows-color_layout-1.npy", "bytes": 0, "sha256": ""}
    (pack_folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    seal(pack_folder, "vectors/color_layout", npy(np.zeros((0, 33), np.uint8)))
    seal(pack_folder, "rows/color_layout", npy(np.zeros(0, np.int32)))
    with pytest.raises(PackDamagedError, match=r"color_layout-1\.npy"):
        ScenePack.open(pack_folder)


@pytest.mark.parametrize(
    "data",
    [
        npy(np.array([{"a": 1}], object), allow_pickle=True),
        npy(np.zeros(24, [("video", "<i4"), ("what", "O")]), allow_pickle=True),
        npy(np.zeros(24)),
        b"\x93NUMPY\x01\x00\xff\xff" + b"(" * 70_000,
        b"\x93NUMPY\x03\x00\x10\x00\x00\x00" + b" " * 100,
        b"PK\x03\x04" + bytes(100),
        b"\x80\x04N.",
    ],
    ids=["pickle", "object column", "floats", "long header", "version 3", "zip", "bare pickle"],
)
def test_tables_of_another_kind(pack_folder: Path, data: bytes) -> None:
    seal(pack_folder, "kept", data)
    with pytest.raises(PackDamagedError, match=r"kept-1\.npy"):
        ScenePack.open(pack_folder)


@pytest.mark.parametrize(
    "offsets", [[0, 10, 5, 20], [-1, 5, 6, 7], [0, 1, 2, 2**62], [5, 5, 5, 5], [0, 0, 0, 0]]
)
def test_offsets_that_lead_elsewhere(pack_folder: Path, offsets: list[int]) -> None:
    seal(pack_folder, "track_offsets", npy(np.array(offsets, np.int64)))
    with pytest.raises(PackDamagedError):
        ScenePack.open(pack_folder)


def track_block(frames: int, kind: int, numerator: int, denominator: int, body: bytes) -> bytes:
    head = struct.pack("<4sIBqq", b"TRK1", frames, kind, numerator, denominator)
    return zstandard.ZstdCompressor().compress(head + body)


@pytest.mark.parametrize(
    "block",
    [
        b"",
        b"\x28\xb5\x2f\xfd" + bytes(30),
        zstandard.ZstdCompressor().compress(bytes(2_000_000_000 // 8)),
        track_block(3, 1, 1, 24, bytes(3 * 41)),
        track_block(2, 1, 0, 24, bytes(2 * 41)),
        track_block(2, 1, 1, -24, bytes(2 * 41)),
        track_block(2, 9, 1, 24, bytes(2 * 41)),
        track_block(2, 0, 1, 1, b"\xff" * 16 + bytes(2 * 33)),
    ],
    ids=["nothing", "no frame", "bomb", "wrong count", "no clock", "back", "other kind", "nan"],
)
def test_tracks_of_an_enemy(pack_folder: Path, block: bytes) -> None:
    if len(block) > 100:
        frames = zstandard.frame_content_size(block)
        assert frames != -1
    try:
        track = decode_track(block)
    except ValueError:
        return
    # all zeros is a track of frames at one time: harmless if it is as small as it says
    assert len(track.times_s) < 10_000_000


def altered(path: Path, *statements: str) -> bytes:
    with closing(sqlite3.connect(path, isolation_level=None)) as base:
        for statement in statements:
            base.execute(statement)
    return path.read_bytes()


@pytest.mark.parametrize(
    "statements",
    [
        ("CREATE VIEW trap AS SELECT 1",),
        ("CREATE TRIGGER trap AFTER INSERT ON series BEGIN SELECT 1; END",),
        ("ALTER TABLE videos ADD COLUMN more TEXT",),
        ("DROP TABLE video_ids",),
        ("UPDATE videos SET file_name = '../../etc/passwd'",),
        ("UPDATE videos SET file_name = x'00ff' WHERE number = 0",),
        ("UPDATE videos SET duration_s = 'long'",),
        ("UPDATE videos SET duration_s = 9e999",),
        ("UPDATE videos SET width = -1",),
        ("UPDATE videos SET height = 0",),
        ("UPDATE videos SET frame_count = 1.5",),
        ("UPDATE videos SET season = 'one'",),
        ("UPDATE videos SET series = 77",),
        ("UPDATE series SET title = CAST(x'41fffe' AS TEXT)",),
        ("UPDATE series SET title = CAST(zeroblob(900000) AS TEXT)",),
        ("UPDATE series SET title = CAST(zeroblob(9000000) AS TEXT)",),
        ("UPDATE videos SET number = 9 WHERE number = 2",),
        ("DELETE FROM videos WHERE number = 2",),
    ],
)
def test_metadata_of_an_enemy(pack_folder: Path, statements: tuple[str, ...]) -> None:
    seal(pack_folder, "metadata", altered(pack_folder / "metadata-1.sqlite", *statements))
    with pytest.raises(PackDamagedError, match=r"metadata-1\.sqlite"):
        ScenePack.open(pack_folder)


def test_metadata_with_random_bytes_in_its_pages(pack_folder: Path, films: list[Any]) -> None:
    whole = (pack_folder / "metadata-1.sqlite").read_bytes()
    numbers = np.random.default_rng(5)
    refused = 0
    for _ in range(60):
        data = bytearray(whole)
        for place in numbers.integers(0, len(data), 20):
            data[place] = numbers.integers(256)
        seal(pack_folder, "metadata", bytes(data))
        try:
            with ScenePack.open(pack_folder) as pack:
                assert len(pack.videos) == len(films)
        except PackDamagedError:
            refused += 1
    assert refused > 30


def transport(path: Path, *entries: tuple[tarfile.TarInfo, bytes]) -> Path:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.GNU_FORMAT) as tar:
        for entry, data in entries:
            entry.size = len(data) if entry.isreg() else 0
            tar.addfile(entry, io.BytesIO(data))
    path.write_bytes(zstandard.ZstdCompressor().compress(out.getvalue()))
    return path


def entry(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, link
    return info


@pytest.mark.parametrize(
    "trap",
    [
        entry("../outside"),
        entry("/tmp/outside"),
        entry("kept-1.npy", tarfile.SYMTYPE, "/etc/passwd"),
        entry("kept-1.npy", tarfile.LNKTYPE, "manifest.json"),
        entry("kept-1.npy", tarfile.DIRTYPE),
        entry("kept-1.npy", tarfile.CHRTYPE),
        entry("kept-1.npy", tarfile.FIFOTYPE),
        entry("places.json"),
        entry("x" * 300),
        entry("manifest.json"),
    ],
    ids=lambda info: f"{info.name[:20]} {info.type!r}",
)
def test_archives_of_an_enemy(pack_folder: Path, tmp_path: Path, trap: tarfile.TarInfo) -> None:
    manifest = (pack_folder / "manifest.json").read_bytes()
    file = transport(tmp_path / "x.scenepack", (entry("manifest.json"), manifest), (trap, b"evil"))
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(PackDamagedError):
        unpack_file(file, tmp_path / "out")
    assert sorted(tmp_path.rglob("*")) == before


def test_a_member_bigger_than_promised(pack_folder: Path, tmp_path: Path) -> None:
    manifest = (pack_folder / "manifest.json").read_bytes()
    kept = (pack_folder / "kept-1.npy").read_bytes()
    for data in (kept + b"more", kept[:-1]):
        file = transport(
            tmp_path / "x.scenepack", (entry("manifest.json"), manifest), (entry("kept-1.npy"), data)
        )
        with pytest.raises(PackDamagedError, match="does not promise"):
            unpack_file(file, tmp_path / "out")


def test_the_same_member_twice_or_none(pack_folder: Path, tmp_path: Path) -> None:
    manifest = (pack_folder / "manifest.json").read_bytes()
    kept = (pack_folder / "kept-1.npy").read_bytes()
    twice = [(entry("manifest.json"), manifest)] + [(entry("kept-1.npy"), kept) for _ in range(2)]
    with pytest.raises(PackDamagedError):
        unpack_file(transport(tmp_path / "x.scenepack", *twice), tmp_path / "out")
    with pytest.raises(PackDamagedError):
        unpack_file(transport(tmp_path / "x.scenepack", *twice[:1]), tmp_path / "out")
    with pytest.raises(PackVersionError):
        unpack_file(transport(tmp_path / "x.scenepack", *twice[1:]), tmp_path / "out")


def test_bombs(pack_folder: Path, tmp_path: Path) -> None:
    value = json.loads((pack_folder / "manifest.json").read_text("utf-8"))
    value["members"]["tracks"]["bytes"] = 1 << 37
    file = transport(tmp_path / "x.scenepack", (entry("manifest.json"), json.dumps(value).encode()))
    with pytest.raises(PackDamagedError, match="claims to grow"):
        unpack_file(file, tmp_path / "out")
    file = transport(tmp_path / "x.scenepack", (entry("manifest.json"), bytes(40_000_000)))
    with pytest.raises(PackVersionError, match="not a scene pack"):
        unpack_file(file, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_not_enough_room(pack_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from index_tools.pack import pack_file

    file = tmp_path / "x.scenepack"
    pack_file(pack_folder, file)
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("usage", (), {"free": 10}))
    with pytest.raises(PackError, match="make room"):
        unpack_file(file, tmp_path / "out")
    assert not (tmp_path / "out").exists()
