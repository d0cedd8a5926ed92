"""Edited pictures of the demo's film are found by laying them over its scenes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from numpy.typing import NDArray

from index_tools.film import FilmReader, Frame, read_frame
from index_tools.nouns import Answer, Match
from index_tools.opencv import cv2
from index_tools.pack import ScenePack
from index_tools.picture import Picture
from index_tools.search import Engine
from index_tools.search.shapes import Shapes

Rgb = NDArray[np.uint8]
AT_S = 9.8


def cropped(rgb: Rgb) -> Rgb:
    height, width = rgb.shape[:2]
    return rgb[int(0.15 * height) : int(0.80 * height), int(0.25 * width) : int(0.85 * width)]


def tinted(rgb: Rgb) -> Rgb:
    grey = rgb.mean(2, keepdims=True)
    return np.asarray(np.clip(0.5 * grey + np.array([10.0, 60.0, 20.0]), 0, 255), np.uint8)


def in_a_window(rgb: Rgb) -> Rgb:
    height, width = rgb.shape[:2]
    page: Rgb = np.full((int(height * 1.4), int(width * 1.3), 3), 240, np.uint8)
    cv2.putText(page, "Watch: episode 7", (20, 40), 0, 1.0, (20, 20, 20), 2, cv2.LINE_AA)
    page[80 : 80 + height, 60 : 60 + width] = rgb
    return page


def asked(demo: ScenePack, edit: Callable[[Rgb], Rgb], at_s: float = AT_S) -> Match | None:
    film = demo.film_path(0)
    rgb = read_frame(film, at_s).rgb if film is not None else np.zeros((90, 160, 3), np.uint8)
    return Engine([demo]).find(Picture.of(np.ascontiguousarray(edit(rgb)))).best


@pytest.mark.parametrize(
    "edit",
    [cropped, tinted, in_a_window, lambda rgb: cropped(rgb)[:, ::-1], lambda rgb: tinted(cropped(rgb))],
)
def test_edited_pictures_are_found_and_claimed(demo: ScenePack, edit: Callable[[Rgb], Rgb]) -> None:
    best = asked(demo, edit)
    assert best is not None
    assert best.start_s <= AT_S <= best.end_s
    assert abs(best.at_s - AT_S) < 0.5


def test_the_place_of_a_crop_is_told(demo: ScenePack) -> None:
    best = asked(demo, cropped)
    assert best is not None
    assert best.place is not None
    corners = [(0.25, 0.15), (0.85, 0.15), (0.85, 0.80), (0.25, 0.80)]
    assert np.array(best.place) == pytest.approx(np.array(corners), abs=0.03)


def test_the_place_of_a_mirrored_crop_is_that_of_its_own_corners(demo: ScenePack) -> None:
    best = asked(demo, lambda rgb: cropped(rgb)[:, ::-1])
    assert best is not None
    assert best.hypothesis == "mirrored"
    assert best.place is not None
    corners = [(0.85, 0.15), (0.25, 0.15), (0.25, 0.80), (0.85, 0.80)]
    assert np.array(best.place) == pytest.approx(np.array(corners), abs=0.03)


def test_a_window_around_the_frame_reaches_beyond_it(demo: ScenePack) -> None:
    best = asked(demo, lambda rgb: in_a_window(tinted(rgb)))
    assert best is not None
    assert best.place is not None
    assert best.place[0][0] < 0 < 1 < best.place[2][0]


def test_thumbnails_do_where_the_film_is_not_at_hand(demo: ScenePack) -> None:
    film = demo.film_path(0)
    assert film is not None
    rgb = tinted(read_frame(film, AT_S).rgb)
    film.unlink()
    answer = Engine([demo]).find(Picture.of(rgb))
    assert not answer.refined
    assert answer.best is not None
    assert answer.best.start_s <= AT_S <= answer.best.end_s
    assert answer.best.place is not None


def test_pictures_of_no_film_here_are_not_claimed(demo: ScenePack) -> None:
    """Drawn scenes with a caption, with the very colours of the film's frames."""
    engine = Engine([demo])
    film = demo.film_path(0)
    assert film is not None
    for seed in range(4):
        numbers = np.random.default_rng(seed)
        frame = read_frame(film, 5.0 + 15 * seed, 320).rgb
        rgb: Rgb = np.array(cv2.GaussianBlur(frame, (0, 0), 60), np.uint8)
        for _ in range(40):
            x, y, size = (int(value) for value in numbers.integers((0, 0, 10), (320, 180, 40)))
            colour = [int(value) for value in frame[-1 - y % frame.shape[0], -1 - x]]
            cv2.rectangle(rgb, (x, y), (x + size, y + size), colour, -1)
        cv2.putText(rgb, "NOT IN HERE", (20, 40), 0, 1.0, (255, 255, 255), 3, cv2.LINE_AA)
        answer = engine.find(Picture.of(cropped(rgb).copy()))
        assert answer.best is None


