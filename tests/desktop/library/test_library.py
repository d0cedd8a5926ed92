"""The library with real packs: opened, closed, gone, damaged; films added to the user's own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.library.demo import Demo, find_demo, working_copy
from desktop.library.library import Library, LibraryState
from desktop.library.own_pack import Added, Indexing
from desktop.library.shelf import Shelf
from desktop.state.query import Found, Query
from desktop.state.running import Failure, Lane
from desktop.state.series import Series
from desktop.work import Operations
from index_tools.film import read_frame
from index_tools.progress import Progress

WAIT_MS = 30_000


class Desk:
    """A library with its lanes, and what it said."""

    def __init__(self, folder: Path) -> None:
        self.operations = Operations()
        self.shelf = Shelf(folder / "cache")
        self.notices: list[str] = []
        self.added: list[Added] = []
        self.more = 0
        self.states: list[LibraryState] = []
        self.own = folder / "data" / "own.pack"
        self.library = Library(self.operations, self.shelf, self.own, self.notices.append, self.added.append)
        self.library.observe(self.states.append)
        self.library.when_more(self._count)

    def _count(self) -> None:
        self.more += 1

    def ask(self, query: Query, qtbot: QtBot, *, refine: bool = False) -> Found:
        """Search in the engine's lane, as the window does."""
        found: list[Found] = []
        failed: list[Failure] = []

        def work(progress: Progress) -> Found:
            first = self.shelf.search(query, progress)
            return self.shelf.refine(query, first, progress) if refine else first

        self.operations.run(Lane.ENGINE, work, found.append, failed.append)
        qtbot.waitUntil(lambda: bool(found or failed), timeout=WAIT_MS)
        assert not failed
        return found[0]


@pytest.fixture
def desk(tmp_path: Path, qtbot: QtBot) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.operations.refuse_more()
    made.operations.cancel_all()
    assert made.operations.join(20.0)
    made.shelf.close_all()


@pytest.fixture
def demo() -> Demo:
    found = find_demo()
    assert found is not None
    return found


def frame(demo: Demo, at_s: float) -> Query:
    return Query(read_frame(demo.film, at_s), "frame")


def opened(desk: Desk, qtbot: QtBot, number: int = 1) -> None:
    qtbot.waitUntil(lambda: len(desk.library.state.packs) == number, timeout=WAIT_MS)


def test_demo_is_opened_from_a_copy_and_knows_its_film(desk: Desk, demo: Demo, qtbot: QtBot) -> None:
    shipped = {path.name: path.read_bytes() for path in demo.pack.iterdir()}
    desk.library.open_remembered(demo, ())
    opened(desk, qtbot)
    (pack,) = desk.library.state.packs
    assert (pack.kind, pack.films, pack.title) == ("demo", 1, "Big Buck Bunny")
    assert pack.duration_s == pytest.approx(75.0, abs=0.1)
    assert desk.more == 1
    found = desk.ask(frame(demo, 36.0), qtbot, refine=True)
    best = found.answer.best
    assert best is not None
    assert best.film == demo.film
    assert best.at_s == pytest.approx(36.0, abs=0.05)
    assert found.answer.refined
    assert found.thumbnails[0] is not None
    assert found.thumbnails[0][8:12] == b"WEBP"
    assert dict(found.boxes)["as_is"] == (0, 0, 854, 480)
    assert {path.name: path.read_bytes() for path in demo.pack.iterdir()} == shipped


def test_copy_of_the_demo_is_renewed_with_it(demo: Demo, tmp_path: Path) -> None:
    copy = working_copy(demo, tmp_path)
    (copy / "places.json").write_text("kept")
    assert working_copy(demo, tmp_path) == copy
    assert (copy / "places.json").exists()
    (copy / "manifest.json").write_text("older")
    working_copy(demo, tmp_path)
    assert (copy / "manifest.json").read_bytes() == (demo.pack / "manifest.json").read_bytes()
    assert not (copy / "places.json").exists()


