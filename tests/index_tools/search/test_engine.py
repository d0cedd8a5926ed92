from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index_tools.errors import Cancelled
from index_tools.film import read_frame
from index_tools.nouns import Answer, FilmIndex
from index_tools.pack import ScenePack
from index_tools.picture import Picture
from index_tools.progress import Progress
from index_tools.search import Engine, SearchOptions, readings
from index_tools.search.options import titled
from index_tools.search.readings import Reading, Readings
from tests.index_tools.search.conftest import OpenPack, invented_film

ANY = Picture.of(np.zeros((2, 2, 3), np.uint8))


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """A function: color layouts in; the engine then takes these for the readings of every picture."""

    def ask(*vectors: NDArray[np.uint8], spread: float = 50.0) -> None:
        every = tuple(
            Reading(name, ANY.rgb, vector)
            for name, vector in zip(("as_is", "mirrored"), vectors, strict=False)
        )
        monkeypatch.setattr("index_tools.search.engine.read", lambda *_: Readings(every, (), spread, ANY.rgb))
        monkeypatch.setattr("index_tools.search.engine.read_inside", lambda _picture, plain, _names: plain)

    return ask


def frame(film: FilmIndex, at_s: float) -> NDArray[np.uint8]:
    """The color layout of a frame."""
    vector: NDArray[np.uint8] = film.track.color_layout[np.argmin(np.abs(film.track.times_s - at_s))]
    return vector


def consistent(answer: Answer, limit: int = 10) -> None:
    assert len(answer.matches) <= limit
    assert [m.similarity for m in answer.matches] == sorted(
        (m.similarity for m in answer.matches), reverse=True
    )
    for number, match in enumerate(answer.matches):
        assert match.start_s <= match.at_s <= match.end_s
        assert 0 <= match.similarity <= 1
        assert 0 <= match.confidence <= 1
        for other in answer.matches[:number]:
            assert other.video != match.video or other.end_s <= match.start_s or match.end_s <= other.start_s


@pytest.mark.parametrize("at_s", [0.0, 3.9, 4.1, 9.0, 12.9])
def test_a_frame_is_found_in_its_shot_at_its_time(
    open_pack: OpenPack, asked: Callable[..., None], at_s: float
) -> None:
    films = [invented_film(seed) for seed in range(8)]
    engine = Engine([open_pack(*films)])
    asked(frame(films[5], at_s))
    answer = engine.search(ANY)
    consistent(answer)
    best = answer.matches[0]
    assert best.video == films[5].video
    assert best.similarity == 1.0
    assert best.is_match
    assert answer.best is best
    assert best.start_s <= at_s < best.end_s
    shot = next(shot for shot in films[5].shots if shot["start_s"] <= at_s < shot["end_s"])
    assert (best.start_s, best.end_s) == (shot["start_s"], shot["end_s"])
    # the layouts drift by one value in some frames, so several frames in a row may be the same
    assert np.array_equal(frame(films[5], best.at_s), frame(films[5], at_s))
    assert answer.frames_searched == sum(len(film.kept) for film in films)
    assert not answer.refined


def test_the_reading_that_matched_is_named(open_pack: OpenPack, asked: Callable[..., None]) -> None:
    film = invented_film(1)
    engine = Engine([open_pack(film)])
    asked(np.full(33, 60, np.uint8), frame(film, 5.0))
    assert engine.search(ANY).matches[0].hypothesis == "mirrored"


def test_what_is_not_in_the_pack_is_no_match(open_pack: OpenPack, asked: Callable[..., None]) -> None:
    engine = Engine([open_pack(*(invented_film(seed) for seed in range(8)))])
    asked(frame(invented_film(99), 5.0))
    answer = engine.search(ANY)
    consistent(answer)
    assert answer.matches
    assert answer.best is None


def test_a_flat_picture_is_never_claimed(open_pack: OpenPack, asked: Callable[..., None]) -> None:
    film = invented_film(1)
    engine = Engine([open_pack(film)])
    asked(frame(film, 5.0), spread=1.0)
    answer = engine.search(ANY)
    assert answer.matches[0].similarity == 1.0
    assert answer.best is None


def test_packs_are_searched_together_added_and_removed(
    open_pack: OpenPack, asked: Callable[..., None]
) -> None:
    one, other = invented_film(1), invented_film(2)
    first, second = open_pack(one, title="one"), open_pack(other, title="other")
    engine = Engine([first])
    asked(frame(other, 5.0))
    assert engine.search(ANY).best is None
    engine.add(second)
    answer = engine.search(ANY)
    assert answer.best is not None
    assert answer.best.pack_title == "other"
    assert answer.best.pack_id == second.manifest.pack_id
    assert answer.sources == ("one", "other")
    only = engine.search(ANY, SearchOptions(pack_ids=frozenset({first.manifest.pack_id})))
    assert only.sources == ("one",)
    assert only.best is None
    engine.remove(second.manifest.pack_id)
    assert engine.search(ANY).best is None
    assert engine.packs == (first,)


def test_a_film_in_two_packs_gives_each_scene_once(open_pack: OpenPack, asked: Callable[..., None]) -> None:
    film = invented_film(1)
    engine = Engine([open_pack(film, title="one"), open_pack(film, invented_film(2), title="two")])
    asked(frame(film, 5.0))
    answer = engine.search(ANY)
    consistent(answer)
    assert [m.video for m in answer.matches].count(film.video) == 3


