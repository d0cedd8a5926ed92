"""How sure the engine is of a match: the probability that it is right.

Three things are known before the film is looked at: the squared distance of the match, how much further
the best other scene lies, and how much there is to see in the picture's color layout.  Logistic
regressions over them, `1 / (1 + exp(-z))`, were fitted to right and wrong first matches.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

#: A picture that shows next to nothing is never claimed: its confidence stays below this.
FLAT_CONFIDENCE = 0.1


def detail(vector: NDArray[np.uint8]) -> int:
    """How much a color layout, uint8 (33,), says beyond its mean colour: the squared length of its
    other values.

    16 is the value of "nothing" in these places; 0 is a picture of one colour.
    """
    values = vector.astype(np.int32)
    others = np.concatenate([values[1:21], values[22:27], values[28:33]]) - 16
    return int((others * others).sum())


def from_layout(distance: float, margin: float, detail_of_query: float) -> float:
    """The confidence of a match by color layouts alone.

    `distance` is its squared distance; `margin` is the squared distance of the best other scene less it
    (negative for a match that is not the first); `detail_of_query` is `detail` of the reading that
    matched.
    """
    z = (
        5.0
        - 0.20 * distance
        + 0.05 * min(max(margin, -40.0), 40.0)
        + 0.6 * (math.log2(1.0 + detail_of_query) - 7.0)
    )
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, z))))


def from_pixels(before: float, likeness: float) -> float:
    """The confidence of a match whose frame was compared with the picture itself.

    `before` is the confidence by color layouts, `likeness` the correlation, -1..1, of picture and frame.
    """
    z = math.log((before + 1e-6) / (1 - before + 1e-6)) * 0.3 + 14.0 * (likeness - 0.72)
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, z))))
