"""Sketches come back as they were but for small steps, and nothing else is taken for them."""

from __future__ import annotations

import struct

import numpy as np
import pytest
import zstandard

from index_tools.nouns import Sketches
from index_tools.pack.sketch_code import decode_sketches, encode_sketches


def moving(count: int, contrast: float = 60.0) -> Sketches:
    """A blob that walks over a gradient, four times a second."""
    rows, columns = np.mgrid[0:14, 0:24]
    steps = np.arange(count)[:, None, None]
    blob = np.exp(-((columns - 0.4 * steps) ** 2 + (rows - 7) ** 2) / 8)
    luma = 90 + contrast * (columns / 24 - 0.5) + contrast * blob
    return Sketches(np.arange(count) / 4 + 61.3337, luma.clip(0, 255).astype(np.uint8))


@pytest.mark.parametrize("contrast", [4.0, 25.0, 90.0])
def test_levels_come_back_within_a_step(contrast: float) -> None:
    shot = moving(40, contrast)
    back = decode_sketches(encode_sketches(shot))
    step = max(3, min(20, round(0.36 * float(shot.luma.std()))))
    numbers = np.searchsorted(back.times_s, shot.times_s + 1e-3, "right") - 1
    assert np.abs(back.times_s[numbers][0] - shot.times_s[0]) <= 0.0005
    off = np.abs(back.luma[numbers].astype(int) - shot.luma)
    assert (off > step).sum() <= 3 * len(off)  # of a sketch left out three cells at most were further off
    assert (np.diff(back.times_s) > 0).all()


def test_what_does_not_change_is_kept_once() -> None:
    numbers = np.random.default_rng(1)
    still = np.repeat(moving(1).luma, 200, 0).astype(int) + numbers.integers(0, 2, (200, 14, 24))
    block = encode_sketches(Sketches(np.arange(200) / 4, still.clip(0, 255).astype(np.uint8)))
    assert len(decode_sketches(block).times_s) <= 2
    assert len(block) < 400


def test_a_shot_without_sketches() -> None:
    none = Sketches(np.zeros(0), np.zeros((0, 14, 24), np.uint8))
    assert encode_sketches(none) == b""
    assert not len(decode_sketches(b"").times_s)


def test_what_is_no_block_of_sketches() -> None:
    with pytest.raises(ValueError, match="14 x 24"):
        encode_sketches(Sketches(np.zeros(2), np.zeros((2, 14, 23), np.uint8)))
    good = encode_sketches(moving(10))
    body = zstandard.ZstdDecompressor().decompress(good)
    packer = zstandard.ZstdCompressor()
    for block in (
        b"\0" * 40,
        good[:-1],
        good[:9],
        packer.compress(body[:-1]),
        packer.compress(body + bytes(340)),
        packer.compress(struct.pack("<IB", len(body), 0) + body[5:]),
    ):
        with pytest.raises(ValueError, match="sketches"):
            decode_sketches(block)


def test_a_block_that_promises_more_than_memory_holds_is_not_unpacked() -> None:
    bomb = zstandard.ZstdCompressor().compress(bytes(5 + 340 * 500_000))
    with pytest.raises(ValueError, match="not as long"):
        decode_sketches(bomb)
