"""A look at how a student does on real film, class by class; for sanity, never to tune by.

Frames of the films at two a second, together with art kept from training, are the index; the queries are
frames drawn at other times and disturbed by a module of named degradations that is handed in from
outside.  Nothing but the student's vectors is used: no re-ranking, no hypotheses.
"""

from __future__ import annotations

import importlib.util
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index_tools.descriptors.embedding_form import restored, stored, unit
from index_tools.errors import SceneLensError
from index_tools.film import FilmReader
from index_tools.opencv import cv2
from index_tools.training.plan import is_even
from index_tools.training.shards import open_shards, shard_numbers, squash

Degradation = Callable[[NDArray[np.uint8], np.random.Generator], NDArray[np.uint8]]
Describe = Callable[[NDArray[np.uint8]], NDArray[np.float32]]
"""Square pictures uint8 (n, side, side, 3) → unit vectors (n, values)."""

Way = Callable[[NDArray[np.float32]], NDArray[np.float32]]
"""Vectors (n, values) → what of them is compared, e.g. the first values, or whole numbers."""

_NEAR_S = 5.0
_SAME = 6.0  # mean difference of 64x36 pictures up to which two frames show the same


@dataclass(frozen=True, eq=False)
class FilmFrames:
    """Every second frame or so of the films: RGB pictures, film numbers and times."""

    pictures: list[NDArray[np.uint8]]
    films: NDArray[np.int64]
    times_s: NDArray[np.float64]


def read_frames(films: Sequence[Path], per_second: float, offset_s: float = 0.0) -> FilmFrames:
    """Frames of the films at a steady pace."""
    pictures, numbers, times = [], [], []
    for number, film in enumerate(films):
        due = offset_s
        with FilmReader(film) as reader:
            for frame in reader.frames():
                if frame.at_s >= due:
                    pictures.append(np.array(frame.picture(960).rgb))
                    numbers.append(number)
                    times.append(frame.at_s)
                    due += 1 / per_second
    return FilmFrames(pictures, np.array(numbers, np.int64), np.array(times))


def load_degradations(module: Path) -> Mapping[str, Mapping[str, Degradation]]:
    """`GROUPS` (group → name → function) of a Python file with named degradations."""
    spec = importlib.util.spec_from_file_location("degradations", module)
    if spec is None or spec.loader is None:
        raise SceneLensError(f"{module} is no Python file with named degradations.")
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    groups: Mapping[str, Mapping[str, Degradation]] = loaded.GROUPS
    return groups


def check(
    describe: Describe,
    side: int,
    films: Sequence[Path],
    distractors: Path,
    groups: Mapping[str, Mapping[str, Degradation]],
    *,
    ways: Mapping[str, Way],
    queries: int = 100,
    seed: int = 1,
) -> dict[str, dict[str, tuple[float, float]]]:
    """For each way of comparing: recall at 1 and at 10 of each class, and of each group as their mean."""
    index = read_frames(films, 2.0)
    others = open_shards(distractors, shard_numbers(distractors))
    vectors = [_described(describe, [squash(p, side) for p in index.pictures])]
    for part in others.pictures:
        vectors.append(_described(describe, [squash(np.array(p), side) for p in part]))
    bank = np.concatenate(vectors)
    asked = read_frames(films, 3.0, offset_s=0.13)
    rng = np.random.default_rng(seed)
    usable = [i for i in range(len(asked.times_s)) if not is_even(asked.pictures[i])]
    chosen = rng.choice(usable, min(queries, len(usable)), replace=False)
    right = _right_answers(index, asked, chosen, len(bank))
    banks = {way: reduce(bank) for way, reduce in ways.items()}
    results: dict[str, dict[str, tuple[float, float]]] = {way: {} for way in ways}
    for group, classes in groups.items():
        for name, disturb in classes.items():
            views = []
            for i in chosen:
                own = np.random.default_rng([seed * 100003 + int(i), zlib.crc32(name.encode())])
                views.append(squash(disturb(asked.pictures[i], own), side))
            described = _described(describe, views)
            for way, reduce in ways.items():
                ranked = np.argsort(-(reduce(described) @ banks[way].T), axis=1)[:, :10]
                hits = np.take_along_axis(right, ranked, axis=1)
                results[way][name] = float(hits[:, 0].mean()), float(hits.any(1).mean())
        for found in results.values():
            means = np.array([found[name] for name in classes]).mean(0)
            found[f"= {group}"] = float(means[0]), float(means[1])
    return results


def first_values(count: int) -> Way:
    """Only the first `count` values, as unit vectors again."""

    def reduce(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        part = vectors[:, :count]
        return np.asarray(part / np.linalg.norm(part, axis=1, keepdims=True), np.float32)

    return reduce


def whole_numbers(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """The vectors as packs store them, as unit vectors again."""
    return unit(restored(stored(vectors)))


def _right_answers(
    index: FilmFrames, asked: FilmFrames, chosen: NDArray[np.int64], rows: int
) -> NDArray[np.bool_]:
    """Bool (queries, rows of the index): near in time in the same film, or showing the same."""
    small = np.stack([_small(p) for p in index.pictures])
    right = np.zeros((len(chosen), rows), bool)
    for line, i in zip(right, chosen, strict=True):
        near = np.abs(index.times_s - asked.times_s[i]) <= _NEAR_S
        same = np.abs(small - _small(asked.pictures[i])).mean((1, 2, 3)) <= _SAME
        line[: len(index.times_s)] = (near | same) & (index.films == asked.films[i])
    return right


def _small(rgb: NDArray[np.uint8]) -> NDArray[np.float32]:
    return np.asarray(cv2.resize(rgb, (64, 36), interpolation=cv2.INTER_AREA), np.float32)


def _described(describe: Describe, pictures: Sequence[NDArray[np.uint8]]) -> NDArray[np.float32]:
    parts = [describe(np.stack(pictures[i : i + 16])) for i in range(0, len(pictures), 16)]
    return np.concatenate(parts)
