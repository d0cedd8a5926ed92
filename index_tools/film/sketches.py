"""Sketches: tiny pictures of a film, taken while it is read, a few a second.

A color layout tells too little of a part of a frame, and nothing once colours were changed.  Laid over
some 300 cells of light and shade, a picture that shows a part of a frame finds its moment in a shot.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from index_tools.film.frame import Frame
from index_tools.nouns import Sketches

#: Rows and columns of a sketch.
SKETCH = (14, 24)
#: Sketches a second.  With twice as many the moment of a part of a frame is found hardly better.
_A_SECOND = 3.0


class SketchPicker:
    """Takes sketches of a film's frames as they come."""

    def __init__(self, fps: float) -> None:
        self._every = max(1, round(fps / _A_SECOND))
        self._numbers: list[int] = []
        self._times: list[float] = []
        self._luma = bytearray()

    def offer(self, number: int, frame: Frame) -> None:
        """Frame `number` of the film has been decoded."""
        if number % self._every == 0:
            self._numbers.append(number)
            self._times.append(frame.at_s)
            self._luma += frame.small_luma(SKETCH).tobytes()

    def finish(self, starts: list[int], count: int) -> tuple[Sketches, ...]:
        """The film has `count` frames, its shots begin at `starts`: the sketches of each."""
        times_s = np.array(self._times, np.float64)
        luma = np.frombuffer(bytes(self._luma), np.uint8).reshape(-1, *SKETCH)
        bounds = np.searchsorted(self._numbers, [*starts, count])
        return tuple(Sketches(times_s[begin:end], luma[begin:end]) for begin, end in pairwise(bounds))
