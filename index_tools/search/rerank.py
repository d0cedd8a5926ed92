"""Which of the first scenes a picture really comes from, by laying it over them.

First over the packs' thumbnails, which is quick, a few more at a time until one is sure; then, where films
are at hand, over the frames of the scenes of which the thumbnails spoke, or of the first ones where they
were silent.  How much is looked at is counted, not timed, so that a busy machine finds the same.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from index_tools.errors import FilmError
from index_tools.nouns import Match, Place
from index_tools.progress import Progress
from index_tools.search.alignment import Map
from index_tools.search.closest import Closest, closest_frame
from index_tools.search.evidence import Asked, Candidate, Proof
from index_tools.search.features import Features, find_features
from index_tools.search.films import Films
from index_tools.search.pasted import pasted_distances
from index_tools.search.references import FRAME_FEATURES, FRAME_SIDE, References
from index_tools.search.scenes import LONGEST_S, REACH_S

#: Scenes whose thumbnails are looked at together, one batch after the other until one is as sure as this.
BATCHES, SURE = (3, 5, 8, 14), 0.75
#: So many scenes are enough where the network ranked them, and where nothing else explained the picture.
WELL_RANKED, LAST_RESORT = 16, 8
#: Scenes that are looked at in their films: of those whose thumbnails speak, at least so sure, ...
RIVALS, WORTH = 3, 0.15
#: ... of the one that the first step found likeliest, which no other overrules unseen, ...
FIRST = 0
#: ... and of others, until one is settled.
SILENT, SETTLED = 4, 0.75
#: How near a rival must come to one that is (logits) to be looked at too; where that one correlates less
#: than this, it may be another moment before the same background.
NEAR, CLEAR, STILL_NEAR = 0.5, 0.95, 1.7
#: Color layouts tell the likeliest time; the film is decoded so far around it (seconds), and a frame that
#: correlates with the picture like this is the one.
AROUND_S, SAME = 0.45, 0.985
#: Otherwise the shot is looked through with few frames, at most so far around what led to it, and then
#: with all so far around the frame found.
THROUGH_S, CLOSELY_S = 3.0, 0.25


@dataclass(frozen=True, eq=False, slots=True)
class Found:
    """A scene that the picture was laid over: which of the matches, by what, the frame's time and the
    scene's bounds, and the place of the picture in the frame.
    """

    number: int
    proof: Proof
    at_s: float
    start_s: float
    end_s: float
    place: Place

    @property
    def sureness(self) -> float:
        """How sure it is, 0..1."""
        return self.proof.sureness


class Reranker:
    """One picture's way through the matches."""

    def __init__(
        self, asked: Asked, references: References, films: Films, progress: Progress | None = None
    ) -> None:
        self._asked = asked
        self._references = references
        self._films = films
        self._progress = progress

    def best(self, matches: Sequence[Match]) -> Found | None:
        """The scene, of matches in different shots, that the picture most likely lies in; None where nothing
        speaks for any.

        Raises `Cancelled`.
        """
        proofs = self._by_thumbnails(matches)
        ranked = sorted(proofs, key=lambda number: -proofs[number].sureness)
        looked: list[Found] = []
        rivals = [n for n in ranked if proofs[n].sureness > WORTH][:RIVALS]
        if rivals and FIRST in proofs:
            rivals = [FIRST, *(number for number in rivals if number != FIRST)]
        for number in rivals:
            best = _best(looked)
            if number != ranked[0] and best is not None and best.sureness >= SETTLED:
                clear = best.proof.likeness.overall >= CLEAR
                behind = _logit(proofs[ranked[0]]) - _logit(proofs[number])
                if behind > (NEAR if clear else STILL_NEAR):
                    break
            looked.append(self._exactly(matches[number], number, proofs[number]))
        best = _best(looked)
        if best is None or best.sureness < SETTLED:
            by_frames = self._by_frames(matches, proofs)
            for number in sorted(by_frames, key=lambda n: -by_frames[n].sureness)[:1]:
                looked.append(self._exactly(matches[number], number, by_frames[number]))
        if not looked and ranked:
            looked.append(self._guessed(matches[ranked[0]], ranked[0], proofs[ranked[0]]))
        best = _best(looked)
        return None if best is None else _against(best, looked, proofs)

    def _by_thumbnails(self, matches: Sequence[Match]) -> dict[int, Proof]:
        proofs: dict[int, Proof] = {}
        first = 0
        for count in BATCHES:
            self._check()
            candidates: dict[int, Candidate] = {}
            for number, match in enumerate(matches[first : first + count], first):
                features = self._references.thumbnail(match)
                if features is not None:
                    candidates[number] = _candidate(match, features)
            found = self._asked.prove(list(candidates.values()))
            proofs |= {number: proof for number, proof in zip(candidates, found, strict=True) if proof}
            first += count
            if any(proof.sureness >= SURE for proof in proofs.values()):
                break
        return proofs

    def _by_frames(self, matches: Sequence[Match], proofs: Mapping[int, Proof]) -> dict[int, Proof]:
        """What a frame of the first scenes says of which the thumbnails said nothing."""
        silent = [n for n in range(len(matches)) if n not in proofs or proofs[n].sureness <= WORTH]
        found: dict[int, Proof] = {}
        for number in silent[:SILENT]:
            self._check()
            features = self._references.frame(matches[number], self._films)
            if features is None:
                continue
            proof = self._asked.prove([_candidate(matches[number], features, of_film=True)])[0]
            if proof is not None and proof.sureness > WORTH:
                found[number] = proof
                if proof.sureness >= SETTLED:
                    break
        return found

    def _guessed(self, match: Match, number: int, proof: Proof) -> Found:
        """A scene that next to nothing speaks for, as it is known."""
        return self._found(match, number, proof, match.at_s, (match.start_s, match.end_s))

    def _exactly(self, match: Match, number: int, proof: Proof) -> Found:
        """The frame of the shot that is most like the picture: in the film, or by color layouts.

        The whole shot is looked at: in a long one another part may show the same things.
        """
        picture, matrix = self._asked.variants[proof.variant].luma, proof.alignment.matrix
        shot = self._references.shot(match)
        if shot is None or not len(shot.times_s):
            return self._guessed(match, number, proof)
        distances = pasted_distances(shot.layouts, picture, proof.frame.luma, matrix)
        likely_s = float(shot.times_s[int(distances.argmin())])
        bounds = shot.start_s, shot.end_s
        closest = self._in_film(match, bounds, likely_s, proof)
        if closest is None:
            return self._found(match, number, proof, likely_s, bounds)
        frame = _candidate(match, find_features(closest.luma, FRAME_SIDE, FRAME_FEATURES), of_film=True)
        proof = self._asked.prove_at(frame, proof.variant, closest.matrix)
        return self._found(match, number, proof, closest.at_s, bounds)

    def _found(
        self, match: Match, number: int, proof: Proof, at_s: float, shot: tuple[float, float]
    ) -> Found:
        width, height = match.video.width, match.video.height
        aspect = width / max(width, height), height / max(width, height)
        place = self._asked.place(proof.alignment.matrix, proof.variant, aspect)
        start_s, end_s = match.start_s, match.end_s
        if proof.likeness.overall < SAME:
            # which moment of the shot it is remains open
            start_s, end_s = max(shot[0], at_s - LONGEST_S / 2), min(shot[1], at_s + LONGEST_S / 2)
        elif not start_s <= at_s <= end_s:
            # another part of the shot than the one that led here
            start_s, end_s = max(shot[0], at_s - REACH_S), min(shot[1], at_s + REACH_S)
        return Found(number, proof, at_s, start_s, end_s, place)

    def _in_film(
        self,
        match: Match,
        shot: tuple[float, float],
        likely_s: float,
        proof: Proof,
    ) -> Closest | None:
        """The frame of the shot that is most like the picture; None without the film."""
        reader = self._films.reader(self._references.film(match))
        if reader is None:
            return None
        picture, matrix = self._asked.variants[proof.variant].luma, proof.alignment.matrix
        best: Closest | None = None

        def look(around_s: float, at_s: float, place: Map, *, sparse: bool = False) -> None:
            nonlocal best
            stretch = max(shot[0], at_s - around_s) - 1e-4, min(shot[1], at_s + around_s) + 1e-4
            found = closest_frame(reader, stretch, picture, place, self._progress, sparse=sparse)
            if found is not None and (best is None or found.likeness > best.likeness):
                best = found

        try:
            look(AROUND_S, likely_s, matrix)
            if best is None or best.likeness < SAME:
                look(THROUGH_S, match.at_s if best is None else best.at_s, matrix, sparse=True)
                if best is not None:
                    look(CLOSELY_S, best.at_s, best.matrix)
        except FilmError:
            pass  # what was found until then, or what the pack itself says, stays
        return best

    def _check(self) -> None:
        if self._progress is not None:
            self._progress.check()


