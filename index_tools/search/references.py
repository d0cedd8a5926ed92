"""Pictures of scenes to lay a query over: thumbnails of packs, frames of films; the last ones kept.

Packs and what was read from them are shared with other searches: they are only touched with the engine's
lock held, which is let go while pictures are looked at and films are decoded.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index_tools.errors import PictureError
from index_tools.nouns import Match, Sketches
from index_tools.opencv import cv2
from index_tools.picture import read_picture
from index_tools.search.candidates import PackSearch
from index_tools.search.closest import ROUNDED_S
from index_tools.search.dense import PLAUSIBLE, DenseFrames, Tracks
from index_tools.search.features import Features, find_features
from index_tools.search.readings import Reading
from index_tools.search.sketched import sketched_distances

#: Features of a thumbnail and of a film's frame, and the longer side at which the thumbnail's are looked for.
THUMBNAIL_FEATURES, THUMBNAIL_SIDE = 160, 300
FRAME_FEATURES = 260
#: References held ready; one is some 150 KB.
HELD = 400


@dataclass(frozen=True, eq=False, slots=True)
class Shot:
    """A shot's bounds, times float64 (n,) and color layouts uint8 (n, 33) of its frames, and its sketches
    where the pack holds them.
    """

    start_s: float
    end_s: float
    times_s: NDArray[np.float64]
    layouts: NDArray[np.uint8]
    sketches: Sketches | None

    def exactly(self, at_s: float) -> float:
        """The time of the frame that a file, which may round it, has at `at_s`."""
        if not len(self.times_s):
            return at_s
        nearest = float(self.times_s[np.abs(self.times_s - at_s).argmin()])
        return nearest if abs(nearest - at_s) <= ROUNDED_S else at_s


class References:
    """What packs and films know of scenes, found when first asked for."""

    def __init__(self, lock: threading.RLock, searches: Mapping[str, PackSearch], tracks: Tracks) -> None:
        self._lock = lock
        self._searches = searches
        self._tracks = tracks
        self._held: OrderedDict[tuple[str, Hashable], Features] = OrderedDict()

    def thumbnail(self, match: Match) -> Features | None:
        """The features of a shot's thumbnail; None where its pack holds none or is gone."""
        key = (match.pack_id, ("shot", match.shot))
        with self._lock:
            search = self._search_of(match)
            known = None if search is None else self._known(key)
            if known is not None or search is None:
                return known
            webp = search.pack.thumbnail(match.shot)
        if webp is None:
            return None
        try:
            rgb = read_picture(webp, origin="a thumbnail").rgb
        except PictureError:
            return None  # a pack's pictures may be anything; one that is none says nothing
        grey = np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), np.uint8)
        return self._keep(key, search, find_features(grey, THUMBNAIL_SIDE, THUMBNAIL_FEATURES))

    def footage(self, match: Match) -> tuple[Path, ...]:
        """Where the film of a match can be looked into: its proxy, and the film as it was, if at hand."""
        with self._lock:
            search = self._search_of(match)
            if search is None:
                return ()
            pack, number = search.pack, match.video_number
            return tuple(
                path for path in (pack.proxy_path(number), pack.film_path(number)) if path is not None
            )

    def frames(self, match: Match, reading: Reading) -> DenseFrames | None:
        """The frames of a scene, held against a reading of the picture: by color layouts, and where none
        comes near, as with a picture that was tinted or darkened, by sketches, or light and shade alone.
        """
        with self._lock:
            search = self._search_of(match)
            if search is None:
                return None
            scene = search.pack, match.video_number, match.start_s, match.end_s
            frames = self._tracks.frames(*scene, reading.vector)
            if frames is None or int(frames.distances.min()) <= PLAUSIBLE:
                return frames
            sketches = search.pack.sketches(match.shot)
            if sketches is None:
                return self._tracks.frames_by_shape(*scene, reading.vector)
        return DenseFrames(frames.times_s, sketched_distances(sketches, frames.times_s, reading.rgb))

    def shot(self, match: Match) -> Shot | None:
        """The whole shot that a match lies in; None where its pack is gone."""
        with self._lock:
            search = self._search_of(match)
            if search is None:
                return None
            bounds = search.pack.shots[match.shot]
            start_s, end_s = float(bounds["start_s"]), float(bounds["end_s"])
            frames = self._tracks.stretch(search.pack, match.video_number, start_s, end_s)
            sketches = search.pack.sketches(match.shot)
        return Shot(start_s, end_s, *frames, sketches)

    def forget(self, pack_id: str) -> None:
        """Let go of what belongs to one pack."""
        with self._lock:
            for key in [key for key in self._held if key[0] == pack_id]:
                del self._held[key]

    def _search_of(self, match: Match) -> PackSearch | None:
        """The pack of a match; None where it is gone, or another one by now."""
        search = self._searches.get(match.pack_id)
        return search if search is not None and search.holds(match) else None

    def _known(self, key: tuple[str, Hashable]) -> Features | None:
        features = self._held.get(key)
        if features is not None:
            self._held.move_to_end(key)
        return features

    def _keep(self, key: tuple[str, Hashable], search: PackSearch, features: Features) -> Features:
        with self._lock:
            # a pack that went meanwhile may come again as another one
            if self._searches.get(key[0]) is search:
                self._held[key] = features
            if len(self._held) > HELD:
                self._held.popitem(last=False)
        return features
