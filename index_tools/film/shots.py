"""Cuts, found while a film is read from coarse luma and block colours."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from index_tools.film.planes import BlockMeans

#: Mean difference of a frame from the one before, in levels of 0..255, below which nothing is a cut.
LEAST_CHANGE = 10.0
#: A cut changes the picture so many times as much as the frames before it did on average.
TIMES_USUAL = 3.0
#: Share of a new difference in the running mean.
_NEW_SHARE = 0.1


class CutFinder:
    """Tells which frames begin a shot; fed with batches in the order of time.

    `starts` holds the numbers of the frames that begin a shot; the first frame does.
    """

    def __init__(self) -> None:
        self.starts: list[int] = []
        self._count = 0
        self._usual = 0.0
        self._luma: NDArray[np.float32] | None = None
        self._rgb: NDArray[np.float64] | None = None

    def feed(self, means: BlockMeans) -> None:
        """Look at the next frames."""
        if self._luma is None or self._rgb is None:
            self._luma, self._rgb = means.luma[0], means.rgb[0]
            self.starts.append(0)
        luma = np.concatenate([self._luma[None], means.luma])
        rgb = np.concatenate([self._rgb[None], means.rgb])
        change = 0.5 * (
            np.abs(np.diff(luma, axis=0)).mean(axis=(1, 2))
            + np.abs(np.diff(rgb, axis=0)).mean(axis=(1, 2, 3))
        )
        for value in change.tolist():
            if self._count and value > LEAST_CHANGE and value > TIMES_USUAL * self._usual:
                self.starts.append(self._count)
                self._usual = 0.0
            else:
                self._usual += _NEW_SHARE * (value - self._usual)
            self._count += 1
        self._luma, self._rgb = luma[-1], rgb[-1]
