"""Opening a film for playing, and what must be known of it before the first frame is shown.

Streams, time stamps and their origin are those of `index_tools.film`, so that a time means the same frame
here and in a match.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.player.scene import Timeline

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.stream import VideoStream

    from index_tools.film.clock import FilmClock
    from index_tools.film.container import Bytes

#: Above this many pixels decoding is slower than playing on one core, and the latency of decoding several
#: frames at a time pays off; below it the first frame comes a third sooner without.
_FRAME_THREADS_PIXELS = 1280 * 720


@dataclass(frozen=True, slots=True)
class FilmFacts:
    """What the player must know of an open film.

    `width` and `height` are the upright size with square pixels; `frame_ticks` the usual distance of two
    frames; `end_tick` where the film ends as far as its header tells; `origin` the time stamp of its
    first frame; `quarter_turns` clockwise make the decoded pixels upright.
    """

    timeline: Timeline
    width: int
    height: int
    frame_ticks: int
    end_tick: int
    origin: int
    quarter_turns: int
    has_sound: bool


def open_film(film: Path, source: Bytes | None = None) -> tuple[InputContainer, VideoStream]:
    """The container and the stream that is the film, read from `source` where it is not a file yet.

    Raises FileNotFoundError, PermissionError, or FilmError with a sentence.
    """
    from av.stream import Discard

    from index_tools.film.container import film_stream, open_bytes, open_container

    if source is not None:
        container = open_bytes(source, film.name)
    else:
        with film.open("rb"):
            pass  # the system's own errors tell more than those of the demuxer
        container = open_container(film)
    try:
        stream = film_stream(container, film.name)
        context = stream.codec_context
        heavy = context.width * context.height > _FRAME_THREADS_PIXELS
        stream.thread_type = "AUTO" if heavy else "SLICE"
        for other in container.streams:
            if other.index != stream.index:
                other.discard = Discard.all
    except BaseException:
        container.close()
        raise
    return container, stream


def film_clock(container: InputContainer, stream: VideoStream, origin: int | None) -> FilmClock:
    """The engine's clock for a film: what it says of a frame is what a match says of it."""
    from index_tools.film.clock import FilmClock
    from index_tools.film.container import frame_rate

    step = 1 / frame_rate(stream)
    by_decoding = times_by_decoding(container)
    return FilmClock(stream.time_base or step, step, origin=origin, by_decoding=by_decoding)


def times_by_decoding(container: InputContainer) -> bool:
    """Whether the film tells when packets are decoded and not when frames are shown, as AVI does."""
    return container.format.name == "avi"


def read_facts(
    film: Path, container: InputContainer, stream: VideoStream, source: Bytes | None = None
) -> FilmFacts:
    """The facts of an open film; decodes its first frame, at the first time.

    `source` gives the film's bytes once more, where it is not a file yet.
    """
    from index_tools.film.container import display_size, frame_rate, promised_duration

    if source is not None:
        origin, turns = _first_frame(film, source)
    else:
        status = film.stat()
        origin, turns = _known_first_frame(film, status.st_size, status.st_mtime_ns)
    rate = frame_rate(stream)
    time_base = stream.time_base or 1 / rate
    frame_ticks = max(1, round(1 / (rate * time_base)))
    end_tick = (
        round(Fraction(promised_duration(container, stream)) / time_base) or stream.frames * frame_ticks
    )
    context = stream.codec_context
    width, height = display_size(context.width, context.height, stream.sample_aspect_ratio, turns)
    return FilmFacts(
        timeline=Timeline(time_base),
        width=max(1, width),
        height=max(1, height),
        frame_ticks=frame_ticks,
        end_tick=max(end_tick, frame_ticks),
        origin=origin,
        quarter_turns=turns,
        has_sound=bool(container.streams.audio),
    )


@lru_cache(maxsize=64)
def _known_first_frame(film: Path, size_bytes: int, changed_ns: int) -> tuple[int, int]:
    """As `_first_frame`, decoded once.

    Size and time of change belong to the key, since another file may come to lie under the name.
    """
    return _first_frame(film)


def _first_frame(film: Path, source: Bytes | None = None) -> tuple[int, int]:
    """Time stamp of the first frame and its quarter turns clockwise."""
    from av.error import FFmpegError

    from index_tools.errors import FilmError

    container, stream = open_film(film, source)
    stream.thread_type = "SLICE"
    try:
        for packet in container.demux(stream):
            try:
                frames = packet.decode()
            except FFmpegError:
                continue  # damaged packets before the first whole frame
            for frame in frames:
                origin = film_clock(container, stream, None).origin_of(frame)
                return origin, round(-frame.rotation / 90) % 4
    finally:
        container.close()
    raise FilmError(f"“{film.name}” holds no frame that can be shown; it is damaged or not yet complete.")
