"""Which of the first scenes a picture really comes from, by laying it over them.

First over the packs' thumbnails, which is quick; then, where films are at hand, over frames of those
scenes of which the thumbnails spoke, or of the first ones where they were silent; and at last over every
frame of the one scene that is left.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index_tools.errors import FilmError
from index_tools.film import FilmReader
from index_tools.nouns import Match, Place
from index_tools.pack import ScenePack
from index_tools.progress import Progress
from index_tools.search.closest import Closest, closest_frame
from index_tools.search.confidence import from_closest
from index_tools.search.dense import Tracks
from index_tools.search.evidence import Asked, Proof
from index_tools.search.features import Features
from index_tools.search.pasted import likely_times, pasted_distances
from index_tools.search.references import References

#: Thumbnails looked at together; no further ones after so long (seconds), or when one is as sure as this.
BATCH, THUMBNAILS_WITHIN_S, SURE = 8, 0.12, 0.98
#: Scenes whose thumbnails speak that are looked at in their films, and scenes looked at where none does.
RIVALS, SILENT = 3, 12
#: No further scene is looked at in its film after so long, in seconds, and none for less than this.
FRAMES_WITHIN_S, WORTH = 0.2, 0.02
#: Rivals are no longer looked at when one is this sure, or after so long in seconds.
SETTLED, RIVALS_WITHIN_S = 0.9, 0.2
#: The film is decoded so far around the likeliest times, at most so many of them, for so long (seconds),
#: until a frame correlates with the picture like this.
AROUND_S, STRETCHES, DECODE_WITHIN_S, SAME = 0.6, 3, 0.25, 0.98


@dataclass(frozen=True, eq=False, slots=True)
class Found:
    """A scene that the picture was laid over: which of the matches, by what, how sure, the frame's time and
    the place of the picture in it.
    """

    number: int
    proof: Proof
    sureness: float
    at_s: float
    place: Place


class Reranker:
    """One picture's way through the matches.  Packs must stay open meanwhile."""

    def __init__(
        self,
        asked: Asked,
        packs: Mapping[str, ScenePack],
        references: References,
        tracks: Tracks,
        progress: Progress | None = None,
    ) -> None:
        self._asked = asked
        self._packs = packs
        self._references = references
        self._tracks = tracks
        self._progress = progress
        self._films = ExitStack()
        self._readers: dict[Path, FilmReader | None] = {}

    def best(self, matches: Sequence[Match]) -> Found | None:
        """The scene that the picture lies in; None where it can be laid over none of them.

        Raises `Cancelled`.
        """
        with self._films:
            proofs = self._by_thumbnails(matches)
            by_frames = self._by_frames(matches, proofs)
            known = dict(proofs)
            for number, proof in by_frames.items():
                if number not in known or proof.sureness > known[number].sureness:
                    known[number] = proof
            return self._surest(matches, known)

    def _surest(self, matches: Sequence[Match], known: Mapping[int, Proof]) -> Found | None:
        """Of the scenes that speak the one whose own frame is surest; the others where it is not sure."""
        begun = time.perf_counter()
        best: Found | None = None
        for number in sorted(known, key=lambda n: -known[n].sureness)[:RIVALS]:
            if best is not None and time.perf_counter() - begun > RIVALS_WITHIN_S:
                break
            found = self._exactly(matches[number], number, known[number])
            if best is None or found.sureness > best.sureness:
                best = found
            if best.sureness >= SETTLED:
                break
        return best

    def _by_thumbnails(self, matches: Sequence[Match]) -> dict[int, Proof]:
        begun = time.perf_counter()
        proofs: dict[int, Proof] = {}
        for first in range(0, len(matches), BATCH):
            self._check()
            frames: dict[int, Features] = {}
            for number, match in enumerate(matches[first : first + BATCH], first):
                features = self._references.thumbnail(self._packs[match.pack_id], match.shot)
                if features is not None:
                    frames[number] = features
            found = self._asked.prove(list(frames.values()))
            proofs |= {number: proof for number, proof in zip(frames, found, strict=True) if proof}
            sure = any(proof.sureness >= SURE for proof in proofs.values())
            if sure or time.perf_counter() - begun > THUMBNAILS_WITHIN_S:
                break
        return proofs

    def _by_frames(self, matches: Sequence[Match], proofs: Mapping[int, Proof]) -> dict[int, Proof]:
        begun = time.perf_counter()
        speaking = [
            n for n in sorted(proofs, key=lambda n: -proofs[n].sureness) if proofs[n].sureness > WORTH
        ]
        speaking = speaking[:RIVALS]
        silent = [n for n in range(min(len(matches), SILENT)) if n not in speaking]
        found: dict[int, Proof] = {}
        for number in (*speaking, *silent):
            best = max((proof.sureness for proof in found.values()), default=0.0)
            spent_s = time.perf_counter() - begun
            if number not in speaking and (best > SETTLED or spent_s > FRAMES_WITHIN_S):
                break
            proof = self._frame_proof(matches[number])
            if proof is not None:
                found[number] = proof
        return found

    def _frame_proof(self, match: Match) -> Proof | None:
        """What the match's frame says, or one before it in its scene that is quicker to be had."""
        self._check()
        reader = self._reader(match)
        if reader is None:
            return None
        try:
            frame = self._references.frame(
                match.pack_id, reader, match.video_number, match.at_s, match.start_s
            )
        except FilmError:
            return None
        return self._asked.prove([frame])[0]

    def _exactly(self, match: Match, number: int, proof: Proof) -> Found:
        """The frame of the scene that is most like the picture: in the film, or by color layouts."""
        picture, matrix = self._asked.both[proof.turned].luma, proof.alignment.matrix
        pack = self._packs[match.pack_id]
        times_s, layouts = self._tracks.stretch(pack, match.video_number, match.start_s, match.end_s)
        if not len(times_s):
            return Found(number, proof, proof.sureness, match.at_s, self._place(match, proof, matrix))
        distances = pasted_distances(layouts, picture, proof.frame.luma, matrix)
        likely = likely_times(times_s, distances, AROUND_S, STRETCHES)
        reader = self._reader(match)
        best = Closest(likely[0], -1.0, matrix)
        begun = time.perf_counter()
        try:
            for at_s in likely:
                left_s = DECODE_WITHIN_S - (time.perf_counter() - begun)
                if reader is None or left_s <= 0:
                    break
                begin_s, end_s = max(match.start_s, at_s - AROUND_S), min(match.end_s, at_s + AROUND_S)
                stretch = (begin_s - 1e-4, end_s + 1e-4)
                closest = closest_frame(reader, stretch, picture, matrix, left_s, self._progress)
                if closest is not None and closest.likeness > best.likeness:
                    best = closest
                if best.likeness > SAME:
                    break
        except FilmError:
            # what the pack itself says stays
            best = best if best.likeness > -1.0 else Closest(likely[0], -1.0, matrix)
        sureness = proof.sureness
        if best.likeness > -1.0:
            closely = from_closest(proof.alignment.cells, best.likeness, proof.likeness.middle)
            # where time ran out, a closer frame may not have been reached
            in_time = time.perf_counter() - begun < DECODE_WITHIN_S
            sureness = closely if in_time else max(closely, sureness)
        return Found(number, proof, sureness, best.at_s, self._place(match, proof, best.matrix))

    def _place(self, match: Match, proof: Proof, matrix: NDArray[np.float64]) -> Place:
        width, height = match.video.width, match.video.height
        aspect = width / max(width, height), height / max(width, height)
        return self._asked.place(matrix, proof.turned, aspect)

    def _reader(self, match: Match) -> FilmReader | None:
        """The film of a match, opened once; None where it is not at hand, or damaged."""
        film = match.film
        if film is None:
            return None
        if film not in self._readers:
            try:
                self._readers[film] = self._films.enter_context(FilmReader(film, draft=True))
            except FilmError:
                self._readers[film] = None
        return self._readers[film]

    def _check(self) -> None:
        if self._progress is not None:
            self._progress.check()
