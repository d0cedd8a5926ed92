from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from index_tools.measure.degradations import DEGRADATIONS, EXTRA, GROUPS, HOPELESS, PLAIN

#: The size that each class gives from 640 x 360, (height, width), where it does not depend on chance.
SIZES = {
    "jpeg30": (360, 640),
    "thumbnail": (90, 160),
    "rotate90": (640, 360),
    "squeeze": (360, 480),
    "window_4_3": (360, 480),
    "vertical_9_16": (360, 202),
}


def frame() -> NDArray[np.uint8]:
    y, x = np.mgrid[0:360, 0:640]
    waves = np.sin(x / 37)[..., None] * np.cos(y / 23)[..., None] * np.array([90, 60, 100])
    rgb: NDArray[np.uint8] = np.clip(128 + waves + (x[..., None] / 12), 0, 255).astype(np.uint8)
    return rgb


def test_there_are_thirty_in_three_groups() -> None:
    assert len(DEGRADATIONS) == 30
    assert {name: len(classes) for name, classes in GROUPS.items()} == {
        "plain": 6,
        "hopeless": 15,
        "extra": 9,
    }
    assert {**PLAIN, **HOPELESS, **EXTRA} == DEGRADATIONS


@pytest.mark.parametrize("name", DEGRADATIONS)
def test_a_seed_gives_one_picture_and_the_frame_is_left_alone(name: str) -> None:
    rgb = frame()
    one, same, other = (DEGRADATIONS[name](rgb, np.random.default_rng([seed, 1])) for seed in (4, 4, 5))
    assert one.dtype == np.uint8
    assert one.ndim == 3
    assert one.shape[2] == 3
    assert np.array_equal(one, same)
    assert np.array_equal(rgb, frame())
    if name not in {"identity", "jpeg30", "thumbnail", "mirror", "sepia", "grey", "invert", "squeeze"}:
        # there are only two quarter turns, and two seeds may draw the same
        assert name == "rotate90" or not np.array_equal(one, other)
    if name in SIZES:
        assert one.shape[:2] == SIZES[name]
    if name != "identity":
        assert one.shape != rgb.shape or not np.array_equal(one, rgb)


@pytest.mark.parametrize(("name", "area"), [("crop75", 0.75), ("crop50", 0.5), ("crop30", 0.3)])
def test_crops_keep_their_share_of_the_area(name: str, area: float) -> None:
    for seed in range(20):
        cropped = DEGRADATIONS[name](frame(), np.random.default_rng(seed))
        assert cropped.shape[0] * cropped.shape[1] / (360 * 640) == pytest.approx(area, abs=0.01)


def test_what_can_be_undone_is_what_it_says() -> None:
    numbers = np.random.default_rng(0)
    assert np.array_equal(DEGRADATIONS["mirror"](frame(), numbers)[:, ::-1], frame())
    assert np.array_equal(255 - DEGRADATIONS["invert"](frame(), numbers), frame())
    grey = DEGRADATIONS["grey"](frame(), numbers)
    assert np.array_equal(grey[..., 0], grey[..., 2])
    barred = DEGRADATIONS["letterbox"](frame(), numbers)
    bar = (barred.shape[0] - 360) // 2
    assert 28 <= bar <= 72
    assert np.array_equal(barred[bar:-bar], frame())
