"""A scene looked at in its film: whether a picture lies in it, where in the frame, and in which frame.

Every look decodes a second or so, beginning with the likeliest.  Where the place in the frame is known
already, the shot's sketches tell the time; else the frame that its embedding found shows, by local
features, the place.  Where the camera moves, the place is another one in every frame: as long as no frame is
clearly the picture, features are looked for all over the shot, if its frames are quick to decode.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from index_tools.errors import FilmError
from index_tools.film import FilmReader
from index_tools.nouns import Match
from index_tools.progress import Progress
from index_tools.search.alignment import Map
from index_tools.search.closest import (
    LUMA_SIDE,
    Closest,
    Stretch,
    alike_in_place,
    closest_frame,
    decoded,
    likeliest,
)
from index_tools.search.evidence import PLAIN, Asked, Candidate, Proof
from index_tools.search.features import Features, find_features
from index_tools.search.maps import windows
from index_tools.search.references import FRAME_FEATURES, Shot
from index_tools.search.sketched import Moment, likely_moments

#: The film is decoded so far around a frame that led here, and around a moment of the sketches (seconds);
#: of one that lasts longer only so much of the middle.
AROUND_S, LEAST_S, LONGEST_S = 0.5, 0.3, 2.0
#: It is decoded further, by so much and so often, where the best frame lies so near to the edge (seconds).
FURTHER_S, FURTHER, EDGE_S = 0.5, 2, 0.1
#: A frame that correlates with the picture like this is the one; the looks end.
SAME = 0.985
#: Sketches so much alike the picture lead before the embedding does; and another moment is looked at when
#: it is not so much less alike than the first.
LEADING, RIVAL = 0.85, 0.01
#: A best frame less alike than this is not the picture's in its place; a sketch as alike is worth a look.
ASTRAY, SKETCHED = 0.6, 0.75
#: Looks into one scene, and pixels decoded after which no other begins: some 70 frames of 1080 lines.
LOOKS, PIXELS = 3, 150_000_000
#: The picture is looked for by its features in so many frames all over the shot, or so near (seconds) to the
#: best one until then, no nearer to each other than this; so often, while the best is less alike than this.
SPREAD, AROUND_BEST_S, SPREAD_S, SPREADS, CLEARLY = 5, 30.0, 0.5, 2, 0.97
#: A frame that is laid by features alone may be so much less alike before its place is settled.
UNSETTLED = 0.03
#: Frames so near to a time, in seconds, are next to it; some lie between two of a proxy.
NEXT_S = 0.13
#: Where the picture is so like a frame its place is nearly right: the shot, so far around (seconds), is swept
#: for others that are like it there, and so many frames on each side of these are compared.
PLACED, SWEPT_S, BESIDE = 0.8, 12.0, 2


@dataclass(frozen=True, eq=False, slots=True)
class Filmed:
    """What the film shows: the frame's time, and the proof there."""

    at_s: float
    proof: Proof


