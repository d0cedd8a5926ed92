"""Films drawn frame by frame, each with its number in it as blocks that survive encoding and scaling."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.container import OutputContainer
from av.video.stream import VideoStream
from numpy.typing import NDArray

BITS = 10


def drawn(number: int, shot: int, size: tuple[int, int]) -> NDArray[np.uint8]:
    """A picture of coloured blocks by the shot, drifting with the frame, its number along the lower edge."""
    width, height = size
    colours = np.random.default_rng(shot).integers(20, 236, (6, 8, 3), np.uint8)
    rgb = np.kron(colours, np.ones((height // 6 + 1, width // 8 + 1, 1), np.uint8))[:height, :width]
    rgb = np.roll(rgb, number // 6, axis=1)
    top = height - height // 12
    for bit in range(BITS):
        left, right = bit * width // BITS, (bit + 1) * width // BITS
        rgb[top:, left:right] = 180 if number >> bit & 1 else 76
    return np.ascontiguousarray(rgb)


def number_in(rgb: NDArray[np.uint8]) -> int:
    """The number drawn in a picture, which may have been scaled."""
    height, width = rgb.shape[:2]
    row = rgb[height - height // 24 - 1].mean(axis=1)
    return sum(int(row[int((bit + 0.5) * width / BITS)] > 128) << bit for bit in range(BITS))


def write_film(
    path: Path,
    frames: int = 48,
    *,
    size: tuple[int, int] = (160, 96),
    codec: str = "libx264",
    pixels: str = "yuv420p",
    ticks: Sequence[int] | None = None,
    shots: Sequence[int] = (),
    options: dict[str, str] | None = None,
    aspect: Fraction | None = None,
    sound: bool = False,
) -> Path:
    """A film of 24 ticks a second: frame i is shown at tick i or `ticks[i]`, shots begin at `shots`."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=24, options=options or {})
        assert isinstance(stream, VideoStream)
        stream.width, stream.height = size
        stream.pix_fmt = pixels
        stream.codec_context.time_base = Fraction(1, 24)
        if aspect is not None:
            stream.codec_context.sample_aspect_ratio = aspect
        if sound:
            _add_silence(container)
        for number in range(frames):
            shot = sum(number >= start for start in shots)
            frame = av.VideoFrame.from_ndarray(drawn(number, shot, size), format="rgb24")
            frame.pts = number if ticks is None else ticks[number]
            frame.time_base = Fraction(1, 24)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def turned_film(path: Path) -> Path:
    """The film with a display matrix of a quarter turn against the clock, written into its MP4 header."""
    one = (0x10000).to_bytes(4, "big")
    minus = (-0x10000).to_bytes(4, "big", signed=True)
    zero, last = bytes(4), (0x40000000).to_bytes(4, "big")
    straight = one + zero + zero + zero + one + zero + zero + zero + last
    quarter = zero + minus + zero + one + zero + zero + zero + zero + last
    data = path.read_bytes()
    header = data.index(b"tkhd")
    place = data.index(straight, header)
    turned = path.with_name("turned.mp4")
    turned.write_bytes(data[:place] + quarter + data[place + len(straight) :])
    return turned


def _add_silence(container: OutputContainer) -> None:
    stream = container.add_stream("aac", rate=44100, layout="mono")
    silence = av.AudioFrame.from_ndarray(np.zeros((1, 4096), np.float32), format="fltp", layout="mono")
    silence.rate, silence.pts = 44100, 0
    container.mux(stream.encode(silence))
    container.mux(stream.encode())
