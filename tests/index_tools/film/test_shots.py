"""Cuts, dissolves and fades are found; flashes, changes of light and pans are not."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from index_tools.film.planes import BlockMeans
from index_tools.film.shots import ShotFinder

#: Coarse lumas, float64 (n, 16, 16).
Luma = NDArray[np.float64]


def scene(seed: int, frames: int, *, drift: float = 0.0) -> Luma:
    """A structured picture that drifts sideways by so many cells a frame."""
    smooth = np.kron(np.random.default_rng(seed).uniform(40, 200, (4, 12)), np.ones((4, 4)))
    places = (np.arange(16) + drift * np.arange(frames)[:, None]) % 32
    whole, part = places.astype(int), places % 1
    picture = smooth[:, whole] * (1 - part) + smooth[:, whole + 1] * part
    return np.ascontiguousarray(picture.transpose(1, 0, 2))


def starts(luma: Luma, *, batch: int = 16, fps: float = 24.0) -> list[int]:
    finder = ShotFinder(fps)
    for first in range(0, len(luma), batch):
        part = luma[first : first + batch].astype(np.float32)
        blocks = part.reshape(len(part), 8, 2, 8, 2).mean(axis=(2, 4)).astype(np.float64)
        finder.feed(BlockMeans(np.repeat(blocks[..., None], 3, axis=3), part))
    finder.finish()
    return finder.starts


def test_cuts_between_scenes_are_found_whatever_the_batches() -> None:
    film = np.concatenate([scene(1, 40), scene(2, 25, drift=0.1), scene(3, 60), scene(4, 9), scene(5, 30)])
    assert starts(film) == [0, 40, 65, 125, 134]
    assert starts(film, batch=1) == starts(film, batch=500) == starts(film)


def test_a_dark_film_has_cuts_too() -> None:
    film = np.concatenate([scene(1, 40), scene(2, 40)])
    assert starts(16 + (film - 16) * 0.1) == [0, 40]


@pytest.mark.parametrize("length", [6, 12, 24])
def test_a_dissolve_is_one_seam(length: int) -> None:
    share = ((np.arange(length) + 1) / (length + 1))[:, None, None]
    blend = scene(1, length) * (1 - share) + scene(2, length) * share
    found = starts(np.concatenate([scene(1, 60), blend, scene(2, 60)]))
    assert len(found) == 2
    assert 60 <= found[1] <= 60 + length


def test_a_fade_through_black_is_one_seam_and_long_black_a_shot() -> None:
    share = ((np.arange(10) + 1) / 11)[:, None, None]
    out, into = 16 + (scene(1, 10) - 16) * (1 - share), 16 + (scene(2, 10) - 16) * share
    short = np.concatenate([scene(1, 50), out, np.full((4, 16, 16), 16.0), into, scene(2, 50)])
    found = starts(short)
    assert len(found) == 2
    assert 55 <= found[1] <= 70
    long = np.concatenate([scene(1, 50), np.full((40, 16, 16), 16.0), scene(2, 50)])
    assert starts(long) == [0, 50, 90]


@pytest.mark.parametrize("frames", [1, 2, 3])
def test_a_flash_is_no_cut(frames: int) -> None:
    film = scene(1, 80)
    film[40 : 40 + frames] = 230 + 0.02 * film[40 : 40 + frames]
    assert starts(film) == [0]


def test_a_change_of_light_is_no_cut() -> None:
    film = scene(1, 80)
    film[40:] = 16 + (film[40:] - 16) * 0.5
    assert starts(film) == [0]


def test_a_fast_pan_is_no_cut() -> None:
    film = np.concatenate([scene(1, 30), scene(1, 30, drift=0.9)])
    assert starts(film) == [0]