def _candidate(match: Match, frame: Features, *, of_film: bool = False) -> Candidate:
    film = match.video.fingerprint
    return Candidate(frame, film, match.hypothesis, match.confidence, of_film)


def _best(looked: Sequence[Found]) -> Found | None:
    """The surest; of several that are clear, as shots of one set-up can be, the one more like the picture."""
    clear = [f for f in looked if f.sureness >= SETTLED and f.proof.likeness.overall >= CLEAR]
    if clear:
        return max(clear, key=lambda found: found.proof.likeness.overall)
    return max(looked, key=lambda found: found.sureness, default=None)


def _against(best: Found, looked: Sequence[Found], proofs: Mapping[int, Proof]) -> Found:
    """The best scene, as sure as its rivals let it be: frames against frames, thumbnails among themselves."""
    of_film = best.proof.evidence.of_film
    rivals = [found.proof for found in looked if found is not best]
    rivals += [proof for number, proof in proofs.items() if number != best.number]
    alike = [
        proof.likeness.overall
        for proof in rivals
        if proof.evidence.of_film is of_film and proof.sureness > WORTH
    ]
    if not alike:
        return best
    return replace(best, proof=best.proof.leading(best.proof.likeness.overall - max(alike)))


def _logit(proof: Proof) -> float:
    return math.log((proof.sureness + 1e-6) / (1 - proof.sureness + 1e-6))
