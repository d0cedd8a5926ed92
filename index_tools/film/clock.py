"""Presentation times: from a stream's time stamps to seconds from the film's first frame."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import chain, pairwise

from av.video.frame import VideoFrame

#: A step back of more than this, in seconds, is a new count and not disorder.
NEW_COUNT_S = 0.25

#: In ticks: what a time may lose by being a float.
_FLOAT_SLACK = Fraction(1, 100)


class FilmClock:
    """Gives each frame, in the order of showing, its time; times always grow.

    `origin` is the time stamp of the film's first frame, in units of `time_base`; while it is None the
    next frame is taken for the first.  A frame without a time stamp, or with one that is later than
    the next frame's by mistake, is put one `usual_step` after the one before; one that is not later than
    that one, the smallest step after it.  Where the count starts anew (films joined in a transport stream)
    the film goes on.

    With `by_decoding` the times at which packets are to be decoded count: for AVI, which stores no
    others and whose times of showing FFmpeg guesses out of order where there are B-frames.
    """

    def __init__(
        self,
        time_base: Fraction,
        usual_step: Fraction,
        *,
        origin: int | None = None,
        by_decoding: bool = False,
    ) -> None:
        self.origin = origin
        self._by_decoding = by_decoding
        self._num, self._den = time_base.numerator, time_base.denominator
        self._step = max(1, round(usual_step / time_base))
        self._new_count = max(1, round(Fraction(NEW_COUNT_S) / time_base))
        self._shift = 0
        self._last: int | None = None

    def timed(self, frames: Iterable[VideoFrame]) -> Iterator[tuple[VideoFrame, float]]:
        """Each frame with its seconds from the first; a frame is given when the next one is known."""
        for frame, following in pairwise(chain(frames, (None,))):
            if frame is not None:
                yield frame, self.time_of(frame, following)

    def time_of(self, frame: VideoFrame, following: VideoFrame | None = None) -> float:
        """Seconds from the first frame."""
        stamp = self.stamp_of(frame)
        if self._last is None:
            if stamp is None:
                stamp = self.origin or 0
            if self.origin is None:
                self.origin = stamp
        elif stamp is None or self._is_mistaken(stamp, following):
            stamp = self._last + self._step
        else:
            stamp += self._shift
            if stamp <= self._last:
                later = self._last + 1
                if self._last - stamp > self._new_count:
                    later = self._last + self._step
                    self._shift += later - stamp
                stamp = later
        self._last = stamp
        return self.seconds(stamp)

    def stamp_of(self, frame: VideoFrame) -> int | None:
        """The time stamp that counts, None for a frame that has none."""
        if self._by_decoding:
            return frame.dts
        return frame.dts if frame.pts is None else frame.pts

    def origin_of(self, first: VideoFrame) -> int:
        """The time stamp that counts as 0, the film's first frame being given."""
        self.time_of(first)
        return self.origin or 0

    def seconds(self, stamp: int) -> float:
        """Seconds from the first frame of a time stamp."""
        return (stamp - (self.origin or 0)) * self._num / self._den

    def stamp_at(self, at_s: float) -> int:
        """The last time stamp that is not after a time."""
        ticks = Fraction(at_s) * self._den / self._num
        return (self.origin or 0) + math.floor(ticks + _FLOAT_SLACK)

    def _is_mistaken(self, stamp: int, following: VideoFrame | None) -> bool:
        """Whether a stamp leaps ahead alone: the next one is between it and the one before."""
        after = None if following is None else self.stamp_of(following)
        if after is None or self._last is None:
            return False
        return stamp - after > self._new_count and after + self._shift > self._last
