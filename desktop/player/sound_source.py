"""The sound of a film file by PyAV, as 48 kHz stereo samples counted from the film's first frame."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.player.film_file import open_film, read_facts
from desktop.player.pcm import RATE_HZ

if TYPE_CHECKING:
    import av

    from desktop.player.pcm import Samples
    from index_tools.film.container import Bytes

#: Decoding begins this long before what is wanted, in s: the first samples after a seek are not whole.
_LEAD_S = 0.2
#: Time stamps off by more than this are a gap, not a rounding, in s.
_GAP_S = 0.05


class SoundSource:
    """An open film's first sound track.  One thread at a time.

    Raises what `open_film` raises, and LookupError for a film without sound.
    """

    def __init__(self, film: Path, open_bytes: Callable[[], Bytes] | None = None) -> None:
        from av.stream import Discard

        sources = (None, None) if open_bytes is None else (open_bytes(), open_bytes())
        self._container, video = open_film(film, sources[0])
        try:
            facts = read_facts(film, self._container, video, sources[1])
            if not self._container.streams.audio:
                raise LookupError(film.name)
        except BaseException:
            self._container.close()
            raise
        self._origin_s = facts.timeline.seconds(facts.origin)
        self._stream = self._container.streams.best("audio") or self._container.streams.audio[0]
        self._stream.discard = Discard.default
        video.discard = Discard.all

    def close(self) -> None:
        """Close the file."""
        self._container.close()

    def samples_from(self, start: int) -> Iterator[tuple[int, Samples] | None]:
        """Runs of samples from a little before sample `start` on: the number of the first, int16 (n, 2).

        None stands for a damaged packet, or one without sound.
        """
        import av
        from av.error import FFmpegError

        wanted_s = max(0.0, start / RATE_HZ - _LEAD_S) + self._origin_s
        time_base = self._stream.time_base
        if time_base is not None:
            self._container.seek(round(wanted_s / time_base), stream=self._stream, backward=True)
        import numpy as np

        resampler = av.AudioResampler(format="s16", layout="stereo", rate=RATE_HZ)
        at: int | None = None
        for packet in self._container.demux(self._stream):
            try:
                frames = packet.decode()
            except FFmpegError:
                frames = []
            for frame in frames:
                if not isinstance(frame, av.AudioFrame):
                    continue
                told = self._sample_of(frame)
                if told is not None and (at is None or abs(told - at) > _GAP_S * RATE_HZ):
                    at = told
                frame.pts = None
                for ready in resampler.resample(frame):
                    run = np.ascontiguousarray(ready.to_ndarray().reshape(-1, 2), np.int16)
                    yield at or 0, run
                    at = (at or 0) + len(run)
            if not frames:
                yield None

    def _sample_of(self, frame: av.AudioFrame) -> int | None:
        return None if frame.time is None else round((frame.time - self._origin_s) * RATE_HZ)
