from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index_tools.errors import Cancelled
from index_tools.film import read_frame
from index_tools.measure.degradations import DEGRADATIONS
from index_tools.opencv import cv2
from index_tools.pack import ScenePack
from index_tools.picture import Picture
from index_tools.progress import Progress
from index_tools.search import Engine
from index_tools.search.dense import DenseFrames
from index_tools.search.verify import WINDOW_S, WINDOWS, normalised, windows
from tests.index_tools.search.conftest import OpenPack, invented_film

AT_S = 30.5
FRAME_S = 1 / 24


def film_of(pack: ScenePack) -> Path:
    film = pack.film_path(0)
    assert film is not None
    return film


@pytest.mark.parametrize("degradation", ["identity", "jpeg30", "mirror", "letterbox"])
def test_the_frame_is_found_exactly(demo: ScenePack, degradation: str) -> None:
    engine = Engine([demo])
    for at_s in (6.0, AT_S, 61.0):
        exact = read_frame(film_of(demo), at_s)
        rgb = DEGRADATIONS[degradation](exact.rgb, np.random.default_rng(1))
        answer = engine.find(Picture.of(rgb))
        assert answer.refined
        assert answer.best is not None
        assert abs(answer.best.at_s - at_s) <= FRAME_S + 1e-3
        assert answer.best.confidence > 0.9


def test_find_is_search_and_refine(demo: ScenePack) -> None:
    engine = Engine([demo])
    picture = read_frame(film_of(demo), AT_S)
    searched = engine.search(picture)
    refined = engine.refine(picture, searched)
    assert refined.matches == engine.find(picture).matches
    assert refined.elapsed_ms > searched.elapsed_ms
    assert refined.frames_searched == searched.frames_searched


@pytest.mark.parametrize("what", ["deleted", "changed", "damaged", "unknown"])
def test_without_the_film_the_answer_stays(demo: ScenePack, what: str) -> None:
    film = film_of(demo)
    picture = read_frame(film, AT_S)
    engine = Engine([demo])
    searched = engine.search(picture)
    if what == "deleted":
        film.unlink()
    elif what == "changed":
        film.write_bytes(b"something else")
    elif what == "damaged":
        film.write_bytes(bytes(film.stat().st_size))
    else:
        engine.remove(demo.manifest.pack_id)
    answer = engine.refine(picture, searched)
    assert answer.matches == searched.matches
    assert not answer.refined


def test_another_picture_at_that_place_makes_unsure(demo: ScenePack) -> None:
    """What color layouts take for the same is told apart by the pixels."""
    film = film_of(demo)
    engine = Engine([demo])
    picture = read_frame(film, AT_S)
    searched = engine.search(picture)
    other = Picture.of(np.random.default_rng(2).integers(0, 256, (360, 640, 3), dtype=np.uint8))
    refined = engine.refine(other, searched)
    assert searched.best is not None
    assert refined.best is None


def test_cancelling_stops_in_the_middle(demo: ScenePack) -> None:
    engine = Engine([demo])
    picture = read_frame(film_of(demo), AT_S)
    searched = engine.search(picture)
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        engine.refine(picture, searched, progress)


def test_windows_lie_around_what_is_near_and_do_not_overlap() -> None:
    times = np.arange(0, 30, FRAME_S)
    distances = np.full(len(times), 90, np.int32)
    for near_s, distance in ((4.0, 2), (12.0, 1), (20.0, 3), (28.0, 4)):
        distances[np.abs(times - near_s) < 0.2] = distance
    found = windows(DenseFrames(times, distances))
    assert len(found) >= WINDOWS
    assert found[0][0] < 12.0 < found[0][1]
    assert found[1][0] < 4.0 < found[1][1]
    assert all(end_s - start_s < 0.5 for start_s, end_s in found)


def test_a_still_is_looked_at_for_a_moment_only() -> None:
    times = np.arange(0, 30, FRAME_S)
    for start_s, end_s in windows(DenseFrames(times, np.zeros(len(times), np.int32))):
        assert end_s - start_s <= 2 * WINDOW_S + 2 * FRAME_S


def test_a_correlation_does_not_see_brightness_and_contrast() -> None:
    luma = np.random.default_rng(3).integers(0, 200, (36, 64)).astype(np.uint8)
    darker = (luma * 0.5 + 20).astype(np.float32)
    assert float(np.vdot(normalised(luma), normalised(darker))) == pytest.approx(1.0, abs=1e-5)
    assert not normalised(np.full((36, 64), 9, np.uint8)).any()


@pytest.mark.parametrize("edit", [DEGRADATIONS["identity"], DEGRADATIONS["crop30"]])
def test_a_pack_that_was_replaced_meanwhile_is_not_looked_into(
    demo: ScenePack, open_pack: OpenPack, edit: Callable[..., NDArray[np.uint8]]
) -> None:
    picture = Picture.of(edit(read_frame(film_of(demo), AT_S).rgb, np.random.default_rng(1)))
    engine = Engine([demo])
    searched = engine.search(picture)
    engine.remove(demo.manifest.pack_id)
    other = open_pack(invented_film(1))
    other.manifest = replace(other.manifest, pack_id=demo.manifest.pack_id)
    engine.add(other)
    answer = engine.refine(picture, searched)
    assert answer.matches == searched.matches
    assert not answer.refined


@pytest.mark.parametrize("size", [(1, 2000), (2000, 1), (854, 3), (4, 480)])
def test_the_narrowest_pictures_are_searched(demo: ScenePack, size: tuple[int, int]) -> None:
    rgb = read_frame(film_of(demo), AT_S).rgb
    answer = Engine([demo]).find(Picture.of(np.asarray(cv2.resize(rgb, size), np.uint8)))
    assert answer.frames_searched
