"""Which of the first scenes a picture really comes from, by laying it over them.

The likeliest scene is looked at in its film, where that is at hand, and mostly that settles it.  Else the
picture is laid over the packs' thumbnails, which is quick, a few more at a time until one is sure; then
over the films of those of which the thumbnails spoke, or of the first ones where they were silent.  How
much is looked at is counted, not timed, so that a busy machine finds the same.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from index_tools.nouns import Match, Place
from index_tools.progress import Progress
from index_tools.search.alignment import Map
from index_tools.search.evidence import Asked, Candidate, Proof
from index_tools.search.filmed import SAME, FilmedScene
from index_tools.search.films import Films
from index_tools.search.pasted import pasted_distances
from index_tools.search.references import References, Shot
from index_tools.search.scenes import REACH_S
from index_tools.search.sketched import FEW_MOVES, likely_moments, same_moments

#: Scenes whose thumbnails are looked at together, one batch after the other until one is as sure as this.
BATCHES, SURE = (3, 5, 8, 14), 0.75
#: So many scenes are enough where the network ranked them.
WELL_RANKED = 16
#: Scenes that are looked at in their films: of those whose thumbnails speak, at least so sure, and of those
#: whose do not, until one is settled, those that the first step found at least so likely.
RIVALS, WORTH, SILENT, LIKELY, SETTLED = 3, 0.15, 8, 0.002, 0.75
#: So many scenes whose sketches are so nearly as like the picture as that one's are looked at besides.
TWINS, NEARLY = 2, 0.02
#: A scene whose likeliest sketch correlates so much better than those of all others is looked at in any case.
OUTSTANDING = 0.08
#: A scene that the first step and its film both are so sure of is the one.
TWICE_SURE = 0.9
#: Once so many pixels of films were decoded, no further scene is looked at.
PIXELS = 300_000_000
#: How near a rival must come to one that is (logits) to be looked at too; where that one correlates less
#: than this, it may be another moment before the same background.
NEAR, CLEAR, STILL_NEAR = 0.5, 0.95, 1.7


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


@dataclass(frozen=True, eq=False, slots=True)
class Shown:
    """What a pack's own data say of a scene, if they were asked, and which variant of the picture may lie
    where in its frames.
    """

    proof: Proof | None
    place: tuple[int, Map]


class Reranker:
    """One picture's way through the matches."""

    def __init__(
        self, asked: Asked, references: References, films: Films, progress: Progress | None = None
    ) -> None:
        self._asked = asked
        self._references = references
        self._films = films
        self._progress = progress
        self._enough = films.decoded_pixels + PIXELS
        #: Whether the picture could be laid over the first scene in its film.
        self.first_seen = False

    def best(self, matches: Sequence[Match]) -> Found | None:
        """The scene, of matches in different shots, that the picture most likely lies in; None where nothing
        speaks for any.

        Raises `Cancelled`.
        """
        looked: dict[int, Found] = {}

        def look(number: int, shown: Shown | None = None) -> None:
            if number not in looked and self._films.decoded_pixels < self._enough:
                found = self._exactly(matches[number], number, shown)
                if found is not None:
                    looked[number] = found
                    self.first_seen |= number == 0 and found.proof.evidence.of_film

        look(0)
        if looked and _settled(looked[0]):
            for number, place in self._twins(matches, looked[0]):
                look(number, Shown(None, place))
        best = _best(looked.values())
        if best is not None and self._beyond_doubt(matches[best.number], best):
            return best
        shown = {
            number: self._at_moment(matches[number], proof, best)
            for number, proof in self._by_thumbnails(matches).items()
        }
        proofs = {number: one.proof for number, one in shown.items() if one.proof is not None}
        ranked = sorted(proofs, key=lambda number: -proofs[number].sureness)
        for number in [number for number in ranked if proofs[number].sureness > WORTH][:RIVALS]:
            best = _best(looked.values())
            if number != ranked[0] and best is not None and _settled(best):
                behind = _logit(proofs[ranked[0]]) - _logit(proofs[number])
                if behind > (NEAR if _settled(best, CLEAR) else STILL_NEAR):
                    break
            look(number, shown[number])
        outstanding = _outstanding(proofs)
        if outstanding is not None and not any(_settled(found) for found in looked.values()):
            look(outstanding, shown[outstanding])
        for number in range(min(SILENT, len(matches))):
            best = _best(looked.values())
            if (best is not None and _settled(best)) or matches[number].confidence < LIKELY:
                break
            look(number)
        if not looked and ranked:
            match, proof = matches[ranked[0]], proofs[ranked[0]]
            return self._found(match, ranked[0], proof, match.at_s, (match.start_s, match.end_s))
        best = _best(looked.values())
        return None if best is None else _against(best, looked.values(), proofs)

    def _beyond_doubt(self, match: Match, found: Found) -> bool:
        return _settled(found, CLEAR) or min(match.confidence, found.sureness) >= TWICE_SURE

    def _twins(self, matches: Sequence[Match], found: Found) -> list[tuple[int, tuple[int, Map]]]:
        """The scenes, `TWINS` at most, whose sketches look like the picture, in the place that it has in
        the one that was found, as much as that one's do; and its place there.
        """
        variant, place = found.proof.variant, found.proof.alignment.matrix
        picture, alike = self._asked.variants[variant].luma, _moment(found.proof)
        twins: list[tuple[float, int, Map]] = []
        for number, match in enumerate(matches[1:], 1):
            shot = self._references.shot(match)
            if shot is not None and shot.sketches is not None:
                twins += [
                    (moment.likeness, number, moment.matrix)
                    for moment in likely_moments(
                        shot.sketches, shot.end_s, picture, _aspect(match), place, count=1, moves=FEW_MOVES
                    )
                    if moment.likeness >= alike - NEARLY
                ]
        twins.sort(key=lambda twin: -twin[0])
        return [(number, (variant, matrix)) for _, number, matrix in twins[:TWINS]]

    def _by_thumbnails(self, matches: Sequence[Match]) -> dict[int, Proof]:
        proofs: dict[int, Proof] = {}
        first = 0
        for count in BATCHES:
            self._check()
            candidates: dict[int, Candidate] = {}
            for number, match in enumerate(matches[first : first + count], first):
                features = self._references.thumbnail(match)
                if features is not None:
                    film = match.video.fingerprint
                    candidates[number] = Candidate(features, film, match.hypothesis, match.confidence)
            found = self._asked.prove(list(candidates.values()))
            proofs |= {number: proof for number, proof in zip(candidates, found, strict=True) if proof}
            first += count
            if any(proof.sureness >= SURE for proof in proofs.values()):
                break
        return proofs

    def _at_moment(self, match: Match, proof: Proof, looked: Found | None) -> Shown:
        """The proof with the likeliest moment of the shot, for its own place, for that which a reading tells,
        or that which the picture has in a scene that was looked at: shots of one set-up differ by what moves
        before it.
        """
        shot = self._references.shot(match)
        places = [(proof.variant, proof.alignment.matrix)]
        if shot is None or shot.sketches is None:
            return Shown(proof, places[0])
        places += self._asked.as_read_both_ways(match.hypothesis, _aspect(match))
        if looked is not None:
            places.append((looked.proof.variant, looked.proof.alignment.matrix))
        best: Shown | None = None
        most = -1.0
        for variant, place in places:
            picture = self._asked.variants[variant].luma
            for moment in likely_moments(
                shot.sketches, shot.end_s, picture, _aspect(match), place, count=1, moves=FEW_MOVES
            ):
                if moment.likeness > most:
                    most = moment.likeness
                    best = Shown(proof.at_moment(moment.likeness), (variant, moment.matrix))
        return best or Shown(proof, places[0])

    def _exactly(self, match: Match, number: int, shown: Shown | None) -> Found | None:
        """The frame of the shot that is most like the picture: in the film, or by the pack's own data.

        None without the film and what the pack shows, and where the picture cannot be laid over the film.
        """
        self._check()
        shot = self._references.shot(match)
        if shot is None or not len(shot.times_s):
            return None
        bounds = shot.start_s, shot.end_s
        reader = self._films.reader(self._references.footage(match))
        if reader is not None:
            known = self._asked.as_read(match.hypothesis, _aspect(match)) if shown is None else shown.place
            filmed = FilmedScene(self._asked, match, shot, reader, self._progress).look(known)
            if filmed is not None:
                return self._found(match, number, filmed.proof, filmed.at_s, bounds)
        if shown is None or shown.proof is None:
            return None
        return self._found(match, number, shown.proof, self._likely_s(shot, shown.proof), bounds)

    def _likely_s(self, shot: Shot, proof: Proof) -> float:
        """The likeliest time in a shot by sketches, and by color layouts among what these leave."""
        picture, matrix = self._asked.variants[proof.variant].luma, proof.alignment.matrix
        times_s, layouts = shot.times_s, shot.layouts
        if shot.sketches is not None:
            moments = likely_moments(shot.sketches, shot.end_s, picture, proof.frame.aspect, matrix, count=1)
            for moment in moments:
                matrix = moment.matrix
                begin, end = np.searchsorted(times_s, [moment.from_s - 1e-3, moment.to_s - 1e-3])
                begin = min(begin, len(times_s) - 1)
                times_s, layouts = times_s[begin : max(end, begin + 1)], layouts[begin : max(end, begin + 1)]
        distances = pasted_distances(layouts, picture, proof.frame.luma, matrix)
        return float(times_s[int(distances.argmin())])

    def _found(
        self, match: Match, number: int, proof: Proof, at_s: float, shot: tuple[float, float]
    ) -> Found:
        place = self._asked.place(proof.alignment.matrix, proof.variant, _aspect(match))
        start_s, end_s = match.start_s, match.end_s
        if proof.likeness.overall < SAME:
            # which moment of the shot it is remains open
            start_s, end_s = shot
        elif not start_s <= at_s <= end_s:
            # another part of the shot than the one that led here
            start_s, end_s = max(shot[0], at_s - REACH_S), min(shot[1], at_s + REACH_S)
        return Found(number, proof, at_s, *self._whole_scene(match, proof, (start_s, end_s)), place)

    def _whole_scene(self, match: Match, proof: Proof, scene: tuple[float, float]) -> tuple[float, float]:
        """The scene with all moments of its shot that look the same."""
        shot = self._references.shot(match)
        if shot is None or shot.sketches is None:
            return scene
        picture = self._asked.variants[proof.variant].luma
        same = same_moments(shot.sketches, shot.end_s, picture, _aspect(match), proof.alignment.matrix)
        return scene if same is None else (min(scene[0], same[0]), max(scene[1], same[1]))

    def _check(self) -> None:
        if self._progress is not None:
            self._progress.check()


