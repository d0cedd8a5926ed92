"""Which frames an index keeps, and the span that each of them stands for.

Spans are runs of frames within one shot and tile it.  A frame that is not kept is near its keeper, by the
squared distance of color layouts; where something moves, kept frames are never more than a second apart.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

#: Greatest squared distance of the color layouts of a dropped frame and its keeper.
MOST_DISTANCE = 12
#: Where something moves, kept frames are at most this far apart, in seconds.
MOST_GAP_S = 1.0
#: Where nothing moves, a kept frame stands for at most so many seconds to either side.
_STILL_REACH_S = 5.0
#: A picture moves when a cell of the coarse luma changes by more than this, of 0..255.
_MOVES = 6.0


@dataclass(frozen=True, eq=False, slots=True)
class KeptSpan:
    """Frame `keeper` stands for the frames `first` to `last`, all three numbers of frames."""

    keeper: int
    first: int
    last: int


def choose_kept(
    times_s: NDArray[np.float64],
    layout: NDArray[np.uint8],
    luma: NDArray[np.uint8],
    first: int,
    end: int,
) -> list[KeptSpan]:
    """Kept frames of the shot of frames `first .. end - 1`, in the order of time.

    `times_s` is float64 (n,), `layout` uint8 (n, 33), `luma` uint8 (n, 16, 32), of the whole film.  Greedy:
    from the first frame that has no keeper, the keeper is the frame that reaches furthest beyond while
    it still stands for all from there; that needs the fewest frames of all.
    """
    spans = []
    while first < end:
        keeper, last = _furthest(times_s, layout, luma, first, end)
        spans.append(KeptSpan(keeper, first, last))
        first = last + 1
    return spans


def _furthest(
    times_s: NDArray[np.float64],
    layout: NDArray[np.uint8],
    luma: NDArray[np.uint8],
    first: int,
    end: int,
) -> tuple[int, int]:
    """The frame that stands for `first` and reaches furthest, and the last frame it stands for."""
    step = (times_s[end - 1] - times_s[first]) / max(1, end - 1 - first)
    near_s = (MOST_GAP_S - step) / 2
    limit = int(np.searchsorted(times_s[:end], times_s[first] + 2 * _STILL_REACH_S, "right"))
    best = (first, first)
    for candidate in range(first, limit):
        stands = _stands_for(times_s, layout, luma, candidate, first, limit, near_s)
        if not stands[: candidate - first].all():
            if times_s[candidate] - times_s[first] > near_s:
                break
            continue
        beyond = stands[candidate - first :]
        reach = candidate + (len(beyond) if beyond.all() else int(np.argmin(beyond))) - 1
        if reach > best[1]:
            best = (candidate, reach)
    return best


def _stands_for(
    times_s: NDArray[np.float64],
    layout: NDArray[np.uint8],
    luma: NDArray[np.uint8],
    keeper: int,
    first: int,
    end: int,
    near_s: float,
) -> NDArray[np.bool_]:
    """Which of the frames `first .. end - 1` a keeper may stand for."""
    difference = layout[first:end].astype(np.int32) - layout[keeper]
    near = (difference * difference).sum(axis=1) <= MOST_DISTANCE
    away_s = np.abs(times_s[first:end] - times_s[keeper])
    far = away_s > near_s
    if far.any():
        moved = np.abs(luma[first:end].astype(np.int16) - luma[keeper]).max(axis=(1, 2)) > _MOVES
        near &= ~far | (~moved & (away_s <= _STILL_REACH_S))
    return near
