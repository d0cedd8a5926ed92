"""Which stretches of a film are known: sorted, disjoint, half-open intervals of ticks."""

from __future__ import annotations

from bisect import bisect_right

#: Later than any tick.
NEVER = 1 << 62


class Coverage:
    """A set of ticks kept as intervals `[start, end)`."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []

    def add(self, start: int, end: int) -> None:
        """Add `[start, end)`."""
        if start >= end:
            return
        first = bisect_right(self._ends, start - 1)
        last = bisect_right(self._starts, end)
        if first < last:
            start = min(start, self._starts[first])
            end = max(end, self._ends[last - 1])
        self._starts[first:last] = [start]
        self._ends[first:last] = [end]

    def remove(self, start: int, end: int) -> None:
        """Take `[start, end)` out."""
        if start >= end:
            return
        kept = []
        for a, b in zip(self._starts, self._ends, strict=True):
            if b <= start or a >= end:
                kept.append((a, b))
                continue
            if a < start:
                kept.append((a, start))
            if b > end:
                kept.append((end, b))
        self._starts = [a for a, _ in kept]
        self._ends = [b for _, b in kept]

    def end_of(self, tick: int) -> int | None:
        """The end of the interval that holds `tick`; None when it is not covered."""
        i = bisect_right(self._starts, tick) - 1
        return self._ends[i] if i >= 0 and tick < self._ends[i] else None

    def gap(self, start: int, end: int) -> int | None:
        """The first tick of `[start, end)` that is not covered."""
        covered_to = self.end_of(start)
        tick = start if covered_to is None else covered_to
        return tick if tick < end else None
