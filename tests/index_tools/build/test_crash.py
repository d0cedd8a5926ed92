"""Death at every step that touches the disk: the name of the pack never holds anything but a whole pack.

The films are in the journal already, so what dies here is the writing; `test_kill` kills while indexing.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from index_tools.build import add_to_pack, build_pack, remove_from_pack
from index_tools.errors import Cancelled
from index_tools.pack import PackAbout, ScenePack, verify_pack
from index_tools.progress import Progress

pytestmark = [
    pytest.mark.skipif(os.name == "nt", reason="needs fork"),
    # the children only run the code under test and then end at once
    pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning"),
]

ABOUT = PackAbout(title="Shelf", pack_id="cd" * 16)
#: Audit events of Python that come before something changes on the disk.
EVENTS = {
    "open",
    "os.rename",
    "os.remove",
    "os.mkdir",
    "os.rmdir",
    "os.truncate",
    "sqlite3.connect",
    "shutil.rmtree",
}
DIED = 77
#: Every step takes a minute; a few of them, all over the way, take seconds.
STRIDES = pytest.mark.parametrize("stride", [pytest.param(1, marks=pytest.mark.slow), 7])


def dies_at(step: int, work: Callable[[], object]) -> bool:
    """Do `work` in a child that dies right before its event number `step`; whether it came that far."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            count = 0

            def look(event: str, arguments: tuple[object, ...]) -> None:
                nonlocal count
                if (
                    event == "open"
                    and isinstance(arguments[2], int)
                    and not arguments[2] & (os.O_WRONLY | os.O_RDWR)
                ):
                    return
                if event in EVENTS:
                    count += 1
                    if count > step:
                        os._exit(DIED)

            sys.addaudithook(look)
            work()
            status = 0
        finally:
            os._exit(status)
    _, result = os.waitpid(child, 0)
    status = os.waitstatus_to_exitcode(result)
    assert status in (0, DIED)
    return status == DIED


def with_journal(clips: Path, part: Path) -> None:
    """Fill the journal of a build, stopping right before the pack is written."""
    progress = Progress()
    with pytest.raises(Cancelled):
        build_pack(
            part.with_suffix(""),
            [clips],
            about=ABOUT,
            on_progress=lambda state: progress.cancel() if state.step == "writing" else None,
            progress=progress,
        )


def check(out: Path, states: list[list[str]]) -> list[str]:
    """The pack is whole, or not there at all; the names of its videos."""
    if not out.exists():
        return []
    assert verify_pack(out) == []
    with ScenePack.open(out) as pack:
        names = sorted(video.file_name for video in pack.videos)
    assert names in states
    return names


def _left_only_its_lock(part: Path) -> bool:
    return not part.exists() or [path.name for path in part.iterdir()] in ([], ["lock"])


@pytest.fixture(scope="module")
def finished(clips: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("finished") / "shelf"
    build_pack(out, [clips], about=ABOUT)
    return out


@pytest.fixture(scope="module")
def journal(clips: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    part = tmp_path_factory.mktemp("journal") / "shelf.part"
    with_journal(clips, part)
    return part


@pytest.mark.usefixtures("impatient")
@STRIDES
@pytest.mark.parametrize("name", ["shelf", "shelf.scenepack"])
def test_building(clips: Path, journal: Path, finished: Path, tmp_path: Path, name: str, stride: int) -> None:
    everything = sorted(path.name for path in clips.iterdir())
    out = tmp_path / name
    step = 0
    while True:
        shutil.rmtree(tmp_path / "home", ignore_errors=True)
        for path in (out, tmp_path / f"{name}.part"):
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
        shutil.copytree(journal, tmp_path / f"{name}.part")
        died = dies_at(step, lambda: build_pack(out, [clips], about=ABOUT))
        check(out, [everything])
        part = tmp_path / f"{name}.part"
        if (step % 4 < 2 or not died) and not (out.exists() and _left_only_its_lock(part)):
            build_pack(out, [clips], about=ABOUT)
            assert check(out, [everything]) == everything
            assert not part.exists()
            with ScenePack.open(out) as pack, ScenePack.open(finished) as other:
                assert pack.manifest.members == other.manifest.members
                assert all(pack.film_path(video) for video in pack.videos)
        if not died:
            break
        step += stride
    assert step > 30


@pytest.mark.usefixtures("impatient")
@STRIDES
def test_changing(clips: Path, journal: Path, finished: Path, tmp_path: Path, stride: int) -> None:
    everything = sorted(path.name for path in clips.iterdir())
    less = [name for name in everything if "10" not in name]
    out = tmp_path / "shelf"
    for work, states in (
        (lambda: remove_from_pack(out, ["*10*"]), [everything, less]),
        (lambda: build_pack(out, [clips / less[0]], about=ABOUT, replace_old=True), [everything, less[:1]]),
    ):
        step = 0
        while True:
            for target, source in ((out, finished), (tmp_path / "shelf.part", journal)):
                shutil.rmtree(target, ignore_errors=True)
                shutil.copytree(source, target)
            if not dies_at(step, work):
                break
            check(out, states)
            step += stride
        assert check(out, states) == states[1]
        assert step > 20
        add_to_pack(out, [clips])
        assert check(out, [everything]) == everything
