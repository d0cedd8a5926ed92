"""What goes into which shard: half synthesised film, half single pictures, drawn from seeds.

Shard `n` depends on `n`, the reduced art and the constants here alone, so shards can be made in any order,
on any machine, and again.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index_tools.opencv import cv2
from index_tools.training.art import Art, load_art, read_art
from index_tools.training.films import Loader, draw_film, render
from index_tools.training.shards import FACTS, shard_path, squash, write_whole

HELD_OUT = (
    "extremetuxracer-data", "khangman", "pingus-data", "renpy-thequestion", "tuxtype-data",
    "ukui-wallpapers", "warmux-data",
)  # fmt: skip
"""Packages that no training picture comes from; validation and distractors are made of them."""
FILMS_A_SHARD = 7
SHOTS_A_FILM = 12
MOMENTS = (0.0, 0.45, 1.0)
SINGLES_A_SHARD = 252
LARGE = 240
"""Shorter side, pixels, from which an opaque picture can be a place of a film."""


@dataclass(frozen=True, slots=True)
class Stock:
    """The art of one side of the split, by what it can be."""

    all: tuple[Art, ...]
    places: tuple[Art, ...]
    cast: tuple[Art, ...]
    sources: tuple[str, ...]
    held_out: bool


def take_stock(art: Sequence[Art], *, held_out: bool) -> Stock:
    """Sort out the art of the training packages, or of those held out."""
    mine = tuple(item for item in art if (item.package in HELD_OUT) == held_out)
    return Stock(
        all=mine,
        places=tuple(i for i in mine if not i.cut_out and i.width > i.height >= LARGE),
        cast=tuple(i for i in mine if i.cut_out and i.solid > 0.08),
        sources=tuple(sorted({item.package for item in art})),
        held_out=held_out,
    )


def write_shards(
    reduced: Path, out: Path, numbers: Sequence[int], *, held_out: bool = False
) -> Iterator[int]:
    """Write the shards of these numbers that do not exist; yields each number when it is there."""
    stock = take_stock(read_art(reduced), held_out=held_out)
    load = _remembering(reduced)
    out.mkdir(parents=True, exist_ok=True)
    for number in numbers:
        if not shard_path(out, "facts", number).exists():
            pictures, facts = make_shard(stock, number, load)
            write_whole(shard_path(out, "pictures", number), pictures)
            write_whole(shard_path(out, "facts", number), facts)
        yield number


def make_shard(stock: Stock, number: int, load: Loader) -> tuple[NDArray[np.uint8], NDArray[np.void]]:
    """Pictures (n, SIDE, SIDE, 3) and facts (n,) of one shard; even frames are left out."""
    kept: list[tuple[NDArray[np.uint8], tuple[object, ...]]] = []
    for film_number in range(number * FILMS_A_SHARD, (number + 1) * FILMS_A_SHARD):
        film = draw_film(film_number, stock.places, stock.cast, SHOTS_A_FILM)
        for shot in range(SHOTS_A_FILM):
            for at in MOMENTS:
                rgb = render(film, shot, at, load)
                kept.append((rgb, (-1, film_number, shot, at, rgb.shape[1] / rgb.shape[0], stock.held_out)))
    order = np.random.default_rng(3).permutation(len(stock.all))
    for place in range(number * SINGLES_A_SHARD, (number + 1) * SINGLES_A_SHARD):
        lap, index = divmod(place, len(order))
        art = stock.all[int(order[index])]
        rgb = single(art, lap, np.random.default_rng([13, place]), stock.places, load)
        source = stock.sources.index(art.package)
        kept.append((rgb, (source, -1, -1, 0.0, rgb.shape[1] / rgb.shape[0], stock.held_out)))
    kept = [(rgb, fact) for rgb, fact in kept if not is_even(rgb)]
    return np.stack([squash(rgb) for rgb, _ in kept]), np.array([fact for _, fact in kept], FACTS)


def single(
    art: Art, lap: int, rng: np.random.Generator, places: Sequence[Art], load: Loader
) -> NDArray[np.uint8]:
    """A single picture, RGB: a cut-out on a background; from the second lap on only a part of it."""
    rgba = load(art)
    if lap:
        height, width = rgba.shape[:2]
        w, h = (round(side * rng.uniform(0.5, 0.9)) for side in (width, height))
        x, y = int(rng.integers(width - w + 1)), int(rng.integers(height - h + 1))
        rgba = rgba[y : y + h, x : x + w]
    if not art.cut_out:
        return np.ascontiguousarray(rgba[..., :3])
    height, width = rgba.shape[:2]
    kind = rng.random()
    if kind < 0.35:
        back = np.broadcast_to(rng.uniform(0, 255, 3), (height, width, 3))
    elif kind < 0.6:
        mix = np.linspace(0, 1, height)[:, None, None]
        back = rng.uniform(0, 255, 3) * (1 - mix) + rng.uniform(0, 255, 3) * mix
        back = np.broadcast_to(back, (height, width, 3))
    else:
        place = load(places[int(rng.integers(len(places)))])[..., :3]
        back = cv2.resize(place, (width, height), interpolation=cv2.INTER_AREA).astype(np.float64)
    alpha = rgba[..., 3:].astype(np.float64) / 255
    return np.asarray((rgba[..., :3] * alpha + back * (1 - alpha)).round(), np.uint8)


def is_even(rgb: NDArray[np.uint8]) -> bool:
    """Whether a picture shows next to nothing (grey values, scaled to 64x36, that hardly differ)."""
    grey = cv2.cvtColor(cv2.resize(rgb, (64, 36), interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2GRAY)
    values = grey.astype(np.int16)
    return bool(values.std() < 8 or (np.abs(values - np.median(values)) <= 6).mean() > 0.92)


def _remembering(reduced: Path, most: int = 400) -> Loader:
    """A loader that keeps the pictures used last in memory."""
    memory: OrderedDict[str, NDArray[np.uint8]] = OrderedDict()

    def load(art: Art) -> NDArray[np.uint8]:
        found = memory.pop(art.file, None)
        memory[art.file] = load_art(reduced, art) if found is None else found
        if len(memory) > most:
            memory.popitem(last=False)
        return memory[art.file]

    return load
