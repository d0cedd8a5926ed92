"""The frame of a scene that looks most like the picture, by the color layouts of all its frames.

A pack keeps few frames to search in, but the color layout of every frame beside them, in the order of time
(the dense track).  This is how the frame is found where the film is not at hand.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index_tools.nouns import Track
from index_tools.pack import ScenePack
from index_tools.search.exact import squared_distances
from index_tools.search.shapes import directions

#: Tracks held ready, unpacked; one of an hour and a half of film is about 5 MB.
TRACKS = 12
#: A squared distance further than which no color layout tells the frame of a picture.
PLAUSIBLE = 60


@dataclass(frozen=True, eq=False, slots=True)
class DenseFrames:
    """The frames of one scene: times float64 (n,) and squared distances to the picture int32 (n,)."""

    times_s: NDArray[np.float64]
    distances: NDArray[np.int32]

    def best(self) -> tuple[float, int]:
        """Time and squared distance of the nearest frame.

        Where several in a row are equally near, nothing tells them apart: the middle one of the longest
        such row is given, which is never further off than half of it.
        """
        least = int(self.distances.min())
        equal = np.flatnonzero(self.distances == least)
        rows = np.split(equal, np.flatnonzero(np.diff(equal) > 1) + 1)
        longest = max(rows, key=len)
        return float(self.times_s[longest[len(longest) // 2]]), least

    def near(self, more: int) -> NDArray[np.bool_]:
        """Which frames, bool (n,), are at most `more` further off than the nearest one."""
        return self.distances <= int(self.distances.min()) + more


class Tracks:
    """The dense tracks of packs, unpacked when first asked for, the last few of them kept."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, int], Track] = OrderedDict()

    def frames(
        self, pack: ScenePack, video: int, start_s: float, end_s: float, vector: NDArray[np.uint8]
    ) -> DenseFrames | None:
        """The frames of a video within `start_s .. end_s`, held against one color layout, uint8 (33,)."""
        times_s, layouts = self.stretch(pack, video, start_s, end_s)
        if not len(times_s):
            return None
        return DenseFrames(times_s, squared_distances(layouts, vector))

    def frames_by_shape(
        self, pack: ScenePack, video: int, start_s: float, end_s: float, vector: NDArray[np.uint8]
    ) -> DenseFrames | None:
        """As `frames`, but by light and shade alone: thousandths of what the correlation lacks to 1."""
        times_s, layouts = self.stretch(pack, video, start_s, end_s)
        if not len(times_s):
            return None
        alike = directions(layouts) @ directions(vector[None])[0]
        return DenseFrames(times_s, np.asarray(np.rint(1000 * (1 - alike)), np.int32))

    def stretch(
        self, pack: ScenePack, video: int, start_s: float, end_s: float
    ) -> tuple[NDArray[np.float64], NDArray[np.uint8]]:
        """Times float64 (n,) and color layouts uint8 (n, 33) of the frames within `start_s .. end_s`."""
        track = self._track(pack, video)
        begin, end = np.searchsorted(track.times_s, [start_s - 1e-6, end_s])
        return track.times_s[begin:end], track.color_layout[begin:end]

    def forget(self, pack_id: str) -> None:
        """Let go of what belongs to one pack."""
        for key in [key for key in self._kept if key[0] == pack_id]:
            del self._kept[key]

    def _track(self, pack: ScenePack, video: int) -> Track:
        key = (pack.manifest.pack_id, video)
        track = self._kept.get(key)
        if track is None:
            track = self._kept[key] = pack.track(video)
            if len(self._kept) > TRACKS:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return track
