"""Presentation times: from a stream's time stamps to seconds from the film's first frame."""

from __future__ import annotations

import math
from fractions import Fraction

from av.video.frame import VideoFrame

#: A step back of more than this, in seconds, is a new count and not disorder.
_NEW_COUNT_S = 1.0

#: In ticks: what a time may lose by being a float.
_FLOAT_SLACK = Fraction(1, 100)


class FilmClock:
    """Gives each frame, in the order of showing, its time; times always grow.

    `origin` is the time stamp of the film's first frame, in units of `time_base`; while it is None the
    next frame is taken for the first.  A frame without a time stamp is put one `usual_step` after the one
    before, one with a stamp that is not later than that one's the smallest step after it.  Where the count
    starts anew (films joined in a transport stream) the film goes on.
    """

    def __init__(self, time_base: Fraction, usual_step: Fraction, origin: int | None = None) -> None:
        self.origin = origin
        self._num, self._den = time_base.numerator, time_base.denominator
        self._step = max(1, round(usual_step / time_base))
        self._new_count = round(Fraction(_NEW_COUNT_S) / time_base)
        self._shift = 0
        self._last: int | None = None

    def time_of(self, frame: VideoFrame) -> float:
        """Seconds from the first frame."""
        stamp = frame.pts if frame.pts is not None else frame.dts
        if self._last is None:
            if stamp is None:
                stamp = self.origin or 0
            if self.origin is None:
                self.origin = stamp
        elif stamp is None:
            stamp = self._last + self._step
        else:
            stamp += self._shift
            if stamp <= self._last:
                following = self._last + 1
                if self._last - stamp > self._new_count:
                    following = self._last + self._step
                    self._shift += following - stamp
                stamp = following
        self._last = stamp
        return self.seconds(stamp)

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
