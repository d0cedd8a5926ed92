"""Local features of a picture, by which another picture of the same thing is laid over it.

SIFT (Lowe 2004; OpenCV's), its vectors as square roots of their shares (RootSIFT: Arandjelović and
Zisserman, 2012), so that their products compare histograms.  Brightness is stretched first: the dark
and the pale show as many features as others.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from index_tools.opencv import cv2

#: A point must stand out this much (SIFT's contrast threshold; OpenCV's own is 0.04).
CONTRAST = 0.02
#: Shares of the pixels that are black and white after stretching, in percent.
_STRETCH = (1.0, 99.0)
#: Longer side of the small picture, in pixels; that of thumbnails.
SMALL_SIDE = 160

# The place of each value of a SIFT vector (4 rows, 4 columns, 8 directions) in the vector of the mirror
# image: a point's patch stands along its own direction, and mirroring exchanges its two sides.
_BINS = np.arange(128).reshape(4, 4, 8)
_MIRRORED = _BINS[::-1][:, :, (-np.arange(8)) % 8].ravel()
# In the negative all gradients point the other way: so does the point's own direction, and its patch is
# turned half way round.
_NEGATIVE = _BINS[::-1, ::-1].ravel()


@dataclass(frozen=True, eq=False, slots=True)
class Features:
    """The features of a picture and the picture itself in small.

    `points` float32 (n, 2) are x, y and `sizes` float32 (n,) diameters, both in units of the longer
    side; `angles` float32 (n,) are radians; `vectors` float32 (n, 128) are of length 1.  `luma` float32
    (h, w) is 0..255, its longer side at most `SMALL_SIDE`.
    """

    points: NDArray[np.float32]
    sizes: NDArray[np.float32]
    angles: NDArray[np.float32]
    vectors: NDArray[np.float32]
    luma: NDArray[np.float32]

    @property
    def aspect(self) -> tuple[float, float]:
        """Width and height in units of the longer side."""
        height, width = self.luma.shape
        return width / max(width, height), height / max(width, height)


def find_features(picture: NDArray[np.uint8], side: int, most: int) -> Features:
    """At most `most` features of a picture, uint8 (h, w, 3) or grey (h, w), at a longer side of `side`.

    A smaller picture is not enlarged: SIFT begins at twice its size anyway.
    """
    grey = scaled(grey_of(picture), side)
    low, high = np.percentile(grey[::2, ::2], _STRETCH)
    stretched = np.clip((grey - low) * (255.0 / max(float(high - low), 8.0)), 0, 255).astype(np.uint8)
    sift = cv2.SIFT.create(nfeatures=most, contrastThreshold=CONTRAST)
    keys, vectors = sift.detectAndCompute(stretched, None)
    luma = scaled(grey, SMALL_SIDE)
    if vectors is None or not len(keys):
        none = np.zeros(0, np.float32)
        return Features(none.reshape(0, 2), none, none, none.reshape(0, 128), luma)
    longer = float(max(grey.shape))
    shares = vectors / np.maximum(vectors.sum(1, keepdims=True), 1e-6)
    return Features(
        points=np.array([key.pt for key in keys], np.float32) / longer,
        sizes=np.array([key.size for key in keys], np.float32) / longer,
        angles=np.radians(np.array([key.angle for key in keys], np.float32)),
        vectors=np.sqrt(shares).astype(np.float32),
        luma=luma,
    )


def mirrored(features: Features) -> Features:
    """What would be found in the mirror image, without looking again."""
    points = features.points.copy()
    points[:, 0] = features.aspect[0] - points[:, 0]
    return replace(
        features,
        points=points,
        angles=(np.pi - features.angles).astype(np.float32),
        vectors=np.ascontiguousarray(features.vectors[:, _MIRRORED]),
        luma=np.ascontiguousarray(features.luma[:, ::-1]),
    )


def negative(features: Features) -> Features:
    """What would be found in the negative (all colours inverted), without looking again."""
    return replace(
        features,
        angles=(features.angles + np.pi).astype(np.float32),
        vectors=np.ascontiguousarray(features.vectors[:, _NEGATIVE]),
        luma=255.0 - features.luma,
    )


def grey_of(picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The luma, float32 (h, w), 0..255, of a picture, uint8 (h, w, 3) or grey already (h, w)."""
    if picture.ndim == 2:
        return picture.astype(np.float32)
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.float32)


def scaled(grey: NDArray[np.float32], side: int) -> NDArray[np.float32]:
    """Luma scaled down by area to a longer side of `side`; a smaller picture stays."""
    height, width = grey.shape
    scale = side / max(height, width)
    if scale >= 1:
        return grey
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.float32)
