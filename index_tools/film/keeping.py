"""Which frames an index keeps, and the span of frames that each of them stands for.

Spans are runs of frames within one shot and tile it.  A frame that is not kept is near its keeper, by the
squared distance of color layouts; where something moves, kept frames are never more than a second apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from index_tools.nouns import FilmIndex

#: Greatest squared distance between the color layouts of a frame and of its keeper (similarity 0.95).
MOST_DISTANCE = 12
#: Where something moves, kept frames are at most this far apart, in seconds.
MOST_GAP_S = 1.0
#: Where nothing moves, a kept frame stands for a span of at most this length, in seconds.
LONGEST_STILL_S = 10.0
#: Nothing moves while no cell of the coarse luma (16 x 16) differs by more levels from the first frame, ...
_STILL_LEVELS = 3.0
#: ... and no color layout by more; any two of such frames are then within `MOST_DISTANCE`.
_STILL_DISTANCE = MOST_DISTANCE // 4


@dataclass(frozen=True, slots=True)
class KeptSpan:
    """Frame `keeper` stands for the frames `first` to `last`; all three are numbers of frames."""

    shot: int
    keeper: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class KeepingFigures:
    """How well the kept frames of an index represent its film.

    Distances are squared, between color layouts of dropped frames and of their keepers.
    """

    kept_per_second: float
    median_distance: float
    worst_distance: int
    longest_gap_s: float
    frames: int
    kept: int


def choose_kept(
    times_s: NDArray[np.float64],
    layout: NDArray[np.uint8],
    luma: NDArray[np.uint8],
    starts: Sequence[int],
) -> list[KeptSpan]:
    """The kept frames of a film, in the order of time.

    `times_s` is float64 (n,), `layout` uint8 (n, 33), `luma` uint8 (n, 16, 16); `starts` the numbers of the
    frames that begin a shot.  Greedy: the keeper of the first frame without one is the frame that reaches
    furthest while it still stands for all from there on; no choice needs fewer frames.
    """
    vectors = layout.astype(np.float32)
    spans = []
    for shot, (first, end) in enumerate(pairwise([*starts, len(times_s)])):
        step_s = (times_s[end - 1] - times_s[first]) / max(1, end - 1 - first)
        reach_s = max(0.0, (MOST_GAP_S - step_s) / 2)
        while first < end:
            last = _last_still(times_s, vectors, luma, first, end)
            if times_s[last] - times_s[first] > 2 * reach_s:
                keeper = (first + last) // 2
            else:
                keeper, last = _furthest(times_s, vectors, first, end, reach_s)
            spans.append(KeptSpan(shot, keeper, first, last))
            first = last + 1
    return spans


def keeping_figures(index: FilmIndex) -> KeepingFigures:
    """What the choice of kept frames of a film amounts to."""
    times_s, layout = index.track.times_s, index.track.color_layout.astype(np.int32)
    keeper = np.searchsorted(index.kept["from_s"], times_s, "right") - 1
    distance = ((layout - index.color_layout[keeper].astype(np.int32)) ** 2).sum(axis=1)
    dropped = distance[~np.isin(times_s, index.kept["at_s"])]
    gaps = np.diff(index.kept["at_s"])[np.diff(index.kept["shot"]) == 0]
    return KeepingFigures(
        kept_per_second=len(index.kept) / index.video.duration_s,
        median_distance=float(np.median(dropped)) if len(dropped) else 0.0,
        worst_distance=int(distance.max()),
        longest_gap_s=float(gaps.max()) if len(gaps) else 0.0,
        frames=len(times_s),
        kept=len(index.kept),
    )


def _last_still(
    times_s: NDArray[np.float64],
    vectors: NDArray[np.float32],
    luma: NDArray[np.uint8],
    first: int,
    end: int,
) -> int:
    """The last frame of those from `first` on that look as it does."""
    soon = min(end, int(np.searchsorted(times_s, times_s[first] + MOST_GAP_S, "right")))
    limit = min(end, int(np.searchsorted(times_s, times_s[first] + LONGEST_STILL_S, "right")))
    last = first
    for a, b in ((first, soon), (soon, limit)):
        levels = np.abs(luma[a:b].astype(np.int16) - luma[first]).max(axis=(1, 2), initial=0)
        distance = np.square(vectors[a:b] - vectors[first]).sum(axis=1)
        moved = (levels > _STILL_LEVELS) | (distance > _STILL_DISTANCE)
        if moved.any():
            return a + int(np.argmax(moved)) - 1
        last = max(last, b - 1)
    return last


def _furthest(
    times_s: NDArray[np.float64],
    vectors: NDArray[np.float32],
    first: int,
    end: int,
    reach_s: float,
) -> tuple[int, int]:
    """The frame that stands for `first` and reaches furthest, and the last frame that it stands for."""
    limit = max(first + 1, int(np.searchsorted(times_s[:end], times_s[first] + 2 * reach_s, "right")))
    near = vectors[first:limit]
    squares = np.square(near).sum(axis=1)
    # Exact: all terms are integers far below 2^24.
    distance = squares[:, None] + squares - 2 * (near @ near.T)
    away_s = np.abs(times_s[first:limit, None] - times_s[None, first:limit])
    stands = (distance <= MOST_DISTANCE) & (away_s <= reach_s)
    count = limit - first
    order = np.arange(count)
    covers = (stands | (order[:, None] < order)).all(axis=1)
    fails = ~stands & (order[:, None] < order)
    reach = np.where(fails.any(axis=1), fails.argmax(axis=1), count) - 1
    best = int(np.argmax(np.where(covers, reach, -1)))
    return first + best, first + int(reach[best])
