"""What a film shows and when, found apart from the index that is to be judged by it.

Shots are found in another way than the index finds them: scaled to 64 x 36 RGB, a frame starts a shot when
its mean absolute difference from the frame before is above 14 levels and above 3 times the running mean
of such differences.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index_tools.film import FilmReader
from index_tools.opencv import cv2
from index_tools.progress import Progress

#: A cut: levels of mean difference, and how many times the running mean.
CUT_LEVELS, CUT_TIMES = 14.0, 3.0
#: What the newest difference counts in the running mean.
_NEWEST = 0.1
SMALL = (64, 36)


@dataclass(frozen=True, eq=False, slots=True)
class Survey:
    """A film's frame times, float64 (n,) from 0, and the number of the shot that each is in, int32 (n,)."""

    path: Path
    times_s: NDArray[np.float64]
    shots: NDArray[np.int32]

    @property
    def length_s(self) -> float:
        """The time of the last frame and one frame distance more."""
        return float(self.times_s[-1]) + self.frame_s

    @property
    def frame_s(self) -> float:
        """The median distance of frames in seconds."""
        return float(np.median(np.diff(self.times_s))) if len(self.times_s) > 1 else 0.04

    def shot_at(self, at_s: float) -> int:
        """The number of the shot that is shown at a time."""
        row = int(np.searchsorted(self.times_s, at_s + 1e-3, side="right")) - 1
        return int(self.shots[max(row, 0)])


def survey(path: Path, progress: Progress | None = None) -> Survey:
    """Decode a film once and note its times and shots.  Raises `FilmError`, `Cancelled`."""
    progress = progress or Progress()
    times: list[float] = []
    shots: list[int] = []
    before: NDArray[np.int16] | None = None
    running, shot = 0.0, 0
    with FilmReader(path) as reader:
        for frame in reader.frames():
            progress.check()
            progress.report(frame.at_s, reader.info.duration_s, path.name)
            small = small_rgb(frame.picture(128).rgb).astype(np.int16)
            if before is not None:
                difference = float(np.abs(small - before).mean())
                if difference > CUT_LEVELS and difference > CUT_TIMES * running:
                    shot += 1
                running += _NEWEST * (difference - running)
            before = small
            times.append(frame.at_s)
            shots.append(shot)
    return Survey(path, np.array(times), np.array(shots, np.int32))


def small_rgb(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A picture, uint8 (h, w, 3), scaled by area to uint8 (36, 64, 3)."""
    return np.asarray(cv2.resize(rgb, SMALL, interpolation=cv2.INTER_AREA), np.uint8)


def near_uniform(rgb: NDArray[np.uint8]) -> bool:
    """Whether a picture shows too little to be asked for.

    In grey at 64 x 36, the standard deviation is below 10 or more than 90 % of the pixels lie within 6
    levels of the median.
    """
    grey = np.asarray(cv2.cvtColor(small_rgb(rgb), cv2.COLOR_RGB2GRAY), np.float64)
    return bool(grey.std() < 10 or (np.abs(grey - np.median(grey)) <= 6).mean() > 0.9)
