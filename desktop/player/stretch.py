"""Sound at another speed and the same pitch, by FFmpeg's filter `atempo`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.player.pcm import RATE_HZ

if TYPE_CHECKING:
    from desktop.player.pcm import Samples

#: The slowest that one filter does.
_SLOWEST = 0.5


class Stretch:
    """Takes samples and gives fewer or more of them; a new one after each break in the sound."""

    def __init__(self, speed: float) -> None:
        from fractions import Fraction

        import av.filter

        graph = av.filter.Graph()
        source = graph.add_abuffer(
            format="s16", sample_rate=RATE_HZ, layout="stereo", time_base=Fraction(1, RATE_HZ)
        )
        last = source
        while speed < _SLOWEST:
            tempo = graph.add("atempo", str(_SLOWEST))
            last.link_to(tempo)
            last, speed = tempo, speed / _SLOWEST
        tempo = graph.add("atempo", f"{speed:g}")
        sink = graph.add("abuffersink")
        last.link_to(tempo)
        tempo.link_to(sink)
        graph.configure()
        self._graph = graph
        self._at = 0

    def push(self, samples: Samples) -> Samples:
        """What is ready to be heard after `samples`, int16 (n, 2) both."""
        import av
        import numpy as np

        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="stereo")
        frame.sample_rate = RATE_HZ
        frame.pts = self._at
        self._at += len(samples)
        self._graph.push(frame)
        ready = []
        while True:
            try:
                pulled = self._graph.pull()
            except BlockingIOError:
                break
            if isinstance(pulled, av.AudioFrame):
                ready.append(pulled.to_ndarray().reshape(-1, 2))
        return np.concatenate(ready) if ready else np.zeros((0, 2), np.int16)
