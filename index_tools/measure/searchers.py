"""What is measured side by side: color layouts alone, embeddings alone, and the product.

The first two are what the product is to be held against: the vector of the picture as it is, compared with
every kept frame, and nothing else.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index_tools.descriptors.color_layout import describe, fit_for_query, similarity
from index_tools.descriptors.embedding_form import NAME as EMBEDDING
from index_tools.descriptors.embedding_form import restored, unit
from index_tools.nouns import Answer, Match
from index_tools.pack import ScenePack
from index_tools.pack.writing import descriptors
from index_tools.picture import Picture
from index_tools.search import Engine, SearchOptions, exact
from index_tools.search.candidates import Candidates
from index_tools.search.embedding import usable_network
from index_tools.search.scenes import FoundScene, gather

#: From this similarity on trace.moe's help calls a result probably right.
LAYOUT_CLAIM = 0.9
#: A cosine from which on an embedding alone is taken for a match: copies of the DISC set are told apart by
#: 0.75 with SSCD (its README), smaller networks spread less.
EMBEDDING_CLAIM = 0.75
#: Kept frames of each pack that are gathered into scenes.
NEAREST = 256

PRODUCT, COLOR_LAYOUT = "product", "color_layout"


class Searcher(Protocol):
    """One way to answer a picture."""

    @property
    def name(self) -> str:
        """What the column is called."""

    def answer(self, picture: Picture, options: SearchOptions) -> Answer:
        """The scenes that the picture may come from, best first."""


@dataclass(frozen=True, slots=True)
class Product:
    """The engine as the window uses it."""

    engine: Engine
    refine: bool = True
    name: str = PRODUCT

    def answer(self, picture: Picture, options: SearchOptions) -> Answer:
        """Search, and look up the films at hand if `refine`."""
        search = self.engine.find if self.refine else self.engine.search
        return search(picture, options)


@dataclass(frozen=True, slots=True)
class LayoutAlone:
    """trace.moe's way: the color layout of the picture fitted into 320 x 320, an exact scan, no more."""

    packs: Sequence[ScenePack]
    name: str = COLOR_LAYOUT

    def answer(self, picture: Picture, options: SearchOptions) -> Answer:
        """Scenes by squared distance; claimed from `LAYOUT_CLAIM` on."""
        begun = time.perf_counter()
        query = describe(fit_for_query(picture.rgb))[None]

        def nearest(pack: ScenePack) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
            rows, distances = exact.nearest(pack.vectors(COLOR_LAYOUT), query, NEAREST)[0]
            return _kept(pack, COLOR_LAYOUT, rows), distances

        found = _scenes(self.packs, nearest, options)
        return _answer(found, lambda distance: similarity(distance), LAYOUT_CLAIM, self.packs, begun)


@dataclass(frozen=True, eq=False, slots=True)
class VectorsAlone:
    """Unit vectors of kept frames, by cosine: `describe` gives that of a picture uint8 (h, w, 3); `tables`
    holds for each pack its vectors, float32 (n, d), and the kept row of each, int64 (n,).
    """

    packs: Sequence[ScenePack]
    describe: Callable[[NDArray[np.uint8]], NDArray[np.float32]]
    tables: Sequence[tuple[NDArray[np.float32], NDArray[np.int64]]]
    claim: float = EMBEDDING_CLAIM
    name: str = EMBEDDING

    def answer(self, picture: Picture, options: SearchOptions) -> Answer:
        """Scenes by cosine; claimed from `claim` on."""
        begun = time.perf_counter()
        query = self.describe(picture.rgb)
        tables = {id(pack): table for pack, table in zip(self.packs, self.tables, strict=True)}

        def nearest(pack: ScenePack) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
            vectors, kept = tables[id(pack)]
            cosines = vectors @ query
            best = np.argsort(-cosines, kind="stable")[:NEAREST]
            return kept[best], np.rint((1.0 - cosines[best]) * _STEPS).astype(np.int32)

        found = _scenes(self.packs, nearest, options)
        return _answer(found, lambda steps: 1.0 - steps / _STEPS, self.claim, self.packs, begun)


