"""Opening a film file: the container, the stream that is the film, and what is known before decoding."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Protocol

import av
from av.container import InputContainer
from av.error import FFmpegError
from av.stream import Disposition
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from index_tools.errors import FilmError

#: Suffixes of the files that are taken for films.
FILM_SUFFIXES = frozenset(
    {".mp4", ".m4v", ".mkv", ".webm", ".avi", ".mov", ".ts", ".m2ts", ".mts", ".mpg", ".mpeg", ".vob"}
    | {".ogv", ".ogm", ".flv", ".wmv", ".asf", ".rmvb", ".rm", ".divx", ".3gp", ".gif"}
)

#: Codecs of still pictures: such a stream beside another is a cover, whatever its flags say.
_STILL_CODECS = frozenset({"mjpeg", "png", "bmp", "webp", "tiff", "gif"})
#: Streams without a header: their length is FFmpeg's guess from the last time stamps.
_NO_PROMISE = frozenset({"mpegts", "mpeg", "mpegvideo", "h264", "hevc", "gif"})

#: Sample aspects nearer to 1 than this come from rounding the picture's aspect.
_SQUARE = 0.005
_NOT_THE_FILM = Disposition.attached_pic | Disposition.timed_thumbnails | Disposition.still_image


@dataclass(frozen=True, slots=True)
class FilmInfo:
    """What a film file says of itself.

    `width` and `height` are those of the upright picture with square pixels.  `duration_s` and
    `frame_count_estimate` are the container's promises, 0 when it makes none.  `rotation` is the turn
    against the clock, in degrees (0, 90, 180, 270), that makes the stored picture upright.  `fps` is the
    mean rate.
    """

    duration_s: float
    width: int
    height: int
    fps: float
    frame_count_estimate: int
    rotation: int
    codec: str
    container: str
    has_sound: bool


class Bytes(Protocol):
    """A film's bytes from elsewhere than a file: at least one at a time, none at the end."""

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes, `size` at most; may wait for them."""

    def seekable(self) -> bool:
        """Whether it can be read from any place."""


def is_film_name(path: Path | str) -> bool:
    """Whether the suffix is one of a film format that `FilmReader` knows."""
    return Path(path).suffix.lower() in FILM_SUFFIXES


def open_container(path: Path) -> InputContainer:
    """Open a file for reading; nothing but this one file is ever opened.

    Raises FilmError, whose sentence names the file.
    """
    name = path.name
    try:
        if path.stat().st_size == 0:
            raise FilmError(f"{name} is empty: it holds no video. Choose another file.")
        if not path.is_file():
            raise FilmError(f"{name} is not a file; choose a video file.")
        # A playlist under the name of a film must not make FFmpeg open other files or addresses.
        return av.open(
            f"file:{path.absolute()}", options={"protocol_whitelist": "file"}, metadata_errors="ignore"
        )
    except FFmpegError as error:
        raise _not_a_film(name, error) from error
    except OSError as error:
        raise FilmError(f"{name} cannot be read: {error.strerror}.") from error


def open_bytes(source: Bytes, name: str) -> InputContainer:
    """Open an MP4 film that is no file, or not yet; it can be sought in if `source` can.

    Raises FilmError, and whatever reading raises.
    """
    try:
        options = {"protocol_whitelist": "file"}
        return av.open(source, "r", format="mp4", options=options, metadata_errors="ignore")
    except FFmpegError as error:
        raise _not_a_film(name, error) from error


def film_stream(container: InputContainer, name: str) -> VideoStream:
    """The stream that is the film: not a cover, the default one, else the largest.

    Raises FilmError where there is none.
    """
    streams = [stream for stream in container.streams.video if not stream.disposition & _NOT_THE_FILM]
    usable = [stream for stream in streams if _decodable(stream)]
    if not streams:
        raise FilmError(f"{name} holds no video; it was left out. Choose a file with a picture.")
    if not usable:
        raise FilmError(f"{name} holds video of a kind that cannot be decoded here; it was left out.")
    return max(usable, key=_preference)


def _not_a_film(name: str, error: FFmpegError) -> FilmError:
    return FilmError(
        f"{name} cannot be read as a video ({error.strerror}); the file is unchanged. "
        "It may be damaged, or of a format that is not known here."
    )


def _decodable(stream: VideoStream) -> bool:
    # PyAV gives streams without a decoder no codec context.
    return getattr(stream, "codec_context", None) is not None


def _preference(stream: VideoStream) -> tuple[bool, bool, int, int]:
    context = stream.codec_context
    return (
        context.name not in _STILL_CODECS,
        bool(stream.disposition & Disposition.default),
        context.width * context.height,
        -stream.index,
    )


def film_info(
    container: InputContainer, stream: VideoStream, first: VideoFrame | None, quarter_turns: int
) -> FilmInfo:
    """What is known of the film, its first frame decoded if there is one."""
    stored = (
        (first.width, first.height) if first else (stream.codec_context.width, stream.codec_context.height)
    )
    width, height = display_size(*stored, stream.sample_aspect_ratio, quarter_turns)
    fps = float(frame_rate(stream))
    duration_s = promised_duration(container, stream) or max(0.0, (container.duration or 0) / 1e6)
    return FilmInfo(
        duration_s=duration_s,
        width=width,
        height=height,
        fps=fps,
        frame_count_estimate=stream.frames or round(duration_s * fps),
        rotation=quarter_turns * 90,
        codec=stream.codec_context.name,
        container=container.format.name,
        has_sound=len(container.streams.audio) > 0,
    )


def display_size(
    width: int, height: int, sample_aspect: Fraction | None, quarter_turns: int
) -> tuple[int, int]:
    """Upright size in square pixels; the side that must grow grows, none shrinks."""
    ratio = float(sample_aspect) if sample_aspect else 1.0
    if not 0.1 <= ratio <= 10.0 or abs(ratio - 1.0) < _SQUARE:
        ratio = 1.0
    if ratio > 1.0:
        width = round(width * ratio)
    elif ratio < 1.0:
        height = round(height / ratio)
    return (height, width) if quarter_turns % 2 else (width, height)


def frame_rate(stream: VideoStream) -> Fraction:
    """Frames a second as the file states it, within 1..1000; 25 when it states nothing usable."""
    for rate in (stream.average_rate, stream.guessed_rate):
        if rate and 1 <= rate <= 1000:
            return Fraction(rate)
    return Fraction(25)


def promised_duration(container: InputContainer, stream: VideoStream) -> float:
    """Seconds that the file says its film lasts, 0 when it does not say."""
    if container.format.name in _NO_PROMISE:
        return 0.0
    if stream.duration and stream.time_base:
        return max(0.0, float(stream.duration * stream.time_base))
    return max(0.0, (container.duration or 0) / 1e6)
