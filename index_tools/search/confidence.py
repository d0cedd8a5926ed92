"""How sure the engine is of a match: the probability that it is right.

Logistic regressions, `1 / (1 + exp(-z))`, fitted to right and wrong matches, over what is known by then:

- by color layouts (`from_layout`): the squared distance of the match, how much further the best other scene
  lies, how much there is to see in the picture's layout, and whether the picture had to be cut or mirrored;
- where its whole frame was compared with the picture (`from_pixels`): their correlation besides;
- by scene embeddings (`from_embedding`): the score, its lead and the color layout;
- where the picture was laid over a frame or thumbnail (`from_evidence`): what `Evidence` holds.

The first two were fitted to 751 queries, frames of an animated film, three other clips and a film that was
not in the pack, in 24 classes of degradation: log loss 0.253 by layouts alone, 0.220 with the film's frame.
Of the weights of the others `fitted` tells.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index_tools.search import fitted

#: A picture that shows next to nothing is never claimed: its confidence stays below this.
FLAT_CONFIDENCE = 0.1
#: With a correlation below this the frame shows another picture, however alike the layouts (4 % of such
#: matches were right); even strongly cropped pictures correlate better with their frames.  So does one of
#: which not one block is the same and no feature agrees (1 of 100 was right, none was sure).
UNLIKE, UNLIKE_CONFIDENCE = 0.2, 0.3

#: Logits and correlations are kept within these bounds, beyond which they say no more.
_MOST_LOGIT, _MOST_CORRELATION = 6.0, 0.97
#: A lead of more says no more; it stands where there is no rival.
MOST_LEAD = 0.25


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a picture lying in a frame at some place.

    `before` is how sure the first answer was of that scene, 0..1; `cells` in how many places of the picture
    local features agree, `agreeing` the share, 0..1, of alike features that do; `overall`, `middle`,
    `same` and `blocks` are those of `likeness.Likeness`; `covered` is the share, 0..1, of the frame that
    the picture shows; `of_film` says that the frame is the film's own, not a thumbnail.  `lead` is `overall`
    less that of the best other shot over which the picture can be laid, where one was looked at.  `moment` is
    the correlation with the likeliest sketch of the shot, `overall` where there are no sketches.
    """

    before: float
    cells: int
    agreeing: float
    overall: float
    middle: float
    same: float
    blocks: int
    covered: float
    of_film: bool
    lead: float = MOST_LEAD
    moment: float | None = None

    def values(self) -> tuple[float, ...]:
        """What is weighted: ten numbers."""
        return (
            odds(self.before),
            math.log1p(self.cells),
            self.agreeing,
            bent(self.overall),
            bent(self.middle),
            self.same,
            math.log1p(self.blocks),
            self.covered,
            max(-MOST_LEAD, min(MOST_LEAD, self.lead)),
            bent(self.overall if self.moment is None else self.moment),
        )


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
    agreement = bent(likeness, -0.5, 0.995)
    confidence = _probability(-1.346 + 0.789 * odds(before) + 1.848 * agreement)
    return confidence if likeness >= UNLIKE else min(confidence, UNLIKE_CONFIDENCE)


def from_evidence(evidence: Evidence) -> float:
    """How sure it is that a picture shows the frame over which it was laid, 0..1."""
    constant, *weights = fitted.BY_FILM if evidence.of_film else fitted.BY_THUMBNAIL
    values = evidence.values()
    sure = _probability(constant + sum(w * value for w, value in zip(weights, values, strict=True)))
    nothing = evidence.same == 0 and evidence.cells == 0
    unlike = evidence.of_film and (evidence.overall < UNLIKE or nothing)
    return min(sure, UNLIKE_CONFIDENCE) if unlike else sure


def from_embedding(score: float, lead: float, distance: float) -> float:
    """The confidence of a scene by its scene embedding before the picture was laid over it.

    `score` is the similarity less what the picture has in common with anything, `lead` the score less that of
    the best other scene, `distance` the squared distance of color layouts beside.
    """
    constant, *weights = fitted.FIRST
    values = first_values(score, lead, distance)
    return _probability(constant + sum(w * value for w, value in zip(weights, values, strict=True)))


def first_values(score: float, lead: float, distance: float) -> tuple[float, float, float]:
    """What is weighted in the first step: three numbers."""
    return score, min(max(lead, -0.5), 0.5), math.log(min(distance, 2000.0) + 3.0)


def _probability(z: float) -> float:
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, z))))


def odds(probability: float) -> float:
    """The logarithm of the odds, within the bounds beyond which they say no more."""
    logit = math.log((probability + 1e-6) / (1 - probability + 1e-6))
    return max(-_MOST_LOGIT, min(_MOST_LOGIT, logit))


def bent(correlation: float, least: float = -0.9, most: float = _MOST_CORRELATION) -> float:
    """Fisher's transform of a correlation within bounds: differences near 1 count for more."""
    return math.atanh(max(least, min(most, correlation)))
