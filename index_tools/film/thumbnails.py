"""One small picture a shot, chosen while the film is read and made once."""

from __future__ import annotations

import io
from itertools import pairwise

import PIL.WebPImagePlugin  # noqa: F401 - with the first picture all plugins would be loaded
from PIL import Image

from index_tools.film.frame import Frame

#: Longer side of a thumbnail, in pixels.
LONGER_SIDE = 160
#: WebP quality and effort; gives about 1 to 1.8 KB.
_QUALITY, _EFFORT = 22, 4

#: A frame is held so many times a second; the shortest shot lasts longer than the time between.
_HELD_A_SECOND = 6.0
#: At most so many frames and bytes are held.
_MOST_HELD, _MOST_HELD_BYTES = 20, 96 * 1024 * 1024


def thumbnail(frame: Frame) -> bytes:
    """A WebP of the frame, upright, its longer side `LONGER_SIDE` pixels."""
    encoded = io.BytesIO()
    Image.fromarray(frame.picture(LONGER_SIDE).rgb).save(encoded, "WEBP", quality=_QUALITY, method=_EFFORT)
    return encoded.getvalue()


class ThumbnailPicker:
    """Holds a few decoded frames until their shot is known and makes one of them a thumbnail.

    The frame is the one nearest to the middle of its shot; of long shots ever fewer frames are held, so
    it may be off by some seventh of the shot's length.
    """

    def __init__(self, fps: float) -> None:
        self._every = max(1, int(fps / _HELD_A_SECOND))
        self._held: list[tuple[int, Frame]] = []
        self._made: list[bytes] = []

    def offer(self, number: int, frame: Frame) -> None:
        """Frame `number` of the film has been decoded."""
        if number % self._every:
            return
        self._held.append((number, frame))
        decoded = frame.decoded
        most = _MOST_HELD_BYTES // sum(plane.buffer_size for plane in decoded.planes)
        if len(self._held) > min(_MOST_HELD, max(4, most)):
            half = len(self._held) // 2
            del self._held[1:half:2]

    def settle(self, starts: list[int]) -> None:
        """The shots begin at these frames, as far as is known; the last one is still open."""
        for first, end in pairwise(starts[len(self._made) :]):
            self._make(first, end)
            self._held = [held for held in self._held if held[0] >= end] or self._held[-1:]

    def finish(self, starts: list[int], count: int) -> tuple[bytes, ...]:
        """The film has `count` frames: the thumbnails of all shots."""
        self.settle([*starts, count])
        return tuple(self._made)

    def _make(self, first: int, end: int) -> None:
        middle = (first + end - 1) / 2
        inside = [held for held in self._held if first <= held[0] < end] or self._held
        _, frame = min(inside, key=lambda held: abs(held[0] - middle))
        self._made.append(thumbnail(frame))
