"""A reading tells where in the frame the picture lies."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from index_tools.descriptors.frame_parts import PARTS
from index_tools.hypotheses import Hypothesis, look_otherwise, read_hypotheses
from index_tools.opencv import cv2
from index_tools.picture import Picture
from index_tools.search.maps import map_of, maps_of, place_as_read, place_in_part

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


@pytest.mark.parametrize("flipped", [False, True])
def test_a_photographed_screen_lies_with_its_corners_in_those_of_the_frame(flipped: bool) -> None:
    slanted = np.array([[30, 20], [200, 40], [190, 160], [10, 150]], np.float32)
    picture, name = barred(), "photographed_screen_mirrored" if flipped else "photographed_screen"
    hypothesis = Hypothesis(name, picture, (10, 20, 200, 160), flipped, slanted)
    place = place_as_read((hypothesis,), (320, 260), name)
    assert place is not None
    whole = np.array([[0, 0], [320, 0], [320, 260], [0, 260]], np.float32)
    there = cv2.perspectiveTransform(
        slanted[None], cv2.getPerspectiveTransform(whole, np.array(place, np.float32))
    )[0]
    corners = np.array([[1, 0], [0, 0], [0, 1], [1, 1]] if flipped else [[0, 0], [1, 0], [1, 1], [0, 1]])
    assert np.abs(there - corners).max() < 1e-3


def cut_out(size: tuple[int, int]) -> tuple[Picture, tuple[Hypothesis, ...]]:
    picture = Picture.of(np.random.default_rng(5).integers(0, 255, (size[1], size[0], 3), dtype=np.uint8))
    return picture, read_hypotheses(picture)


@pytest.mark.parametrize(
    ("size", "shape"), [((90, 160), (0.316, 1.0)), ((176, 99), (0.55, 0.55)), ((120, 120), (0.42, 0.75))]
)
def test_a_picture_that_is_a_part_lies_there_in_its_own_shape(
    size: tuple[int, int], shape: tuple[float, float]
) -> None:
    """In frames of 16:9; a square one is as large as the part, around its middle."""
    _, hypotheses = cut_out(size)
    frame = 1.0, 9 / 16
    for part, (left, upper, right, lower) in enumerate(PARTS):
        place = place_in_part(hypotheses, size, "mirrored", part, frame)
        assert place is not None
        there = np.array(place)
        low, high = there.min(axis=0), there.max(axis=0)
        assert there[0] == pytest.approx(low)
        assert low.min() >= -1e-6
        assert high.max() <= 1 + 1e-6
        assert (high - low)[0] * 16 / ((high - low)[1] * 9) == pytest.approx(size[0] / size[1], rel=0.01)
        # as large as the part, but for tall ones that would be higher than the frame
        assert np.prod(high - low) == pytest.approx((right - left) * (lower - upper), rel=0.04)
        if np.allclose(shape, (right - left, lower - upper), atol=0.01):
            assert [*low, *high] == pytest.approx([left, upper, right, lower], abs=0.01)


def test_a_map_leads_to_its_place() -> None:
    size, frame = (1.0, 0.75), (1.0, 0.5)
    place = ((0.2, 0.1), (0.8, 0.1), (0.8, 0.9), (0.2, 0.9))
    matrix = map_of(size, place, frame)
    corners = np.array([[0, 0, 1], [1.0, 0, 1], [1.0, 0.75, 1], [0, 0.75, 1]]) @ matrix.T
    assert corners[:, :2] / frame == pytest.approx(np.array(place))


def test_a_photographed_screen_has_no_place_in_a_part() -> None:
    assert place_in_part((), (100, 100), "photographed_screen", 0, (1.0, 0.5)) is None
