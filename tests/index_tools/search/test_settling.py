"""The very frame among neighbours that are nearly the same."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from index_tools.errors import Cancelled
from index_tools.film import FilmReader, read_frame
from index_tools.nouns import Sharpness
from index_tools.opencv import cv2
from index_tools.pack import ScenePack
from index_tools.pack.beside import proxy_path
from index_tools.picture import Picture
from index_tools.progress import Progress
from index_tools.search import Engine
from index_tools.search.alignment import Map
from index_tools.search.anew import Instant, laid_anew, likely_instants
from index_tools.search.closest import Stretch, decoded
from index_tools.search.instant import LEAST, instant
from tests.index_tools.search.test_filmed import captioned
from tests.index_tools.search.test_rerank import cropped

Rgb = NDArray[np.uint8]
FPS = 25.0
WHOLE = np.eye(3)


def grey(rgb: Rgb) -> NDArray[np.float32]:
    return np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), np.float32)


def clouds(height: int, width: int, seed: int) -> NDArray[np.float32]:
    noise = np.random.default_rng(seed).normal(0, 1, (height, width)).astype(np.float32)
    soft = cv2.GaussianBlur(noise, (0, 0), 4)
    return np.asarray(128 + 40 * soft / soft.std(), np.float32)


def film_of(path: Path, frame: Callable[[int], Rgb]) -> Path:
    """A film of two seconds."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=int(FPS), options={"crf": "20"})
        stream.width, stream.height, stream.pix_fmt = 320, 180, "yuv420p"
        for number in range(int(2 * FPS)):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(frame(number), format="rgb24")))
        container.mux(stream.encode(None))
    return path


@pytest.fixture
def walk(tmp_path: Path) -> Path:
    """A small ball before a still wall: each frame is nearly the one before."""
    wall = clouds(180, 320, 1)

    def frame(number: int) -> Rgb:
        rgb = np.repeat(np.clip(wall, 0, 255).astype(np.uint8)[:, :, None], 3, axis=2)
        cv2.circle(rgb, (60 + 3 * number, 90), 9, (230, 220, 200), -1, cv2.LINE_AA)
        return rgb

    return film_of(tmp_path / "film.mp4", frame)


@pytest.fixture
def pan(tmp_path: Path) -> Path:
    """A camera that goes along a wall, past a ball that rolls the other way."""
    return along(clouds(180, 480, 2), tmp_path)


@pytest.fixture
def rough_pan(tmp_path: Path) -> Path:
    """The same along a wall of fine stucco."""
    noise = np.random.default_rng(5).normal(0, 1, (180, 480)).astype(np.float32)
    stucco = cv2.GaussianBlur(noise, (0, 0), 0.8)
    wall = 50 + 0.6 * clouds(180, 480, 2) + 25 * stucco / stucco.std()
    return along(np.asarray(wall, np.float32), tmp_path)


def along(wall: NDArray[np.float32], folder: Path) -> Path:
    def frame(number: int) -> Rgb:
        part = wall[:, 2 * number : 2 * number + 320]
        rgb = np.repeat(np.clip(part, 0, 255).astype(np.uint8)[:, :, None], 3, axis=2)
        cv2.circle(rgb, (260 - 3 * number, 100), 9, (230, 220, 200), -1, cv2.LINE_AA)
        return rgb

    return film_of(folder / "film.mp4", frame)


def found(film: Path, picture: Rgb, near: Instant, far_s: float = 0.5) -> Instant | None:
    with FilmReader(film) as reader:
        likely = likely_instants(reader, grey(picture), near, (0.0, 2.0), far_s)
        return instant(reader, grey(picture), near, likely, (0.0, 2.0), 0.5)


@pytest.mark.parametrize("number", [11, 24, 33])
@pytest.mark.parametrize("led_astray", [-6, 5])
def test_what_moves_tells_though_a_caption_and_a_tint_say_more(
    walk: Path, number: int, led_astray: int
) -> None:
    rgb = np.array(read_frame(walk, number / FPS).rgb)
    cv2.putText(rgb, "WHEN THE TEST", (20, 40), 0, 1.1, (255, 255, 255), 5, cv2.LINE_AA)
    tinted = np.asarray(rgb * np.array([0.6, 0.45, 0.3]) + 20, np.uint8)
    seen = found(walk, tinted, Instant((number + led_astray) / FPS, WHOLE))
    assert seen is not None
    assert round(seen.at_s * FPS) == number


