"""Bringing a picture to the size at which trace.moe looks at it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

#: Longer side of a prepared query, in pixels.
QUERY_SIDE = 320


def fit_for_query(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Pixels uint8 (h, w, 3) fitted into 320 x 320: aspect kept, enlarged too, Lanczos-3."""
    height, width = rgb.shape[:2]
    scale = QUERY_SIDE / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    if size == (width, height):
        return rgb
    return np.array(Image.fromarray(rgb).resize(size, Image.Resampling.LANCZOS))
