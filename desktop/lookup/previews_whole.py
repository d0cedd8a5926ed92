"""Whether a clip or a picture that was fetched is all there.

The service answers 200 with a cut or empty body when making a clip took too long or failed.
"""

from __future__ import annotations

import struct

#: Boxes at the top of an MP4 file are few: ftyp, moov, mdat, free, and two a fragment.
MOST_BOXES = 4096


def is_whole_clip(data: bytes) -> bool:
    """Whether the boxes of an MP4 file fill it exactly, and both head and pictures are among them.

    Source: ISO/IEC 14496-12, 4.2: a box begins with its size (32 bits, big-endian; 1: 64 bits follow the
    kind; 0: up to the end of the file) and its kind.
    """
    at = 0
    kinds: list[bytes] = []
    while at < len(data) and len(kinds) < MOST_BOXES:
        if len(data) - at < 8:
            return False
        size, kind = struct.unpack_from(">I4s", data, at)
        least = 8
        if size == 1:
            if len(data) - at < 16:
                return False
            (size,) = struct.unpack_from(">Q", data, at + 8)
            least = 16
        elif size == 0:
            size = len(data) - at
        if size < least:
            return False
        at += size
        kinds.append(kind)
    return at == len(data) and kinds[:1] == [b"ftyp"] and b"moov" in kinds and b"mdat" in kinds


def is_whole_picture(data: bytes) -> bool:
    """Whether a JPEG begins and ends as one does."""
    return len(data) > 4 and data.startswith(b"\xff\xd8\xff") and data.rstrip(b"\0").endswith(b"\xff\xd9")
