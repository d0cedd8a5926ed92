"""Proxies: small copies of films, which are decoded a hundred times as fast, to look pictures up in.

A second of a film with 1080 lines takes some 200 ms to decode, from the key frame before it, and several
seconds must be looked at before a part of a frame is found.  So while a film is indexed a video of its luma
is written besides: every other frame or so, at the film's own times.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import av
import numpy as np
from av.error import FFmpegError
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from index_tools.errors import FilmError
from index_tools.film.frame import Frame
from index_tools.opencv import cv2

#: Longer side of a proxy, in pixels, and its frames a second, roughly.
LONGER_SIDE, A_SECOND = 240, 12.0
#: Smaller films are quick enough themselves: their longer side, in pixels.
SMALL = 2 * LONGER_SIDE
#: A gigabyte holds some 40 hours.  A key frame comes every two seconds.  As quick as can be, but for frames
#: that are built on both neighbours: these take a third of the space off, and no time.
_CODEC: Final = "libx264"
_OPTIONS = {
    "preset": "ultrafast",
    "tune": "fastdecode",
    "crf": "32",
    "g": "24",
    "x264-params": "bframes=3:b-adapt=0",
}
#: Frames that are encoded one after another, which takes half the time: encoder and decoder each have their
#: working memory at hand.
_TOGETHER = 32
#: Ticks a second of the times.
_TICKS = 90_000
_GREY = 128
#: What is not the film's fault.
_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS)


class DiskRefusedError(OSError):
    """The disk refused the proxy: no fault of the film."""


class ProxyWriter:
    """Writes the proxy of a film whose frames are offered to it; a context manager.

    It gets its name only when `finish` was called.  All raise `FilmError` where the film cannot be encoded,
    and `DiskRefusedError`.
    """

    def __init__(self, path: Path, fps: float, size: tuple[int, int]) -> None:
        """`size` is the width and height of the upright film."""
        self._path = path
        self._beside = path.with_name(f".{path.name}.{os.getpid()}.new")
        self._every = max(1, round(fps / A_SECOND))
        scale = LONGER_SIDE / max(size)
        # chroma has half the rows and columns
        self._width, self._height = (max(2, 2 * round(side * scale / 2)) for side in size)
        with _told():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._container = av.open(str(self._beside), "w", format="matroska")
        self._last = -1
        self._waiting: list[VideoFrame] = []
        try:
            rate = Fraction(fps / self._every).limit_denominator(1001)
            self._stream = self._container.add_stream(_CODEC, rate=rate, options=dict(_OPTIONS))
            self._stream.width, self._stream.height = self._width, self._height
            self._stream.pix_fmt = "yuv420p"
            self._stream.codec_context.thread_count = 1
            self._stream.codec_context.time_base = Fraction(1, _TICKS)
        except (FFmpegError, ValueError) as error:
            self.close()
            raise FilmError("There is no encoder of H.264 here.") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def offer(self, number: int, frame: Frame) -> None:
        """Frame `number` of the film has been decoded."""
        stamp = round(frame.at_s * _TICKS)
        if number % self._every == 0 and stamp > self._last:
            self._last = stamp
            self._waiting.append(self._picture(frame, stamp))
            if len(self._waiting) == _TOGETHER:
                self._work_off()

    def finish(self) -> None:
        """All frames were offered: put the proxy under its name."""
        self._work_off()
        self._encode(None)
        with _told():
            self._container.close()
            self._beside.replace(self._path)

    def close(self) -> None:
        """Let go; what was not finished is removed."""
        with suppress(FFmpegError):  # a full disk refuses the end of the file too
            self._container.close()
        self._beside.unlink(missing_ok=True)

    def _work_off(self) -> None:
        for picture in self._waiting:
            self._encode(picture)
        self._waiting.clear()

    def _encode(self, picture: VideoFrame | None) -> None:
        with _told():
            for packet in self._stream.encode(picture):
                self._container.mux(packet)

    def _picture(self, frame: Frame, stamp: int) -> VideoFrame:
        picture = VideoFrame(self._width, self._height, "yuv420p")
        luma, *chroma = picture.planes
        lines = np.frombuffer(memoryview(luma), np.uint8).reshape(self._height, luma.line_size)
        lines[:, : self._width] = _scaled(frame, self._width, self._height)
        for plane in chroma:
            np.frombuffer(memoryview(plane), np.uint8)[:] = _GREY
        picture.pts, picture.time_base = stamp, Fraction(1, _TICKS)
        return picture


@contextmanager
def _told() -> Iterator[None]:
    """Tell an error of the disk from one of the film."""
    try:
        yield
    except FFmpegError as error:
        if error.errno in _DISK:
            raise DiskRefusedError(error.errno, error.strerror) from error
        raise FilmError(f"Its frames cannot be encoded ({error.strerror}).") from error
    except OSError as error:
        raise DiskRefusedError(error.errno, error.strerror) from error


def _scaled(frame: Frame, width: int, height: int) -> NDArray[np.uint8]:
    """The upright luma of a frame at a size."""
    luma = frame.stored_luma()
    if luma is None:
        return frame.small_luma((height, width))
    if frame.quarter_turns % 2:
        width, height = height, width
    # halving is quickest, and what is left to do is too little to alias
    while luma.shape[0] >= 2 * height and luma.shape[1] >= 2 * width:
        half = luma.shape[1] // 2, luma.shape[0] // 2
        luma = np.asarray(cv2.resize(luma, half, interpolation=cv2.INTER_AREA), np.uint8)
    luma = np.asarray(cv2.resize(luma, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)
    return np.rot90(luma, frame.quarter_turns)
