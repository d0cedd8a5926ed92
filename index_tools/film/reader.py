"""Reading a film: decoded frames with their exact times, from the start or from any second.

Decoding is by PyAV (FFmpeg).  What is damaged is passed over: every frame that can be decoded is delivered
and `FilmReader.warnings` says in sentences what could not be.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import cached_property
from itertools import chain, pairwise
from pathlib import Path
from types import TracebackType
from typing import Self

from av.container import InputContainer
from av.error import EOFError as EndOfFile
from av.error import FFmpegError
from av.packet import Packet
from av.stream import Discard
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from index_tools.errors import FilmError
from index_tools.film.clock import NEW_COUNT_S, FilmClock
from index_tools.film.container import (
    FilmInfo,
    film_info,
    film_stream,
    frame_rate,
    open_container,
    promised_duration,
)
from index_tools.film.damage import Damage
from index_tools.film.frame import Frame
from index_tools.picture import Picture

#: How far before the wanted time to look for a key frame, in seconds, until one is found.
_STEPS_BACK_S = (0.0, 1.0, 5.0, 20.0, 60.0)

#: In draft, frames on the way to a wanted time that no other builds on are not decoded until so many before
#: it: by then every frame has its neighbours again, by which mistaken times are found.
_LEAD = 3

#: So many pixels are decoded in some 0.1 ms.
_QUICK = 100_000

#: Containers whose files may be joined end to end, each with time stamps of its own, and the number of places
#: at which one is looked at for that: every two minutes of a long film.
_JOINED, _LOOKS = ("mpeg", "mpegts"), 64

#: A demuxer that fails this often in a row without a packet between has come to the end of what it can read.
_MOST_READ_FAILURES = 32


class FilmReader:
    """The frames of one film file; a context manager.  Not for several threads at a time.

    `threads` is the number of threads that decode (0: as many as there are cores); one is least work in
    all, so that several files at a time are read fastest with one each.  With `draft` the deblocking of
    frames that no other frame builds on is left out: for block means, not for looking at; and on the way
    from a key frame to a wanted time such frames are left out.

    `decoded_pixels` counts the work done so far.  `info` says what the file promises; `warnings` what was
    found damaged so far, complete once `frames` has come to its end.  Raises FilmError, which names the
    file, when it cannot be opened or holds no video.
    """

    def __init__(self, path: Path | str, *, threads: int = 1, draft: bool = False) -> None:
        self.path = Path(path)
        self.decoded_pixels = 0
        self._threads = threads
        self._draft = draft
        self._container: InputContainer | None = None
        self._stream: VideoStream
        self._damage = Damage(self.path.name)
        self._open()
        self._first = next(self._decoded(Damage(self.path.name)), None)
        if self._first is None:
            self.close()
            raise FilmError(
                f"{self.path.name} holds no frame that can be decoded; it was left out. The file is damaged "
                "or not yet complete."
            )
        self._turns = round(self._first.rotation / 90) % 4
        self._aspect: Fraction | None = self._stream.sample_aspect_ratio
        self._origin = self._clock().origin_of(self._first)
        self.info: FilmInfo = film_info(self._container_open, self._stream, self._first, self._turns)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def warnings(self) -> list[str]:
        """Sentences on what could not be read."""
        return self._damage.sentences()

    @property
    def is_quick(self) -> bool:
        """Whether frames are so small that half a minute is decoded in no time, as those of a proxy."""
        return self.info.width * self.info.height <= _QUICK

    def close(self) -> None:
        """Let the file go; frames that were delivered stay valid."""
        if self._container is not None:
            self._container.close()
            self._container = None

    def frames(self, start_s: float | None = None, end_s: float | None = None) -> Iterator[Frame]:
        """The frames with `start_s <= at_s < end_s`, in the order of time.

        May be called again, but only one such iterator may be in use.  Where decoding starts in the
        middle it does so at a key frame and drops what comes before `start_s`.
        """
        middle = start_s is not None and start_s > 0.0
        for frame in self._from(start_s or 0.0) if middle else self._whole():
            if end_s is not None and frame.at_s >= end_s:
                return
            if start_s is None or frame.at_s >= start_s:
                yield frame

    def frame_at(self, at_s: float) -> Frame:
        """The frame that is shown at a time: the last whose time is not after it, or the first.

        Past the end it is the last frame.
        """
        shown: Frame | None = None
        for frame in self._from(at_s) if at_s > 0.0 else self._whole():
            if frame.at_s > at_s and shown is not None:
                break
            shown = frame
            if frame.at_s >= at_s:
                break
        if shown is None:
            raise FilmError(
                f"{self.path.name} has no frame that can be decoded at {at_s:.2f} s; choose another time."
            )
        return shown

    # Opening

    @property
    def _container_open(self) -> InputContainer:
        if self._container is None:
            raise FilmError(f"{self.path.name} was closed already.")
        return self._container

    def _open(self) -> None:
        self.close()
        self._container = open_container(self.path)
        try:
            self._stream = film_stream(self._container, self.path.name)
            context = self._stream.codec_context
            context.thread_count = self._threads
            context.thread_type = "AUTO" if self._threads != 1 else "SLICE"
            if self._draft:
                context.options = {"skip_loop_filter": "noref"}
            for stream in self._container.streams:
                if stream.index != self._stream.index:
                    stream.discard = Discard.all
        except BaseException:
            self.close()
            raise

    def _clock(self, origin: int | None = None) -> FilmClock:
        step = 1 / frame_rate(self._stream)
        by_decoding = self._container_open.format.name == "avi"
        return FilmClock(self._stream.time_base or step, step, origin=origin, by_decoding=by_decoding)

    def _frame(self, decoded: VideoFrame, at_s: float) -> Frame:
        return Frame(decoded, at_s, aspect=self._aspect, quarter_turns=self._turns, origin=self.path.name)

    # Decoding

    def _whole(self) -> Iterator[Frame]:
        """All frames from the first."""
        self._first = None
        self._open()
        self._damage = damage = Damage(self.path.name)
        clock = self._clock()
        at_s = 0.0
        for decoded, at_s in clock.timed(self._decoded(damage)):
            if decoded.is_corrupt:
                damage.frame_in_pieces(at_s)
            yield self._frame(decoded, at_s)
        damage.ended(at_s + float(1 / frame_rate(self._stream)), self._promised_s())

    def _from(self, start_s: float) -> Iterator[Frame]:
        """Frames from the last key frame not after a time, or from an earlier one; from the time on all."""
        self._first = None
        for back_s in _STEPS_BACK_S:
            if back_s >= start_s or self._starts_anew:
                break
            clock = self._clock(self._origin)
            try:
                self._container_open.seek(clock.stamp_at(start_s - back_s), stream=self._stream)
            except FFmpegError:
                break
            wanted = clock.stamp_at(max(0.0, start_s - _LEAD / float(frame_rate(self._stream))))
            decoded = self._decoded(Damage(self.path.name), wanted)
            key = next((frame for frame in decoded if frame.key_frame), None)
            stamp = None if key is None else clock.stamp_of(key)
            if key is not None and stamp is not None and clock.seconds(stamp) <= start_s:
                for frame, at_s in clock.timed(chain((key,), decoded)):
                    yield self._frame(frame, at_s)
                return
        yield from self._whole()

    @cached_property
    def _starts_anew(self) -> bool:
        """Whether the count of time stamps starts anew within the film, so that none tells a place in it."""
        container, stream = self._container_open, self._stream
        if container.format.name not in _JOINED:
            return False
        stamps: list[int] = []
        for look in range(_LOOKS):
            try:
                container.seek(look * container.size // _LOOKS, unsupported_byte_offset=True)
                stamps += [next(packet.dts for packet in container.demux(stream) if packet.dts is not None)]
            except (FFmpegError, StopIteration):
                continue
        limit = NEW_COUNT_S / (stream.time_base or 1)
        return any(before - after > limit for before, after in pairwise(stamps))

    def _decoded(self, damage: Damage, wanted: int | None = None) -> Iterator[VideoFrame]:
        """Decoded frames from where the container stands to its end, in the order of showing.

        In draft, of those before the stamp `wanted` only the ones that others build on.
        """
        context = self._stream.codec_context
        for packet in self._packets(damage):
            if self._draft and wanted is not None:
                early = packet is not None and packet.pts is not None and packet.pts < wanted
                context.skip_frame = "NONREF" if early else "DEFAULT"
            try:
                for frame in context.decode(packet):
                    self.decoded_pixels += frame.width * frame.height
                    yield frame
            except EndOfFile:
                return
            except FFmpegError:
                damage.packet_lost()

    def _packets(self, damage: Damage) -> Iterator[Packet[VideoStream] | None]:
        """The film's packets; the last one is empty and makes the decoder give what it holds back."""
        failures = 0
        while failures < _MOST_READ_FAILURES:
            try:
                for packet in self._container_open.demux(self._stream):
                    failures = 0
                    yield packet
                return
            except EndOfFile:
                break
            except FFmpegError:
                damage.reading_failed()
                failures += 1
        yield None

    def _promised_s(self) -> float:
        return promised_duration(self._container_open, self._stream)


def read_frame(path: Path | str, at_s: float, max_side: int | None = None) -> Picture:
    """The picture shown at a time of a film, upright, with square pixels.

    Raises FilmError when the file cannot be read or has no frame there.
    """
    with FilmReader(path) as reader:
        return reader.frame_at(at_s).picture(max_side)
