"""Rebuild the pictures of color_layout.json: uint8 (height, width, 3), R G B, rows from the top.

`picture(entry)` makes one, `entry` being an item of the file's "pictures".  Run as a script it rebuilds all
of them and checks size and SHA-256.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

HERE = Path(__file__).resolve().parent

Pixels = NDArray[np.uint8]
Colour = Sequence[int]


def lcg_bytes(seed: int, count: int) -> Pixels:
    """High bytes of x <- (1664525 x + 1013904223) mod 2**32, the first after one step."""
    states = np.empty(max(count, 1), np.uint32)
    states[0] = (1664525 * seed + 1013904223) & 0xFFFFFFFF
    factor, summand, done = 1664525, 1013904223, 1
    while done < count:
        part = min(done, count - done)
        states[done : done + part] = states[:part] * np.uint32(factor) + np.uint32(summand)
        summand = (factor * summand + summand) & 0xFFFFFFFF
        factor = (factor * factor) & 0xFFFFFFFF
        done += part
    return (states[:count] >> np.uint32(24)).astype(np.uint8)


def flat(width: int, height: int, rgb: Colour) -> Pixels:
    """One colour."""
    return np.broadcast_to(np.array(rgb, np.uint8), (height, width, 3)).copy()


def noise(width: int, height: int, seed: int, low: int = 0, span: int = 256) -> Pixels:
    """Noise: low + floor(byte * span / 256)."""
    raw = lcg_bytes(seed, width * height * 3).astype(np.uint32)
    return (low + raw * span // 256).astype(np.uint8).reshape(height, width, 3)


def gradient(width: int, height: int, start: Colour, end: Colour, axis: str) -> Pixels:
    """A ramp of whole numbers from start to end along x, y or both ("d": x + y)."""
    across, down = np.arange(width, dtype=np.int64), np.arange(height, dtype=np.int64)
    if axis == "x":
        place, last = np.broadcast_to(across, (height, width)), width - 1
    elif axis == "y":
        place, last = np.broadcast_to(down[:, None], (height, width)), height - 1
    else:
        place, last = across[None, :] + down[:, None], width + height - 2
    first, second = np.array(start, np.int64), np.array(end, np.int64)
    return (first + (second - first) * place[:, :, None] // max(last, 1)).astype(np.uint8)


def checker(width: int, height: int, cell: int, first: Colour, second: Colour) -> Pixels:
    """A chessboard of cells."""
    across, down = np.arange(width) // cell, np.arange(height) // cell
    odd = ((across[None, :] + down[:, None]) & 1)[:, :, None]
    return np.where(odd, np.array(second, np.uint8), np.array(first, np.uint8))


def halves(width: int, height: int, first: Colour, second: Colour, axis: str) -> Pixels:
    """The first colour where 2 x < width (or 2 y < height), else the second."""
    if axis == "x":
        side = np.broadcast_to(2 * np.arange(width) >= width, (height, width))
    else:
        side = np.broadcast_to((2 * np.arange(height) >= height)[:, None], (height, width))
    return np.where(side[:, :, None], np.array(second, np.uint8), np.array(first, np.uint8))


def byte_ramp(width: int, height: int) -> Pixels:
    """The k-th raw byte is k mod 256."""
    return (np.arange(width * height * 3) % 256).astype(np.uint8).reshape(height, width, 3)


def bars(width: int, height: int, colours: Sequence[Colour]) -> Pixels:
    """Vertical bars; column x has colour floor(x * n / width)."""
    index = np.arange(width) * len(colours) // width
    return np.broadcast_to(np.array(colours, np.uint8)[index], (height, width, 3)).copy()


def big_tie(block_width: int, block_height: int, up: int, down: int, turn: int) -> Pixels:
    """Grey 128 on average in each block; rows below `turn` sum `up` more, the others `down` less.

    Block sums pass 2**24, where single precision no longer holds every whole number.
    """
    row_up = np.full(block_width, 128, np.uint8)
    row_up[:up] += 1
    row_down = np.full(block_width, 128, np.uint8)
    row_down[:down] -= 1
    block = np.empty((block_height, block_width), np.uint8)
    block[:turn], block[turn:] = row_up, row_down
    return np.repeat(np.tile(block, (8, 8))[:, :, None], 3, axis=2)


_FORMULAS: dict[str, Callable[..., Pixels]] = {
    "flat": flat,
    "noise": noise,
    "gradient": gradient,
    "checker": checker,
    "halves": halves,
    "byte_ramp": byte_ramp,
    "bars": bars,
    "big_tie": big_tie,
}


def picture(entry: dict[str, Any]) -> Pixels:
    """The pixels of one entry, C-contiguous."""
    if entry["kind"] == "formula":
        return np.ascontiguousarray(_FORMULAS[entry["formula"]](**entry["arguments"]))
    with Image.open(HERE / entry["file"]) as image:
        return np.array(image.convert("RGB"), np.uint8)


def is_as_described(entry: dict[str, Any], rgb: Pixels) -> bool:
    """Whether size and SHA-256 are those of the entry."""
    size = (entry["height"], entry["width"], 3)
    return rgb.shape == size and hashlib.sha256(rgb.tobytes()).hexdigest() == entry["sha256"]


def main() -> int:
    """Check every picture; the exit status is 1 if one differs."""
    entries = json.loads((HERE / "color_layout.json").read_text(encoding="utf-8"))["pictures"]
    differing = [entry["name"] for entry in entries if not is_as_described(entry, picture(entry))]
    sys.stdout.write(f"{len(entries)} pictures, {len(differing)} differ {' '.join(differing)}\n")
    return 1 if differing else 0


if __name__ == "__main__":
    raise SystemExit(main())
