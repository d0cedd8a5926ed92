"""Whether a clip or a picture that was fetched is all there, or enough of it to begin with.

The service answers 200 with a cut or empty body when making a clip took too long or failed.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

#: Boxes at the top of an MP4 file are few: ftyp, moov, mdat, free, and two a fragment.
MOST_BOXES = 4096
#: A box begins with its size and kind; the size may need eight bytes more.
_HEAD_BYTES, _LONG_HEAD_BYTES = 8, 16


def is_whole_clip(data: bytes) -> bool:
    """Whether the boxes of an MP4 file fill it exactly, and both head and pictures are among them."""
    kinds: list[bytes] = []
    at = 0
    for kind, _, end in _boxes(data):
        kinds.append(kind)
        at = end
    return at == len(data) and kinds[:1] == [b"ftyp"] and b"moov" in kinds and b"mdat" in kinds


def media_begin(data: bytes) -> int | None:
    """Where the pictures begin in what has come of an MP4 file; None where all that tells how to read them
    has not come before.
    """
    kinds: list[bytes] = []
    for kind, begin, _ in _boxes(data):
        if kind == b"mdat":
            return begin + _HEAD_BYTES if kinds[:1] == [b"ftyp"] and b"moov" in kinds else None
        kinds.append(kind)
    return None


def _boxes(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Kind, begin and end of each box at the top whose beginning has come.

    Source: ISO/IEC 14496-12, 4.2: a box begins with its size (32 bits, big-endian; 1: 64 bits follow the
    kind; 0: up to the end of the file) and its kind.
    """
    at = 0
    for _ in range(MOST_BOXES):
        if len(data) - at < _HEAD_BYTES:
            return
        size, kind = struct.unpack_from(">I4s", data, at)
        least = _HEAD_BYTES
        if size == 1:
            least = _LONG_HEAD_BYTES
            if len(data) - at < least:
                return
            (size,) = struct.unpack_from(">Q", data, at + _HEAD_BYTES)
        elif size == 0:
            size = len(data) - at
        if size < least:
            return
        yield kind, at, at + size
        at += size


def is_whole_picture(data: bytes) -> bool:
    """Whether a JPEG begins and ends as one does."""
    return len(data) > 4 and data.startswith(b"\xff\xd8\xff") and data.rstrip(b"\0").endswith(b"\xff\xd9")
