"""Numbered shards of equal square pictures on disk, with one row of facts a picture.

A shard is two files, `pictures-00003.npy` (uint8 (n, SIDE, SIDE, 3), squashed to a square) and
`facts-00003.npy`; vectors of a teacher lie beside them as `teacher-00003.npy`.  A file that exists is
complete: it is written under another name first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index_tools.errors import SceneLensError
from index_tools.opencv import cv2

SIDE = 256
"""Side of a stored picture, pixels."""

FACTS = np.dtype(
    [("source", "<i2"), ("film", "<i4"), ("shot", "<i4"), ("at", "<f4"), ("aspect", "<f4"), ("held_out", "?")]
)
"""`source` numbers the package (-1: synthesised film); `film` and `shot` are -1 for a single picture;
`aspect` is width by height before squashing."""


@dataclass(frozen=True, eq=False)
class Shards:
    """The pictures of a folder: memory-mapped arrays, and the facts of all rows in order."""

    pictures: tuple[NDArray[np.uint8], ...]
    facts: NDArray[np.void]
    starts: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.facts)

    def gather(self, rows: NDArray[np.int64]) -> NDArray[np.uint8]:
        """Pictures uint8 (n, SIDE, SIDE, 3) of the given rows."""
        shard = np.searchsorted(self.starts, rows, side="right") - 1
        out = np.empty((len(rows), SIDE, SIDE, 3), np.uint8)
        for i, (number, row) in enumerate(zip(shard, rows, strict=True)):
            out[i] = self.pictures[number][row - self.starts[number]]
        return out


def squash(rgb: NDArray[np.uint8], side: int = SIDE) -> NDArray[np.uint8]:
    """RGB uint8 (h, w, 3) squashed or stretched to a square; by area when it shrinks."""
    smaller = rgb.shape[0] * rgb.shape[1] > side * side
    how = cv2.INTER_AREA if smaller else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(rgb, (side, side), interpolation=how), np.uint8)


def shard_path(folder: Path, kind: str, number: int) -> Path:
    """Where member `kind` ("pictures", "facts", "teacher") of a shard lies."""
    return folder / f"{kind}-{number:05d}.npy"


def write_whole(path: Path, array: NDArray[np.generic]) -> None:
    """Write an array so that `path` is either absent or complete."""
    part = path.with_name(path.name + ".part")
    with part.open("wb") as out:
        np.save(out, array, allow_pickle=False)
    part.replace(path)


def shard_numbers(folder: Path, kinds: Sequence[str] = ("pictures", "facts")) -> list[int]:
    """Numbers of the shards of which all members in `kinds` exist."""
    sets = [{int(path.stem.rsplit("-", 1)[1]) for path in folder.glob(f"{kind}-*.npy")} for kind in kinds]
    return sorted(set.intersection(*sets))


def open_shards(folder: Path, numbers: Sequence[int]) -> Shards:
    """Open some shards; raises `SceneLensError` when there are none."""
    if not numbers:
        raise SceneLensError(f"The folder {folder} holds no finished shards yet; make some first.")
    pictures = tuple(
        np.load(shard_path(folder, "pictures", n), mmap_mode="r", allow_pickle=False) for n in numbers
    )
    facts = np.concatenate([np.load(shard_path(folder, "facts", n), allow_pickle=False) for n in numbers])
    starts = np.cumsum([0, *(len(p) for p in pictures[:-1])]).astype(np.int64)
    return Shards(pictures, facts, starts)


def load_vectors(folder: Path, numbers: Sequence[int], kind: str = "teacher") -> NDArray[np.float32]:
    """The vectors of some shards in order, float32 (n, values)."""
    parts = [np.load(shard_path(folder, kind, n), allow_pickle=False) for n in numbers]
    return np.concatenate(parts).astype(np.float32)


def some_pictures(folder: Path, count: int, side: int) -> NDArray[np.uint8]:
    """Up to `count` pictures from all over the shards of a folder, uint8 (n, side, side, 3)."""
    shards = open_shards(folder, shard_numbers(folder))
    rows = np.linspace(0, len(shards) - 1, min(count, len(shards))).round().astype(np.int64)
    return np.stack([squash(shards.gather(rows[i : i + 1])[0], side) for i in range(len(rows))])
