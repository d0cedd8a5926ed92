"""The scene embedding as packs hold it: one byte a value, and which network made it.

A vector is stored as 128 + its values in steps of 1/80.  A value then spreads over some five steps; none can
leave the byte, and what rounding does to a vector is some 3 degrees.  It is kept without sign because OpenCV
compares such rows as they lie in the file.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

NAME = "scene_embedding"
#: Steps to one, and what stands for zero, in the stored form.
STEPS, ZERO = 80, 128
#: The first values of a vector, which are in the order of what they tell: by these candidates are found.
PREFIX = 64


def stored(vectors: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Unit vectors float32 (…, values) in the form in which packs hold them, uint8 (…, values)."""
    return np.asarray(np.rint(vectors * np.float32(STEPS)) + ZERO, np.uint8)


def restored(rows: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Stored vectors uint8 (…, values) as float32, nearly of length 1."""
    return (rows.astype(np.float32) - np.float32(ZERO)) * np.float32(1 / STEPS)


def unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Vectors (n, values) brought to length 1; those of length 0 stay."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, np.float32(1e-6)), np.float32)
