"""A large pack made of few films, to measure search in.

Real color layouts are perturbed shot by shot: to all frames of a shot the same random offset is added,
so that frames of a shot stay as near to each other as they were and shots come to lie as far apart as
those of other films. Scene embeddings are moved likewise: how the frames of a shot differ stays, the shot
itself gets a random vector that spreads over the values as real ones do. The films themselves come first,
unchanged, so that real pictures of them can be asked for.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index_tools.descriptors.embedding_form import restored, stored, unit
from index_tools.descriptors.model_file import shipped_network
from index_tools.descriptors.scene_embedding import shipped_embedder
from index_tools.film import fingerprint, index_film
from index_tools.nouns import FilmIndex, Track
from index_tools.pack import PackAbout, ScenePack, write_pack
from index_tools.pack.checksums import cache_folder

#: Changed when the perturbation changes, so that old packs are not used again.
_VERSION = 3
#: Perturbed copies are strung together to films of about so many seconds, the length of an episode.
_EPISODE_S = 1440.0
#: Standard deviation of the offset of a shot: the mean values, and the others, whose 16 means "nothing".
_MEAN_OFFSET, _OFFSET = 7.0, 2.5
#: The values that carry the mean of a channel, and the greatest value that each place can have.
_MEANS = (0, 21, 27)
_GREATEST = np.array([61] + [31] * 20 + [63] + [31] * 5 + [63] + [31] * 5)

Say = Callable[[str], None]


def perturbed_pack(films: Sequence[Path], rows: int, say: Say, seed: int = 1) -> ScenePack:
    """An open pack of at least `rows` kept frames made of the films, with its graph; made once and kept.

    It lies in the cache folder, under a name that tells films, rows and seed.
    """
    name = hashlib.blake2b(digest_size=8)
    for part in (_VERSION, rows, seed, *(fingerprint(film) for film in films)):
        name.update(f"{part} ".encode())
    folder = cache_folder() / "bench" / f"{rows}-{name.hexdigest()}"
    if not folder.exists():
        say(f"indexing {len(films)} films for a pack of {rows:,} kept frames")
        network, embedder = shipped_network(), shipped_embedder()
        indexes = [index_film(film, thumbnails=False, embedder=embedder) for film in films]
        say("perturbing them (once; about a minute for a million)")
        folder.parent.mkdir(parents=True, exist_ok=True)
        for old in folder.parent.glob(f"{rows}-*"):
            shutil.rmtree(old)
        write_pack(
            folder,
            perturbed_films(indexes, rows, seed),
            PackAbout(title=f"{rows:,} perturbed frames"),
            network=network,
        )
    pack = ScenePack.open(folder)
    pack.note_places({fingerprint(film): film for film in films})
    for descriptor in pack.manifest.descriptors:
        if pack.graph_path(descriptor) is None:
            say("building its graph (once; some five minutes of processor time for a million)")
            pack.build_graph(descriptor)
    return pack


def perturbed_films(indexes: Sequence[FilmIndex], rows: int, seed: int) -> Iterator[FilmIndex]:
    """The films, then perturbed episodes of them until there are `rows` kept frames or more."""
    numbers = np.random.default_rng(seed)
    count = 0
    for index in indexes:
        yield index
        count += len(index.kept)
    episode = 0
    while count < rows:
        source = indexes[episode % len(indexes)]
        copies = max(1, round(_EPISODE_S / source.video.duration_s))
        copies = min(copies, -(-(rows - count) // len(source.kept)))
        strung = strung_together([perturbed(source, numbers) for _ in range(copies)], f"{seed}-{episode}")
        yield strung
        count += len(strung.kept)
        episode += 1


def perturbed(index: FilmIndex, numbers: np.random.Generator) -> FilmIndex:
    """A film as another would be: one offset a shot, the same for its kept frames and its track."""
    spread = np.full(33, _OFFSET)
    spread[list(_MEANS)] = _MEAN_OFFSET
    offsets = np.rint(numbers.normal(0, spread, (len(index.shots), 33))).astype(np.int16)
    shot_of = np.searchsorted(index.shots["start_s"], index.track.times_s + 1e-6, side="right") - 1
    track = _moved(index.track.color_layout, offsets[np.clip(shot_of, 0, None)])
    kept = _moved(index.color_layout, offsets[index.kept["shot"]])
    return replace(
        index,
        color_layout=kept,
        track=Track(index.track.times_s, track),
        scene_embedding=_other_scenes(index, numbers.spawn(1)[0]),
    )


def strung_together(indexes: Sequence[FilmIndex], name: str) -> FilmIndex:
    """One film after the other, as one; thumbnails are left out."""
    first = indexes[0]
    length_s = first.video.duration_s
    kept, shots = [], []
    for number, index in enumerate(indexes):
        moved, bounds = index.kept.copy(), index.shots.copy()
        for column in ("at_s", "from_s", "to_s"):
            moved[column] += number * length_s
        for column in ("start_s", "end_s"):
            bounds[column] += number * length_s
        moved["shot"] += number * len(index.shots)
        kept.append(moved)
        shots.append(bounds)
    times = np.concatenate([index.track.times_s + number * length_s for number, index in enumerate(indexes)])
    return FilmIndex(
        video=replace(
            first.video,
            file_name=f"perturbed {name}.mkv",
            fingerprint=hashlib.blake2b(name.encode(), digest_size=16).hexdigest(),
            duration_s=length_s * len(indexes),
            frame_count=len(times),
            title=f"Perturbed {name}",
        ),
        kept=np.concatenate(kept),
        shots=np.concatenate(shots),
        color_layout=np.concatenate([index.color_layout for index in indexes]),
        scene_embedding=_joined([index.scene_embedding for index in indexes]),
        embedded=_joined(
            [
                index.embedded if index.embedded is None else (index.embedded + first).astype(np.int32)
                for index, first in zip(indexes, _firsts(indexes), strict=True)
            ]
        ),
        track=Track(times, np.concatenate([index.track.color_layout for index in indexes])),
    )


def _other_scenes(index: FilmIndex, numbers: np.random.Generator) -> NDArray[np.uint8] | None:
    """Scene embeddings as of another film; drawn apart, so that color layouts do not depend on them."""
    if index.scene_embedding is None or index.embedded is None or not len(index.embedded):
        return index.scene_embedding
    vectors, shot = restored(index.scene_embedding), index.kept["shot"][index.embedded]
    count = np.maximum(np.bincount(shot, minlength=len(index.shots)), 1)
    means = np.zeros((len(index.shots), vectors.shape[1]), np.float32)
    np.add.at(means, shot, vectors)
    means /= count[:, None].astype(np.float32)
    others = unit(numbers.normal(0, vectors.std(axis=0), means.shape).astype(np.float32))
    return stored(unit(others[shot] + vectors - means[shot]))


def _firsts(indexes: Sequence[FilmIndex]) -> list[int]:
    """The rows at which the kept frames of films begin that come one after the other."""
    return list(accumulate((len(index.kept) for index in indexes[:-1]), initial=0))


def _joined(tables: Sequence[NDArray[Any] | None]) -> NDArray[Any] | None:
    """Tables one after the other; None where they are missing."""
    there = [table for table in tables if table is not None]
    return np.concatenate(there) if len(there) == len(tables) else None


def _moved(layouts: NDArray[np.uint8], offsets: NDArray[np.int16]) -> NDArray[np.uint8]:
    moved: NDArray[np.uint8] = np.clip(layouts + offsets, 0, _GREATEST).astype(np.uint8)
    return moved
