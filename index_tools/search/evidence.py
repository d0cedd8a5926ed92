"""Whether a picture shows a scene: the proof by local features and by the pictures laid over each other."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from index_tools.nouns import Place
from index_tools.opencv import cv2
from index_tools.search.alignment import Alignment, Map, Pairs, align, alike, moved, supported
from index_tools.search.confidence import Evidence, from_evidence
from index_tools.search.features import Features, find_features, mirrored, negative
from index_tools.search.likeness import Likeness, compare
from index_tools.search.maps import map_of, maps_of
from index_tools.search.reading_names import both_ways
from index_tools.search.readings import Readings

#: The picture that is asked for: longer side, in pixels, and most features.
SIDE, MOST = 360, 300
#: A feature that is alike features of so many films, and of this share of the films looked at, is of
#: a text, a logo or a player, which any film may show: it has no voice, unless the pictures agree like this
#: (share of blocks that are the same) as well, as those of a song do that opens each episode.
COMMON_FILMS, COMMON_SHARE, AGREEING = 3, 0.4, 0.75

#: Corners less far apart, in units of the frame's longer side, are at one place; what features tell of a
#: thumbnail is no more exact.
NEARLY = 0.04

#: The pictures that are laid over frames, by number: as it is, mirrored, the negative.
PLAIN, MIRRORED, NEGATIVE = range(3)


@dataclass(frozen=True, eq=False, slots=True)
class Candidate:
    """What a picture is laid over: a frame, the film it is of, the name of the reading that led to it,
    and how sure the first answer was, 0..1.
    """

    frame: Features
    film: Hashable
    reading: str
    before: float
    of_film: bool = False


@dataclass(frozen=True, eq=False, slots=True)
class Proof:
    """Where in a frame the picture lies, and how sure that is, 0..1.

    `variant` is `PLAIN`, `MIRRORED` or `NEGATIVE`; `frame` is the frame that it lies in.
    """

    alignment: Alignment
    likeness: Likeness
    variant: int
    evidence: Evidence
    sureness: float
    frame: Features

    def leading(self, lead: float) -> Proof:
        """The same, with its lead before other shots known."""
        return self._with(replace(self.evidence, lead=lead))

    def at_moment(self, likeness: float) -> Proof:
        """The same, with how like the picture the likeliest sketch of the shot is."""
        return self._with(replace(self.evidence, moment=likeness))

    def _with(self, evidence: Evidence) -> Proof:
        return replace(self, evidence=evidence, sureness=from_evidence(evidence))


class Asked:
    """The picture that is asked for, as it is and mirrored, ready to be laid over frames."""

    def __init__(self, readings: Readings) -> None:
        """Whether the negative is laid over them too is for the readings to say."""
        features = find_features(readings.rgb, SIDE, MOST)
        self.variants: tuple[Features, ...] = (features, mirrored(features))
        if any(reading.name == "inverted" for reading in readings.all):
            self.variants = (*self.variants, negative(features))
        height, width = readings.rgb.shape[:2]
        self._maps = maps_of(readings.hypotheses, (width, height))
        self._heard: dict[Hashable, NDArray[np.bool_]] = {}

    def prove(self, candidates: Sequence[Candidate]) -> list[Proof | None]:
        """What each of the frames says; None where the picture cannot be laid over it."""
        pairs = alike(self.variants, [candidate.frame for candidate in candidates])
        for candidate, found in zip(candidates, pairs, strict=True):
            heard = self._heard.setdefault(candidate.film, np.zeros(len(self.variants[0].points), np.bool_))
            heard[found[PLAIN].mine] = True
        telling = self._telling()
        return [
            self._proof(found, telling, candidate) for candidate, found in zip(candidates, pairs, strict=True)
        ]

    def place(self, matrix: Map, variant: int, frame_aspect: tuple[float, float]) -> Place:
        """The picture's corners in a frame of that width and height (longer side 1): see `Match.place`."""
        features = self.variants[variant]
        width, height = features.aspect
        corners = np.array([[0.0, 0.0], [width, 0.0], [width, height], [0.0, height]])
        if variant == MIRRORED:
            corners[:, 0] = width - corners[:, 0]
        ends = moved(matrix, corners) / np.array(frame_aspect)
        first, second, third, fourth = ((float(x), float(y)) for x, y in ends)
        return first, second, third, fourth

    def placed(self, reading: str, place: Place, aspect: tuple[float, float]) -> list[tuple[int, Map]]:
        """What may lie at a place in a frame of that width and height (longer side 1) that a reading led to:
        which variant where, upright and mirrored.
        """
        matrix = map_of(self.variants[PLAIN].aspect, place, aspect)
        negative = reading == "inverted" and len(self.variants) > NEGATIVE
        return [(variant, matrix) for variant in ((NEGATIVE,) if negative else (PLAIN, MIRRORED))]

    def as_read(self, reading: str, aspect: tuple[float, float]) -> tuple[int, Map] | None:
        """Which variant lies where in a frame of that width and height (longer side 1), as a reading says."""
        known = self._maps.get(reading)
        if known is None:
            return None
        turned, matrix = known
        variant = NEGATIVE if reading == "inverted" else int(turned)
        return (variant, np.diag([*aspect, 1.0]) @ matrix) if variant < len(self.variants) else None

    def as_read_both_ways(self, reading: str, aspect: tuple[float, float]) -> list[tuple[int, Map]]:
        """What `as_read` says of the reading's picture upright and mirrored: a descriptor that does not mind
        mirroring led to the frame.
        """
        places = (self.as_read(name, aspect) for name in both_ways(reading))
        return [place for place in places if place is not None]

    def prove_at(self, candidate: Candidate, variant: int, matrix: Map) -> Proof:
        """What a frame says of a picture that lies there, or at a better place that its features tell."""
        found = alike(self.variants, [candidate.frame])[0]
        here = self._judged(supported(matrix, found[variant]), variant, candidate)
        other = self._proof(found, self._telling(), candidate)
        return other if other is not None and other.sureness > here.sureness else here

    def _telling(self) -> NDArray[np.bool_]:
        """Which features have a voice, bool (n,)."""
        films = len(self._heard)
        if films <= COMMON_FILMS:
            return np.ones(len(self.variants[0].points), np.bool_)
        heard = np.sum(list(self._heard.values()), axis=0)
        return np.asarray(heard < max(COMMON_FILMS, COMMON_SHARE * films), np.bool_)

    def _proof(
        self, found: Sequence[Pairs], telling: NDArray[np.bool_], candidate: Candidate
    ) -> Proof | None:
        laid = (self._laid(pairs, telling, variant, candidate) for variant, pairs in enumerate(found))
        proofs = [proof for proof in laid if proof is not None]
        best = max(proofs, key=lambda proof: proof.sureness, default=None)
        as_read = self.as_read(candidate.reading, candidate.frame.aspect)
        if as_read is not None:
            variant, matrix = as_read
            proof = self._judged(supported(matrix, found[variant]), variant, candidate)
            near = best is not None and variant == best.variant and self._near(best, matrix)
            if near or best is None or proof.sureness >= best.sureness:
                return proof
        return best

    def _laid(
        self, pairs: Pairs, telling: NDArray[np.bool_], variant: int, candidate: Candidate
    ) -> Proof | None:
        """Where the picture lies by its features; by the telling ones where the pictures do not agree."""
        alignment = align(pairs)
        if alignment is None:
            return None
        proof = self._judged(alignment, variant, candidate)
        if proof.likeness.same >= AGREEING or telling[pairs.mine].all():
            return proof
        alignment = align(pairs.chosen(telling[pairs.mine]))
        return None if alignment is None else self._judged(alignment, variant, candidate)

    def _near(self, proof: Proof, matrix: Map) -> bool:
        """Whether a picture lies nearly at the same place by a map as in a proof."""
        width, height = self.variants[0].aspect
        corners = np.array([[0.0, 0.0], [width, 0.0], [width, height], [0.0, height]])
        apart = moved(matrix, corners) - moved(proof.alignment.matrix, corners)
        return bool(np.abs(apart).max() < NEARLY)

    def _judged(self, alignment: Alignment, variant: int, candidate: Candidate) -> Proof:
        picture = self.variants[variant]
        likeness = compare(picture.luma, candidate.frame.luma, alignment.matrix)
        evidence = Evidence(
            before=candidate.before,
            cells=alignment.cells,
            agreeing=alignment.inliers / max(alignment.pairs, 1),
            overall=likeness.overall,
            middle=likeness.middle,
            same=likeness.same,
            blocks=likeness.blocks,
            covered=_covered(picture, candidate.frame, alignment.matrix),
            of_film=candidate.of_film,
        )
        return Proof(alignment, likeness, variant, evidence, from_evidence(evidence), candidate.frame)


def _covered(picture: Features, frame: Features, matrix: Map) -> float:
    """The share of the frame, 0..1, that the picture shows."""
    width, height = picture.aspect
    corners = np.array([[0.0, 0.0], [width, 0.0], [width, height], [0.0, height]])
    laid = moved(matrix, corners).astype(np.float32)
    whole = np.array([[0, 0], [frame.aspect[0], 0], frame.aspect, [0, frame.aspect[1]]], np.float32)
    if not np.isfinite(laid).all():
        return 0.0
    shared, _ = cv2.intersectConvexConvex(np.ascontiguousarray(laid), whole)
    return min(1.0, max(0.0, float(shared)) / math.prod(frame.aspect))
