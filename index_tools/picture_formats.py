"""The picture formats that are read, told by the first bytes, and their decoders.

Each decoder is Pillow's plugin class itself, called directly: no other format is ever tried, no setting
of Pillow is changed, and its warning about large pictures is replaced by the limits of the caller.
"""

from __future__ import annotations

import importlib
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, cast

from PIL import ImageFile

#: Format -> (module, class) in Pillow, imported when first needed.
_DECODERS = {
    "PNG": ("PIL.PngImagePlugin", "PngImageFile"),
    "JPEG": ("PIL.JpegImagePlugin", "JpegImageFile"),
    "GIF": ("PIL.GifImagePlugin", "GifImageFile"),
    "WEBP": ("PIL.WebPImagePlugin", "WebPImageFile"),
    "AVIF": ("PIL.AvifImagePlugin", "AvifImageFile"),
    "BMP": ("PIL.BmpImagePlugin", "BmpImageFile"),
    "TIFF": ("PIL.TiffImagePlugin", "TiffImageFile"),
}

# Formats whose decoders warn of oddities in a file, which are of no use to the person who opened it.
_TALKATIVE = frozenset({"TIFF", "GIF"})
# Warnings are silenced for the whole process; one thread at a time, so that each puts back what it found.
_SILENCE = threading.Lock()

#: File name suffixes of the formats, in lower case.
PICTURE_SUFFIXES = frozenset(
    {".png", ".apng", ".jpg", ".jpeg", ".jpe", ".jfif", ".webp"}
    | {".gif", ".avif", ".avifs", ".bmp", ".dib", ".tif", ".tiff"}
)


def sniff(stream: BinaryIO) -> str | None:
    """The format that the first bytes name, or None; the stream stands at its start afterwards."""
    head = stream.read(64)
    stream.seek(0)
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if head.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "GIF"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "WEBP"
    if head[4:8] == b"ftyp" and any(brand in head[8:] for brand in (b"avif", b"avis")):
        return "AVIF"
    if head.startswith(b"BM"):
        return "BMP"
    # the second pair: more than 4 GB are possible (BigTIFF)
    if head.startswith((b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")):
        return "TIFF"
    return None


def opened(stream: BinaryIO, kind: str) -> ImageFile.ImageFile:
    """Pillow's image of a stream of a known format: the header is read, no pixel decoded."""
    module, name = _DECODERS[kind]
    return cast(ImageFile.ImageFile, getattr(importlib.import_module(module), name)(stream))


@contextmanager
def quiet(kind: str | None) -> Iterator[None]:
    """Keeps the warnings of a format's decoder off the error stream."""
    if kind not in _TALKATIVE:
        yield
        return
    with _SILENCE, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
