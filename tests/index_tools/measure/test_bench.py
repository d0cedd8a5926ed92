from __future__ import annotations

import json
import platform
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index_tools.errors import SceneLensError
from index_tools.film import FilmReader, index_film
from index_tools.measure.bench import PARTS, Bench
from index_tools.measure.build_bench import build_cost, descriptor_speed
from index_tools.measure.child import in_child
from index_tools.measure.decoding import cost_of, ffmpeg, node, ordinary_film
from index_tools.measure.figures import Figure, as_markdown, not_measured
from index_tools.measure.perturbed import perturbed, perturbed_films, perturbed_pack
from index_tools.nouns import FilmIndex
from tests.index_tools.film.drawn_films import write_film


@pytest.fixture(scope="module")
def index(clip: Path) -> FilmIndex:
    return index_film(clip, thumbnails=False)


def silent(words: str) -> None:
    assert words


def test_perturbed_shots_cohere_and_stay_in_range(index: FilmIndex) -> None:
    numbers = np.random.default_rng(1)
    moved = perturbed(index, numbers)
    offsets = moved.track.color_layout.astype(int) - index.track.color_layout
    in_range = (moved.track.color_layout > 0) & (moved.track.color_layout < 31)
    in_range[:, [0, 21, 27]] = moved.track.color_layout[:, [0, 21, 27]] < 60
    for shot in index.shots:
        rows = (index.track.times_s >= shot["start_s"] - 1e-6) & (index.track.times_s < shot["end_s"] - 1e-6)
        for place in range(33):
            assert len(set(offsets[rows, place][in_range[rows, place]])) <= 1
    assert int(moved.track.color_layout.max()) <= 63
    # a kept frame is still the frame of the track at its time
    for row, frame in enumerate(moved.kept):
        at = np.argmin(np.abs(moved.track.times_s - frame["at_s"]))
        assert np.array_equal(moved.color_layout[row], moved.track.color_layout[at])
    assert ((moved.color_layout.astype(int) - index.color_layout) ** 2).sum(1).min() > 30


def test_perturbed_films_are_as_many_as_wanted_and_the_same_again(index: FilmIndex) -> None:
    one, again = (list(perturbed_films([index], 3000, 4)) for _ in range(2))
    assert sum(len(film.kept) for film in one) >= 3000
    assert one[0] is index
    assert len({film.video.fingerprint for film in one}) == len(one)
    for first, second in zip(one, again, strict=True):
        assert np.array_equal(first.color_layout, second.color_layout)
    for film in one[1:]:
        assert (np.diff(film.track.times_s) > 0).all()
        assert (np.diff(film.kept["at_s"]) > 0).all()
        assert film.kept["shot"].max() == len(film.shots) - 1


def test_the_large_pack_is_made_once(clip: Path) -> None:
    said: list[str] = []
    with perturbed_pack([clip], 1500, said.append) as pack:
        path = pack.path
        assert len(pack.kept) >= 1500
        assert pack.film_path(0) == clip
    assert any("perturbing" in words for words in said)
    before = (path / "manifest.json").stat().st_mtime_ns
    with perturbed_pack([clip], 1500, said.append) as pack:
        assert pack.path == path
    assert (path / "manifest.json").stat().st_mtime_ns == before
    assert sum("perturbing" in words for words in said) == 1


def test_search_start_memory_and_sizes_are_measured(clip: Path) -> None:
    bench = Bench((clip,), 1500, silent, pictures=4, queries=20, frames=1)
    figures = bench.run(("search", "recall", "start", "memory", "size"))
    by_name = {figure.name: figure for figure in figures}
    assert set(by_name) == {"search", "recall", "start", "memory", "size"}
    assert by_name["search"].numbers["pictures"] == 8
    assert 0 < by_name["search"].numbers["processor_median_ms"] < 1000
    assert by_name["recall"].met is None
    assert 0 < by_name["start"].numbers["median_s"] < 60
    assert by_name["size"].numbers["bytes_per_kept_frame"] > 33
    json.dumps([figure.as_object() for figure in figures])


def test_localisation_is_measured(clip: Path) -> None:
    (figure,) = Bench((clip,), 0, silent, frames=2).run(("localisation",))
    assert figure.met is True
    assert figure.numbers["identity"]["localisation_frames"]["median"] <= 1


def test_a_part_that_fails_says_why_and_the_others_go_on(clip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(_: Bench) -> list[Figure]:
        raise SceneLensError("The disk is full.")

    monkeypatch.setitem(PARTS, "search", failing)
    monkeypatch.setitem(PARTS, "size", lambda _: [not_measured("size", "bytes", "few", "No scales.")])
    first, second = Bench((clip,), 0, silent).run(("search", "size"))
    assert (first.reached, first.met) == ("The disk is full.", False)
    assert second.reached == "No scales."
    assert "| ✗ The disk is full. |" in as_markdown([first, second])


def test_without_ffmpeg_and_node_their_figures_are_a_sentence(
    clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    for figure in (build_cost(clip, silent), descriptor_speed(clip)):
        assert figure.met is None
        assert "not installed" in figure.reached


@pytest.mark.skipif(node() is None, reason="node is not installed")
@pytest.mark.slow
def test_the_descriptor_is_faster_than_its_arithmetic_in_javascript(
    clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index_tools.measure.build_bench.ROUNDS", 1)
    figure = descriptor_speed(clip)
    assert figure.numbers["ratio"] > 1


@pytest.mark.needs_ffmpeg
@pytest.mark.slow
def test_building_is_held_against_decoding(clip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index_tools.measure.build_bench.LENGTH_S", 16.0)
    monkeypatch.setattr("index_tools.measure.build_bench.ROUNDS", 1)
    figure = build_cost(clip, silent)
    assert figure.numbers["repeats"] == 2
    assert figure.numbers["ratio"] > 0.5


def test_a_child_gives_its_result_or_tells_what_went_wrong() -> None:
    assert in_child("platform:python_version") == platform.python_version()
    with pytest.raises(SceneLensError, match=r"index_tools\.pack:nothing"):
        in_child("index_tools.pack:nothing")


def test_processor_time_of_a_child_is_counted() -> None:
    cost = cost_of([sys.executable, "-c", "sum(range(10_000_000))"])
    assert cost.cpu_s > 0.05
    assert cost.wall_s > 0.05


def test_figures_print_as_a_table() -> None:
    good = Figure("a", "what", "most", "reached", True, "command")
    lines = as_markdown([good, replace(good, met=False), replace(good, met=None)]).splitlines()
    assert [line.count("|") for line in lines] == [5] * 5
    assert ["✓" in line for line in lines[2:]] == [True, False, False]


@pytest.mark.needs_ffmpeg
def test_a_small_film_is_enlarged_and_repeated_to_measure_building(tmp_path: Path) -> None:
    program = ffmpeg()
    assert program is not None
    small = tmp_path / "small.mp4"
    write_film(small, 24)
    made = ordinary_film(program, small, lines=96, repeats=2, folder=tmp_path)
    with FilmReader(small) as short, FilmReader(made) as long:
        assert (long.info.width, long.info.height) == (1280, 720)
        assert long.info.duration_s == pytest.approx(2 * short.info.duration_s, abs=0.2)
    assert ordinary_film(program, small, lines=720, repeats=1, folder=tmp_path) == small
