"""Pictures: a file or bytes in, upright RGB out.

Everything that a person may paste or drop is hostile until checked: the format is told from the first
bytes and only that one decoder is called, and sizes are held against limits before a pixel is decoded.
Pillow decodes; OpenCV is not needed, so that this module comes up fast.
"""

from __future__ import annotations

import io
import stat
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFile

from index_tools.errors import PictureError
from index_tools.picture_formats import PICTURE_SUFFIXES, opened, quiet, sniff
from index_tools.picture_pixels import flat_rgb, upright

#: Larger files are refused, in bytes; an uncompressed picture of the greatest size has about as many.
MAX_BYTES = 256 * 1024 * 1024
#: Larger pictures are refused, in pixels.  While one is decoded, seven bytes a pixel are in use: 450 MB.
MAX_PIXELS = 64_000_000
#: JPEG can be decoded at a half to an eighth of its size; up to so many pixels are then brought below
#: `MAX_PIXELS` (cameras of telephones give 200 million).
MAX_JPEG_PIXELS = 256_000_000
#: Frames of an animation after this one are not offered.
MAX_FRAMES = 10_000
#: An animation that is read whole is read so far, in pixels of all its frames: some ten seconds' work.
MAX_ANIMATED_PIXELS = 1_500_000_000
#: A frame to be shown for no longer than the first is shown for the second, in ms, as all browsers do.
HASTY_MS, UNHURRIED_MS = 10, 100

_ANIMATED = frozenset({"PNG", "GIF", "WEBP", "AVIF"})

# What Pillow's decoders were seen to raise, or may raise, on damaged files.
_DAMAGE = (
    OSError,
    SyntaxError,
    ValueError,
    ArithmeticError,
    LookupError,
    TypeError,
    AttributeError,
    EOFError,
    RuntimeError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
    Warning,
)


@dataclass(frozen=True, eq=False, slots=True)
class Picture:
    """Decoded RGB: uint8 (height, width, 3), C-contiguous, read-only, upright.

    `origin` says where it came from: a file name, "clipboard", an address; it may be empty.
    """

    rgb: NDArray[np.uint8]
    origin: str = ""

    @classmethod
    def of(cls, rgb: NDArray[np.uint8], origin: str = "") -> Picture:
        """A picture of an array (h, w, 3) of uint8.

        An array that owns its memory is taken over and made read-only; a view of something that can
        still be written to is copied.  Raises ValueError for another shape or type, or no pixels.
        """
        if rgb.dtype != np.uint8 or rgb.ndim != 3 or rgb.shape[2] != 3 or rgb.size == 0:
            raise ValueError(f"a picture is uint8 (height, width, 3), not {rgb.dtype} {rgb.shape}")
        if not rgb.flags.c_contiguous or (rgb.base is not None and rgb.flags.writeable):
            rgb = rgb.copy(order="C")
        rgb.flags.writeable = False
        return cls(rgb, origin)

    @property
    def height(self) -> int:
        """Rows of pixels."""
        return int(self.rgb.shape[0])

    @property
    def width(self) -> int:
        """Columns of pixels."""
        return int(self.rgb.shape[1])


def is_picture_name(path: Path | str) -> bool:
    """Whether the suffix is one of a picture format that `read_picture` knows."""
    return Path(path).suffix.lower() in PICTURE_SUFFIXES


def read_picture(source: Path | bytes, *, origin: str = "", frame: int = 0) -> Picture:
    """Decode a picture: upright by its EXIF, transparency on black, profiles turned to sRGB.

    Reads PNG, APNG, JPEG, WebP, GIF, AVIF, BMP and TIFF (its first page) of any colour mode and depth.
    `frame` counts the frames of an animation as a viewer shows them, from 0.  `origin` is the name used
    in messages; the file name where it is empty.  Raises PictureError, whose sentence names the origin.
    """
    name = _name(source, origin)
    with _stream(source, name) as stream:
        kind = _kind(stream, name)
        try:
            with quiet(kind), _image(stream, kind, name) as image:
                _show_frame(image, frame, name)
                image.load()
                rgb = upright(flat_rgb(image), image)
        except MemoryError as error:
            raise PictureError(
                f"{name} could not be decoded because memory ran out; nothing was changed. "
                "Close other programs or make the picture smaller."
            ) from error
        except _DAMAGE as error:
            raise _damaged(name) from error
    return Picture.of(rgb, origin or (source.name if isinstance(source, Path) else ""))


def count_frames(source: Path | bytes, *, origin: str = "") -> int:
    """Number of frames of an animated PNG, GIF, WebP or AVIF, at most `MAX_FRAMES`; 1 for stills.

    Raises PictureError as `read_picture` does for what shows before a pixel is decoded.
    """
    name = _name(source, origin)
    with _stream(source, name) as stream:
        kind = _kind(stream, name)
        try:
            with quiet(kind), _image(stream, kind, name) as image:
                return _frames(image)
        except _DAMAGE as error:
            raise _damaged(name) from error


