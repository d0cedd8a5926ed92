"""Whether a picture shows a scene: the proof by local features and by the pictures laid over each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index_tools.nouns import Place
from index_tools.search.alignment import Alignment, Map, align_all, moved
from index_tools.search.confidence import from_alignment
from index_tools.search.features import Features, find_features, mirrored
from index_tools.search.likeness import Likeness, compare

#: The picture that is asked for: longer side, in pixels, and most features.
SIDE, MOST = 360, 300


@dataclass(frozen=True, eq=False, slots=True)
class Proof:
    """Where in a frame the picture lies, and how sure that is, 0..1.

    `turned` says that it is the mirror image that does; `frame` is the frame that it lies in.
    """

    alignment: Alignment
    likeness: Likeness
    turned: bool
    sureness: float
    frame: Features


class Asked:
    """The picture that is asked for, as it is and mirrored, ready to be laid over frames."""

    def __init__(self, rgb: NDArray[np.uint8]) -> None:
        """`rgb` is uint8 (h, w, 3)."""
        features = find_features(rgb, SIDE, MOST)
        self.both: tuple[Features, Features] = (features, mirrored(features))

    def prove(self, frames: Sequence[Features]) -> list[Proof | None]:
        """What each of the frames says; None where the picture cannot be laid over it."""
        return [
            self._proof(found, frame)
            for found, frame in zip(align_all(self.both, frames), frames, strict=True)
        ]

    def place(self, matrix: Map, turned: bool, frame_aspect: tuple[float, float]) -> Place:
        """The picture's corners in a frame of that width and height (longer side 1): see `Match.place`."""
        features = self.both[turned]
        width, height = features.aspect
        corners = np.array([[0.0, 0.0], [width, 0.0], [width, height], [0.0, height]])
        if turned:
            corners[:, 0] = width - corners[:, 0]
        ends = moved(matrix, corners) / np.array(frame_aspect)
        first, second, third, fourth = ((float(x), float(y)) for x, y in ends)
        return first, second, third, fourth

    def _proof(self, found: Sequence[Alignment | None], frame: Features) -> Proof | None:
        best: Proof | None = None
        for turned, alignment in enumerate(found):
            if alignment is None:
                continue
            likeness = compare(self.both[turned].luma, frame.luma, alignment.matrix)
            sureness = from_alignment(alignment.cells, likeness.overall, likeness.middle)
            if best is None or sureness > best.sureness:
                best = Proof(alignment, likeness, bool(turned), sureness, frame)
        return best
