from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from index_tools.descriptors.color_layout import describe
from index_tools.picture import Picture
from index_tools.search.readings import SIDE, fit, read, read_otherwise


def landscape(height: int = 360, width: int = 640) -> NDArray[np.uint8]:
    """Different in every corner."""
    y, x = np.mgrid[0:height, 0:width]
    return np.stack([255 * x / width, 255 * y / height, 255 * (x + y) / (height + width)], 2).astype(np.uint8)


def names(picture: NDArray[np.uint8], wanted: tuple[str, ...] | None = None) -> list[str]:
    return [reading.name for reading in read(Picture.of(picture), wanted).all]


def test_an_ordinary_picture_is_read_as_it_is_and_mirrored() -> None:
    readings = read(Picture.of(landscape()))
    assert [reading.name for reading in readings.all] == ["as_is", "mirrored"]
    assert np.array_equal(readings.all[0].vector, describe(fit(landscape())))
    assert np.array_equal(readings.all[1].vector, describe(fit(np.ascontiguousarray(landscape()[:, ::-1]))))


def test_bars_are_cut() -> None:
    barred = np.zeros((460, 640, 3), np.uint8)
    barred[50:410] = landscape()
    readings = {reading.name: reading for reading in read(Picture.of(barred)).all}
    assert next(iter(readings)) == "as_is"
    cut = readings["borders_cut"].vector.astype(int)
    assert ((cut - describe(fit(landscape()))) ** 2).sum() <= 3


def test_bars_are_added_to_a_wide_picture() -> None:
    whole = landscape()
    whole[:44] = whole[-44:] = 0
    readings = {reading.name: reading for reading in read(Picture.of(whole[44:-44].copy())).all}
    added = readings["bars_added"].vector.astype(int)
    assert ((added - describe(fit(whole))) ** 2).sum() <= 3


def test_a_reading_can_be_chosen() -> None:
    assert names(landscape(), ("mirrored",)) == ["mirrored"]
    assert names(landscape(), ("no such reading",)) == ["as_is"]


def test_a_symmetric_picture_is_read_once() -> None:
    half = landscape()[:, :320]
    assert names(np.concatenate([half, half[:, ::-1]], 1)) == ["as_is"]


@pytest.mark.parametrize("size", [(1, 1), (1, 4000), (4000, 1), (36, 64), (2160, 3840), (500, 77)])
def test_any_size_is_fitted(size: tuple[int, int]) -> None:
    fitted = fit(np.full((*size, 3), 77, np.uint8))
    assert max(fitted.shape[:2]) == SIDE
    assert (fitted == 77).all()


def test_a_picture_that_shows_nothing_is_called_flat() -> None:
    noise = np.random.default_rng(1).integers(0, 4, (180, 320, 3)).astype(np.uint8)
    assert read(Picture.of(np.zeros((9, 16, 3), np.uint8))).flat
    assert read(Picture.of(noise)).flat
    assert not read(Picture.of(landscape())).flat


def test_a_dark_picture_shows_as_much_with_its_colours_inverted() -> None:
    picture = Picture.of((landscape() // 16).astype(np.uint8))
    plain = read(picture)
    assert not plain.flat
    assert not read_otherwise(picture, plain).flat
    bright = 255 - picture.rgb
    assert read(Picture.of(bright)).flat
