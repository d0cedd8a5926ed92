"""One scene that a picture is laid over: in its film, where that is at hand, or by its pack's thumbnail and
sketches.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from index_tools.film import FilmReader
from index_tools.nouns import Match, Place
from index_tools.progress import Progress
from index_tools.search.alignment import Map
from index_tools.search.evidence import Asked, Candidate, Proof
from index_tools.search.filmed import SAME, FilmedScene
from index_tools.search.films import Films
from index_tools.search.pasted import pasted_distances
from index_tools.search.references import References, Shot
from index_tools.search.scenes import REACH_S
from index_tools.search.sketched import FEW_MOVES, Moment, likely_moments, same_moments

#: A frame so like the picture, in the place that a reading tells, is worth a closer look.
SOMEWHAT = 0.5


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


class Looker:
    """Looks for one picture in one scene after another."""

    def __init__(
        self, asked: Asked, references: References, films: Films, progress: Progress | None = None
    ) -> None:
        self._asked = asked
        self._references = references
        self._films = films
        self._progress = progress

    @property
    def decoded_pixels(self) -> int:
        """The work done so far in films, in pixels of decoded frames."""
        return self._films.decoded_pixels

    def look(self, match: Match, number: int, shown: Shown | None) -> Found | None:
        """The frame of the shot that is most like the picture: in the film, or by the pack's own data.

        `number` is that of the match; `shown` is what the pack's data say, if they were asked.  None without
        the film and what the pack shows, and where the picture cannot be laid over the film.
        """
        self._check()
        shot = self._references.shot(match)
        if shot is None or not len(shot.times_s):
            return None
        bounds = shot.start_s, shot.end_s
        reader = self._films.reader(self._references.footage(match))
        if reader is not None:
            known = self._as_found(match) if shown is None else shown.place
            filmed = self._in_film(match, shot, reader).look(known)
            if filmed is not None:
                return self.found(match, number, filmed.proof, shot.exactly(filmed.at_s), bounds)
        if shown is None or shown.proof is None:
            return None
        return self.found(match, number, shown.proof, self._likely_s(shot, shown.proof), bounds)

    def is_like(self, match: Match) -> bool:
        """Whether the frame that led to a scene is somewhat like the picture, in the place that its reading
        tells.
        """
        self._check()
        shot, reader = self._references.shot(match), self._films.reader(self._references.footage(match))
        known = self._asked.as_read(match.hypothesis, match.video.aspect)
        if shot is None or reader is None or known is None:
            return False
        near = self._in_film(match, shot, reader).look_near(match.at_s, known)
        return near is not None and near.proof.likeness.overall >= SOMEWHAT

    def between(self, found: Found, match: Match) -> Found | None:
        """What the film itself shows next to a frame of its proxy; None where that is no more like the
        picture.
        """
        shot = self._references.shot(match)
        reader = self._films.reader(self._references.footage(match)[1:])
        if shot is None or reader is None or not found.proof.evidence.of_film:
            return None
        known = found.proof.variant, found.proof.alignment.matrix
        near = self._in_film(match, shot, reader).look_near(found.at_s, known)
        if near is None or near.proof.likeness.overall <= found.proof.likeness.overall:
            return None
        return self.found(match, found.number, near.proof, near.at_s, (shot.start_s, shot.end_s))

    def by_thumbnails(self, matches: Mapping[int, Match], looked: Found | None) -> dict[int, Shown]:
        """What thumbnails and sketches say of scenes, by their numbers; of those over whose thumbnail the
        picture can be laid.  `looked` is a scene that was looked at.
        """
        self._check()
        candidates: dict[int, Candidate] = {}
        for number, match in matches.items():
            features = self._references.thumbnail(match)
            if features is not None:
                film = match.video.fingerprint
                candidates[number] = Candidate(features, film, match.hypothesis, match.confidence)
        found = self._asked.prove(list(candidates.values()))
        return {
            number: self.by_sketches(matches[number], proof, looked)
            for number, proof in zip(candidates, found, strict=True)
            if proof is not None
        }

    def by_sketches(self, match: Match, proof: Proof, looked: Found | None) -> Shown:
        """The proof with the likeliest moment of the shot, for its own place, for that which a reading tells,
        or that which the picture has in a scene that was looked at: shots of one set-up differ by what moves
        before it.
        """
        places = [(proof.variant, proof.alignment.matrix)]
        places += self._asked.as_read_both_ways(match.hypothesis, match.video.aspect)
        if match.place is not None:
            places += self._asked.placed(match.hypothesis, match.place, match.video.aspect)
        if looked is not None:
            places.append((looked.proof.variant, looked.proof.alignment.matrix))
        best, most = Shown(proof, places[0]), -1.0
        for variant, place in places:
            moment = self.moment(match, variant, place)
            if moment is not None and moment.likeness > most:
                most = moment.likeness
                best = Shown(proof.at_moment(moment.likeness), (variant, moment.matrix))
        return best

    def _as_found(self, match: Match) -> tuple[int, Map] | None:
        """Which variant lies where as the first step found the scene: as a reading says, or in a part of its
        frames, upright or mirrored, whichever is more like a sketch.
        """
        if match.place is None:
            return self._asked.as_read(match.hypothesis, match.video.aspect)
        likely: list[tuple[float, int, Map]] = []
        for variant, place in self._asked.placed(match.hypothesis, match.place, match.video.aspect):
            moment = self.moment(match, variant, place)
            likely.append(
                (-1.0, variant, place) if moment is None else (moment.likeness, variant, moment.matrix)
            )
        return max(likely, key=lambda one: one[0])[1:]

    def moment(self, match: Match, variant: int, place: Map) -> Moment | None:
        """The moment of the shot whose sketch is most like a variant of the picture at a place, or near by.

        None without sketches.
        """
        shot = self._references.shot(match)
        if shot is None or shot.sketches is None:
            return None
        picture, aspect = self._asked.variants[variant].luma, match.video.aspect
        moments = likely_moments(shot.sketches, shot.end_s, picture, aspect, place, count=1, moves=FEW_MOVES)
        return moments[0] if moments else None

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

    def found(self, match: Match, number: int, proof: Proof, at_s: float, shot: tuple[float, float]) -> Found:
        """What was found at a time in a shot, from second to second."""
        place = self._asked.place(proof.alignment.matrix, proof.variant, match.video.aspect)
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
        same = same_moments(shot.sketches, shot.end_s, picture, match.video.aspect, proof.alignment.matrix)
        return scene if same is None else (min(scene[0], same[0]), max(scene[1], same[1]))

    def _in_film(self, match: Match, shot: Shot, reader: FilmReader) -> FilmedScene:
        return FilmedScene(self._asked, match, shot, reader, self._progress)

    def _check(self) -> None:
        if self._progress is not None:
            self._progress.check()
