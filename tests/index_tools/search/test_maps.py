"""A reading tells where in the frame the picture lies."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from index_tools.hypotheses import Hypothesis, look_otherwise, read_hypotheses
from index_tools.picture import Picture
from index_tools.search.maps import maps_of, place_as_read

WHOLE = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))


def barred() -> Picture:
    """A frame of 320 x 180 between bars of 40 rows."""
    rgb = np.zeros((260, 320, 3), np.uint8)
    rgb[40:220] = np.random.default_rng(1).integers(30, 250, (180, 320, 3))
    return Picture.of(rgb)


def corners(hypotheses: tuple[Hypothesis, ...], picture: Picture, name: str) -> NDArray[np.float64]:
    place = place_as_read(hypotheses, (picture.width, picture.height), name)
    assert place is not None
    return np.array(place)


def test_the_whole_picture_is_the_whole_frame() -> None:
    picture = Picture.of(np.random.default_rng(2).integers(0, 255, (90, 160, 3), dtype=np.uint8))
    hypotheses = read_hypotheses(picture)
    assert corners(hypotheses, picture, "as_is") == pytest.approx(np.array(WHOLE))
    turned = np.array(WHOLE)[[1, 0, 3, 2]]
    assert corners(hypotheses, picture, "mirrored") == pytest.approx(turned)


def test_bars_lie_outside_of_the_frame() -> None:
    picture = barred()
    there = corners(read_hypotheses(picture), picture, "borders_cut")
    assert there[:, 0] == pytest.approx([0, 1, 1, 0], abs=0.01)
    assert there[:, 1] == pytest.approx([-40 / 180, -40 / 180, 220 / 180, 220 / 180], abs=0.02)


def test_a_wide_picture_lies_between_the_frames_own_bars() -> None:
    picture = Picture.of(np.random.default_rng(3).integers(0, 255, (100, 240, 3), dtype=np.uint8))
    there = corners(read_hypotheses(picture), picture, "bars_added")
    bar = (1 - (100 * 16 / 9) / 240) / 2
    assert there[:, 1] == pytest.approx([bar, bar, 1 - bar, 1 - bar])


@pytest.mark.parametrize(("name", "first"), [("turned_left", (0.0, 1.0)), ("turned_right", (1.0, 0.0))])
def test_quarter_turns_turn_the_corners(name: str, first: tuple[float, float]) -> None:
    picture = Picture.of(np.random.default_rng(4).integers(0, 255, (160, 90, 3), dtype=np.uint8))
    hypotheses = look_otherwise(picture)
    there = corners(hypotheses, picture, name)
    assert tuple(there[0]) == pytest.approx(first)
    # a pixel of the picture is the same pixel of the frame
    upright = next(one for one in hypotheses if one.name == name).picture.rgb
    _, matrix = maps_of(hypotheses, (90, 160))[name]
    x, y, _ = matrix @ np.array([20.5 / 160, 30.5 / 160, 1.0])
    assert (upright[int(y * upright.shape[0]), int(x * upright.shape[1])] == picture.rgb[30, 20]).all()


def test_no_reading_tells_the_place_of_a_photographed_screen() -> None:
    picture = barred()
    slanted = Hypothesis("photographed_screen", picture, (10, 10, 200, 150))
    assert place_as_read((slanted,), (320, 260), "photographed_screen") is None
