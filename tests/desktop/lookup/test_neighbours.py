"""One pace and one search at a time for several processes, which are real ones here."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from desktop.lookup import service_facts as facts
from desktop.lookup.neighbours import PATIENCE_S, Neighbours
from desktop.lookup.paces import Kind, Waiting
from desktop.lookup.request_queue import RequestQueue
from desktop.lookup.services import Services
from index_tools.errors import Cancelled
from index_tools.progress import Progress
from tests.desktop.lookup.conftest import Moment

ONE, OTHER = Services("https://one.example"), Services("https://other.example", "https://anilist.example")

#: Sends requests of a kind until one has to wait, and prints how many went; or holds the first for long.
_PROCESS = """
import sys, time
from pathlib import Path
from desktop.lookup.neighbours import Neighbours
from desktop.lookup.paces import Kind
from desktop.lookup.request_queue import RequestQueue
from desktop.lookup.services import Services
from index_tools.errors import Cancelled
from index_tools.progress import Progress

folder, service, kind, hold_s = sys.argv[1:]
queue, progress = RequestQueue(beside=Neighbours(Path(folder), Services(service))), Progress()
sent = 0
try:
    while True:
        with queue.turn(Kind(kind), progress, lambda told: progress.cancel()):
            sent += 1
            print("sent", flush=True)
            time.sleep(float(hold_s))
except Cancelled:
    pass
"""

Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """A function that starts a process which sends requests."""
    started: list[subprocess.Popen[str]] = []

    def begin(kind: Kind, service: str = ONE.tracemoe, hold_s: float = 0.0) -> subprocess.Popen[str]:
        words = [sys.executable, "-c", _PROCESS, str(tmp_path), service, kind.value, str(hold_s)]
        started.append(subprocess.Popen(words, stdout=subprocess.PIPE, text=True))
        return started[-1]

    yield begin
    for process in started:
        process.kill()
        process.communicate()


def count(process: subprocess.Popen[str]) -> int:
    return process.communicate(timeout=60)[0].count("sent")


def take(queue: RequestQueue, kind: Kind, told: list[Waiting] | None = None) -> None:
    with queue.turn(kind, Progress(), (told if told is not None else []).append):
        pass


def test_several_processes_keep_one_pace(start: Start, tmp_path: Path) -> None:
    processes = [start(Kind.PREVIEW) for _ in range(3)]
    assert sum(map(count, processes)) == facts.OUR_PREVIEWS
    assert count(start(Kind.QUOTA)) == facts.OUR_REQUESTS - facts.OUR_PREVIEWS
    assert count(start(Kind.PREVIEW, OTHER.tracemoe)) == facts.OUR_PREVIEWS
    waiting = Neighbours(tmp_path, ONE).admit(Kind.PREVIEW)
    assert isinstance(waiting, Waiting)
    assert 0 < (waiting.left_s or 0) <= facts.WINDOW_S


def test_a_search_waits_for_that_of_another_process_and_can_be_given_up(start: Start, tmp_path: Path) -> None:
    process = start(Kind.SEARCH, hold_s=60)
    assert process.stdout is not None
    assert process.stdout.readline() == "sent\n"
    queue, progress, told = RequestQueue(beside=Neighbours(tmp_path, ONE)), Progress(), list[Waiting]()
    threading.Timer(0.2, progress.cancel).start()
    with pytest.raises(Cancelled), queue.turn(Kind.SEARCH, progress, told.append):
        pytest.fail("two searches at a time")
    assert "Another SceneLens" in told[0].why
    take(queue, Kind.PREVIEW)
    take(RequestQueue(beside=Neighbours(tmp_path, OTHER)), Kind.SEARCH)  # another service
    process.kill()  # a process that is killed leaves no lock behind
    process.wait()
    take(queue, Kind.SEARCH)


def test_a_rest_that_a_service_asked_for_holds_for_all(tmp_path: Path, moment: Moment) -> None:
    one, other, elsewhere = (
        RequestQueue(moment, Neighbours(tmp_path, services, moment.now)) for services in (ONE, ONE, OTHER)
    )
    one.hold_all(5.0, "The service rests.")
    one.hold(Kind.SEARCH, 2.0, "A shorter rest changes nothing.")
    told, begun = list[Waiting](), moment.now()
    take(elsewhere, Kind.SEARCH, told)
    take(other, Kind.ANILIST, told)
    assert (told, moment.now()) == ([], begun)
    take(other, Kind.SEARCH, told)
    assert moment.now() - begun == pytest.approx(5.0)
    assert {one.why for one in told} == {"The service rests."}
    assert [round(one.left_s or 0) for one in told] == [5, 4, 3, 2, 1]


def test_what_another_clock_wrote_is_not_believed(tmp_path: Path) -> None:
    later = Neighbours(tmp_path, ONE, lambda: time.time() + 86400)
    later.rest([Kind.ANILIST], 60, "Tomorrow.")
    assert isinstance(later.admit(Kind.ANILIST), Waiting)
    assert not isinstance(later.admit(Kind.PREVIEW), Waiting)
    assert not isinstance(Neighbours(tmp_path, ONE).admit(Kind.ANILIST), Waiting)
    assert isinstance(Neighbours(tmp_path, ONE).admit(Kind.ANILIST), Waiting)


def test_a_file_in_other_hands_stops_no_request(tmp_path: Path) -> None:
    queue = RequestQueue(beside=Neighbours(tmp_path, ONE))
    take(queue, Kind.SEARCH)
    with closing(sqlite3.connect(tmp_path / "requests.sqlite", isolation_level=None)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        begun = time.monotonic()
        take(queue, Kind.SEARCH)
        queue.hold(Kind.QUOTA, 0.0, "")
        assert time.monotonic() - begun < 2 * PATIENCE_S + 2


@pytest.mark.parametrize("trouble", ["no folder", "no file", "damaged", "of another version"])
def test_where_nothing_can_be_kept_each_process_keeps_its_own_pace(trouble: str, tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    path = folder / "requests.sqlite"
    if trouble == "no folder":
        folder.write_text("")
    else:
        folder.mkdir()
    if trouble == "no file":
        path.mkdir()
    elif trouble == "damaged":
        path.write_bytes(b"no database" * 500)
    elif trouble == "of another version":
        with closing(sqlite3.connect(path)) as base:
            base.execute("PRAGMA user_version = 9")
    queue = RequestQueue(beside=Neighbours(folder, ONE))
    told: list[Waiting] = []
    take(queue, Kind.SEARCH, told)
    take(queue, Kind.ANILIST, told)
    assert told == []
    progress = Progress()
    with pytest.raises(Cancelled), queue.turn(Kind.ANILIST, progress, lambda _told: progress.cancel()):
        pytest.fail("too soon")
    if trouble == "damaged":  # begun anew
        assert isinstance(Neighbours(folder, ONE).admit(Kind.ANILIST), Waiting)
