"""The scenes that a clip comes from: its moments searched one by one, and what they say together.

What most moments agree on tells each of them where to look: a moment whose own first scenes are wrong is laid
over the scene that the others name.  That is what a clip is better at than a picture.
"""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol

from index_tools.nouns import Answer, Sharpness
from index_tools.progress import Progress
from index_tools.search.clip_evidence import Evidence
from index_tools.search.options import SearchOptions

if TYPE_CHECKING:
    from index_tools.moments import Moments
    from index_tools.picture import Picture

#: Scenes asked for by each moment: the right one is often not among the first.
SCENES = 20
#: Runs that may tell a moment where to look.
TELLING = 2
#: Moments that are laid over frames at most; each takes as long as a picture does.
LOOKS = 8


class Seeker(Protocol):
    """An engine that answers pictures."""

    def search(
        self, picture: Picture, options: SearchOptions | None = None, progress: Progress | None = None
    ) -> Answer:
        """The scenes that the picture may come from, by the packs' own data alone."""

    def rerank(
        self,
        picture: Picture,
        answer: Answer,
        progress: Progress | None = None,
        options: SearchOptions | None = None,
    ) -> Answer:
        """The answer re-ranked by the films at hand."""

    def refine(
        self,
        picture: Picture,
        answer: Answer,
        progress: Progress | None = None,
        options: SearchOptions | None = None,
    ) -> Answer:
        """The answer re-ranked, and at the exact frame."""


def find_clip(
    seeker: Seeker, moments: Moments, options: SearchOptions, progress: Progress | None, *, refine: bool
) -> Answer:
    """`Engine.find_clip`."""
    begun = time.perf_counter()
    if moments.still:
        picture = moments.all[0].picture
        answer = seeker.search(picture, options, progress)
        return seeker.refine(picture, answer, progress, options) if refine else answer
    seen = Evidence(moments, options)
    for number, moment in enumerate(moments.all):
        _report(progress, number, 2 * len(moments.all))
        wide = replace(options, limit=max(options.limit, SCENES))
        seen.answers.append(seeker.search(moment.picture, wide, progress))
    refined = refine and _look(seeker, seen, options, progress)
    return Answer(
        seen.matches(),
        max(answer.frames_searched for answer in seen.answers),
        (time.perf_counter() - begun) * 1000,
        seen.answers[0].sources,
        refined,
        sharpness=Sharpness.EXACT if refine else Sharpness.QUICK,
    )


def _look(seeker: Seeker, seen: Evidence, options: SearchOptions, progress: Progress | None) -> bool:
    """Lay the moments over frames, where the others tell first; True when any film could be looked into."""
    count = len(seen.moments.all)
    for number in in_turn(count):
        if len(seen.looked) == LOOKS:
            break
        runs = seen.runs()
        if seen.settled(number, runs):
            continue
        _report(progress, count + len(seen.looked), 2 * count)
        answer = seen.told(number, runs[:TELLING])
        picture = seen.moments.all[number].picture
        seen.answers[number] = seeker.rerank(picture, answer, progress, options)
        seen.looked.add(number)
    return any(seen.answers[number].refined for number in seen.looked)


def in_turn(count: int) -> list[int]:
    """The numbers below `count`, each next one far from those before: ends and middle first."""
    order = [0, count - 1]
    while len(set(order)) < count:
        known = sorted(set(order))
        _, before = max((after - before, -before) for before, after in pairwise(known))
        left = -before
        right = known[known.index(left) + 1]
        order.append((left + right) // 2)
    return list(dict.fromkeys(order))


def _report(progress: Progress | None, done: float, total: float) -> None:
    if progress is not None:
        progress.check()
        progress.report(done, total)
