"""A match settled on the very frame.

Where the picture is not clearly the frame that was found, half a minute each way is looked through in the
proxy, where that costs little; then all frames around what is likely are compared in the film.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from index_tools.errors import FilmError
from index_tools.film import FilmInfo
from index_tools.nouns import Match
from index_tools.progress import Progress
from index_tools.search.anew import Instant, likely_instants
from index_tools.search.features import grey_of
from index_tools.search.films import Films
from index_tools.search.instant import instant
from index_tools.search.maps import corners_of, map_of
from index_tools.search.references import References
from index_tools.search.scenes import REACH_S

#: How far from the frame that was found others may be likely, in seconds, and how far around each is looked.
FAR_S, NEXT_S = 30.0, 0.75
#: How many pixels of a film are decoded at once.
PIXELS = 60_000_000
#: Frames that are less than so many steps of a proxy apart are the same to it.
SAME_STEP = 0.9


def settled(
    match: Match, rgb: NDArray[np.uint8], references: References, films: Films, progress: Progress | None
) -> Match:
    """The match at the frame, of several that are nearly the same, that a picture, uint8 (h, w, 3), is of.

    As it was where nothing tells, neither proxy nor film can be read, or nobody knows where in the frame the
    picture lies.  Raises `Cancelled`.
    """
    shot = references.shot(match)
    if match.place is None or shot is None:
        return match
    luma = grey_of(rgb)
    if match.hypothesis == "inverted":
        luma = 255 - luma
    height, width = (side / max(luma.shape) for side in luma.shape)
    across, down = match.video.aspect
    seen = Instant(match.at_s, map_of((width, height), match.place, (across, down)))
    bounds = shot.start_s, shot.end_s
    footage = [films.reader((path,)) for path in references.footage(match)]
    readers = [reader for reader in footage if reader is not None]
    if not readers:
        return match
    small, film = readers[0], readers[-1]
    likely = [seen]
    with suppress(FilmError):  # what was found until then stays
        likely = likely_instants(small, luma, seen, bounds, _at_most(FAR_S, small.info), progress)
    with suppress(FilmError):
        reach_s = _at_most(NEXT_S, film.info)
        seen = instant(film, luma, seen, likely, bounds, reach_s, progress) or seen
    sparse = film.info.fps < SAME_STEP * match.video.fps
    if sparse and abs(seen.at_s - match.at_s) < SAME_STEP / film.info.fps:
        return match  # a proxy alone does not tell the frames between its own
    seen = replace(seen, at_s=shot.exactly(seen.at_s))
    start_s, end_s = match.start_s, match.end_s
    if not start_s - NEXT_S <= seen.at_s <= end_s + NEXT_S:
        # another part of the shot
        start_s, end_s = max(shot.start_s, seen.at_s - REACH_S), min(shot.end_s, seen.at_s + REACH_S)
    return replace(
        match,
        start_s=min(start_s, seen.at_s),
        at_s=seen.at_s,
        end_s=max(end_s, seen.at_s),
        place=corners_of((width, height), np.diag([1 / across, 1 / down, 1.0]) @ seen.matrix),
    )


def _at_most(reach_s: float, info: FilmInfo) -> float:
    """A reach, in seconds, or as far as frames of a film can be decoded in a moment."""
    return min(reach_s, PIXELS / (info.width * info.height) / info.fps / 2)
