"""Tiny films with their frame numbers drawn in as blocks, and ways to read them back."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from desktop.player.view import SceneView

#: Bits of a frame number, drawn from left to right, lowest first.
BITS = 10


class ManualClock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.at_s = 100.0

    def now_s(self) -> float:
        return self.at_s


def numbered(number: int, width: int = 320, height: int = 180) -> NDArray[np.uint8]:
    """A frame of which the upper half shows `number` in black and white blocks."""
    rgb = np.full((height, width, 3), 90, np.uint8)
    for bit in range(BITS):
        left, right = bit * width // BITS, (bit + 1) * width // BITS
        rgb[: height // 2, left:right] = 235 if number >> bit & 1 else 20
    return rgb


def make_film(
    path: Path,
    frames: int = 60,
    *,
    fps: int = 30,
    gop: int = 250,
    codec: str = "libx264",
    pix_fmt: str = "yuv420p",
    times: Callable[[int], int] | None = None,
    size: tuple[int, int] = (320, 180),
    sample_aspect: Fraction | None = None,
    sound: bool = False,
    options: dict[str, str] | None = None,
    movflags: str = "",
) -> Path:
    """Write a film; `times` gives the tick (1/1000 s) of each frame, for films of variable rate.

    The sound track, 48 kHz stereo without loss, holds in each sample its own number (see `sample_numbers`).
    """
    with av.open(str(path), "w", options={"movflags": movflags} if movflags else {}) as container:
        stream = container.add_stream(codec, rate=fps)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = *size, pix_fmt
        stream.codec_context.gop_size = gop
        stream.codec_context.max_b_frames = 2 if codec == "libx264" else 0
        if sample_aspect:
            stream.codec_context.sample_aspect_ratio = sample_aspect
        if options is not None or codec == "libx264":
            stream.options = {"crf": "16", "preset": "ultrafast", "bf": "2", **(options or {})}
        if times:
            stream.codec_context.time_base = Fraction(1, 1000)
        track = container.add_stream("pcm_s16le", rate=48_000, layout="stereo") if sound else None
        assert track is None or isinstance(track, av.AudioStream)
        for number in range(frames):
            frame = av.VideoFrame.from_ndarray(numbered(number, *size), format="rgb24")
            frame.pts = times(number) if times else number
            frame.time_base = Fraction(1, 1000) if times else Fraction(1, fps)
            container.mux(stream.encode(frame))
            if track is not None:
                per_frame = 48_000 // fps
                heard = sample_values(np.arange(number * per_frame, (number + 1) * per_frame))
                samples = av.AudioFrame.from_ndarray(heard.reshape(1, -1), format="s16", layout="stereo")
                samples.sample_rate, samples.pts = 48_000, number * per_frame
                container.mux(track.encode(samples))
        container.mux(stream.encode())
        if track is not None:
            container.mux(track.encode())
    return path


def sample_values(numbers: NDArray[np.int64]) -> NDArray[np.int16]:
    """Stereo samples that tell their own numbers: low 14 bits left, the rest right."""
    return np.stack([numbers & 0x3FFF, numbers >> 14], axis=1).astype(np.int16)


def sample_numbers(samples: NDArray[np.int16]) -> NDArray[np.int64]:
    """The numbers that `sample_values` put in."""
    return samples[:, 0].astype(np.int64) | samples[:, 1].astype(np.int64) << 14


def number_on(view: SceneView) -> int:
    """The frame number that the view shows, read from its pixels."""
    image = view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    ratio = image.width() / view.width()
    rect = view.picture_rect()
    number = 0
    for bit in range(BITS):
        x = rect.left() + (bit + 0.5) * rect.width() / BITS
        y = rect.top() + rect.height() / 4
        if image.pixelColor(round(x * ratio), round(y * ratio)).lightness() > 128:
            number |= 1 << bit
    return number
