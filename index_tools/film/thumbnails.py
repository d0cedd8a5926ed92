"""One small picture a shot, chosen while the film is read and made once."""

from __future__ import annotations

import numpy as np

from index_tools.film.frame import Frame
from index_tools.opencv import cv2

#: Longer side of a thumbnail, in pixels.
LONGER_SIDE = 160
#: WebP quality; gives about 1 to 1.5 KB.
_QUALITY = 40


def thumbnail(frame: Frame) -> bytes:
    """A WebP of the frame, upright, its longer side `LONGER_SIDE` pixels."""
    rgb = frame.picture(LONGER_SIDE).rgb
    _, encoded = cv2.imencode(
        ".webp", np.ascontiguousarray(rgb[..., ::-1]), [cv2.IMWRITE_WEBP_QUALITY, _QUALITY]
    )
    return encoded.tobytes()