@pytest.mark.parametrize("turns", [1, 3])
def test_a_quarter_turned_picture_is_found(demo: ScenePack, turns: int) -> None:
    best = asked(demo, lambda rgb: np.rot90(rgb, turns))
    assert best is not None
    assert abs(best.at_s - AT_S) < 0.5
    assert "mirrored" not in best.hypothesis


@pytest.mark.parametrize("edit", [lambda rgb: rgb, cropped])
def test_a_negative_is_found(demo: ScenePack, edit: Callable[[Rgb], Rgb]) -> None:
    best = asked(demo, lambda rgb: np.asarray(255 - edit(rgb), np.uint8))
    assert best is not None
    assert best.hypothesis == "inverted"
    assert abs(best.at_s - AT_S) < 0.5


def test_films_are_looked_into_without_the_engines_lock(
    demo: ScenePack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another search is answered while one decodes; so a pack may go meanwhile."""
    engine = Engine([demo])
    film = demo.film_path(0)
    assert film is not None
    picture = Picture.of(tinted(read_frame(film, AT_S).rgb))
    other = read_frame(film, 40.0)
    answers: list[Answer] = []

    frames = FilmReader.frames

    def watched(reader: FilmReader, *arguments: float) -> Iterator[Frame]:
        if not answers:
            with ThreadPoolExecutor(1) as thread:
                answers.append(thread.submit(engine.search, other).result(timeout=20))
                thread.submit(engine.remove, demo.manifest.pack_id).result(timeout=20)
        return frames(reader, *arguments)

    monkeypatch.setattr(FilmReader, "frames", watched)
    engine.find(picture)
    assert answers
    assert answers[0].best is not None
    assert engine.packs == ()


def test_the_first_answer_knows_no_place(demo: ScenePack) -> None:
    film = demo.film_path(0)
    assert film is not None
    answer = Engine([demo]).search(read_frame(film, AT_S))
    assert all(match.place is None for match in answer.matches)


def test_shapes_see_no_colour() -> None:
    numbers = np.random.default_rng(1)
    table = numbers.integers(0, 33, (500, 33)).astype(np.uint8)
    query = table[123].copy()
    query[0] = 3
    query[1:21] = np.rint((query[1:21].astype(float) - 16) * 0.6 + 16)
    query[21:] = 16
    ((rows, alike),) = Shapes(table).nearest(query[None], 3)
    assert rows[alike.argmax()] == 123
    assert alike.max() > 0.95
    assert len(Shapes(table[:2]).nearest(query[None], 64)[0][0]) == 2


def test_luma_is_that_of_the_picture(demo: ScenePack) -> None:
    film = demo.film_path(0)
    assert film is not None
    with FilmReader(film) as reader:
        luma = reader.frame_at(12.0).luma(200)
    assert max(luma.shape) == 200
    exact = read_frame(film, 12.0, 200).rgb @ np.array([0.299, 0.587, 0.114])
    assert np.abs(luma - exact).mean() < 3
