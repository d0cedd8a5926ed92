"""What lines are asked for, against the same asked pixel by pixel."""

from __future__ import annotations

import numpy as np
import pytest

from index_tools.side_lines import Rgb, far, side_lines

QUIET, STEP, CHANGE = 6, 10, 8


def picture(seed: int) -> Rgb:
    """A noisy picture on a quiet ground, uint8 (h, w, 3)."""
    rng = np.random.default_rng(seed)
    height, width = int(rng.integers(20, 50)), int(rng.integers(24, 60))
    rgb = np.full((height, width, 3), rng.integers(0, 250, 3), np.uint8)
    rgb += rng.integers(0, 4, rgb.shape, np.uint8)
    top, left = int(rng.integers(0, 8)), int(rng.integers(4, 10))
    part = rgb[top : height - 3, left : width - 4]
    part[:] = rng.integers(0, 255, part.shape)
    return rgb


def apart(rgb: Rgb, one: tuple[int, int], other: tuple[int, int]) -> int:
    """How far two pixels, row and column, are apart in any colour."""
    return int(np.abs(rgb[one].astype(int) - rgb[other].astype(int)).max())


def asked(rgb: Rgb, line: int, y: int) -> tuple[bool, bool, bool]:
    """Whether one pixel of a line is quiet outside, has a step to the inside, and changes along it."""
    height, width = rgb.shape[:2]

    def still(x: int) -> bool:
        beside = [other for other in (y - 1, y + 1) if 0 <= other < height]
        return all(apart(rgb, (y, x), (other, x)) <= QUIET for other in beside)

    quiet = line >= 3 and still(line - 2) and still(line - 3)
    quiet = quiet and apart(rgb, (y, line - 2), (y, line - 3)) <= QUIET
    step = quiet and apart(rgb, (y, line), (y, line - 2)) > STEP
    change = line + 1 < width and 2 <= y < height - 2
    change = change and apart(rgb, (y + 2, line + 1), (y - 2, line + 1)) > CHANGE
    return quiet, step, change


@pytest.mark.parametrize("seed", range(12))
def test_shares_are_those_of_the_single_pixels(seed: int) -> None:
    rgb = picture(seed)
    height = len(rgb)
    found = side_lines(rgb, 6)
    starts = np.random.default_rng(seed).integers(0, height // 2, len(found.lines))
    ends = starts + height // 3
    shares = found.shares(found.lines, starts, ends)
    for number, line in enumerate(found.lines):
        rows = range(int(starts[number]), int(ends[number]))
        quiet, step, change = np.mean([asked(rgb, int(line), y) for y in rows], axis=0)
        told = [float(kind[number]) for kind in shares]
        assert told == pytest.approx([1, 1, change] if line == 0 else [quiet, step, change])


def test_the_side_of_a_picture_is_among_the_lines() -> None:
    rgb = np.full((40, 60, 3), 200, np.uint8)
    rgb[5:35, 17:] = np.random.default_rng(0).integers(0, 150, (30, 43, 3))
    assert 17 in side_lines(rgb, 6).lines
    assert list(side_lines(np.full((40, 60, 3), 200, np.uint8), 6).lines) == [0]


def test_some_of_the_lines_alone_can_be_asked() -> None:
    rgb = np.full((40, 60, 3), 200, np.uint8)
    rgb[5:35, 12:20] = 90
    rgb[2:30, 31:41] = 20
    found = side_lines(rgb, 6)
    assert list(found.lines[:1]) == [0]
    assert len(found.lines) > 2
    start, end = np.array(2), np.array(18)
    every = found.shares(found.lines, start, end)
    some = found.shares(found.lines[[2, 0]], start, end)
    for all_of_them, few in zip(every, some, strict=True):
        assert list(few) == [all_of_them[2], all_of_them[0]]


def test_colours_are_as_far_apart_as_their_most_different_one() -> None:
    one, other = (
        np.random.default_rng(seed).integers(0, 256, (9, 11, 3)).astype(np.uint8) for seed in (1, 2)
    )
    assert np.array_equal(far(one, other), np.abs(one.astype(int) - other.astype(int)).max(axis=2))