class FilmedScene:
    """One scene of a film at hand, over which the picture is laid."""

    def __init__(
        self, asked: Asked, match: Match, shot: Shot, reader: FilmReader, progress: Progress | None
    ) -> None:
        self._asked, self._match, self._shot, self._reader = asked, match, shot, reader
        self._enough = reader.decoded_pixels + PIXELS
        self._progress = progress
        self._aspect = match.video.aspect
        self._seen: list[tuple[float, float]] = []
        self._described_s: list[float] = []
        self._best: tuple[Closest, int] | None = None
        self._described: tuple[NDArray[np.uint8], Features] | None = None
        self._looks = 0

    def look(self, known: tuple[int, Map] | None) -> Filmed | None:
        """Look; `known` is which variant of the picture lies where, as far as that is known.

        None where nothing can be decoded, or the picture cannot be laid over what is there.  Raises
        `Cancelled`.
        """
        with suppress(FilmError):  # what was found until then stays
            self._look(known)
        return self._told()

    def _told(self) -> Filmed | None:
        if self._best is None:
            return None
        closest, variant = self._best
        moments = self._moments((variant, closest.matrix))
        proof = self._asked.prove_at(self._candidate(closest.luma), variant, closest.matrix)
        return Filmed(closest.at_s, proof.at_moment(moments[0].likeness) if moments else proof)

    def look_near(self, at_s: float, known: tuple[int, Map]) -> Filmed | None:
        """Look only at the frames next to a time; as `look`."""
        with suppress(FilmError):
            self._compare(self._again(at_s - NEXT_S, at_s + NEXT_S), known)
        return self._told()

    def _look(self, known: tuple[int, Map] | None) -> None:
        moments = self._moments(known)
        if known is None or not moments or moments[0].likeness < LEADING:
            known = self._at_the_embedding(known)
        else:
            self._look_at(moments[0], known[0])
            self._place_by_features()
        while known is not None and self._looks < LOOKS and not self._done:
            if self._best is not None:
                closest, variant = self._best
                known = variant, closest.matrix
            moment = self._unseen(self._moments(known))
            if moment is None:
                break
            self._look_at(moment, known[0])
        self._look_through_windows()
        self._go_further()
        for _ in range(SPREADS if self._reader.is_quick else 0):
            if not self._spread():
                break
        if self._reader.is_quick:
            self._sweep()

    def _at_the_embedding(self, known: tuple[int, Map] | None) -> tuple[int, Map] | None:
        """Look around the frame that led here; the place that its features tell, or the one known before."""
        at_s = self._match.at_s
        stretch = self._decoded(at_s - AROUND_S, at_s + AROUND_S)
        if stretch is None:
            return known
        self._described_s.append(at_s)
        proof = self._asked.prove([self._candidate(stretch.nearest(at_s))])[0]
        if proof is not None:
            known = proof.variant, proof.alignment.matrix
        if known is not None:
            self._compare(stretch, known)
        return known

    def _look_through_windows(self) -> None:
        """Where no frame is like the picture so far: as a window of a frame's full height or width, or one of
        its cuts, should a sketch be like it there.
        """
        if self._done or (self._best is not None and self._best[0].likeness >= ASTRAY):
            return
        likely = [
            (moments[0], variant)
            for variant, picture in enumerate(self._asked.variants)
            for place in windows(picture.aspect, self._aspect)
            if (moments := self._moments((variant, place)))
        ]
        moment, variant = max(likely, key=lambda one: one[0].likeness, default=(None, PLAIN))
        if moment is not None and moment.likeness >= SKETCHED:
            self._look_at(moment, variant)
            self._place_by_features()

    def _look_at(self, moment: Moment, variant: int) -> None:
        begin_s, end_s = moment.from_s - LEAST_S, moment.to_s + LEAST_S
        if end_s - begin_s > LONGEST_S:
            begin_s, end_s = moment.at_s - LONGEST_S / 2, moment.at_s + LONGEST_S / 2
        self._compare(self._decoded(begin_s, end_s), (variant, moment.matrix))

    def _place_by_features(self) -> None:
        """Where the picture lies in the best frame may be told better by its features."""
        if self._best is None or self._settled:
            return
        closest, variant = self._best
        proof = self._asked.prove_at(self._candidate(closest.luma), variant, closest.matrix)
        if proof.likeness.overall > closest.likeness:
            place = proof.alignment.matrix
            self._best = replace(closest, likeness=proof.likeness.overall, matrix=place), proof.variant

    def _go_further(self) -> None:
        """Beyond the stretch in whose first or last frames the best one lies, while that grows more alike."""
        for _ in range(FURTHER):
            if self._best is None or self._done:
                return
            closest, variant = self._best
            around = next(s for s in self._seen if s[0] - EDGE_S <= closest.at_s <= s[1] + EDGE_S)
            if closest.at_s <= around[0] + EDGE_S:
                stretch = self._decoded(around[0] - FURTHER_S, around[0])
            elif closest.at_s >= around[1] - EDGE_S:
                stretch = self._decoded(around[1], around[1] + FURTHER_S)
            else:
                return
            if not self._compare(stretch, (variant, closest.matrix)):
                return

    def _spread(self) -> bool:
        """Whether a frame elsewhere in the shot, as its features lay it, is more like the picture."""
        if self._best is not None and self._best[0].likeness >= CLEARLY:
            return False
        apart_s, times_s = self._elsewhere()
        frames = []
        for at_s in times_s:
            if self._progress is not None:
                self._progress.check()
            frames.append(self._reader.frame_at(at_s))
        candidates = [self._candidate(frame.luma(LUMA_SIDE)) for frame in frames]
        laid = [
            (proof.likeness.overall, frame.at_s, (proof.variant, proof.alignment.matrix))
            for frame, proof in zip(frames, self._asked.prove(candidates), strict=True)
            if proof is not None
        ]
        if not laid:
            return False
        likeness, at_s, known = max(laid, key=lambda one: one[0])
        if self._best is not None and likeness < self._best[0].likeness - UNSETTLED:
            return False
        half_s = min(apart_s, 2 * AROUND_S) / 2
        if not self._compare(self._again(at_s - half_s, at_s + half_s), known):
            return False
        self._go_further()
        return True

    def _elsewhere(self) -> tuple[float, list[float]]:
        """How far, in seconds, times at which no features were looked for are apart, and these: `SPREAD` at
        most, all over the shot, or near the best frame in a long one.
        """
        start_s, end_s = self._shot.start_s, self._shot.end_s
        if self._best is not None:
            at_s = self._best[0].at_s
            start_s, end_s = max(start_s, at_s - AROUND_BEST_S), min(end_s, at_s + AROUND_BEST_S)
        times_s = [
            at_s
            for at_s in np.arange(start_s + SPREAD_S / 2, end_s, SPREAD_S).tolist()
            if not any(abs(at_s - other_s) < SPREAD_S / 2 for other_s in self._described_s)
        ]
        every = max(1, -(-len(times_s) // SPREAD))
        chosen = times_s[every // 2 :: every]
        self._described_s += chosen
        return every * SPREAD_S, chosen

    def _sweep(self) -> None:
        """Look where the whole shot, held against the picture in its place, is most like it."""
        if self._best is None or self._settled or self._best[0].likeness < PLACED:
            return
        closest, variant = self._best
        stretch = self._again(closest.at_s - SWEPT_S, closest.at_s + SWEPT_S)
        if stretch is None:
            return
        alike = alike_in_place(stretch, self._asked.variants[variant].luma, closest.matrix)
        for number in likeliest(stretch, alike):
            part = slice(max(0, number - BESIDE), number + BESIDE + 1)
            self._compare(Stretch(stretch.times_s[part], stretch.lumas[part]), (variant, closest.matrix))

    def _unseen(self, moments: list[Moment]) -> Moment | None:
        """The likeliest moment that was not looked at, if it is nearly as likely as the likeliest."""
        for moment in moments:
            if moment.likeness < moments[0].likeness - RIVAL:
                return None
            if not any(begin <= moment.at_s < end for begin, end in self._seen):
                return moment
        return None

    def _compare(self, stretch: Stretch | None, known: tuple[int, Map]) -> bool:
        """Whether the picture is more like a frame of a stretch than like any before."""
        if stretch is None:
            return False
        variant, place = known
        found = closest_frame(stretch, self._asked.variants[variant].luma, place)
        if self._best is not None and found.likeness <= self._best[0].likeness:
            return False
        self._best = found, variant
        return True

    def _decoded(self, start_s: float, end_s: float) -> Stretch | None:
        """The frames of a stretch of the shot, less what was seen; None where there are none."""
        self._looks += 1
        start_s, end_s = max(self._shot.start_s, start_s), min(self._shot.end_s, end_s)
        for seen_from_s, seen_to_s in self._seen:
            if seen_from_s <= start_s < seen_to_s:
                start_s = seen_to_s
            if seen_from_s < end_s <= seen_to_s:
                end_s = seen_from_s
        return self._again(start_s, end_s) if start_s < end_s else None

    def _again(self, start_s: float, end_s: float) -> Stretch | None:
        """The frames of a stretch of the shot, seen or not; None where there are none."""
        start_s, end_s = max(self._shot.start_s, start_s), min(self._shot.end_s, end_s)
        self._seen.append((start_s, end_s))
        return decoded(self._reader, start_s, end_s, self._progress)

    def _moments(self, known: tuple[int, Map] | None) -> list[Moment]:
        if known is None or self._shot.sketches is None:
            return []
        variant, place = known
        picture = self._asked.variants[variant].luma
        return likely_moments(self._shot.sketches, self._shot.end_s, picture, self._aspect, place)

    @property
    def _done(self) -> bool:
        return self._settled or self._reader.decoded_pixels >= self._enough

    @property
    def _settled(self) -> bool:
        return self._best is not None and self._best[0].likeness >= SAME

    def _candidate(self, luma: NDArray[np.uint8]) -> Candidate:
        if self._described is None or self._described[0] is not luma:
            self._described = luma, find_features(luma, LUMA_SIDE, FRAME_FEATURES)
        match = self._match
        film, before = match.video.fingerprint, match.confidence
        return Candidate(self._described[1], film, match.hypothesis, before, of_film=True)
