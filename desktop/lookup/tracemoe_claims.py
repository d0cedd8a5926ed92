"""From the lists of a batch to one list of scenes, and which of them SceneLens stands for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from desktop.lookup import service_facts as facts
from desktop.lookup.remote_answer import RemoteMatch

#: So many different titles as similar as the best (within this much) and the picture tells none apart:
#: text on black, a plain sky.  Two are usual: a series and the film cut from it.
CONTESTED_TITLES, CONTESTED_BY = 3, 0.01
#: Readings can find the same scene some frames apart; nearer than this it is one, in seconds.
_SAME_S = 2.0
#: Guesses of less similarity are not shown: pictures that have nothing in common reach as much.
LEAST_GUESS = 0.5


@dataclass(frozen=True, slots=True)
class Reading:
    """What was asked: the vector (33 bytes) of the hypothesis `name`, at Unix time `at_s`.

    `within` is the title that alone was searched, None for all.
    """

    name: str
    vector: bytes
    at_s: float
    within: int | None = None

    def told(self, matches: Iterable[RemoteMatch]) -> tuple[RemoteMatch, ...]:
        """The matches of an answer as those of this reading, nothing claimed yet."""
        return tuple(
            replace(
                match,
                hypothesis=self.name,
                vector=self.vector,
                addressed_s=self.at_s,
                within=self.within,
            )
            for match in matches
        )


def merged(found: Iterable[RemoteMatch], *, claimable: bool = True) -> tuple[RemoteMatch, ...]:
    """The matches of all readings, each scene once by its best reading, most similar first, at most ten.

    Those at 0.90 or above are claimed (below is most likely wrong), unless `claimable` is false or too many
    titles are as similar as the best.
    """
    kept: list[RemoteMatch] = []
    for match in sorted(found, key=lambda one: -one.similarity):
        if match.similarity >= LEAST_GUESS and not any(_same(match, other) for other in kept):
            kept.append(match)
    kept = kept[: facts.MOST_RESULTS]
    may = claimable and not _contested(kept)
    return tuple(
        replace(match, is_match=may and match.similarity >= facts.CLAIM_SIMILARITY) for match in kept
    )


def _same(one: RemoteMatch, other: RemoteMatch) -> bool:
    return (
        (one.anime.number, one.filename) == (other.anime.number, other.filename)
        and one.start_s <= other.end_s + _SAME_S
        and other.start_s <= one.end_s + _SAME_S
    )


def _contested(matches: list[RemoteMatch]) -> bool:
    near = [match for match in matches if match.similarity >= matches[0].similarity - CONTESTED_BY]
    return len({match.anime.number or match.filename for match in near}) >= CONTESTED_TITLES
