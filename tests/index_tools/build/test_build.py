"""Films in, a pack out; bad films named; nothing broken under the final name."""

from __future__ import annotations

import errno
import hashlib
import multiprocessing
import os
import shutil
import signal
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import pytest

from index_tools.build import (
    BuildProgress,
    NameOverrides,
    add_to_pack,
    build_pack,
    gathering,
    remove_from_pack,
)
from index_tools.build.lock import building
from index_tools.build.sources import find_films
from index_tools.errors import BuildError, Cancelled, PackError
from index_tools.pack import PackAbout, ScenePack, verify_pack
from index_tools.progress import Progress

MakeClip = Callable[..., Path]
ABOUT = PackAbout(title="Shelf", pack_id="ab" * 16)


@pytest.fixture(autouse=True)
def _one_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Starting a process takes longer than these films."""
    monkeypatch.setattr(gathering, "_cores", lambda: {0})


def state_of(folder: Path) -> dict[str, tuple[str, int]]:
    return {
        str(path.relative_to(folder)): (
            hashlib.sha256(path.read_bytes()).hexdigest(),
            path.stat().st_mtime_ns,
        )
        for path in folder.rglob("*")
        if path.is_file()
    }


def names(pack: Path) -> list[str]:
    with ScenePack.open(pack) as opened:
        return [video.file_name for video in opened.videos]


def test_a_folder_of_films(clips: Path, tmp_path: Path) -> None:
    before = state_of(clips)
    told: list[BuildProgress] = []
    out = tmp_path / "shelf"
    report = build_pack(out, [clips, clips / "Show - 02.mkv"], about=ABOUT, on_progress=told.append)
    assert state_of(clips) == before
    assert report.added == ("Other (1999).mp4", "Show - 02.mkv", "Show - 10.mkv")
    assert (report.videos, report.frames, report.resumed, report.skipped) == (3, 72, 0, ())
    assert report.film_s == pytest.approx(6.0)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("shelf")] == ["shelf"]
    assert verify_pack(out) == []
    with ScenePack.open(out) as pack:
        other, two, ten = pack.videos
        assert (two.title, two.episode, ten.episode, other.title) == ("Show", "2", "10", "Other")
        assert pack.film_path(two) == clips / "Show - 02.mkv"
        assert len(pack.track(two).times_s) == two.frame_count == 24
        assert pack.manifest.title == "Shelf"
        assert all(pack.thumbnail(shot) for shot in range(len(pack.shots)))
    assert (told[0].files_done, told[-1].files_done, told[-1].files_total) == (0, 3, 3)
    assert (told[-1].share, told[-1].left_s, told[-1].frames) == (1.0, 0.0, 72)
    assert {item.step for item in told} == {"indexing", "writing"}


def test_into_a_file(clips: Path, tmp_path: Path) -> None:
    out = tmp_path / "shelf.scenepack"
    build_pack(out, [clips / "Show - 02.mkv"], about=ABOUT, title="Said", thumbnails=False)
    assert out.is_file()
    assert verify_pack(out) == []
    with ScenePack.open(out) as pack:
        assert pack.videos[0].title == "Said"
        assert pack.thumbnail(0) is None
        assert pack.film_path(0) == clips / "Show - 02.mkv"
    add_to_pack(out, [clips / "Other (1999).mp4"])
    assert names(out) == ["Show - 02.mkv", "Other (1999).mp4"]
    with ScenePack.open(out) as pack:
        assert (pack.film_path(0), pack.film_path(1)) == (clips / "Show - 02.mkv", clips / "Other (1999).mp4")
        assert pack.thumbnail(0) is None
    remove_from_pack(out, ["Show*"])
    assert names(out) == ["Other (1999).mp4"]
    assert [path.name for path in tmp_path.iterdir() if "shelf" in path.name] == ["shelf.scenepack"]


def test_bad_films_are_named_and_left_out(own_clips: Path, make_clip: MakeClip, tmp_path: Path) -> None:
    whole = make_clip(own_clips / "long.mkv", 9, frames=240).read_bytes()
    (own_clips / "long.mkv").unlink()
    (own_clips / "cut.mkv").write_bytes(whole[: len(whole) // 2])
    (own_clips / "text.mp4").write_text("no film at all")
    (own_clips / "empty.mkv").touch()
    (own_clips / ".hidden.mkv").write_bytes(whole + b"x")
    (own_clips / "notes.txt").write_text("not asked for")
    shutil.copy(own_clips / "Show - 02.mkv", own_clips / "Show - 02 again.mkv")
    report = build_pack(tmp_path / "shelf", [own_clips, tmp_path / "gone.mkv"], about=ABOUT)
    reasons = {item.path.name: item.reason for item in report.skipped}
    assert set(reasons) == {"text.mp4", "empty.mkv", "Show - 02.mkv", "gone.mkv"}
    assert "same content as" in reasons["Show - 02.mkv"]
    for name, reason in reasons.items():
        assert name in reason
    assert set(report.added) == {"cut.mkv", "Show - 02 again.mkv", "Show - 10.mkv", "Other (1999).mp4"}
    assert verify_pack(tmp_path / "shelf") == []


def test_folders_that_cannot_be_read_are_named(
    own_clips: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked, unreachable = own_clips / "locked", tmp_path / ("a" * 300) / "film.mkv"
    locked.mkdir()
    look = os.scandir

    def scandir(path: str) -> object:
        if Path(path) == locked:
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return look(path)

    with monkeypatch.context() as patched:
        patched.setattr(os, "scandir", scandir)
        films, skipped = find_films([unreachable, own_clips])
    assert len(films) == 3
    assert [item.path for item in skipped] == [unreachable, locked]
    assert skipped[1].reason == f"The folder {locked} cannot be read: Permission denied."


def test_a_film_that_no_pack_can_hold_is_left_out(own_clips: Path, tmp_path: Path) -> None:
    wide = own_clips / "Wide.avi"
    with av.open(str(wide), "w") as container:
        stream = container.add_stream("mjpeg", rate=12)
        stream.width, stream.height, stream.pix_fmt = 12000, 64, "yuvj420p"
        stream.codec_context.sample_aspect_ratio = Fraction(10)
        container.mux(stream.encode(av.VideoFrame(12000, 64, "yuvj420p")))
        container.mux(stream.encode())
    report = build_pack(tmp_path / "shelf", [own_clips], about=ABOUT)
    (skipped,) = report.skipped
    assert skipped.path == wide
    assert "its width is out of range" in skipped.reason
    assert len(names(tmp_path / "shelf")) == 3


def test_what_a_person_says_is_cleaned_and_cut(clips: Path, tmp_path: Path) -> None:
    about = PackAbout(title="a" * 20_000, creator="a\nb", licence="\0")
    said = NameOverrides(title="t" * 20_000, season=20240101, episode="e\t" * 300)
    build_pack(tmp_path / "shelf", [clips / "Show - 02.mkv"], about=about, said=said)
    with ScenePack.open(tmp_path / "shelf") as pack:
        (video,) = pack.videos
        manifest = pack.manifest
    assert (manifest.title, manifest.creator, manifest.licence) == ("a" * 10_000, "a\ufffdb", "\ufffd")
    assert (video.title, video.season, video.episode) == ("t" * 10_000, None, "e\ufffd" * 100)


def test_nothing_to_index(tmp_path: Path) -> None:
    (tmp_path / "text.mp4").write_text("no film at all")
    (tmp_path / "empty folder").mkdir()
    with pytest.raises(BuildError, match=r"text\.mp4"):
        build_pack(tmp_path / "shelf", [tmp_path / "text.mp4"])
    with pytest.raises(BuildError, match="no film"):
        build_pack(tmp_path / "shelf", [tmp_path / "empty folder"])
    assert not list(tmp_path.glob("shelf*"))


def test_a_taken_name(clips: Path, tmp_path: Path) -> None:
    one, two = clips / "Show - 02.mkv", clips / "Show - 10.mkv"
    build_pack(tmp_path / "shelf", [one])
    before = state_of(tmp_path / "shelf")
    with pytest.raises(BuildError, match="already"):
        build_pack(tmp_path / "shelf", [two])
    assert state_of(tmp_path / "shelf") == before
    build_pack(tmp_path / "shelf", [two], replace_old=True)
    assert names(tmp_path / "shelf") == ["Show - 10.mkv"]
    assert verify_pack(tmp_path / "shelf") == []
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "letter.txt").touch()
    with pytest.raises(BuildError, match="something else"):
        build_pack(tmp_path / "papers", [two], replace_old=True)
    (tmp_path / "empty").mkdir()
    build_pack(tmp_path / "empty", [two])
    assert names(tmp_path / "empty") == ["Show - 10.mkv"]
    assert not list(tmp_path.glob("*.part"))


def test_stopped_and_resumed(clips: Path, tmp_path: Path) -> None:
    progress = Progress()

    def stop(state: BuildProgress) -> None:
        if state.files_done:
            progress.cancel()

    with pytest.raises(Cancelled):
        build_pack(tmp_path / "shelf", [clips], about=ABOUT, workers=1, on_progress=stop, progress=progress)
    assert not multiprocessing.active_children()
    assert not (tmp_path / "shelf").exists()
    entries = list((tmp_path / "shelf.part" / "journal").iterdir())
    assert entries
    entries[0].write_bytes(entries[0].read_bytes()[:-100])  # one was damaged meanwhile: it is made again
    report = build_pack(tmp_path / "shelf", [clips], about=ABOUT)
    assert report.resumed == len(entries) - 1
    assert not (tmp_path / "shelf.part").exists()
    build_pack(tmp_path / "in one go", [clips], about=ABOUT)
    with ScenePack.open(tmp_path / "shelf") as one, ScenePack.open(tmp_path / "in one go") as other:
        assert one.manifest.members == other.manifest.members


@pytest.mark.skipif(os.name == "nt", reason="needs signals")
def test_a_worker_that_dies_takes_only_its_film(clips: Path, tmp_path: Path) -> None:
    killed: list[str] = []

    def kill(state: BuildProgress) -> None:
        if state.films and not killed:
            killed.append(state.films[0].path.name)
            for child in multiprocessing.active_children():
                os.kill(child.pid or 0, signal.SIGKILL)

    report = build_pack(tmp_path / "shelf", [clips], workers=1, on_progress=kill)
    if killed and len(report.added) < 3:  # it may have been done a moment before it was killed
        (skipped,) = report.skipped
        assert skipped.path.name == killed[0]
        assert "SIGKILL" in skipped.reason
    assert len(report.added) + len(report.skipped) == 3
    assert verify_pack(tmp_path / "shelf") == []


def test_one_builder_at_a_time(clips: Path, tmp_path: Path) -> None:
    out = tmp_path / "shelf"
    with (
        building(tmp_path / "shelf.part", out),
        pytest.raises(BuildError, match="another process"),
    ):
        build_pack(out, [clips])
    assert not list(tmp_path.glob("shelf*"))
    (tmp_path / "shelf.part").mkdir()
    (tmp_path / "shelf.part" / "lock").write_text("of a process that died")
    build_pack(out, [clips / "Show - 02.mkv"])
    assert names(out) == ["Show - 02.mkv"]


def test_what_a_person_says(clips: Path, tmp_path: Path) -> None:
    said = NameOverrides(title="映画", season=2, episode="6.5", ids={"anilist": "21"})
    build_pack(tmp_path / "shelf", [clips / "Show - 02.mkv"], said=said)
    with ScenePack.open(tmp_path / "shelf") as pack:
        (video,) = pack.videos
    assert (video.title, video.season, video.episode, dict(video.ids)) == (
        "映画",
        2,
        "6.5",
        {"anilist": "21"},
    )


@pytest.mark.skipif(os.name == "nt", reason="such names are not possible there")
def test_file_names_that_are_no_text(clips: Path, tmp_path: Path) -> None:
    odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/a\xff\n[b].mkv"))
    shutil.copy(clips / "Show - 02.mkv", odd)
    build_pack(tmp_path / "shelf", [odd])
    with ScenePack.open(tmp_path / "shelf") as pack:
        assert pack.videos[0].file_name == "a\ufffd\ufffd[b].mkv"
        assert pack.film_path(0) == odd


def test_a_pack_that_is_not_there(clips: Path, tmp_path: Path) -> None:
    with pytest.raises(PackError):
        add_to_pack(tmp_path / "none", [clips])
    with pytest.raises(PackError):
        remove_from_pack(tmp_path / "none", ["x"])
    assert not list(tmp_path.glob("none*"))
