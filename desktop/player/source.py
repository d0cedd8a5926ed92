"""Frames of a film file by PyAV: exact times, any start, at display size.

PyAV is imported when the first film is opened, on the decoding thread.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.player.frame_store import StoredFrame
from desktop.player.scene import Timeline

if TYPE_CHECKING:
    import av
    from av.container import InputContainer
    from av.packet import Packet
    from av.video.stream import VideoStream

#: Above this many pixels decoding is slower than playing on one core, and the latency of decoding several
#: frames at a time pays off; below it the first frame comes a third sooner without.
_FRAME_THREADS_PIXELS = 1280 * 720
#: Codecs whose decoders leave out exactly the frames that no other frame needs.
_SKIPPING_CODECS = frozenset({"h264", "hevc"})
#: How far before the wanted time to seek next, in s, when a container lands after it.
_SEEK_EARLIER_S = (0.0, 2.0, 10.0, 60.0)


@dataclass(frozen=True, slots=True)
class FilmFacts:
    """What the player must know of an open film.

    `width` and `height` are the upright size with square pixels; `frame_ticks` the usual distance of two
    frames; `end_tick` where the film ends as far as its header tells.
    """

    timeline: Timeline
    width: int
    height: int
    frame_ticks: int
    end_tick: int
    has_sound: bool


class FilmSource:
    """An open film, positioned anew by each call of `frames_from`.  One thread at a time.

    Raises PyAV's and the system's errors as they are; `desktop.player.troubles` puts them into words.
    """

    def __init__(self, film: Path) -> None:
        self._film = film
        self._container, self._stream = _open(film)
        self._origin = _first_pts(film, film.stat().st_size, film.stat().st_mtime_ns)
        self._fit: tuple[int, int] | None = None
        self._fits: dict[tuple[int, int, int], tuple[int, int]] = {}
        self._rotation = _rotation(film, film.stat().st_size, film.stat().st_mtime_ns)
        self.damaged_packets = 0
        self.facts = self._read_facts()

    def close(self) -> None:
        """Close the file."""
        self._container.close()

    def fit(self, width: int, height: int) -> None:
        """Scale frames from now on so that they fit, upright, into a view of that many pixels."""
        self._fit = (width, height)
        self._fits.clear()

    def stored_bytes(self) -> int:
        """What a frame at display size takes, roughly."""
        width, height = self._stored_size(self._stream.codec_context.width, self._stream.codec_context.height)
        return width * height * 3 // 2

    def frames_from(self, tick: int, keep_from: int | None = None) -> Iterator[StoredFrame | None]:
        """The frame shown at `tick` and all that follow; None now and then while getting there.

        The first frame is the last one at or before `tick`, or the film's first.  From `keep_from` on
        frames before it are handed out, too.
        """
        keep_from = tick if keep_from is None else min(tick, keep_from)
        for earlier_s in _SEEK_EARLIER_S:
            landed_late = False
            rolling = True
            held: av.VideoFrame | None = None
            last = -1
            self._seek(keep_from, earlier_s)
            for frame in self._decode(keep_from):
                if frame is None:
                    yield None
                    continue
                at = self._tick_of(frame, last)
                if at <= last:
                    continue  # a time told twice: the first frame that carried it stands
                if rolling and last < 0 and at > keep_from > 0:
                    landed_late = True
                    break
                last = at
                if at < keep_from:
                    held = frame
                    yield None
                    continue
                if rolling and held is not None and at > keep_from:
                    yield self._stored(held, self._tick_of(held, -1))
                rolling = False
                yield self._stored(frame, at)
            if landed_late and earlier_s != _SEEK_EARLIER_S[-1]:
                continue
            if landed_late:
                yield from self._all_frames()
            elif rolling and held is not None:
                yield self._stored(held, self._tick_of(held, -1))
            return

    def _all_frames(self) -> Iterator[StoredFrame | None]:
        self._container.close()
        self._container, self._stream = _open(self._film)
        last = -1
        for frame in self._decode(0):
            at = last if frame is None else self._tick_of(frame, last)
            if frame is None or at <= last:
                yield None
                continue
            last = at
            yield self._stored(frame, at)

    def _seek(self, tick: int, earlier_s: float) -> None:
        time_base = self.facts.timeline.time_base
        target = tick - round(earlier_s / time_base)
        if target <= 0:
            target = min(0, -round(1 / time_base))
        self._container.seek(target + self._origin, stream=self._stream, backward=True)

    def _decode(self, keep_from: int) -> Iterator[av.VideoFrame | None]:
        from av.error import InvalidDataError

        context = self._stream.codec_context
        may_skip = context.name in _SKIPPING_CODECS
        seen = -(1 << 62)
        skipping = False
        for packet in self._container.demux(self._stream):
            if may_skip:
                skip = _needless(packet, self._origin, keep_from, seen)
                if skip != skipping:
                    context.skip_frame = "NONREF" if skip else "DEFAULT"
                    skipping = skip
                if packet.pts is not None and packet.pts - self._origin <= keep_from:
                    seen = max(seen, packet.pts - self._origin)
            try:
                frames = packet.decode()
            except InvalidDataError:
                self.damaged_packets += 1
                frames = []
            if not frames:
                yield None
            yield from frames

    def _tick_of(self, frame: av.VideoFrame, last: int) -> int:
        if frame.pts is not None:
            return frame.pts - self._origin
        if frame.dts is not None:
            return max(frame.dts - self._origin, last + 1)
        return last + self.facts.frame_ticks if last >= 0 else 0

    def _stored(self, frame: av.VideoFrame, tick: int) -> StoredFrame:
        width, height = self._stored_size(frame.width, frame.height)
        planar = frame.format.is_rgb is False and frame.format.name != "pal8"
        pixels = frame.reformat(
            width,
            height,
            "yuv420p" if planar else "bgra",
            src_colorspace=_matrix(frame),
            dst_colorspace=_matrix(frame),
            interpolation="BILINEAR" if (width, height) == (frame.width, frame.height) else "AREA",
        )
        size = sum(plane.buffer_size for plane in pixels.planes)
        length = frame.duration or self.facts.frame_ticks
        return StoredFrame(tick, length, pixels, size, self._rotation)

    def _stored_size(self, width: int, height: int) -> tuple[int, int]:
        """The size to keep a decoded frame at: square pixels, not larger than the view, before rotation."""
        ratio = self._stream.sample_aspect_ratio or Fraction(1)
        key = (width, height, ratio.numerator * 65537 + ratio.denominator)
        if key not in self._fits:
            wide, high = _square(width, height, ratio)
            if self._fit is not None:
                fit = self._fit if self._rotation % 180 == 0 else self._fit[::-1]
                scale = min(1.0, fit[0] / wide, fit[1] / high)
                wide, high = wide * scale, high * scale
            self._fits[key] = (max(2, round(wide / 2) * 2), max(2, round(high / 2) * 2))
        return self._fits[key]

    def _read_facts(self) -> FilmFacts:
        stream = self._stream
        time_base = stream.time_base or Fraction(1, 1000)
        rate = stream.average_rate or stream.guessed_rate or Fraction(25)
        frame_ticks = max(1, round(1 / (rate * time_base)))
        if stream.duration:
            end_tick = stream.duration
        elif self._container.duration:
            end_tick = round(Fraction(self._container.duration, 1_000_000) / time_base)
        else:
            end_tick = stream.frames * frame_ticks
        context = stream.codec_context
        width, height = _square(context.width, context.height, stream.sample_aspect_ratio or Fraction(1))
        if self._rotation % 180:
            width, height = height, width
        return FilmFacts(
            timeline=Timeline(time_base),
            width=max(1, round(width)),
            height=max(1, round(height)),
            frame_ticks=frame_ticks,
            end_tick=max(end_tick, frame_ticks),
            has_sound=bool(self._container.streams.audio),
        )


def _open(film: Path) -> tuple[InputContainer, VideoStream]:
    import av
    from av.stream import Disposition

    container = av.open(str(film), metadata_errors="replace")
    streams = [
        stream
        for stream in container.streams.video
        if not stream.disposition & Disposition.attached_pic and stream.codec_context is not None
    ]
    if not streams:
        container.close()
        raise LookupError("no video")
    stream = streams[0]
    context = stream.codec_context
    heavy = context.width * context.height > _FRAME_THREADS_PIXELS
    stream.thread_type = "AUTO" if heavy else "SLICE"
    return container, stream


@lru_cache(maxsize=64)
def _first_frame(film: Path, size_bytes: int, changed_ns: int) -> tuple[int, int]:
    """The presentation time of the first frame, in ticks, and the rotation; both cost a decoded frame."""
    del size_bytes, changed_ns  # part of the key alone: another file may come to lie under the name
    container, stream = _open(film)
    stream.thread_type = "SLICE"
    try:
        for packet in container.demux(stream):
            for frame in packet.decode():
                pts = frame.pts if frame.pts is not None else frame.dts
                return (pts or 0), frame.rotation
    finally:
        container.close()
    raise EOFError("no frame")


def _first_pts(film: Path, size_bytes: int, changed_ns: int) -> int:
    return _first_frame(film, size_bytes, changed_ns)[0]


def _rotation(film: Path, size_bytes: int, changed_ns: int) -> int:
    return -round(_first_frame(film, size_bytes, changed_ns)[1] / 90) * 90 % 360


def _needless(packet: Packet[VideoStream], origin: int, keep_from: int, seen: int) -> bool:
    """Whether a frame that no other refers to may be left out: one nearer to the wanted was met before."""
    return packet.pts is not None and packet.pts - origin < min(seen, keep_from)


def _square(width: int, height: int, ratio: Fraction) -> tuple[float, float]:
    """The size with square pixels: the axis with too few of them grows."""
    return (width * float(ratio), height) if ratio >= 1 else (width, height / float(ratio))


def _matrix(frame: av.VideoFrame) -> int | None:
    """The colour matrix; where none is told it is BT.709 from 720 lines on and BT.601 below, as is custom."""
    unspecified = 2
    itu709, itu601 = 1, 5
    if frame.colorspace != unspecified or frame.format.is_rgb:
        return None
    return itu709 if frame.height >= 720 else itu601
