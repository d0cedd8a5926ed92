"""A full disk and a folder that cannot be written, on real file systems (needs the right to mount)."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index_tools.build import add_to_pack, build_pack
from index_tools.errors import BuildError, SceneLensError
from index_tools.pack import ScenePack, pack_file, verify_pack


def mount(*words: str) -> None:
    try:
        subprocess.run(["mount", *words], check=True, capture_output=True, timeout=10)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("mounting is not allowed here")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount("-t", "tmpfs", "-o", "size=192k", "none", str(disk))
    try:
        yield disk
    finally:
        subprocess.run(["umount", str(disk)], check=True, timeout=10)


def test_a_full_disk(small_disk: Path, clips: Path) -> None:
    ballast = small_disk / "ballast"
    out = small_disk / "shelf"
    for left_kb in range(0, 176, 8):  # the disk becomes full at another moment each time
        ballast.write_bytes(bytes((184 - left_kb) * 1024))
        told = told_by(lambda: build_pack(out, [clips], workers=1))
        assert out.exists() == (not told)
        if not told:
            break
        assert "no space left" in told
        assert "goes on from there" in told
    assert left_kb > 8
    assert verify_pack(out) == []
    assert not (small_disk / "shelf.part").exists()


def test_a_full_disk_while_adding(small_disk: Path, clips: Path) -> None:
    out = small_disk / "shelf"
    build_pack(out, [clips / "Show - 02.mkv"], workers=1)
    ballast = small_disk / "ballast"
    for left_kb in range(0, 64, 8):
        used = sum(path.stat().st_blocks * 512 for path in small_disk.rglob("*") if path != ballast)
        ballast.write_bytes(bytes(max(0, 184 * 1024 - used - left_kb * 1024)))
        told = told_by(lambda: add_to_pack(out, [clips], workers=1))
        assert verify_pack(out) == []
        if not told:
            break
        assert "no space left" in told
    assert left_kb > 8
    fill(small_disk)
    with pytest.raises(SceneLensError, match="no space left"):
        pack_file(out, small_disk / "x.scenepack")
    assert not (small_disk / "x.scenepack").exists()
    ballast.unlink()
    (small_disk / "more").unlink()
    add_to_pack(out, [clips])
    with ScenePack.open(out) as pack:
        assert len(pack.videos) == 3


def fill(disk: Path) -> None:
    """Leave no byte of the disk free."""
    with (disk / "more").open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while file.write(bytes(512)):
            pass


def told_by(work: Callable[[], object]) -> str:
    """What `work` says in its error; nothing if there is none."""
    try:
        work()
    except SceneLensError as error:
        return str(error)
    return ""


def test_a_folder_that_cannot_be_written(clips: Path, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    build_pack(disk / "shelf", [clips / "Show - 02.mkv"])
    mount("--bind", str(disk), str(disk))
    try:
        mount("-o", "remount,ro,bind", str(disk))
        with pytest.raises(BuildError, match="can only be read"):
            build_pack(disk / "new", [clips])
        with pytest.raises(BuildError, match="can only be read"):
            add_to_pack(disk / "shelf", [clips])
        assert verify_pack(disk / "shelf") == []  # searching in it goes on
    finally:
        subprocess.run(["umount", str(disk)], check=True, timeout=10)


def test_a_parent_that_is_a_file(clips: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(BuildError, match="cannot be built there"):
        build_pack(tmp_path / "file" / "shelf", [clips])