def test_a_title_in_any_language_narrows_the_search(open_pack: OpenPack, asked: Callable[..., None]) -> None:
    films = [invented_film(1, title="Alpha"), invented_film(2, title="Beta"), invented_film(3, title="Alpha")]
    engine = Engine([open_pack(*films)])
    asked(frame(films[1], 5.0))
    for words, count in (("alpha", 2), ("BETA ", 1), ("映画2", 1), ("nothing", 0)):
        answer = engine.search(ANY, SearchOptions(only=titled(words)))
        assert answer.frames_searched == count * len(films[0].kept)
        assert (answer.best is not None) == (count == 1)
        assert bool(answer.matches) == (count > 0)
        assert all(
            words.strip().casefold() in f"{m.video.title} {m.video.titles}".casefold() for m in answer.matches
        )


def test_no_more_matches_than_wanted_and_the_threshold_is_kept(
    open_pack: OpenPack, asked: Callable[..., None]
) -> None:
    films = [invented_film(seed) for seed in range(4)]
    engine = Engine([open_pack(*films)])
    asked(frame(films[0], 5.0))
    answer = engine.search(ANY, SearchOptions(limit=2, threshold=0.0))
    assert len(answer.matches) == 2
    assert all(match.is_match for match in answer.matches)


def test_an_engine_without_packs_answers(asked: Callable[..., None]) -> None:
    asked(np.zeros(33, np.uint8))
    answer = Engine().search(ANY)
    assert answer.matches == ()
    assert answer.sources == ()


def test_a_cancelled_search_stops(open_pack: OpenPack) -> None:
    engine = Engine([open_pack(invented_film(1))])
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        engine.search(ANY, progress=progress)


def test_packs_come_and_go_while_another_thread_searches(
    open_pack: OpenPack, asked: Callable[..., None]
) -> None:
    film = invented_film(1)
    stays, comes = open_pack(film, title="stays"), open_pack(invented_film(2), title="comes")
    engine = Engine([stays])
    asked(frame(film, 5.0))
    wrong: list[Answer] = []

    def search() -> None:
        for _ in range(40):
            answer = engine.search(ANY)
            if answer.best is None or len(answer.sources) != len(set(answer.sources)):
                wrong.append(answer)

    thread = threading.Thread(target=search)
    thread.start()
    while thread.is_alive():
        engine.add(comes)
        engine.remove(comes.manifest.pack_id)
    thread.join()
    assert not wrong


def test_graph_and_scan_give_the_same_answers(
    open_pack: OpenPack, asked: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index_tools.search.candidates.EXACT_ROWS", 100)
    monkeypatch.setattr("index_tools.pack.graph_file.WORTH_ROWS", 100)
    films = [invented_film(seed, (5.0,) * 20) for seed in range(10)]
    pack = open_pack(*films)
    pack.build_graph("color_layout")
    with_graph, without = Engine([pack]), Engine([pack], graphs=False)
    try:
        assert with_graph.wait_for_graphs(30)
        assert [sentence for sentence in with_graph.warnings if "graph" in sentence] == []
        assert with_graph.searches[0].graph is not None
        assert without.searches[0].graph is None
        for film in films:
            asked(frame(film, 33.3))
            answer, expected = with_graph.search(ANY), without.search(ANY)
            consistent(answer)
            # a graph may miss a neighbour now and then, though not the frame itself
            assert answer.matches[0] == expected.matches[0]
    finally:
        with_graph.close()
        without.close()


def test_a_large_pack_without_a_graph_is_searched_and_told(
    open_pack: OpenPack, asked: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index_tools.search.candidates.EXACT_ROWS", 10)
    film = invented_film(1)
    engine = Engine([open_pack(film, title="Large")])
    try:
        asked(frame(film, 5.0))
        assert engine.wait_for_graphs(30)
        assert engine.search(ANY).best is not None
        assert "Large" in engine.warnings[0]
    finally:
        engine.close()


@pytest.mark.parametrize("at_s", [2.0, 30.5, 61.0])
def test_real_frames_of_the_demo_are_found(demo: ScenePack, demo_film: Path, at_s: float) -> None:
    engine = Engine([demo])
    picture = read_frame(demo_film, at_s)
    for rgb in (picture.rgb, np.ascontiguousarray(picture.rgb[:, ::-1])):
        answer = engine.search(Picture.of(rgb))
        consistent(answer)
        best = answer.best
        assert best is not None
        # layouts alone cannot tell the frames of a slow shot apart
        assert abs(best.at_s - at_s) < 1.0
        assert best.similarity > 0.98
        assert best.hypothesis == ("as_is" if rgb is picture.rgb else "mirrored")


def test_pictures_of_one_colour_find_nothing_in_the_demo(demo: ScenePack) -> None:
    engine = Engine([demo])
    for level in (0, 3, 128, 255):
        assert engine.search(Picture.of(np.full((90, 160, 3), level, np.uint8))).best is None


def test_reading_is_what_the_module_of_that_name_does() -> None:
    assert readings.read(ANY).flat
