"""Which pictures a step sees: single ones, and many shots of a few films."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from index_tools.training.shards import Shards, load_vectors, open_shards, shard_numbers

_OTHER_MOMENT = 0.3  # chance that the second view shows another moment of the same shot


@dataclass(frozen=True, eq=False)
class Lesson:
    """All taught pictures of a folder: facts, the teacher's vectors, a number for each shot."""

    folder: Path
    numbers: tuple[int, ...]
    shards: Shards
    teacher: NDArray[np.float32]
    shots: NDArray[np.int64]

    @classmethod
    def read(cls, folder: Path, known: tuple[int, ...] = ()) -> Lesson:
        """Everything in a folder that has been taught, shards already `known` first and in their order;
        raises `SceneLensError` if that is nothing."""
        there = shard_numbers(folder, ("pictures", "facts", "teacher"))
        numbers = (*known, *(number for number in there if number not in known))
        shards = open_shards(folder, numbers)
        return cls(folder, numbers, shards, load_vectors(folder, numbers), shot_numbers(shards.facts))

    def grown(self) -> Lesson:
        """The lesson with the shards that have come since; rows keep their numbers."""
        return Lesson.read(self.folder, self.numbers)

    def __len__(self) -> int:
        return len(self.shards)


def shot_numbers(facts: NDArray[np.void]) -> NDArray[np.int64]:
    """One number a shot; single pictures are shots of their own."""
    film, shot = facts["film"].astype(np.int64), facts["shot"].astype(np.int64)
    alone = -1 - np.arange(len(facts), dtype=np.int64)
    keys = np.where(film >= 0, film * 4096 + shot, alone)
    return np.asarray(np.unique(keys, return_inverse=True)[1], np.int64).reshape(-1)


class Sampler:
    """Draws the rows of step after step; step `n` depends on the seed and `n` alone."""

    def __init__(self, lesson: Lesson, count: int, seed: int, shots_a_film: int = 6) -> None:
        self._count, self._seed, self._shots_a_film = count, seed, shots_a_film
        facts = lesson.shards.facts
        self._singles = np.flatnonzero(facts["film"] < 0)
        in_film = np.flatnonzero(facts["film"] >= 0)
        order = in_film[np.argsort(facts["film"][in_film], kind="stable")]
        self._films = np.split(order, np.flatnonzero(np.diff(facts["film"][order])) + 1)
        self._mates = _mates(lesson.shots)

    def rows(self, step: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Rows (n,) of the first views and of the second views: the same, or another moment of the shot."""
        rng = np.random.default_rng([self._seed, step])
        drawn: list[NDArray[np.int64]] = []
        wanted = self._count // 2
        while self._films and wanted > 0:
            film = self._films[int(rng.integers(len(self._films)))]
            some = rng.choice(film, size=min(self._shots_a_film, wanted, len(film)), replace=False)
            drawn.append(some)
            wanted -= len(some)
        left = self._count - sum(len(part) for part in drawn)
        drawn.append(rng.choice(self._singles, size=left, replace=left > len(self._singles)))
        first = np.concatenate(drawn).astype(np.int64)
        second = first.copy()
        for i in np.flatnonzero(rng.random(len(first)) < _OTHER_MOMENT):
            mates = self._mates.get(int(first[i]))
            if mates is not None:
                second[i] = rng.choice(mates)
        return first, second


def _mates(shots: NDArray[np.int64]) -> dict[int, NDArray[np.int64]]:
    """For each row of a shot with several rows, all rows of that shot."""
    order = np.argsort(shots, kind="stable")
    groups: Sequence[NDArray[np.int64]] = np.split(order, np.flatnonzero(np.diff(shots[order])) + 1)
    return {int(row): group for group in groups if len(group) > 1 for row in group}


class PictureStore:
    """Pictures and aspects on the training device: gathered from disk for a processor, all of them held
    in memory for a graphics card."""

    def __init__(self, shards: Shards, device: torch.device, before: PictureStore | None = None) -> None:
        """`before` is a store of the first of the same shards; what it holds is not read again."""
        self._shards, self._device = shards, device
        self._aspects = torch.from_numpy(shards.facts["aspect"].astype(np.float32)).to(device)
        self._held: Tensor | None = None
        if device.type != "cpu":
            known = before._held if before is not None else None
            first = len(before._shards.pictures) if before is not None and known is not None else 0
            new = [torch.from_numpy(np.array(part)).to(device) for part in shards.pictures[first:]]
            self._held = torch.cat([*([] if known is None else [known]), *new]) if new else known

    def get(self, rows: NDArray[np.int64]) -> tuple[Tensor, Tensor]:
        """Pictures uint8 (n, S, S, 3) and aspects (n,)."""
        index = torch.from_numpy(rows).to(self._device)
        if self._held is not None:
            return self._held[index], self._aspects[index]
        return torch.from_numpy(self._shards.gather(rows)), self._aspects[index]
