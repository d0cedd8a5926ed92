"""The color layout is the reference's to the bit."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index_tools.descriptors import color_layout


def test_every_golden_picture(golden: list[Any]) -> None:
    wrong = [one.name for one in golden if not np.array_equal(color_layout.describe(one.rgb), one.vector)]
    assert len(golden) == 53
    assert wrong == []


def test_every_golden_picture_in_batches(golden: list[Any]) -> None:
    by_size: dict[tuple[int, ...], list[Any]] = {}
    for one in golden:
        by_size.setdefault(one.rgb.shape, []).append(one)
    for group in by_size.values():
        # more than are computed in one go, in an order that mixes them
        order = [group[i * 7 % len(group)] for i in range(300 if group[0].rgb.size < 1e5 else len(group))]
        vectors = color_layout.describe_batch(np.stack([one.rgb for one in order]))
        assert np.array_equal(vectors, np.stack([one.vector for one in order])), group[0].name


def test_base64_of_golden_pictures(golden: list[Any]) -> None:
    for one in golden:
        assert color_layout.encode_base64(one.vector) == one.base64
        assert np.array_equal(color_layout.decode_base64(one.base64), one.vector)


def test_base64_of_the_service_manual() -> None:
    vector = color_layout.decode_base64("IBgHEw0NExYYDw4QDw8NEhARDg0TIgwaERMRGhMIDAsJ")
    assert vector[:21].tolist() == [
        *[32, 24, 7, 19, 13, 13, 19, 22, 24, 15, 14, 16, 15, 15, 13, 18, 16, 17, 14, 13, 19]
    ]
    assert vector[21:].tolist() == [34, 12, 26, 17, 19, 17, 26, 19, 8, 12, 11, 9]


@pytest.mark.parametrize("text", ["", "IBgH", "!!!!", "IBgHEw0NExYYDw4QDw8NEhARDg0TIgwaERMRGhMIDAsJAAAA"])
def test_what_is_no_wire_form_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"base64|33 bytes"):
        color_layout.decode_base64(text)


def test_block_means_give_the_same_as_pixels(golden: list[Any]) -> None:
    """A mean differs from the reference's sum times a reciprocal in the last bit at most."""
    for one in golden:
        height, width = one.rgb.shape[:2]
        if min(height, width) < 8 or one.name.startswith("tie-"):
            continue
        x, y = color_layout.block_edges(width), color_layout.block_edges(height)
        sums = np.add.reduceat(np.add.reduceat(one.rgb.astype(np.int64), y[:8], axis=0), x[:8], axis=1)
        counts = np.outer(np.diff(y), np.diff(x))[:, :, None]
        vector = color_layout.describe_block_means((sums / counts)[None])[0]
        assert np.array_equal(vector, one.vector), one.name


def test_many_block_means_at_once(golden: list[Any]) -> None:
    means = np.random.default_rng(5).uniform(0, 255, (700, 8, 8, 3))
    together = color_layout.describe_block_means(means)
    assert together.shape == (700, 33)
    for i in (0, 255, 256, 699):
        assert np.array_equal(color_layout.describe_block_means(means[i : i + 1])[0], together[i])


def test_frames_in_memory_of_others_and_upside_down(golden: list[Any]) -> None:
    """Read-only, unaligned and strided frames are read as they stand."""
    rgb = next(one for one in golden if one.name == "bunny-a-320x180").rgb
    expected = color_layout.describe(np.ascontiguousarray(rgb[::-1]))
    assert np.array_equal(color_layout.describe(rgb[::-1]), expected)
    shifted = np.frombuffer(b"\0" + rgb.tobytes(), np.uint8)[1:].reshape(rgb.shape)
    assert not shifted.flags.writeable
    assert np.array_equal(color_layout.describe(shifted), color_layout.describe(rgb))


def test_no_frames_give_no_vectors() -> None:
    assert color_layout.describe_batch(np.empty((0, 180, 320, 3), np.uint8)).shape == (0, 33)
    assert color_layout.describe_block_means(np.empty((0, 8, 8, 3))).shape == (0, 33)


@pytest.mark.parametrize(
    "frames",
    [np.zeros((1, 8, 8), np.uint8), np.zeros((1, 8, 8, 4), np.uint8), np.zeros((1, 8, 8, 3), np.int16)],
)
def test_another_shape_or_type_is_refused(frames: Any) -> None:
    with pytest.raises(ValueError, match="uint8"):
        color_layout.describe_batch(frames)


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 70),
    st.integers(1, 70),
    st.integers(1, 4),
    st.integers(0, 2**32 - 1),
)
def test_any_size_gives_exact_sums(width: int, height: int, count: int, seed: int) -> None:
    frames = np.random.default_rng(seed).integers(0, 256, (count, height, width, 3), dtype=np.uint8)
    from index_tools.descriptors.block_sums import block_sums

    x, y = color_layout.block_edges(width), color_layout.block_edges(height)
    sums = block_sums(frames)
    for row in range(8):
        for column in range(8):
            block = frames[:, y[row] : y[row + 1], x[column] : x[column + 1]]
            assert np.array_equal(sums[:, row, column], block.sum(axis=(1, 2), dtype=np.int64))


def test_tall_and_wide_pictures_give_exact_sums() -> None:
    """White adds up to the most that lanes can hold; taller bands than 256 rows are split."""
    from index_tools.descriptors.block_sums import block_counts, block_sums

    for height, width in ((2048, 20), (2056, 20), (5000, 9), (9, 5000), (1080, 1920)):
        frame = np.full((1, height, width, 3), 255, np.uint8)
        assert np.array_equal(block_sums(frame)[0, :, :, 0], block_counts(height, width) * 255)


def test_threads_do_not_disturb_each_other(golden: list[Any]) -> None:
    small = [one for one in golden if one.rgb.size < 300_000] * 8
    with ThreadPoolExecutor(4) as threads:
        vectors = list(threads.map(lambda one: color_layout.describe(one.rgb), small))
    assert all(np.array_equal(vector, one.vector) for vector, one in zip(vectors, small, strict=True))


def test_similarity_is_on_the_scale_of_the_service() -> None:
    assert color_layout.similarity(0) == 1.0
    assert color_layout.similarity(25.5) == pytest.approx(0.9)
    assert color_layout.similarity(255) == 0.0
    assert color_layout.similarity(4000) == 0.0
    assert np.allclose(color_layout.similarity(np.array([0, 51, 900])), [1.0, 0.8, 0.0])


@pytest.mark.parametrize(
    ("size", "fitted"),
    [
        ((64, 36), (320, 180)),
        ((1920, 1080), (320, 180)),
        ((1080, 1920), (180, 320)),
        ((320, 136), (320, 136)),
        ((1, 1), (320, 320)),
        ((3000, 2), (320, 1)),
    ],
)
def test_pictures_are_fitted_into_a_square(size: tuple[int, int], fitted: tuple[int, int]) -> None:
    rgb = color_layout.fit_for_query(np.full((size[1], size[0], 3), 77, np.uint8))
    assert rgb.shape == (fitted[1], fitted[0], 3)
    assert np.all(rgb == 77)


def test_a_fitted_picture_keeps_its_vector(golden: list[Any]) -> None:
    """Enlarging and looking at 320 pixels again moves a vector by no more than the page on it says."""
    for one in golden:
        if one.name.startswith(("bunny", "china", "coffee")):
            large = np.repeat(np.repeat(one.rgb, 4, axis=0), 4, axis=1)
            moved = color_layout.describe(color_layout.fit_for_query(large)).astype(int) - one.vector
            assert int((moved**2).sum()) <= 4, one.name
