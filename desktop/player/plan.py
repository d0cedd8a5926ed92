"""What to decode next, and what to forget for it.

The frames of a scene are wanted in the order in which they will be shown: from the playhead to the
end, then from the start up to the playhead.  A store that is too small for the scene so holds a window
that runs around the loop ahead of the playhead: the decoder begins anew at the start of the scene
while the end is still being shown.
"""

from __future__ import annotations

from dataclasses import dataclass

from desktop.player.coverage import NEVER
from desktop.player.frame_store import FrameStore

#: Frames of a scene are kept up to here; 1280x720 as YUV 4:2:0 takes 1.4 MB a frame.
BUDGET_BYTES = 192 << 20

#: A frame just passed is worth as much as one so many times as far ahead.
_BEHIND_WEIGHT = 4


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the player will show, in ticks: the range `[start, end)`, and where it is in it.

    Ahead of the playhead `reach` ticks are wanted; up to `behind` ticks behind it frames are worth keeping,
    for steps back; `around` says that the range is shown in a circle.
    """

    start: int
    end: int
    playhead: int
    reach: int
    behind: int
    around: bool

    def distance(self, tick: int) -> int:
        """How much film passes until the frame at `tick` is shown; a little for one just passed."""
        if not self.start <= tick < self.end:
            return NEVER
        if tick >= self.playhead:
            return tick - self.playhead
        if tick >= self.playhead - self.behind:
            return _BEHIND_WEIGHT * (self.playhead - tick)
        if self.around:
            return self.end - self.playhead + tick - self.start
        return self.end - tick


def next_gap(store: FrameStore, wanted: Wanted, frame_bytes: int) -> int | None:
    """The tick to decode next after making room for it; None when there is nothing to do for now."""
    gap = store.gap(wanted.playhead, min(wanted.end, wanted.playhead + wanted.reach))
    if gap is None and wanted.around:
        gap = store.gap(wanted.start, wanted.playhead)
    if gap is None:
        return None
    gap_distance = gap - wanted.playhead
    if gap_distance < 0:
        gap_distance += wanted.end - wanted.start
    while store.size_bytes + frame_bytes > BUDGET_BYTES:
        farthest = max(store.ticks(), key=wanted.distance, default=None)
        if farthest is None or (gap_distance == 0 and wanted.distance(farthest) == 0):
            break  # the frame at the playhead is always decoded
        if wanted.distance(farthest) <= gap_distance:
            return None
        store.drop(farthest)
    return gap