def _aspect(match: Match) -> tuple[float, float]:
    """Width and height of a film's frames in units of their longer side."""
    width, height = match.video.width, match.video.height
    return width / max(width, height), height / max(width, height)


def _settled(found: Found, least: float = -1.0) -> bool:
    """Whether a scene is sure, and as like the picture as that."""
    return found.sureness >= SETTLED and found.proof.likeness.overall >= least


def _best(looked: Collection[Found]) -> Found | None:
    """The surest; of several that are clear, as shots of one set-up can be, the one more like the picture."""
    clear = [found for found in looked if _settled(found, CLEAR)]
    if clear:
        return max(clear, key=lambda found: found.proof.likeness.overall)
    return max(looked, key=lambda found: found.sureness, default=None)


def _outstanding(proofs: Mapping[int, Proof]) -> int | None:
    """The scene of which a sketch is more like the picture than those of all others by far."""
    first, *others = sorted(proofs, key=lambda number: -_moment(proofs[number])) or (None,)
    if first is None or (others and _moment(proofs[first]) - _moment(proofs[others[0]]) < OUTSTANDING):
        return None
    return first


def _moment(proof: Proof) -> float:
    return -1.0 if proof.evidence.moment is None else proof.evidence.moment


def _against(best: Found, looked: Collection[Found], proofs: Mapping[int, Proof]) -> Found:
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
