"""Which of the first scenes a picture really comes from, by laying it over them.

The likeliest scene is looked at in its film, where that is at hand, and mostly that settles it.  Else the
picture is laid over the packs' thumbnails, which is quick, a few more at a time until one is sure; then
over the films of those of which the thumbnails spoke, or of the first ones where they were silent; at last
over scenes that are like it in light and shade.  How much is looked at is counted, not timed, so that a
busy machine finds the same.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from index_tools.nouns import Match
from index_tools.search.alignment import Map
from index_tools.search.confidence import bent, odds
from index_tools.search.evidence import Proof
from index_tools.search.looking import Found, Looker, Shown

#: Scenes whose thumbnails are looked at together, one batch after the other until one is as sure as this.
BATCHES, SURE = (3, 5, 8, 14), 0.9
#: Without films one batch is enough where the first step is so sure: thumbnails hardly ever overrule it.
UNSEEN = 0.6
#: So many scenes are enough where the network ranked them.
WELL_RANKED = 16
#: Scenes that are looked at in their films: of those whose thumbnails speak, at least so sure, and of those
#: whose do not, until one is settled, those that the first step found at least so likely.
RIVALS, WORTH, SILENT, LIKELY, SETTLED = 3, 0.15, 8, 0.002, 0.75
#: The best scene, where its proxy makes one so sure, yet it is not settled, is looked at in the film itself.
DOUBTED = 0.2
#: So many scenes whose sketches are so nearly as like the picture as that one's are looked at besides.
TWINS, NEARLY = 2, 0.02
#: Where the best scene is not clear, those are looked at too that the first step took for so much as likely.
AS_LIKELY = 0.4
#: A scene whose likeliest sketch correlates so much better than those of all others is looked at in any case.
OUTSTANDING = 0.08
#: A scene that the first step and its film both are so sure of is the one.
TWICE_SURE = 0.9
#: What the odds of the first step (logarithm) count for among scenes that are clear.
BEFORE = 0.05
#: The number of what was found before further scenes.
FOUND = -1
#: Once so many pixels of films were decoded, no further scene is looked at.
PIXELS = 300_000_000
#: How near a rival must come to one that is (logits) to be looked at too; where that one correlates less
#: than this, it may be another moment before the same background.
NEAR, CLEAR, STILL_NEAR = 0.5, 0.95, 1.7


class Reranker:
    """One picture's way through the matches."""

    def __init__(self, looker: Looker) -> None:
        self._looker = looker
        self._enough = looker.decoded_pixels + PIXELS
        #: Whether the picture could be laid over the first scene in its film.
        self.first_seen = False

    def best(self, matches: Sequence[Match]) -> Found | None:
        """The scene, of matches in different shots, that the picture most likely lies in; None where nothing
        speaks for any.

        Raises `Cancelled`.
        """
        looked: dict[int, Found] = {}

        def look(number: int, shown: Shown | None = None) -> None:
            if number not in looked and self._looker.decoded_pixels < self._enough:
                found = self._looker.look(matches[number], number, shown)
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
        shown = self._by_thumbnails(matches, best)
        proofs = {number: one.proof for number, one in shown.items() if one.proof is not None}
        ranked = sorted(proofs, key=lambda number: -proofs[number].sureness)
        for number in [number for number in ranked if proofs[number].sureness > WORTH][:RIVALS]:
            best = _best(looked.values())
            if number != ranked[0] and best is not None and _settled(best):
                behind = odds(proofs[ranked[0]].sureness) - odds(proofs[number].sureness)
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
        best = _best(looked.values())
        if best is not None and _settled(best) and not _settled(best, CLEAR):
            for number in _as_likely(matches, best.number):
                look(number)
        if not looked and ranked:
            match, proof = matches[ranked[0]], proofs[ranked[0]]
            return self._looker.found(match, ranked[0], proof, match.at_s, (match.start_s, match.end_s))
        return self._decided(matches, looked, proofs)

    def besides(self, matches: Sequence[Match], found: Found | None) -> Found | None:
        """The one of further scenes that its film shows to be it more surely than what was found, and than
        `SETTLED`; None where there is none.

        Raises `Cancelled`.
        """
        looked: dict[int, Found] = {} if found is None else {FOUND: replace(found, number=FOUND)}
        for number, match in enumerate(matches):
            if self._looker.decoded_pixels < self._enough and self._looker.is_like(match):
                other = self._looker.look(match, number, None)
                looked |= {} if other is None else {number: other}
        best = self._decided(matches, looked, {})
        return None if best is None or best.number == FOUND or not _settled(best) else best

    def _beyond_doubt(self, match: Match, found: Found) -> bool:
        return _settled(found, CLEAR) or min(match.confidence, found.sureness) >= TWICE_SURE

    def _twins(self, matches: Sequence[Match], found: Found) -> list[tuple[int, tuple[int, Map]]]:
        """The scenes, `TWINS` at most, whose sketches look like the picture, in the place that it has in
        the one that was found, as much as that one's do; and its place there.
        """
        variant, place = found.proof.variant, found.proof.alignment.matrix
        alike = _moment(found.proof) - NEARLY
        twins: list[tuple[float, int, Map]] = []
        for number, match in enumerate(matches[1:], 1):
            moment = self._looker.moment(match, variant, place)
            if moment is not None and moment.likeness >= alike:
                twins.append((moment.likeness, number, moment.matrix))
        twins.sort(key=lambda twin: -twin[0])
        return [(number, (variant, matrix)) for _, number, matrix in twins[:TWINS]]

    def _by_thumbnails(self, matches: Sequence[Match], looked: Found | None) -> dict[int, Shown]:
        """What thumbnails and sketches say of the scenes, batch after batch until one is sure."""
        shown: dict[int, Shown] = {}
        first = 0
        for count in BATCHES:
            batch = dict(enumerate(matches[first : first + count], first))
            shown |= self._looker.by_thumbnails(batch, looked)
            first += count
            if any(one.proof is not None and one.proof.sureness >= SURE for one in shown.values()):
                break
            if looked is None and matches[0].confidence >= UNSEEN:
                break
        return shown

    def _decided(
        self, matches: Sequence[Match], looked: dict[int, Found], proofs: Mapping[int, Proof]
    ) -> Found | None:
        """The best scene, as sure as its rivals let it be: where that is in doubt, with what the film shows
        between the frames of its proxy.
        """
        best = _best(looked.values())
        if best is None:
            return None
        found = _against(best, looked.values(), proofs)
        if found.sureness < SETTLED and best.sureness >= DOUBTED and best.number != FOUND:
            between = self._looker.between(best, matches[best.number])
            if between is not None:
                looked[best.number] = between
                found = _against(_best(looked.values()) or between, looked.values(), proofs)
        return found


def _settled(found: Found, least: float = -1.0) -> bool:
    """Whether a scene is sure, and as like the picture as that."""
    return found.sureness >= SETTLED and found.proof.likeness.overall >= least


def _best(looked: Collection[Found]) -> Found | None:
    """The surest; of several that are clear, as shots of one set-up can be, the one more like the picture, or
    where that is a hair's breadth the one that was the likelier before.
    """
    clear = [found for found in looked if _settled(found, CLEAR)]
    if clear:
        return max(clear, key=_likely)
    return max(looked, key=lambda found: found.sureness, default=None)


def _likely(found: Found) -> float:
    return bent(found.proof.likeness.overall, most=0.995) + BEFORE * odds(found.proof.evidence.before)


def _as_likely(matches: Sequence[Match], number: int) -> list[int]:
    """The others that the first step took for nearly as likely as one, or likelier, `RIVALS` at most."""
    least = matches[number].confidence * AS_LIKELY
    likely = (other for other, match in enumerate(matches) if match.confidence >= least)
    return [other for other in likely if other != number][:RIVALS]


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
