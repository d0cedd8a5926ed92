"""Frames of a film file by PyAV: exact times, from any start, at display size."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.player.film_file import film_clock, open_film, read_facts, times_by_decoding
from desktop.player.frame_store import StoredFrame

if TYPE_CHECKING:
    import av
    from av.container import InputContainer
    from av.packet import Packet
    from av.video.stream import VideoStream

    from index_tools.film.container import Bytes

#: Codecs whose decoders leave out exactly the frames that no other frame needs.
_SKIPPING_CODECS = frozenset({"h264", "hevc"})
#: How far before the wanted time to seek, in s, until a key frame is met that is not after it.
_SEEK_EARLIER_S = (0.0, 2.0, 10.0, 60.0)
#: A demuxer that fails this often in a row has come to the end of what it can read.
_MOST_FAILURES = 32


class FilmSource:
    """An open film, positioned anew by each call of `frames_from`.  One thread at a time.

    A film that is still on its way is read from what `open_bytes` gives, from its beginning on until it can
    be read from any place.  Raises what `open_film` raises.  PyAV is imported by the first film opened, on
    the decoding thread.
    """

    def __init__(self, film: Path, open_bytes: Callable[[], Bytes] | None = None) -> None:
        self._film = film
        self._open_bytes = open_bytes
        self._can_seek = True
        self._container, self._stream = self._open()
        try:
            again = None if open_bytes is None else open_bytes()
            self.facts = read_facts(film, self._container, self._stream, again)
        except BaseException:
            self._container.close()
            raise
        self._fit: tuple[int, int] | None = None
        self._sizes: dict[tuple[int, int], tuple[int, int]] = {}

    def close(self) -> None:
        """Close the file."""
        self._container.close()

    def fit(self, width: int, height: int) -> None:
        """Scale frames from now on so that they fit, upright, into a view of that many pixels."""
        self._fit = (width, height)
        self._sizes.clear()

    def stored_bytes(self) -> int:
        """What a frame at display size takes, roughly."""
        context = self._stream.codec_context
        width, height = self._stored_size(context.width, context.height)
        return width * height * 3 // 2

    def frames_from(self, tick: int, keep_from: int | None = None) -> Iterator[StoredFrame | None]:
        """The frame shown at `tick` and all that follow; None now and then while getting there.

        The first frame is the last one at or before `tick`, or the film's first.  From `keep_from` on
        frames before it are handed out, too.
        """
        keep_from = tick if keep_from is None else min(tick, keep_from)
        for earlier_s in _SEEK_EARLIER_S if self._can_seek else ():
            earlier = self.facts.timeline.ticks(earlier_s)
            if earlier > keep_from or not self._seek(keep_from - earlier):
                break
            found = False
            for frame in self._rolled(self._timed(keep_from, after_seek=True), keep_from):
                if frame is not None and not found and frame.tick > keep_from:
                    break  # the container landed after the wanted frame
                found = found or frame is not None
                yield frame
            if found:
                return
        self._reopen()
        yield from self._rolled(self._timed(keep_from, after_seek=False), keep_from)

    def _seek(self, tick: int) -> bool:
        from av.error import FFmpegError

        try:
            self._container.seek(tick + self.facts.origin, stream=self._stream, backward=True)
        except FFmpegError:
            return False  # no index, or a format that cannot seek: decode from the start
        return True

    def _open(self) -> tuple[InputContainer, VideoStream]:
        source = None if self._open_bytes is None else self._open_bytes()
        self._can_seek = source is None or source.seekable()
        return open_film(self._film, source)

    def _reopen(self) -> None:
        container, stream = self._open()
        self._container.close()
        self._container, self._stream = container, stream

    def _rolled(
        self, frames: Iterator[tuple[int, av.VideoFrame] | None], keep_from: int
    ) -> Iterator[StoredFrame | None]:
        """The last frame before `keep_from`, unless one lies right there, and all after it."""
        held: tuple[int, av.VideoFrame] | None = None
        for timed in frames:
            if timed is not None and timed[0] >= keep_from:
                if held is not None and timed[0] > keep_from:
                    yield self._stored(*held)
                held = None
                yield self._stored(*timed)
                keep_from = -1
            else:
                held = timed or held
                yield None
        if held is not None:
            yield self._stored(*held)

    def _timed(self, keep_from: int, *, after_seek: bool) -> Iterator[tuple[int, av.VideoFrame] | None]:
        """Ticks and frames; after a seek from the first key frame on."""
        time_base = self.facts.timeline.time_base
        clock = film_clock(self._container, self._stream, self.facts.origin)
        sound = not after_seek
        for frame in self._decode(keep_from):
            if frame is not None and not sound:
                sound = frame.key_frame and frame.pts is not None
            if frame is None or not sound:
                yield None
            else:
                yield round(clock.time_of(frame) / time_base), frame

    def _decode(self, keep_from: int) -> Iterator[av.VideoFrame | None]:
        from av.error import EOFError as EndOfFile
        from av.error import FFmpegError

        context = self._stream.codec_context
        may_skip = context.name in _SKIPPING_CODECS and not times_by_decoding(self._container)
        seen = -(1 << 62)
        skipping = False
        if may_skip:
            context.skip_frame = "DEFAULT"  # an earlier iteration may have been left in the middle
        for packet in self._packets():
            if may_skip and packet.pts is not None:
                at = packet.pts - self.facts.origin
                # left out if no other frame refers to it: one nearer to the wanted was met before
                skip = at < min(seen, keep_from)
                if skip != skipping:
                    context.skip_frame = "NONREF" if skip else "DEFAULT"
                    skipping = skip
                if at <= keep_from:
                    seen = max(seen, at)
            try:
                frames = packet.decode()
            except EndOfFile:
                return
            except FFmpegError:
                frames = []  # damaged: what can be decoded is shown
            if not frames:
                yield None
            yield from frames

    def _packets(self) -> Iterator[Packet[VideoStream]]:
        from av.error import EOFError as EndOfFile
        from av.error import FFmpegError

        failures = 0
        while failures < _MOST_FAILURES:
            try:
                for packet in self._container.demux(self._stream):
                    failures = 0
                    yield packet
                return
            except EndOfFile:
                return
            except FFmpegError:
                failures += 1

    def _stored(self, tick: int, frame: av.VideoFrame) -> StoredFrame:
        width, height = self._stored_size(frame.width, frame.height)
        planar = not frame.format.is_rgb and frame.format.name != "pal8"
        matrix = _matrix(frame)
        pixels = frame.reformat(
            width,
            height,
            "yuv420p" if planar else "bgra",
            src_colorspace=matrix,
            dst_colorspace=matrix,
            interpolation="BILINEAR" if width >= frame.width else "AREA",
        )
        size = sum(plane.buffer_size for plane in pixels.planes)
        length = frame.duration or self.facts.frame_ticks
        return StoredFrame(tick, length, pixels, size, self.facts.quarter_turns)

    def _stored_size(self, width: int, height: int) -> tuple[int, int]:
        """The size to keep a decoded frame at: square pixels, not larger than the view, before turning."""
        from index_tools.film.container import display_size

        if (width, height) not in self._sizes:
            wide, high = display_size(width, height, self._stream.sample_aspect_ratio, 0)
            scale = 1.0
            if self._fit is not None:
                fit = self._fit if self.facts.quarter_turns % 2 == 0 else self._fit[::-1]
                scale = min(1.0, fit[0] / wide, fit[1] / high)
            self._sizes[width, height] = (_even(wide * scale), _even(high * scale))
        return self._sizes[width, height]


def _even(length: float) -> int:
    return max(2, round(length / 2) * 2)


def _matrix(frame: av.VideoFrame) -> int | None:
    """The colour matrix; where none is told it is BT.709 from 720 lines on and BT.601 below, as is custom."""
    unspecified = 2
    itu709, itu601 = 1, 5
    if frame.colorspace != unspecified or frame.format.is_rgb:
        return None
    return itu709 if frame.height >= 720 else itu601