@pytest.mark.parametrize("number", [11, 17, 24, 33])
def test_a_soft_picture_is_of_the_frame_that_is_like_it_when_as_soft(rough_pan: Path, number: int) -> None:
    blurred = np.asarray(cv2.GaussianBlur(read_frame(rough_pan, number / FPS).rgb, (0, 0), 1.5), np.float32)
    grain = np.random.default_rng(number).normal(0, 4, blurred.shape)
    soft = np.clip(blurred + grain, 0, 255).astype(np.uint8)
    seen = found(rough_pan, soft, Instant((number + 5) / FPS, WHOLE))
    assert seen is not None
    assert round(seen.at_s * FPS) == number


@pytest.mark.parametrize("number", [12, 25, 36])
def test_a_moving_camera_does_not_hold_to_the_frame_in_which_the_place_was_found(
    pan: Path, number: int
) -> None:
    rgb = read_frame(pan, number / FPS).rgb[20:160, 60:300]
    # where the wall behind the picture lies four frames further
    place = np.array([[0.75, 0.0, (60 - 8) / 320], [0.0, 0.75, 20 / 320], [0.0, 0.0, 1.0]])
    seen = found(pan, rgb, Instant((number + 4) / FPS, place))
    assert seen is not None
    assert round(seen.at_s * FPS) == number
    assert abs(seen.matrix[0, 2] - 60 / 320) < 0.01


@pytest.mark.parametrize(
    "turn",
    [
        lambda picture: picture,
        lambda picture: picture[:, ::-1],
        np.rot90,
        lambda picture: np.rot90(picture, 3),
        lambda picture: np.rot90(picture)[:, ::-1],
        lambda picture: picture[::-1, ::-1],
    ],
    ids=["upright", "mirrored", "turned left", "turned right", "both", "upside down"],
)
def test_a_place_that_is_wrong_is_found_anew_in_a_frame_far_off(
    pan: Path, turn: Callable[[NDArray[Any]], NDArray[Any]]
) -> None:
    rgb = np.ascontiguousarray(turn(read_frame(pan, 40 / FPS).rgb[30:120, 110:270]))
    size = rgb.shape[1] / max(rgb.shape), rgb.shape[0] / max(rgb.shape)

    def placed(left: float, upper: float, right: float, lower: float) -> Map:
        corners = np.array([[[left, upper], [right, upper]], [[left, lower], [right, lower]]]) / 320
        (first, second), (fourth, third) = turn(corners)
        (across, down), ends = size, np.array([first, second, third, fourth], np.float32)
        begins = np.array([[0, 0], [across, 0], [across, down], [0, down]], np.float32)
        return np.asarray(cv2.getPerspectiveTransform(begins, ends), np.float64)

    # as it stands in the frame, but elsewhere, half as large again, and long before
    astray = Instant(5 / FPS, placed(0, 0, 240, 135))
    seen = found(pan, rgb, astray, far_s=2.0)
    assert seen is not None
    assert round(seen.at_s * FPS) == 40
    assert np.abs(seen.matrix - placed(110, 30, 270, 120)).max() < 0.01
    seen = found(pan, rgb, astray)
    assert seen is None or round(seen.at_s * FPS) <= 18


def test_nothing_is_told_of_too_few_frames_or_outside_of_them(walk: Path) -> None:
    rgb = read_frame(walk, 1.0).rgb
    with FilmReader(walk) as reader:
        short = (1.0, 1.0 + (LEAST - 1) / FPS)
        near = Instant(1.0, WHOLE)
        assert instant(reader, grey(rgb), near, [near], short, 0.5) is None
    outside = np.array([[1.0, 0.0, 0.9], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    assert found(walk, np.full_like(rgb, 90), Instant(1.0, outside)) is None


def test_a_narrow_strip_stays_where_it_was_found(walk: Path) -> None:
    strip = np.ascontiguousarray(read_frame(walk, 1.0).rgb[84:96])
    place = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 84 / 320], [0.0, 0.0, 1.0]])
    frame = np.asarray(grey(read_frame(walk, 1.0).rgb), np.uint8)
    assert laid_anew(Stretch([1.0], [frame]), grey(strip), place) == {}
    # blurred, so that it is not clearly one of the frames
    seen = found(walk, np.asarray(cv2.blur(strip, (31, 31)), np.uint8), Instant(0.92, place), far_s=2.0)
    assert seen is not None
    assert abs(seen.at_s - 0.92) <= 0.5