def test_gone_and_damaged_packs_are_told_and_the_others_open(
    desk: Desk, demo: Demo, tmp_path: Path, qtbot: QtBot
) -> None:
    damaged = tmp_path / "damaged"
    shutil.copytree(demo.pack, damaged)
    vectors = next(damaged.glob("vectors-*"))
    content = bytearray(vectors.read_bytes())
    content[-1] ^= 1
    vectors.write_bytes(content)
    gone = tmp_path / "gone.scenepack"
    desk.library.open_remembered(demo, (str(damaged), str(gone)))
    qtbot.waitUntil(lambda: not desk.library.state.opening, timeout=WAIT_MS)
    state = desk.library.state
    assert [pack.kind for pack in state.packs] == ["demo"]
    assert [pack.path for pack in state.absent] == [damaged, gone]
    assert "damaged" in state.absent[0].reason
    assert len(desk.notices) == 2
    desk.library.forget_absent(gone)
    assert [pack.path for pack in desk.library.state.absent] == [damaged]


def test_closed_pack_is_searched_no_longer(desk: Desk, demo: Demo, qtbot: QtBot) -> None:
    desk.library.open_remembered(demo, ())
    opened(desk, qtbot)
    desk.library.close_pack(desk.library.state.packs[0].pack_id)
    assert desk.library.state.films == 0
    assert desk.ask(frame(demo, 36.0), qtbot).answer.frames_searched == 0


def test_film_is_added_then_found_and_a_second_one_extends_the_pack(
    desk: Desk, tmp_path: Path, qtbot: QtBot, city_film: Path, second_film: Path
) -> None:
    broken = tmp_path / "broken.mkv"
    broken.write_bytes(b"no film")
    desk.library.add_films([city_film, broken])
    with pytest.raises(RuntimeError):
        desk.library.add_films([city_film])
    qtbot.waitUntil(lambda: bool(desk.added), timeout=WAIT_MS)
    assert desk.added[0].films == 1
    assert [path.name for path, _ in desk.added[0].skipped] == ["broken.mkv"]
    opened(desk, qtbot)
    (pack,) = desk.library.state.packs
    assert (pack.kind, pack.films) == ("own", 1)
    found = desk.ask(Query(read_frame(city_film, 0.4), "frame"), qtbot)
    assert found.own_pack_id == pack.pack_id
    best = found.answer.best
    assert best is not None
    assert best.film == city_film
    assert desk.library.state.indexing is None
    assert any(isinstance(state.indexing, Indexing) for state in desk.states)
    desk.library.add_films([second_film])
    qtbot.waitUntil(lambda: len(desk.added) == 2, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: desk.library.state.films == 2, timeout=WAIT_MS)
    assert len(desk.library.state.packs) == 1
    best = desk.ask(Query(read_frame(second_film, 1.5), "frame"), qtbot).answer.best
    assert best is not None
    assert best.film == second_film


def test_stopping_keeps_the_library_as_it_was(desk: Desk, demo: Demo, qtbot: QtBot) -> None:
    desk.library.add_films([demo.film])
    desk.library.stop_adding()
    assert desk.library.state.indexing is not None
    assert desk.library.state.indexing.stopping
    qtbot.waitUntil(lambda: desk.library.state.indexing is None, timeout=WAIT_MS)
    assert desk.added == [Added(0, stopped=True)]
    assert desk.notices == []
    assert not desk.own.exists()
    desk.library.stop_adding()