#: Distances of scenes are whole numbers: a cosine is counted in so many steps from 1 to 0.
_STEPS = 1_000_000


def embedding_alone(packs: Sequence[ScenePack]) -> VectorsAlone | str:
    """The embeddings of the packs by themselves, or a sentence why they cannot be searched.

    Raises `ModelError` where the network cannot be loaded.
    """
    network, why = usable_network()
    if network is None:
        return why
    wanted = descriptors(network)[EMBEDDING]
    for pack in packs:
        if pack.manifest.descriptors.get(EMBEDDING) != wanted:
            return (
                f"The pack “{pack.manifest.title}” holds no scene embeddings of this program's network; "
                "build it again to measure them."
            )
    from index_tools.descriptors.scene_embedding import shipped_embedder

    embedder = shipped_embedder()
    tables = []
    for pack in packs:
        vectors = unit(restored(pack.vectors(EMBEDDING)))
        tables.append((vectors, _kept(pack, EMBEDDING, np.arange(len(vectors)))))
    return VectorsAlone(packs, lambda rgb: embedder.describe([rgb])[0], tables)


def side_by_side(engine: Engine, refine: bool) -> tuple[tuple[Searcher, ...], dict[str, str]]:
    """The product and what it is held against, and why what is missing is missing, by name."""
    packs = engine.packs
    searchers: list[Searcher] = [Product(engine, refine), LayoutAlone(packs)]
    absent: dict[str, str] = {}
    embedding = embedding_alone(packs)
    if isinstance(embedding, str):
        absent[EMBEDDING] = embedding
    else:
        searchers.append(embedding)
    return tuple(searchers), absent


def _kept(pack: ScenePack, descriptor: str, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    described = pack.described_rows(descriptor)
    return rows if described is None else described[rows].astype(np.int64)


def _scenes(
    packs: Sequence[ScenePack],
    nearest: Callable[[ScenePack], tuple[NDArray[np.int64], NDArray[np.int32]]],
    options: SearchOptions,
) -> list[tuple[ScenePack, FoundScene]]:
    """The scenes that the nearest kept frames of all packs lie in, nearest first."""

    def of_pack(pack: ScenePack) -> Iterator[tuple[ScenePack, FoundScene]]:
        rows, distances = nearest(pack)
        order = np.argsort(rows)
        candidates = Candidates(rows[order], distances[order], np.zeros(len(rows), np.int16))
        for scene in gather(candidates, pack.kept, pack.shots, options.limit):
            yield pack, scene

    found = [pair for pack in packs for pair in of_pack(pack)]
    return sorted(found, key=lambda pair: pair[1].distance)[: options.limit]


def _answer(
    found: Sequence[tuple[ScenePack, FoundScene]],
    likeness: Callable[[int], float],
    claim: float,
    packs: Sequence[ScenePack],
    begun: float,
) -> Answer:
    """Scenes as an answer; what stands for a confidence is the likeness itself."""
    matches = []
    for pack, scene in found:
        alike = min(max(likeness(scene.distance), 0.0), 1.0)
        matches.append(
            Match(
                video=pack.videos[scene.video],
                start_s=scene.start_s,
                at_s=scene.at_s,
                end_s=scene.end_s,
                similarity=alike,
                confidence=alike,
                is_match=alike >= claim,
                hypothesis="as_is",
                pack_id=pack.manifest.pack_id,
                pack_title=pack.manifest.title,
                video_number=scene.video,
                shot=scene.shot,
                film=pack.film_path(scene.video),
            )
        )
    frames = sum(len(pack.kept) for pack in packs)
    elapsed_ms = (time.perf_counter() - begun) * 1000
    return Answer(tuple(matches), frames, elapsed_ms, tuple(pack.manifest.title for pack in packs))
