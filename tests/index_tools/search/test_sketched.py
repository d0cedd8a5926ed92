"""The moment of a shot is found by its sketches, for parts of frames and changed colours."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from index_tools.film import FilmReader
from index_tools.film.sketches import SKETCH, SketchPicker
from index_tools.nouns import Sketches
from index_tools.opencv import cv2
from index_tools.search.sketched import likely_moments, same_moments, sketched_distances, whole_frame

#: A shot of the demo film in which something moves all the time, in seconds.
SHOT = 44.0, 52.0


@pytest.fixture(scope="module")
def shot(demo_film: Path) -> tuple[Sketches, dict[float, NDArray[np.uint8]]]:
    """The sketches of the shot, and its frames, 320 pixels wide, by their times."""
    frames: dict[float, NDArray[np.uint8]] = {}
    with FilmReader(demo_film) as reader:
        picker = SketchPicker(reader.info.fps)
        for number, frame in enumerate(reader.frames(*SHOT)):
            picker.offer(number, frame)
            frames[frame.at_s] = frame.picture(320).rgb
    (found,) = picker.finish([0], len(frames))
    assert found.luma.shape[1:] == SKETCH
    assert len(found.times_s) == pytest.approx(3 * (SHOT[1] - SHOT[0]), abs=2)
    return found, frames


def luma_of(rgb: NDArray[np.uint8]) -> NDArray[np.float32]:
    return np.asarray(cv2.cvtColor(np.ascontiguousarray(rgb), cv2.COLOR_RGB2GRAY), np.float32)


def enlarged(cells: NDArray[Any]) -> NDArray[np.float32]:
    return np.asarray(cv2.resize(cells.astype(np.float32), (160, 90), interpolation=cv2.INTER_CUBIC))


@pytest.mark.parametrize("box", [(0, 0, 320, 180), (40, 20, 220, 160), (100, 0, 200, 180)])
@pytest.mark.parametrize("off", [0, 9])
def test_a_part_of_a_frame_tells_its_moment(
    shot: tuple[Sketches, dict[float, NDArray[np.uint8]]], box: tuple[int, int, int, int], off: int
) -> None:
    """Even where the place is known with an error of some pixels, and the picture is darker."""
    sketches, frames = shot
    left, top, right, bottom = box
    aspect = 1.0, 180 / 320
    longer = max(right - left, bottom - top)
    matrix = np.array(
        [[longer / 320, 0, (left + off) / 320], [0, longer / 320, (top - off) / 320], [0, 0, 1]]
    )
    errors = []
    for at_s in list(frames)[::20]:
        picture = 20 + 0.4 * luma_of(frames[at_s][top:bottom, left:right])
        first, *others = likely_moments(sketches, SHOT[1], picture, aspect, matrix)
        assert all(other.likeness <= first.likeness for other in others)
        assert first.likeness > 0.8
        errors.append(max(0.0, first.from_s - at_s, at_s - first.to_s))
    assert float(np.median(errors)) <= 0.35


def test_a_picture_that_covers_next_to_nothing_tells_nothing(
    shot: tuple[Sketches, dict[float, NDArray[np.uint8]]],
) -> None:
    sketches, _ = shot
    small = np.diag([0.05, 0.05, 1.0])
    picture = np.zeros((90, 160), np.float32)
    assert likely_moments(sketches, SHOT[1], picture, (1.0, 0.5625), small) == []
    assert same_moments(sketches, SHOT[1], picture, (1.0, 0.5625), small) is None


def test_moments_that_look_the_same_make_one_scene() -> None:
    numbers = np.random.default_rng(2)
    empty = cv2.GaussianBlur(numbers.uniform(40, 200, SKETCH), (0, 0), 2)
    luma = np.repeat(empty[None], 40, 0)
    luma[10:20, 4:12, 8:12] = 10  # somebody walks by
    sketches = Sketches(np.arange(40) / 4, luma.astype(np.uint8))
    picture = enlarged(empty)
    aspect = 1.0, 9 / 16
    matrix = whole_frame(picture.shape, aspect)
    assert same_moments(sketches, 10.0, picture, aspect, matrix) == (0.0, 10.0)
    assert same_moments(sketches, 10.0, enlarged(luma[15]), aspect, matrix) == (2.5, 5.0)


def test_whole_frames_are_told_apart_whatever_their_colours(
    shot: tuple[Sketches, dict[float, NDArray[np.uint8]]],
) -> None:
    sketches, frames = shot
    times_s = np.array(list(frames))
    for at_s in (45.0, 48.0, 50.5):
        exact = float(times_s[np.abs(times_s - at_s).argmin()])
        tinted = (frames[exact] * np.array([0.9, 0.3, 0.2])).astype(np.uint8)
        distances = sketched_distances(sketches, times_s, tinted)
        best = times_s[distances == distances.min()]
        assert np.abs(best - exact).min() <= 0.35
