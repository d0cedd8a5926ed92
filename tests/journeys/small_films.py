"""Films of a few seconds whose every frame a test can draw again."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image

FPS = 12
SHOT_S = 2.0
SIZE = (192, 108)
SOUND_RATE = 48_000


def write_film(path: Path, shots: list[int], *, sound: bool = False) -> None:
    """Write a film with one drifting field of colours a shot; the same number gives the same shot."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=FPS, options={"preset": "ultrafast", "crf": "18"})
        stream.width, stream.height = SIZE
        stream.pix_fmt = "yuv420p"
        stream.time_base = Fraction(1, FPS)
        voice = container.add_stream("aac", rate=SOUND_RATE, layout="mono") if sound else None
        for place, shot in enumerate(shots):
            for number in range(round(SHOT_S * FPS)):
                frame = av.VideoFrame.from_ndarray(picture_of(shot, number), format="rgb24")
                frame.pts = round(place * SHOT_S * FPS) + number
                container.mux(stream.encode(frame))
        container.mux(stream.encode())
        if voice is not None:
            container.mux(voice.encode(_tone(len(shots) * SHOT_S)))
            container.mux(voice.encode())


def picture_of(shot: int, number: int) -> NDArray[np.uint8]:
    """Frame `number` of a shot, uint8 (108, 192, 3)."""
    colours = np.random.default_rng(shot).integers(0, 256, (5, 8, 3), dtype=np.uint8)
    field = Image.fromarray(colours).resize((SIZE[0] + 64, SIZE[1]), Image.Resampling.BICUBIC)
    return np.ascontiguousarray(np.asarray(field)[:, 2 * number : 2 * number + SIZE[0]])


def _tone(length_s: float) -> av.AudioFrame:
    """A quiet tone of 440 Hz."""
    times = np.arange(round(length_s * SOUND_RATE)) / SOUND_RATE
    frame = av.AudioFrame.from_ndarray(
        (0.1 * np.sin(2 * np.pi * 440 * times)).astype(np.float32)[None, :], format="fltp", layout="mono"
    )
    frame.sample_rate = SOUND_RATE
    return frame
