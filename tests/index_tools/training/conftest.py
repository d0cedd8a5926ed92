"""A small stock of art, made here: packages of places and cut-outs, reduced once for all tests.

`test_torch_*.py` are collected only where the optional dependencies of training are installed.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from index_tools.training.art import Art, reduce_art

_NEEDED = ("torch", "onnx", "onnxruntime", "tflite")
collect_ignore_glob = [] if all(find_spec(name) for name in _NEEDED) else ["test_torch_*.py"]


def paint(path: Path, seed: int, size: tuple[int, int], *, cut_out: bool = False) -> None:
    """A blotchy picture of (width, height); a cut-out shows through outside an ellipse."""
    rng = np.random.default_rng(seed)
    rough = Image.fromarray(rng.integers(0, 256, (5, 6, 3), dtype=np.uint8))
    picture = rough.resize(size, Image.Resampling.BICUBIC).convert("RGBA")
    if cut_out:
        x, y = np.linspace(-1, 1, size[0]), np.linspace(-1, 1, size[1])[:, None]
        alpha = ((x**2 + y**2) < 0.8).astype(np.uint8) * 255
        picture.putalpha(Image.fromarray(alpha))
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.save(path)


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four packages of art as they come; "khangman" and "pingus-data" are held out of training."""
    folder = tmp_path_factory.mktemp("art")
    for number, package in enumerate(("alpha-data", "beta-data", "khangman", "pingus-data")):
        for i in range(3):
            paint(folder / package / f"place{i}.png", 100 * number + i, (420, 300))
            paint(folder / package / f"figure{i}.png", 100 * number + 50 + i, (140, 180), cut_out=True)
    return folder


@pytest.fixture(scope="session")
def reduced(packages: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that `reduce_art` makes of `packages`."""
    out = tmp_path_factory.mktemp("reduced")
    reduce_art(packages, out)
    return out


@pytest.fixture(scope="session")
def art(packages: Path, reduced: Path) -> list[Art]:
    """The table of the reduced art."""
    return reduce_art(packages, reduced)
