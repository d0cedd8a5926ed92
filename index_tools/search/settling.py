"""A match settled on the very frame.

First a few seconds are compared in the proxy, where that costs little, or every second frame or so of a small
film, and where the picture is not clearly one of them half a minute each way; then all frames next to the
best one in the film.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from index_tools.errors import FilmError
from index_tools.nouns import Match
from index_tools.progress import Progress
from index_tools.search.features import grey_of
from index_tools.search.films import Films
from index_tools.search.instant import Instant, instant
from index_tools.search.maps import corners_of, map_of
from index_tools.search.references import References
from index_tools.search.scenes import REACH_S

#: How far around the frame that was found is looked, and around others as likely, in seconds; how far those
#: may be; and how far around the best frame then.
AROUND_S, FAR_S, NEXT_S = 1.5, 30.0, 0.25
#: How many pixels of a film are decoded at once.
PIXELS = 60_000_000
#: Frames that are less than so many steps apart, of what was looked into last, are the same.
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
    bounds, step_s = (shot.start_s, shot.end_s), 0.0
    films_or_proxies = [films.reader((path,)) for path in references.footage(match)]
    readers = [reader for reader in films_or_proxies if reader is not None]
    if len(readers) == 1:
        readers *= 2
    for reader, (around_s, far_s) in zip(readers, ((AROUND_S, FAR_S), (NEXT_S, NEXT_S)), strict=False):
        info = reader.info
        most_s = PIXELS / (info.width * info.height) / info.fps / 2
        reach_s = min(around_s, most_s), min(far_s, most_s)
        with suppress(FilmError):  # what was found until then stays
            seen = instant(reader, luma, seen, bounds, reach_s, progress) or seen
        step_s = 1 / info.fps
    if abs(seen.at_s - match.at_s) < SAME_STEP * step_s:
        return match  # a proxy alone does not tell the frames between its own
    start_s, end_s = match.start_s, match.end_s
    if not start_s - AROUND_S <= seen.at_s <= end_s + AROUND_S:
        # another part of the shot
        start_s, end_s = max(shot.start_s, seen.at_s - REACH_S), min(shot.end_s, seen.at_s + REACH_S)
    return replace(
        match,
        start_s=min(start_s, seen.at_s),
        at_s=seen.at_s,
        end_s=max(end_s, seen.at_s),
        place=corners_of((width, height), np.diag([1 / across, 1 / down, 1.0]) @ seen.matrix),
    )