def test_damaged_film_is_added_and_what_was_not_read_is_told(
    desk: Desk, city_film: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    data = bytearray(city_film.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 1500] = bytes(1500)
    damaged = tmp_path / "Damaged.mp4"
    damaged.write_bytes(data)
    desk.library.add_films([damaged])
    opened(desk, qtbot)
    (added,) = desk.added
    assert added.films == 1
    assert added.warnings
    assert "Damaged.mp4" in added.warnings[0]


def test_nothing_to_index_is_a_sentence(desk: Desk, tmp_path: Path, qtbot: QtBot) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    desk.library.add_films([empty])
    qtbot.waitUntil(lambda: bool(desk.notices), timeout=WAIT_MS)
    assert desk.library.state.indexing is None


def test_film_that_moved_is_located(desk: Desk, demo: Demo, tmp_path: Path, qtbot: QtBot) -> None:
    pack = tmp_path / "pack"
    shutil.copytree(demo.pack, pack)
    film = tmp_path / "elsewhere.mp4"
    shutil.copy(demo.film, film)
    desk.library.open_pack(pack)
    opened(desk, qtbot)
    match = desk.ask(frame(demo, 36.0), qtbot).answer.matches[0]
    assert match.film is None
    wrong = tmp_path / "wrong.mp4"
    wrong.write_bytes(film.read_bytes()[:-1] + b"x")
    desk.library.locate_film(match, wrong)
    qtbot.waitUntil(lambda: bool(desk.notices), timeout=WAIT_MS)
    assert "another film" in desk.notices[0]
    more = desk.more
    desk.library.locate_film(match, film)
    qtbot.waitUntil(lambda: desk.more > more, timeout=WAIT_MS)
    assert desk.ask(frame(demo, 36.0), qtbot).answer.matches[0].film == film
    desk.library.close_pack(match.pack_id)
    desk.library.locate_film(match, film)
    qtbot.waitUntil(lambda: len(desk.notices) == 2, timeout=WAIT_MS)
    assert "no longer open" in desk.notices[1]


def test_demo_is_left_out_where_it_is_not_whole(tmp_path: Path, demo: Demo) -> None:
    assert find_demo(tmp_path) is None
    shutil.copy(demo.pack.parent / "demo.json", tmp_path / "demo.json")
    assert find_demo(tmp_path) is None


def test_guesses_that_say_nothing_are_dropped(desk: Desk, demo: Demo, qtbot: QtBot) -> None:
    desk.library.open_remembered(demo, ())
    opened(desk, qtbot)
    matches = desk.ask(frame(demo, 36.0), qtbot).answer.matches
    assert all(match.is_match or match.similarity >= 0.5 for match in matches)


def test_a_series_alone_is_searched(desk: Desk, demo: Demo, qtbot: QtBot) -> None:
    desk.library.open_remembered(demo, ())
    opened(desk, qtbot)
    query, (pack,) = frame(demo, 36.0), desk.library.state.packs
    within = desk.ask(replace(query, within=Series(0, ("BIG BUCK BUNNY",))), qtbot, refine=True)
    assert within.answer.best is not None
    assert within.answer.frames_searched == pack.frames
    for series in (Series(0, ("Bunny",)), Series(0, ("Another film",))):
        nothing = desk.ask(replace(query, within=series), qtbot, refine=True).answer
        assert (nothing.matches, nothing.frames_searched, nothing.sources) == ((), 0, ())


def test_films_of_one_series_need_not_share_a_title(
    desk: Desk, demo: Demo, qtbot: QtBot, city_film: Path, second_film: Path
) -> None:
    desk.library.open_remembered(demo, ())
    opened(desk, qtbot)
    desk.library.add_films([city_film, second_film])
    opened(desk, qtbot, 2)
    qtbot.waitUntil(lambda: desk.library.state.indexing is None, timeout=WAIT_MS)
    all_frames = desk.library.state.frames
    series = Series(0, ("City", "Big Buck Bunny"))  # two names of one series, one of them in each pack
    query = replace(Query(read_frame(city_film, 0.4), "frame"), within=series)
    answer = desk.ask(query, qtbot).answer
    assert answer.best is not None
    assert answer.best.film == city_film
    assert len(answer.sources) == 2
    second = desk.ask(replace(query, within=Series(0, ("Second Film",))), qtbot).answer
    assert {match.film for match in second.matches} <= {second_film}
    assert answer.frames_searched + second.frames_searched == all_frames
