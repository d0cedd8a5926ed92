"""The color layout descriptor: 33 values for a picture, the same to the bit as trace.moe's.

Mean colours of 8 x 8 blocks, turned to Y Cb Cr, transformed by a DCT, of which the first 21 values of Y and
6 of each colour are kept, coarsely quantised (MPEG-7 color layout in trace.moe's variant of 2026).  The
order of every sum and every rounding is the reference's; sums of more than two floating point numbers are
therefore written as loops over array operations, never as matrix products, which may add in another order.

Pure functions of their arguments; safe to call from several threads.
"""

from __future__ import annotations

import base64
import binascii
from typing import overload

import numpy as np
from numpy.typing import NDArray

from index_tools.descriptors.block_sums import block_counts, block_edges, block_sums
from index_tools.descriptors.color_layout_tables import COSINES, PLACES, QUANTISED, QUANTISED_ZERO
from index_tools.descriptors.fitting import fit_for_query

__all__ = [
    "SIZE",
    "block_edges",
    "decode_base64",
    "describe",
    "describe_batch",
    "describe_block_means",
    "encode_base64",
    "fit_for_query",
    "similarity",
]

#: Values of a vector: 21 of Y, 6 of Cb, 6 of Cr.
SIZE = 33

# Vectors computed in one go; the tables of so many frames stay in the cache.
_AT_ONCE = 256
# Rows and columns of the DCT that are kept of Y and of Cb and Cr (zig-zag, 21 and 6 values).
_LUMA_ORDER, _CHROMA_ORDER = 6, 3


def describe(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The vector, uint8 (33,), of pixels uint8 (h, w, 3) as they are."""
    return describe_batch(rgb[None]).reshape(SIZE)


def describe_batch(frames: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The vectors, uint8 (n, 33), of frames uint8 (n, h, w, 3) of one size.

    Raises ValueError for another shape or type.
    """
    if frames.dtype != np.uint8 or frames.ndim != 4 or frames.shape[3] != 3 or not all(frames.shape[1:3]):
        raise ValueError(f"frames are uint8 (n, height, width, 3), not {frames.dtype} {frames.shape}")
    frames = np.ascontiguousarray(frames)
    counts = block_counts(frames.shape[1], frames.shape[2])[:, :, None]
    used = counts > 0
    inverse = np.where(used, 1.0 / (np.maximum(counts, 1) * 256), 0.0)
    vectors = np.empty((len(frames), SIZE), np.uint8)
    for start in range(0, len(frames), _AT_ONCE):
        sums = block_sums(frames[start : start + _AT_ONCE])
        colours = np.ascontiguousarray(sums.transpose(3, 1, 2, 0), np.float64)
        colours *= inverse
        vectors[start : start + _AT_ONCE] = _vectors(colours, used)
    return vectors


def describe_block_means(means: NDArray[np.float64]) -> NDArray[np.uint8]:
    """The vectors, uint8 (n, 33), of the mean colours of the blocks, float64 (n, 8, 8, 3) RGB 0..255.

    All 64 blocks count as used.  The reference multiplies a sum by 1 / (count * 256); a mean, rounded once
    to double before, can differ from that in its last bit.  Raises ValueError for another shape.
    """
    if means.ndim != 4 or means.shape[1:] != (8, 8, 3):
        raise ValueError(f"block means are (n, 8, 8, 3), not {means.shape}")
    vectors = np.empty((len(means), SIZE), np.uint8)
    used = np.ones((8, 8, 1), np.bool_)
    for start in range(0, len(means), _AT_ONCE):
        part = means[start : start + _AT_ONCE]
        colours = np.ascontiguousarray(part.transpose(3, 1, 2, 0), np.float64)
        vectors[start : start + _AT_ONCE] = _vectors(colours * (1.0 / 256.0), used)
    return vectors


def _vectors(colours: NDArray[np.float64], used: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """From colours (3, 8, 8, n) in 0..0.996 and the blocks in use (8, 8, 1) to vectors (n, 33)."""
    red, green, blue = colours
    luma = 0.299 * red
    luma += 0.587 * green
    luma += 0.114 * blue
    tables = np.empty((3, *red.shape))
    np.add(219.0 * luma, 16.5, out=tables[0])
    np.add(126.336 * (blue - luma), 128.5, out=tables[1])
    np.add(159.712 * (red - luma), 128.5, out=tables[2])
    np.floor(tables, out=tables)
    if not used.all():
        tables *= used
    luma_terms = _dct(tables[:1], _LUMA_ORDER).reshape(_LUMA_ORDER**2, -1)
    chroma_terms = _dct(tables[1:], _CHROMA_ORDER).reshape(2 * _CHROMA_ORDER**2, -1)
    # places in the concatenation of both, shifted to the quantiser that each place has
    terms = np.concatenate([luma_terms, chroma_terms])[PLACES]
    terms += QUANTISED_ZERO
    return np.ascontiguousarray(QUANTISED.take(terms.astype(np.int32), mode="clip").T)


def _dct(tables: NDArray[np.float64], order: int) -> NDArray[np.float64]:
    """The first `order` rows and columns of the DCT of tables (m, 8, 8, n), whole numbers."""
    middle: NDArray[np.float64] | None = None
    for k in range(8):
        product = COSINES[:order, k, None] * tables[:, :, k, None, :]
        middle = product if middle is None else np.add(middle, product, out=middle)
    assert middle is not None
    middle = middle.astype(np.float32).astype(np.float64)
    result: NDArray[np.float64] | None = None
    for k in range(8):
        product = COSINES[:order, k, None, None] * middle[:, k, None, :, :]
        result = product if result is None else np.add(result, product, out=result)
    assert result is not None
    result += 0.499999
    return np.floor(result, out=result)


@overload
def similarity(squared_distance: float) -> float: ...
@overload
def similarity(squared_distance: NDArray[np.generic]) -> NDArray[np.float64]: ...
def similarity(squared_distance: float | NDArray[np.generic]) -> float | NDArray[np.float64]:
    """Similarity 0..1 on trace.moe's scale of a squared distance: (255 - d) / 255, not below 0."""
    if isinstance(squared_distance, np.ndarray):
        return np.clip((255.0 - squared_distance.astype(np.float64)) / 255.0, 0.0, 1.0)
    return min(1.0, max(0.0, (255.0 - float(squared_distance)) / 255.0))


def encode_base64(vector: NDArray[np.uint8]) -> str:
    """The wire form of a vector: its 33 bytes in base64, 44 characters."""
    if vector.shape != (SIZE,) or vector.dtype != np.uint8:
        raise ValueError(f"a color layout is uint8 ({SIZE},), not {vector.dtype} {vector.shape}")
    return base64.b64encode(vector.tobytes()).decode("ascii")


def decode_base64(text: str) -> NDArray[np.uint8]:
    """The vector of a wire form.  Raises ValueError if it is not base64 of 33 bytes."""
    try:
        data = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError(f"not base64: {error}") from error
    if len(data) != SIZE:
        raise ValueError(f"a color layout has {SIZE} bytes, not {len(data)}")
    return np.frombuffer(data, np.uint8)
