"""A pack changes without being built anew."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from index_tools.build import add_to_pack, build_pack, remove_from_pack
from index_tools.errors import BuildError
from index_tools.pack import ScenePack, verify_pack


@pytest.fixture(scope="module")
def built(clips: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("built") / "shelf"
    build_pack(out, [clips / "Show - 02.mkv", clips / "Show - 10.mkv"], title="Show")
    return out


@pytest.fixture
def shelf(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built, tmp_path / "shelf"))


def names(pack: Path) -> list[str]:
    with ScenePack.open(pack) as opened:
        return [video.file_name for video in opened.videos]


def test_adding_copies_what_is_there(shelf: Path, clips: Path) -> None:
    with ScenePack.open(shelf) as pack:
        before = [pack.stored_film(number) for number in range(2)]
        revision = pack.manifest.revision
        report = add_to_pack(shelf, [clips])
        # the old revision stays readable for whoever has it open
        assert np.array_equal(pack.stored_film(0).kept, before[0].kept)
    assert (report.added, report.renamed, report.frames) == (("Other (1999).mp4",), (), 24)
    assert verify_pack(shelf) == []
    with ScenePack.open(shelf) as pack:
        assert pack.manifest.revision == revision + 1
        for number, film in enumerate(before):
            again = pack.stored_film(number)
            assert again.video == film.video
            assert np.array_equal(again.kept, film.kept)
            assert np.array_equal(
                again.described["color_layout"].vectors, film.described["color_layout"].vectors
            )
            assert (again.track, again.thumbnails) == (film.track, film.thumbnails)
        assert {path.name.split("-")[-1].split(".")[0] for path in shelf.glob("*-*.*")} == {"2"}
    assert not shelf.with_name("shelf.part").exists()
    again_report = add_to_pack(shelf, [clips])
    assert (again_report.added, again_report.frames, again_report.videos) == ((), 0, 3)
    with ScenePack.open(shelf) as pack:
        assert pack.manifest.revision == revision + 1


def test_a_renamed_file_is_recognised(shelf: Path, clips: Path, tmp_path: Path) -> None:
    new = tmp_path / "Better Show - S02E07.mkv"
    shutil.copy(clips / "Show - 10.mkv", new)
    report = add_to_pack(shelf, [new])
    assert (report.added, report.renamed, report.frames) == ((), (new.name,), 0)
    with ScenePack.open(shelf) as pack:
        video = pack.videos[1]
        assert video.file_name == new.name
        assert (video.title, video.season, video.episode) == ("Better Show", 2, "7")
        assert pack.film_path(1) == new


def test_what_was_said_survives_a_rename(shelf: Path, clips: Path, tmp_path: Path) -> None:
    add_to_pack(shelf, [clips / "Show - 10.mkv"], title="Said")
    new = tmp_path / "x01.mkv"
    shutil.copy(clips / "Show - 10.mkv", new)
    add_to_pack(shelf, [new])
    with ScenePack.open(shelf) as pack:
        assert (pack.videos[1].file_name, pack.videos[1].title) == ("x01.mkv", "Said")


def test_a_file_with_new_content_replaces_the_old(own_clips: Path, tmp_path: Path) -> None:
    pack = tmp_path / "own"
    build_pack(pack, [own_clips / "Show - 02.mkv", own_clips / "Show - 10.mkv"])
    shutil.copy(own_clips / "Other (1999).mp4", own_clips / "Show - 02.mkv")
    report = add_to_pack(pack, [own_clips / "Show - 02.mkv"])
    assert (report.added, report.removed, report.videos) == (("Show - 02.mkv",), ("Show - 02.mkv",), 2)
    assert names(pack) == ["Show - 10.mkv", "Show - 02.mkv"]
    with ScenePack.open(pack) as opened:
        assert len(opened.places) == 2
        assert opened.film_path(1) == own_clips / "Show - 02.mkv"


def test_removing(shelf: Path) -> None:
    for wrong in (["Show - 3.mkv"], ["Show - 02.mkv", "*.avi"]):
        with pytest.raises(BuildError, match="nothing was removed"):
            remove_from_pack(shelf, wrong)
    assert len(names(shelf)) == 2
    report = remove_from_pack(shelf, ["show - 1*"])
    assert (report.removed, report.videos) == (("Show - 10.mkv",), 1)
    assert names(shelf) == ["Show - 02.mkv"]
    assert verify_pack(shelf) == []
    remove_from_pack(shelf, ["*"])
    assert names(shelf) == []
    assert verify_pack(shelf) == []


def test_nothing_usable_to_add(shelf: Path, tmp_path: Path) -> None:
    (tmp_path / "text.mp4").write_text("no film")
    before = sorted(path.name for path in shelf.iterdir())
    with pytest.raises(BuildError, match=r"text\.mp4"):
        add_to_pack(shelf, [tmp_path / "text.mp4"])
    assert sorted(path.name for path in shelf.iterdir()) == before
