from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from index_tools.opencv import cv2
from index_tools.search.alignment import Alignment, align, alike, moved, plausible, supported
from index_tools.search.features import Features, find_features, mirrored, negative
from index_tools.search.likeness import compare
from index_tools.search.pasted import pasted_distances

Rgb = NDArray[np.uint8]
#: left, top, right, bottom of a crop in shares of the frame.
CROP = (0.30, 0.20, 0.85, 0.80)


def drawn(seed: int) -> Rgb:
    """A picture of 60 shapes of many colours and sizes, 640 x 360."""
    numbers = np.random.default_rng(seed)
    rgb: Rgb = np.full((360, 640, 3), numbers.integers(60, 200, 3), np.uint8)
    for _ in range(60):
        colour = [int(value) for value in numbers.integers(0, 256, 3)]
        x, y, size = int(numbers.integers(640)), int(numbers.integers(360)), int(numbers.integers(8, 60))
        if numbers.random() < 0.5:
            cv2.circle(rgb, (x, y), size, colour, -1, cv2.LINE_AA)
        else:
            cv2.rectangle(rgb, (x, y), (x + size, y + size // 2), colour, -1)
    return rgb


def captioned(rgb: Rgb) -> Rgb:
    out = rgb.copy()
    for y in (60, 330):
        cv2.putText(out, "ONE DOES NOT FIND THIS", (10, y), 0, 1.5, (0, 0, 0), 12, cv2.LINE_AA)
        cv2.putText(out, "ONE DOES NOT FIND THIS", (10, y), 0, 1.5, (255, 255, 255), 4, cv2.LINE_AA)
    return out


def crop(rgb: Rgb) -> Rgb:
    height, width = rgb.shape[:2]
    left, top, right, bottom = CROP
    return rgb[int(top * height) : int(bottom * height), int(left * width) : int(right * width)].copy()


def found(picture: Rgb, frame: Rgb) -> Alignment | None:
    return aligned(find_features(picture, 360, 300), find_features(frame, 300, 260))


def aligned(picture: Features, frame: Features) -> Alignment | None:
    return align(alike([picture], [frame])[0][0])


@pytest.mark.parametrize("angle", [0.0, 7.0])
def test_a_crop_is_laid_where_it_came_from(angle: float) -> None:
    frame = drawn(1)
    part = crop(frame)
    height, width = part.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    picture = np.asarray(cv2.warpAffine(part, turn, (width, height)), np.uint8)
    alignment = found(picture, frame)
    assert alignment is not None
    middle = moved(alignment.matrix, np.array([[0.5, 0.5 * height / width]]))[0]
    assert middle == pytest.approx([(CROP[0] + CROP[2]) / 2, (CROP[1] + CROP[3]) / 2 * 360 / 640], abs=0.01)
    turned = np.degrees(np.arctan2(alignment.matrix[1, 0], alignment.matrix[0, 0]))
    assert turned == pytest.approx(angle, abs=1.5)


def test_a_mirrored_picture_is_found_without_looking_at_it_again() -> None:
    frame = find_features(drawn(2), 300, 260)
    turned = find_features(np.ascontiguousarray(drawn(2)[:, ::-1]), 360, 300)
    assert aligned(turned, frame) is None
    alignment = aligned(mirrored(turned), frame)
    assert alignment is not None
    assert alignment.matrix[:2] == pytest.approx(np.eye(3)[:2], abs=0.02)


def test_a_caption_in_common_lays_no_picture_over_another() -> None:
    alignment = found(captioned(drawn(3)), captioned(drawn(4)))
    if alignment is not None:
        likeness = compare(
            find_features(captioned(drawn(3)), 360, 300).luma,
            find_features(captioned(drawn(4)), 300, 260).luma,
            alignment.matrix,
        )
        assert likeness.middle < 0.5


def test_other_pictures_lie_nowhere() -> None:
    frames = [find_features(drawn(seed), 300, 260) for seed in range(10, 16)]
    asked = find_features(drawn(5), 360, 300)
    assert [align(pairs) for (pairs,) in alike([asked], frames)] == [None] * 6


def test_a_picture_without_features_lies_nowhere() -> None:
    plain = find_features(np.full((90, 160, 3), 90, np.uint8), 360, 300)
    assert not len(plain.points)
    assert aligned(plain, find_features(drawn(1), 300, 260)) is None
    assert alike([plain], []) == []


def test_no_picture_is_squeezed_to_a_line_or_turned_inside_out() -> None:
    assert plausible(np.diag([0.5, 0.5, 1.0]))
    assert plausible(np.diag([0.75, 1.0, 1.0]))
    assert not plausible(np.diag([0.4, 1.0, 1.0]))
    assert not plausible(np.diag([-1.0, 1.0, 1.0]))
    assert not plausible(np.diag([0.05, 0.05, 1.0]))


def test_blocks_see_neither_tint_nor_caption() -> None:
    frame = drawn(6)
    tinted = np.clip(frame * np.array([0.3, 0.5, 0.2]) + 20, 0, 255).astype(np.uint8)
    plain = find_features(frame, 300, 10).luma
    for edited in (tinted, captioned(frame)):
        assert compare(find_features(edited, 360, 10).luma, plain, np.eye(3)).middle > 0.9
    other = compare(find_features(drawn(7), 360, 10).luma, plain, np.eye(3))
    assert other.middle < 0.4


def test_the_frame_of_a_crop_is_told_by_color_layouts() -> None:
    """A shape wanders over the frame; the crop of one moment is nearest to that moment's layout."""
    from index_tools.descriptors.color_layout import describe_batch

    frames: list[Rgb] = []
    for step in range(20):
        frame = drawn(8)
        cv2.circle(frame, (150 + 18 * step, 180), 60, (250, 250, 250), -1)
        frames.append(frame)
    layouts = describe_batch(np.stack(frames))
    picture, reference = find_features(crop(frames[12]), 360, 10).luma, find_features(frames[3], 300, 10).luma
    scale = CROP[2] - CROP[0]
    matrix = np.array([[scale, 0, CROP[0]], [0, scale, CROP[1] * 360 / 640], [0, 0, 1.0]])
    distances = pasted_distances(layouts, picture, reference, matrix)
    assert abs(int(distances.argmin()) - 12) <= 1
    anything = np.full((2, 33), 255, np.uint8)
    assert np.isfinite(pasted_distances(anything, picture, reference, matrix)).all()


def test_the_negative_needs_no_second_look() -> None:
    frame = drawn(9)
    asked = negative(find_features(np.asarray(255 - crop(frame), np.uint8), 360, 300))
    there = aligned(asked, find_features(frame, 300, 260))
    assert there is not None
    assert there.cells >= 6
    assert compare(asked.luma, find_features(frame, 300, 10).luma, there.matrix).middle > 0.9


def test_a_known_place_is_supported_by_features_that_lie_there() -> None:
    frame = drawn(10)
    pairs = alike([find_features(frame, 360, 300)], [find_features(frame, 300, 260)])[0][0]
    here = supported(np.eye(3), pairs)
    assert here.inliers > 0.8 * here.pairs
    shifted = np.eye(3)
    shifted[0, 2] = 0.3
    assert supported(shifted, pairs).inliers < 0.1 * here.pairs
