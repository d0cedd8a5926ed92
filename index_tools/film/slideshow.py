"""A film of still pictures: how pictures come into an index to be mistaken for scenes of films."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from index_tools.opencv import cv2

#: Width and height of the film, frames a second, and frames for which each picture is shown: with fewer
#: they are not told apart as shots.
_SIZE, _FPS, _FRAMES = (640, 360), 8, 6


def write_slideshow(path: Path, pictures: Iterable[NDArray[np.uint8]]) -> int:
    """Write a Motion JPEG film (.mkv) of pictures, uint8 (h, w, 3), each cut to 16:9 and shown for 0.75 s.

    Gives how many there were.  Raises OSError where it cannot be written.
    """
    count = 0
    with av.open(str(path), "w", format="matroska") as container:
        stream = container.add_stream("mjpeg", rate=_FPS, options={"q:v": "3"})
        stream.width, stream.height = _SIZE
        stream.pix_fmt = "yuvj420p"
        stream.time_base = Fraction(1, _FPS)
        for rgb in pictures:
            frame = VideoFrame.from_ndarray(_filled(rgb), format="rgb24")
            for _ in range(_FRAMES):
                frame.pts = count
                container.mux(stream.encode(frame.reformat(format="yuvj420p")))
                count += 1
        container.mux(stream.encode(None))
    return count // _FRAMES


def _filled(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The middle of a picture, enlarged or shrunk until it fills the film's frame."""
    height, width = rgb.shape[:2]
    wide, tall = _SIZE
    scale = max(wide / width, tall / height)
    size = (max(wide, round(width * scale)), max(tall, round(height * scale)))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    fitted = np.asarray(cv2.resize(rgb, size, interpolation=method), np.uint8)
    left, top = (size[0] - wide) // 2, (size[1] - tall) // 2
    return np.ascontiguousarray(fitted[top : top + tall, left : left + wide])
