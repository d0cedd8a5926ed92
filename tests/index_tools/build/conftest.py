"""Tiny real films, made once."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest

NAMES = ("Show - 02.mkv", "Show - 10.mkv", "Other (1999).mp4")


def write_clip(path: Path, seed: int, *, frames: int = 24) -> Path:
    """A film of 64x48, 12 frames a second, a new picture every 12 frames."""
    numbers = np.random.default_rng(seed)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=12, options={"qscale": "4"})
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        picture = np.zeros((48, 64, 3), np.uint8)
        for number in range(frames):
            if number % 12 == 0:
                picture = np.kron(numbers.integers(0, 255, (6, 8, 3), np.uint8), np.ones((8, 8, 1), np.uint8))
            frame = av.VideoFrame.from_ndarray(np.roll(picture, number, axis=1), format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


@pytest.fixture(scope="session")
def make_clip() -> Callable[..., Path]:
    """`make_clip(path, seed, frames=24)` writes another one."""
    return write_clip


@pytest.fixture(scope="session")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of three films; read only."""
    folder = tmp_path_factory.mktemp("clips")
    for seed, name in enumerate(NAMES):
        write_clip(folder / name, seed)
    return folder


@pytest.fixture
def own_clips(clips: Path, tmp_path: Path) -> Path:
    """A copy that a test may change."""
    return Path(shutil.copytree(clips, tmp_path / "films"))


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing waits for the disk, which a process that dies does not need (a power cut would)."""
    monkeypatch.setattr(os, "fsync", lambda handle: None)
