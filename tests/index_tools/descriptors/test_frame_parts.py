"""The parts of a frame reach all over it, and each is of one of two shapes."""

from __future__ import annotations

import numpy as np

from index_tools.descriptors.frame_parts import PARTS


def test_they_lie_inside_and_reach_every_edge() -> None:
    boxes = np.array(PARTS)
    assert (boxes[:, 2:] > boxes[:, :2]).all()
    assert boxes.min() >= 0
    assert boxes.max() <= 1 + 1e-9
    for shape in ((0.316, 1.0), (0.55, 0.55)):
        own = boxes[np.isclose(boxes[:, 2:] - boxes[:, :2], shape).all(axis=1)]
        assert len(own) in (5, 9)
        assert own[:, :2].min(axis=0).tolist() == [0, 0]
        np.testing.assert_allclose(own[:, 2:].max(axis=0), 1)


def test_any_cut_of_their_shape_lies_mostly_in_one() -> None:
    numbers = np.random.default_rng(1)
    for width, height in ((0.316, 1.0), (0.55, 0.55)):
        for left, upper in numbers.uniform(0, 1, (200, 2)) * (1 - width, 1 - height):
            shared = max(
                max(0.0, min(left + width, box[2]) - max(left, box[0]))
                * max(0.0, min(upper + height, box[3]) - max(upper, box[1]))
                for box in PARTS
            )
            assert shared > 0.6 * width * height
