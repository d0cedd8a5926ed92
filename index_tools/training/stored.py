"""How vectors are kept on disk: one byte a value."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

STEP = 1 / 80
"""What one level of a stored value stands for: with 256 values, a fifth of a value's usual size."""


def stored_vectors(vectors: NDArray[np.float32]) -> NDArray[np.int8]:
    """Unit vectors in steps of `STEP`, int8 of the same shape."""
    return np.clip(np.rint(vectors / STEP), -127, 127).astype(np.int8)