def read_animation(source: Path | bytes, *, origin: str = "") -> Iterator[tuple[Picture, float]]:
    """The frames of an animation in their order, and how long each is shown, in seconds.

    A still picture is one frame.  Reading ends where `MAX_FRAMES` or `MAX_ANIMATED_PIXELS` are reached, or
    at a frame that is damaged if there was a whole one before it.  Raises PictureError as `read_picture`.
    """
    name = _name(source, origin)
    left = MAX_ANIMATED_PIXELS
    with _stream(source, name) as stream:
        kind = _kind(stream, name)
        try:
            with quiet(kind):
                image = _image(stream, kind, name)
                frames = _frames(image)
        except _DAMAGE as error:
            raise _damaged(name) from error
        with image:
            for number in range(frames):
                try:
                    with quiet(kind):
                        _show_frame(image, number, name)
                        image.load()
                        rgb = upright(flat_rgb(image), image)
                except _DAMAGE as error:
                    if number == 0:
                        raise _damaged(name) from error
                    return
                shown_ms = float(image.info.get("duration") or 0.0)
                if shown_ms <= HASTY_MS:
                    shown_ms = UNHURRIED_MS
                yield (
                    Picture.of(rgb, origin or (source.name if isinstance(source, Path) else "")),
                    (shown_ms / 1000),
                )
                left -= rgb.shape[0] * rgb.shape[1]
                if left <= 0:
                    return


def frame_shown_at(source: Path | bytes, at_s: float, *, origin: str = "") -> Picture:
    """The frame that an animation shows at a second; its last one past the end.  Raises PictureError."""
    shown: Picture | None = None
    ends_s = 0.0
    for picture, lasts_s in read_animation(source, origin=origin):
        shown = picture
        ends_s += lasts_s
        if ends_s > at_s:
            break
    if shown is None:
        raise _damaged(_name(source, origin))
    return shown


def _name(source: Path | bytes, origin: str) -> str:
    """What messages call the source."""
    return origin or (source.name if isinstance(source, Path) else "") or "The picture"


def _stream(source: Path | bytes, name: str) -> BinaryIO:
    """The bytes of a source as a stream, held against `MAX_BYTES`."""
    if isinstance(source, bytes):
        size = len(source)
    else:
        try:
            status = source.stat()
        except OSError as error:
            raise PictureError(f"{name} cannot be read: {error.strerror}.") from error
        if not stat.S_ISREG(status.st_mode):
            raise PictureError(f"{name} is not a file; choose a picture file.")
        size = status.st_size
    if size == 0:
        raise PictureError(f"{name} is empty: it holds no picture; choose another file.")
    if size > MAX_BYTES:
        raise PictureError(
            f"{name} has {size / 1e6:,.0f} MB, more than the {MAX_BYTES / 1e6:,.0f} MB that a "
            "picture may have; it was not read. Make it smaller first."
        )
    if isinstance(source, bytes):
        return io.BytesIO(source)
    try:
        return source.open("rb")
    except OSError as error:
        raise PictureError(f"{name} cannot be read: {error.strerror}.") from error


def _kind(stream: BinaryIO, name: str) -> str:
    """The format of a stream."""
    kind = sniff(stream)
    if kind is None:
        raise PictureError(
            f"{name} is not a picture that can be read here (PNG, JPEG, WebP, GIF, AVIF, BMP "
            "or TIFF); choose another file or save it as PNG."
        )
    return kind


def _image(stream: BinaryIO, kind: str, name: str) -> ImageFile.ImageFile:
    """Pillow's image of a stream, its header read, its size held against the limits."""
    image = opened(stream, kind)
    limit = MAX_JPEG_PIXELS if kind == "JPEG" else MAX_PIXELS
    width, height = image.size
    if width * height > limit:
        raise PictureError(
            f"{name} has {width:,} × {height:,} pixels, more than the {limit / 1e6:.0f} million "
            "that are allowed; it was not decoded. Make it smaller first."
        )
    if kind == "JPEG" and width * height > MAX_PIXELS:
        image.draft(None, (width // 2, height // 2))
    return image


def _frames(image: ImageFile.ImageFile) -> int:
    if image.format not in _ANIMATED:
        return 1
    return max(1, min(int(getattr(image, "n_frames", 1)) - _hidden(image), MAX_FRAMES))


def _hidden(image: ImageFile.ImageFile) -> int:
    """1 for an animated PNG whose first image is for viewers that know no animations."""
    return int(bool(getattr(image, "default_image", False)))


def _show_frame(image: ImageFile.ImageFile, frame: int, name: str) -> None:
    """Go to a frame; the decoders of animations compose it with the ones before."""
    if frame or _hidden(image):
        count = _frames(image)
        if not 0 <= frame < count:
            raise PictureError(
                f"{name} has {count} frame{'s'[: count > 1]}, so there is no frame {frame}; "
                f"choose one from 0 to {count - 1}."
            )
        image.seek(frame + _hidden(image))
        if image.size[0] * image.size[1] > MAX_PIXELS:
            raise _damaged(name)


def _damaged(name: str) -> PictureError:
    return PictureError(
        f"{name} is damaged or cut short and could not be decoded; the file itself was not "
        "touched. Try another copy of it."
    )
