"""Pictures of scenes to lay a query over: thumbnails of packs, key frames of films; the last ones kept."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable

import numpy as np

from index_tools.errors import PictureError
from index_tools.film import FilmReader
from index_tools.opencv import cv2
from index_tools.pack import ScenePack
from index_tools.picture import read_picture
from index_tools.search.features import Features, find_features

#: Features of a thumbnail and of a film's frame, and the longer side at which the frame's are looked for.
THUMBNAIL_FEATURES = 160
FRAME_FEATURES, FRAME_SIDE = 260, 300
#: References held ready; one is some 150 KB.
HELD = 400


class References:
    """The features of thumbnails and frames, found when first asked for."""

    def __init__(self) -> None:
        self._held: OrderedDict[tuple[str, Hashable], Features] = OrderedDict()

    def thumbnail(self, pack: ScenePack, shot: int) -> Features | None:
        """Those of a shot's thumbnail; None where the pack holds none."""
        key = (pack.manifest.pack_id, ("shot", shot))
        features = self._known(key)
        if features is None:
            webp = pack.thumbnail(shot)
            if webp is None:
                return None
            try:
                rgb = read_picture(webp, origin="a thumbnail").rgb
            except PictureError:
                return None  # a pack's pictures may be anything; one that is none says nothing
            grey = np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), np.uint8)
            features = self._keep(key, find_features(grey, FRAME_SIDE, THUMBNAIL_FEATURES))
        return features

    def frame(
        self, pack_id: str, reader: FilmReader, video: int, at_s: float, not_before_s: float
    ) -> Features:
        """Those of the frame of a film, within `not_before_s .. at_s`, that is quickest to be had.

        Raises `FilmError`.
        """
        key = (pack_id, ("frame", video, round(at_s, 3)))
        features = self._known(key)
        if features is None:
            grey = reader.quickest_frame(at_s, not_before_s).luma(FRAME_SIDE)
            features = self._keep(key, find_features(grey, FRAME_SIDE, FRAME_FEATURES))
        return features

    def forget(self, pack_id: str) -> None:
        """Let go of what belongs to one pack."""
        for key in [key for key in self._held if key[0] == pack_id]:
            del self._held[key]

    def _known(self, key: tuple[str, Hashable]) -> Features | None:
        features = self._held.get(key)
        if features is not None:
            self._held.move_to_end(key)
        return features

    def _keep(self, key: tuple[str, Hashable], features: Features) -> Features:
        self._held[key] = features
        if len(self._held) > HELD:
            self._held.popitem(last=False)
        return features
