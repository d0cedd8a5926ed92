"""How sure the engine is of a match: the probability that it is right.

Before the film is looked at four things are known: the squared distance of the match, how much further
the best other scene lies, how much there is to see in the picture's color layout, and whether the
picture had to be cut or mirrored to match.  A logistic regression over them, `1 / (1 + exp(-z))`, was
fitted to right and wrong first matches; a second one adds what the film's own frame shows.

Fitted to 751 queries, frames of an animated film, three other clips and a film that was not in the
pack, in 24 classes of degradation: log loss 0.253 by layouts alone, 0.220 with the film's frame.
Claimed from 0.6 on, 61 % of queries were claimed rightly, 1.7 % wrongly, and 2.4 % of those whose film
was not in the pack.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

#: A picture that shows next to nothing is never claimed: its confidence stays below this.
FLAT_CONFIDENCE = 0.1
#: With a correlation below this the frame shows another picture, however alike the layouts (4 % of such
#: matches were right); even strongly cropped pictures correlate better with their frames.
UNLIKE, UNLIKE_CONFIDENCE = 0.2, 0.3

#: Set by hand, not fitted, after looking at a few wrong claims among frames of two clips.  An earlier form
#: of `from_closest` (the correlation of the closest frame alone) was tried on 126 other queries of these
#: clips and of films of pans over pictures, 42 of them of films not in the pack: none was claimed wrongly.
#: Constant, weight of the logarithm of agreeing places, weight of the correlation (by its inverse
#: hyperbolic tangent) in `from_alignment`.
ALIGNED = (-9.0, 2.2, 5.5)
#: The same for the frame that was found closest in the film, in `from_closest`: the right one is closer.
CLOSEST = (-11.0, 2.0, 6.5)


def detail(vector: NDArray[np.uint8]) -> int:
    """How much a color layout, uint8 (33,), says beyond its mean colour: the squared length of its
    other values.

    16 is the value of "nothing" in these places; 0 is a picture of one colour.
    """
    values = vector.astype(np.int32)
    others = np.concatenate([values[1:21], values[22:27], values[28:33]]) - 16
    return int((others * others).sum())


def from_layout(distance: float, margin: float, detail_of_query: float, *, as_is: bool = True) -> float:
    """The confidence of a match by color layouts alone.

    `distance` is its squared distance; `margin` is the squared distance of the best other scene less it
    (negative for a match that is not the first); `detail_of_query` is `detail` of the reading that
    matched.
    """
    z = (
        -0.98
        - 1.573 * math.log(distance + 3.0)
        + 0.0436 * min(max(margin, -40.0), 60.0)
        + 0.738 * math.log2(1.0 + detail_of_query)
        + (1.138 if as_is else 0.0)
    )
    return _probability(z)


def from_pixels(before: float, likeness: float) -> float:
    """The confidence of a match whose frame was compared with the picture itself.

    `before` is the confidence by color layouts, `likeness` the correlation, -1..1, of picture and frame.
    """
    odds = math.log((before + 1e-6) / (1 - before + 1e-6))
    agreement = math.atanh(min(max(likeness, -0.5), 0.995))
    confidence = _probability(-1.346 + 0.789 * min(max(odds, -6.0), 6.0) + 1.848 * agreement)
    return confidence if likeness >= UNLIKE else min(confidence, UNLIKE_CONFIDENCE)


def from_alignment(cells: int, overall: float, middle: float) -> float:
    """How sure it is that a picture shows a frame over which its local features lay it.

    `cells` is in how many places they agree, `overall` and `middle` the mean and the median correlation
    of the two pictures' blocks.
    """
    alike = math.atanh(min(max(0.5 * (overall + middle), -0.9), 0.97))
    return _probability(ALIGNED[0] + ALIGNED[1] * math.log(max(cells, 1)) + ALIGNED[2] * alike)


def from_closest(cells: int, likeness: float, middle: float) -> float:
    """How sure it is that a picture shows a scene whose closest frame is `likeness`, -1..1, like it.

    `cells` and `middle`, which captions do not lower, are those of the frame that it was laid over.
    """
    alike = math.atanh(min(max(0.5 * (likeness + max(likeness, middle)), -0.9), 0.97))
    return _probability(CLOSEST[0] + CLOSEST[1] * math.log(max(cells, 1)) + CLOSEST[2] * alike)


#: Constant, weights of the score, of the lead, and of the logarithm of the squared distance of color layouts.
EMBEDDED = (-3.0, 9.0, 18.0, -0.4)


def from_embedding(score: float, lead: float, distance: float) -> float:
    """The confidence of a scene by its scene embedding before the picture was laid over it.

    `score` is the similarity less what the picture has in common with anything, `lead` the score less that of
    the best other scene, `distance` the squared distance of color layouts beside.
    """
    constant, by_score, by_lead, by_distance = EMBEDDED
    near = math.log(min(distance, 2000.0) + 3.0)
    return _probability(
        constant + by_score * score + by_lead * min(max(lead, -0.5), 0.5) + by_distance * near
    )


def _probability(z: float) -> float:
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, z))))
