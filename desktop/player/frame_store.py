"""The frames of a scene, kept in memory by their time.  Filled by one thread, read by another."""

from __future__ import annotations

import threading
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop.player.coverage import NEVER, Coverage

if TYPE_CHECKING:
    import av


@dataclass(frozen=True, slots=True, eq=False)
class StoredFrame:
    """A decoded frame at display size.

    `tick` is its time, `length` how long it is shown when no other frame follows, both in ticks;
    `quarter_turns` clockwise make the pixels upright.
    """

    tick: int
    length: int
    pixels: av.VideoFrame
    size_bytes: int
    quarter_turns: int = 0


class FrameStore:
    """Frames sorted by tick, with the stretches of film in which no frame is missing."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ticks: list[int] = []
        self._frames: list[StoredFrame] = []
        self._coverage = Coverage()
        self._bytes = 0

    @property
    def size_bytes(self) -> int:
        """What the frames take."""
        return self._bytes

    def __len__(self) -> int:
        return len(self._ticks)

    def add(self, frame: StoredFrame, covered_from: int) -> None:
        """Keep `frame`; there is no other frame between `covered_from` and it."""
        with self._lock:
            i = bisect_left(self._ticks, frame.tick)
            if i == len(self._ticks) or self._ticks[i] != frame.tick:
                self._ticks.insert(i, frame.tick)
                self._frames.insert(i, frame)
                self._bytes += frame.size_bytes
            self._coverage.add(covered_from, frame.tick + 1)

    def end_here(self, tick: int) -> None:
        """There is no frame after `tick`: the film ends, or cannot be read any further."""
        with self._lock:
            self._coverage.add(tick, NEVER)

    def drop(self, tick: int) -> None:
        """Forget the frame at `tick`."""
        with self._lock:
            i = bisect_left(self._ticks, tick)
            following = self._ticks[i + 1] if i + 1 < len(self._ticks) else tick + 1
            reach = self._coverage.end_of(tick)
            if reach is not None:
                self._coverage.remove(tick, min(following, reach))
            self._bytes -= self._frames[i].size_bytes
            del self._ticks[i], self._frames[i]

    def ticks(self) -> list[int]:
        """The times of all frames kept, ascending."""
        with self._lock:
            return list(self._ticks)

    def gap(self, start: int, end: int) -> int | None:
        """The first tick of `[start, end)` of which it is not known which frame is shown."""
        with self._lock:
            return self._coverage.gap(start, end)

    def shown_at(self, tick: int, start: int, end: int) -> StoredFrame | None:
        """The frame of `[start, end)` shown at `tick`: the last at or before it, else the first of all.

        None when it is not in the store (yet).
        """
        with self._lock:
            i = bisect_right(self._ticks, min(tick, end - 1)) - 1
            if i >= 0 and self._ticks[i] >= start:
                reach = self._coverage.end_of(self._ticks[i])
                return self._frames[i] if reach is not None and reach > min(tick, end - 1) else None
            i += 1
            reach = self._coverage.end_of(start)
            if reach is None or i >= len(self._ticks) or not start <= self._ticks[i] < min(end, reach):
                return None
            return self._frames[i]

    def after(self, frame: StoredFrame) -> StoredFrame | None:
        """The frame that follows; None when it is not known or there is none."""
        with self._lock:
            i = bisect_right(self._ticks, frame.tick)
            reach = self._coverage.end_of(frame.tick)
            if reach is None or i >= len(self._ticks) or self._ticks[i] >= reach:
                return None
            return self._frames[i]

    def before(self, frame: StoredFrame) -> StoredFrame | None:
        """The frame that precedes; None when it is not known or there is none."""
        with self._lock:
            i = bisect_left(self._ticks, frame.tick) - 1
            reach = self._coverage.end_of(self._ticks[i]) if i >= 0 else None
            return self._frames[i] if reach is not None and reach > frame.tick - 1 else None

    def nothing_after(self, frame: StoredFrame, end: int) -> bool:
        """Whether `frame` is known to be the last one before `end`."""
        with self._lock:
            i = bisect_right(self._ticks, frame.tick)
            reach = self._coverage.end_of(frame.tick)
            if reach is None:
                return False
            following = self._ticks[i] if i < len(self._ticks) else NEVER
            return reach >= min(end, NEVER) and following >= end

    def nothing_in(self, start: int, end: int) -> bool:
        """Whether it is known that the film has no frame in `[start, end)`."""
        with self._lock:
            i = bisect_left(self._ticks, start)
            empty = i >= len(self._ticks) or self._ticks[i] >= end
            return empty and self._coverage.gap(start, end) is None

    def end_of(self, frame: StoredFrame) -> int:
        """The tick at which `frame` gives way to the next, as far as is known.

        The next may have been dropped; the stretch known to be without another frame then ends with it.
        """
        following = self.after(frame)
        if following is not None:
            return following.tick
        with self._lock:
            reach = self._coverage.end_of(frame.tick)
        until = frame.tick + frame.length
        return until if reach is None or reach == NEVER else max(until, reach)
