"""What a caller may ask of a search."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from index_tools.nouns import Video

#: The least confidence with which a match is claimed: it is likelier right than wrong.
THRESHOLD = 0.5


@dataclass(frozen=True, slots=True)
class SearchOptions:
    """The wishes of one search; the defaults are what the window asks for.

    `limit` is the greatest number of matches (1 or more).  `only` keeps to the videos of which it says yes.
    `pack_ids` keeps to these packs.  `hypotheses` keeps to readings of these names ("as_is",
    "borders_cut", "mirrored", "borders_cut_mirrored", "bars_added", …); None tries all.  `threshold` is
    the least confidence, 0..1, of a match that is claimed.
    """

    limit: int = 10
    only: Callable[[Video], bool] | None = None
    pack_ids: frozenset[str] | None = None
    hypotheses: tuple[str, ...] | None = None
    threshold: float = THRESHOLD


def titled(words: str) -> Callable[[Video], bool]:
    """What keeps to the series or films whose title, in any language of the pack, holds these words.

    Upper and lower case are the same.
    """
    wanted = words.casefold().strip()
    return lambda video: any(wanted in name.casefold() for name in (video.title, *video.titles.values()))
