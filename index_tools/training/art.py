"""Free pictures from folders of many packages, reduced and freed of doubles.

`reduce_art` reads each package's folder once and leaves small copies with one line of facts a picture,
so that later steps need neither the large originals nor their many formats.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from index_tools.errors import SceneLensError
from index_tools.opencv import cv2

SHORT_SIDE = 384
"""Shorter side of a reduced picture at most, pixels: enough for a 288 pixel view of two thirds of it."""
LEAST_SIDE = 100
"""Pictures with a shorter side below this many pixels are left out."""
_LONG_SIDE = 1024
_SUFFIXES = (".png", ".jpg", ".jpeg", ".webp")
_SAME_BITS = 5  # dHash distance (of 64 bits) up to which two pictures of a package count as one


@dataclass(frozen=True, slots=True)
class Art:
    """One reduced picture: `file` is relative to the reduced folder, sizes in pixels.

    `solid` is the share of opaque pixels, 0..1; below 0.98 the picture is a cut-out.
    """

    package: str
    name: str
    file: str
    width: int
    height: int
    solid: float

    @property
    def cut_out(self) -> bool:
        """Whether the picture has a shape of its own to lay over others."""
        return self.solid < 0.98


def reduce_art(source: Path, out: Path) -> list[Art]:
    """Reduce all packages below `source` (one folder each) into `out`; finished packages are kept.

    Raises `SceneLensError` when `source` holds no package.
    """
    packages = sorted(path for path in source.iterdir() if path.is_dir()) if source.is_dir() else []
    if not packages:
        raise SceneLensError(f"The folder {source} holds no packages of pictures; fetch them first.")
    for package in packages:
        table = out / f"{package.name}.jsonl"
        if not table.exists():
            part = table.with_suffix(".part")
            (out / package.name).mkdir(parents=True, exist_ok=True)
            with part.open("w", encoding="utf-8") as lines:
                for art in _reduce_package(package, out):
                    lines.write(json.dumps(asdict(art)) + "\n")
            part.rename(table)
    return read_art(out)


def read_art(out: Path) -> list[Art]:
    """The table that `reduce_art` left, sorted by package, then name."""
    return [
        Art(**json.loads(line))
        for table in sorted(out.glob("*.jsonl"))
        for line in table.read_text(encoding="utf-8").splitlines()
    ]


def load_art(out: Path, art: Art) -> NDArray[np.uint8]:
    """The reduced picture as RGBA uint8 (h, w, 4)."""
    stored = cv2.imread(str(out / art.file), cv2.IMREAD_UNCHANGED)
    if stored is None:
        raise SceneLensError(
            f"The reduced picture {art.file} cannot be read; remove its package's table and reduce again."
        )
    code = cv2.COLOR_BGRA2RGBA if stored.ndim == 3 and stored.shape[2] == 4 else cv2.COLOR_BGR2RGBA
    return np.asarray(cv2.cvtColor(stored, code), np.uint8)


def difference_hash(rgb: NDArray[np.uint8]) -> int:
    """64 bits: whether each of 8x8 cells is brighter than its left neighbour (dHash, N. Krawetz 2013)."""
    grey = cv2.resize(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), (9, 8), interpolation=cv2.INTER_AREA)
    bits = (grey[:, 1:] > grey[:, :-1]).ravel()
    return int.from_bytes(np.packbits(bits).tobytes(), "big")


def _reduce_package(package: Path, out: Path) -> Iterator[Art]:
    """Every picture of one package that is large enough, not even and not yet seen."""
    seen: list[int] = []
    for path in sorted(package.iterdir()):
        if path.suffix.lower() not in _SUFFIXES:
            continue
        rgba = _read(path)
        if rgba is None:
            continue
        height, width = rgba.shape[:2]
        scale = min(1.0, SHORT_SIDE / min(width, height), _LONG_SIDE / max(width, height))
        size = (round(width * scale), round(height * scale))
        if min(size) < LEAST_SIDE * 0.6:  # a strip
            continue
        small = _scaled(rgba, size) if scale < 1 else rgba
        solid = float((small[..., 3] > 250).mean())
        rgb = small[..., :3] if solid >= 0.98 else _on_grey(small)
        if solid < 0.03 or float(rgb.std(axis=(0, 1)).max()) < 8:
            continue
        mark = difference_hash(rgb)
        if any((mark ^ other).bit_count() <= _SAME_BITS for other in seen):
            continue
        seen.append(mark)
        opaque = solid >= 0.98
        file = f"{package.name}/{len(seen):05d}{'.jpg' if opaque else '.png'}"
        bgr = cv2.cvtColor(small, cv2.COLOR_RGBA2BGR if opaque else cv2.COLOR_RGBA2BGRA)
        options = [cv2.IMWRITE_JPEG_QUALITY, 95] if opaque else [cv2.IMWRITE_PNG_COMPRESSION, 1]
        if not cv2.imwrite(str(out / file), bgr, options):
            raise SceneLensError(f"The reduced picture {out / file} cannot be written; is the disk full?")
        yield Art(package.name, path.name, file, *size, round(solid, 4))


def _read(path: Path) -> NDArray[np.uint8] | None:
    """RGBA of one file; None when it is small, damaged or too large to be worth it."""
    try:
        with Image.open(path) as opened:
            if min(opened.size) < LEAST_SIDE or opened.size[0] * opened.size[1] > 60e6:
                return None
            opened.draft("RGB", (2 * _LONG_SIDE, 2 * SHORT_SIDE))
            return np.asarray(opened.convert("RGBA"), np.uint8)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):  # Pillow's words for damaged
        return None


def _scaled(picture: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def _on_grey(rgba: NDArray[np.uint8]) -> NDArray[np.uint8]:
    alpha = rgba[..., 3:].astype(np.float32) / 255
    return np.asarray(rgba[..., :3] * alpha + 128 * (1 - alpha), np.float32).round().astype(np.uint8)