def test_it_can_be_cancelled(walk: Path) -> None:
    progress = Progress()
    progress.cancel()
    near, picture = Instant(1.0, WHOLE), np.zeros((90, 160), np.float32)
    with FilmReader(walk) as reader:
        with pytest.raises(Cancelled):
            likely_instants(reader, picture, near, (0.0, 2.0), 0.5, progress)
        with pytest.raises(Cancelled):
            instant(reader, picture, near, [near], (0.0, 2.0), 0.5, progress)


def at_hand(demo: ScenePack, proxy: Path | None) -> Path:
    """The demo's film, with a proxy beside its pack or without."""
    film = demo.film_path(0)
    assert film is not None
    if proxy is not None:
        path = proxy_path(demo.folder, demo.videos[0].fingerprint)
        path.parent.mkdir()
        shutil.copyfile(proxy, path)
    return film


@pytest.mark.parametrize("with_proxy", [False, True])
@pytest.mark.parametrize("edit", [np.array, cropped, captioned, lambda rgb: cropped(rgb)[:, ::-1]])
def test_settling_follows_re_ranking_and_is_the_last_step(
    demo: ScenePack, demo_proxy: Path, edit: Callable[[Rgb], Rgb], with_proxy: bool
) -> None:
    film = at_hand(demo, demo_proxy if with_proxy else None)
    engine = Engine([demo])
    errors = []
    for at_s in (12.0, 44.0, 51.3):
        picture = Picture.of(np.ascontiguousarray(edit(read_frame(film, at_s).rgb)))
        quick = engine.search(picture)
        assert quick.sharpness is Sharpness.QUICK
        # a picture that is led a little astray
        nearly = engine.rerank(picture, quick)
        assert nearly.sharpness is Sharpness.NEARLY
        first = nearly.matches[0]
        astray = replace(first, at_s=first.at_s + 0.2)
        exact = engine.settle(picture, replace(nearly, matches=(astray, *nearly.matches[1:])))
        assert exact.sharpness is Sharpness.EXACT
        assert exact.elapsed_ms > (nearly.reranked_ms or 0) > quick.elapsed_ms
        assert engine.settle(picture, exact) is exact
        errors.append(abs(exact.matches[0].at_s - at_s))
    assert float(np.median(errors)) <= 1 / 24
    engine.close()


def test_without_films_there_is_nothing_to_settle(demo: ScenePack) -> None:
    film = demo.film_path(0)
    assert film is not None
    picture = Picture.of(np.ascontiguousarray(cropped(read_frame(film, 27.5).rgb)))
    engine = Engine([demo])
    nearly = engine.rerank(picture, engine.search(picture))
    film.rename(film.with_name("elsewhere"))
    assert engine.settle(picture, nearly).matches[0].at_s == nearly.matches[0].at_s
    again = engine.rerank(picture, engine.search(picture))
    assert not again.refined
    assert again.sharpness is Sharpness.EXACT
    engine.close()


@pytest.mark.parametrize("with_proxy", [False, True])
def test_the_time_is_that_of_the_frame_though_a_file_rounds_it(
    demo: ScenePack, demo_proxy: Path, with_proxy: bool
) -> None:
    film = at_hand(demo, demo_proxy if with_proxy else None)
    engine = Engine([demo])
    times_s = demo.track(0).times_s
    for at_s in (27.5, 51.3):
        number = int(np.searchsorted(times_s, at_s))
        picture = Picture.of(np.ascontiguousarray(cropped(read_frame(film, float(times_s[number])).rgb)))
        nearly = engine.rerank(picture, engine.search(picture))
        assert nearly.matches[0].at_s in times_s
        rounded = replace(nearly.matches[0], at_s=times_s[number] - 5e-4)
        exact = engine.settle(picture, replace(nearly, matches=(rounded,)))
        assert exact.matches[0].at_s in times_s
    engine.close()


def test_a_shot_begins_with_its_own_first_frame_though_a_file_rounds_its_time(tmp_path: Path) -> None:
    def frame(number: int) -> Rgb:
        return np.full((180, 320, 3), 5 * number, np.uint8)

    film = tmp_path / "film.mkv"
    with av.open(str(film), "w") as container:
        stream = container.add_stream("libx264", rate=Fraction(24000, 1001))
        stream.width, stream.height, stream.pix_fmt = 320, 180, "yuv420p"
        for number in range(48):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(frame(number), format="rgb24")))
        container.mux(stream.encode(None))
    exactly = [number * 1001 / 24000 for number in range(48)]
    with FilmReader(film) as reader:
        for number in range(1, 40):
            stretch = decoded(reader, exactly[number], exactly[number + 3])
            assert stretch is not None
            assert len(stretch.times_s) == 3
            assert abs(stretch.times_s[0] - exactly[number]) < 1e-3
