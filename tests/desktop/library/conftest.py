from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest


def make_film(path: Path, seed: float) -> Path:
    """Two seconds, 25 frames a second, two shots: coloured waves that move."""
    rows, columns = np.mgrid[0:90, 0:160].astype(np.float32)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=Fraction(25))
        stream.width, stream.height, stream.pix_fmt = 160, 90, "yuv420p"
        for number in range(50):
            phase = seed + number / 12 + (7 if number >= 25 else 0)
            red, green = np.sin(columns / (20 + seed) + phase), np.cos(rows / 15 - phase)
            blue = np.sin((rows + seed * columns) / 25 + 2 * phase)
            picture = ((np.stack([red, green, blue], axis=2) + 1) * 127).astype(np.uint8)
            for packet in stream.encode(av.VideoFrame.from_ndarray(picture, "rgb24")):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)
    return path


@pytest.fixture(scope="session")
def city_film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_film(tmp_path_factory.mktemp("films") / "City - 02.mp4", 1.0)


@pytest.fixture(scope="session")
def second_film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_film(tmp_path_factory.mktemp("films") / "Second Film.mp4", 4.0)
