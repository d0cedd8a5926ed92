"""The constants of the color layout descriptor: cosines, zig-zag and quantisers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

# Seven digits, as the reference has them; the exact cosines give other vectors.
_A, _B, _C, _D = 0.4903926, 0.4157348, 0.2777851, 0.09754516
_E, _F, _G = 0.4619398, 0.1913417, 0.3535534

#: Row u holds the cosine of frequency u at the eight places, float64 (8, 8).
COSINES: NDArray[np.float64] = np.array(
    [
        [_G, _G, _G, _G, _G, _G, _G, _G],
        [_A, _B, _C, _D, -_D, -_C, -_B, -_A],
        [_E, _F, -_F, -_E, -_E, -_F, _F, _E],
        [_B, -_D, -_A, -_C, _C, _A, _D, -_B],
        [_G, -_G, -_G, _G, _G, -_G, -_G, _G],
        [_C, -_A, _D, _B, -_B, -_D, _A, -_C],
        [_F, -_E, _E, -_F, -_F, _E, -_E, _F],
        [_D, -_C, _B, -_A, _A, -_B, _C, -_D],
    ]
)

# (row, column) of the first 21 places of the zig-zag of JPEG.
_ZIGZAG = [
    *[(0, 0), (0, 1), (1, 0), (2, 0), (1, 1), (0, 2), (0, 3), (1, 2), (2, 1), (3, 0), (4, 0)],
    *[(3, 1), (2, 2), (1, 3), (0, 4), (0, 5), (1, 4), (2, 3), (3, 2), (4, 1), (5, 0)],
]

#: Place of each of the 33 values in 6 x 6 terms of Y followed by 3 x 3 of Cb and 3 x 3 of Cr.
PLACES: NDArray[np.intp] = np.array(
    [row * 6 + column for row, column in _ZIGZAG]
    + [36 + row * 3 + column for row, column in _ZIGZAG[:6]]
    + [45 + row * 3 + column for row, column in _ZIGZAG[:6]],
    np.intp,
)


def _luma_mean(value: int) -> int:
    value >>= 3
    if value > 192:
        step = 112 + ((value - 192) >> 2)
    elif value > 160:
        step = 96 + ((value - 160) >> 1)
    elif value > 96:
        step = 32 + (value - 96)
    elif value > 64:
        step = 16 + ((value - 64) >> 1)
    else:
        step = value >> 2
    return step >> 1


def _chroma_mean(value: int) -> int:
    value >>= 3
    if value > 191:
        return 63
    if value > 160:
        return 56 + ((value - 160) >> 2)
    if value > 144:
        return 48 + ((value - 144) >> 1)
    if value > 112:
        return 16 + (value - 112)
    if value > 96:
        return 8 + ((value - 96) >> 1)
    return (value - 64) >> 2 if value > 64 else 0


def _chroma_detail(value: int) -> int:
    value = min(255, max(-256, value))
    size = abs(value)
    if size > 127:
        size = 64 + (size >> 2)
    elif size > 63:
        size = 32 + (size >> 1)
    return (128 - size if value < 0 else 128 + size) >> 3


def _luma_detail(value: int) -> int:
    return _chroma_detail(value >> 1)


# Terms of the DCT lie within +-1976: eight times a table of values up to 240 and cosines up to 0.5.
_LOWEST, _HIGHEST = -2048, 2047


def _table(quantiser: Callable[[int], int]) -> list[int]:
    return [quantiser(value) & 255 for value in range(_LOWEST, _HIGHEST + 1)]


#: The quantisers as one table of uint8, each over the terms -2048..2047, one after the other.
QUANTISED: NDArray[np.uint8] = np.array(
    _table(_luma_mean) + _table(_luma_detail) + _table(_chroma_mean) + _table(_chroma_detail), np.uint8
)

#: Index in `QUANTISED` of the term 0 of each of the 33 values, float64 (33, 1).
QUANTISED_ZERO: NDArray[np.float64] = (
    np.array([0] + [1] * 20 + ([2] + [3] * 5) * 2, np.float64)[:, None] * (_HIGHEST - _LOWEST + 1) - _LOWEST
)
