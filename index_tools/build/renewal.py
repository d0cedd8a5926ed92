"""Scene embeddings of packs that were made before there was a network, or by another one.

Vectors of two networks cannot be compared, so a pack holds those of one.  Films that lack them are indexed
again when they are named once more; until then color layouts find them.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from index_tools.descriptors.model_file import NetworkFile, shipped_network
from index_tools.errors import ModelError
from index_tools.pack import ScenePack
from index_tools.pack.stored_film import SCENE_EMBEDDING, StoredFilm
from index_tools.pack.writing import descriptors


def network_to_use(wanted: bool) -> tuple[NetworkFile | None, list[str]]:
    """The network that ships with the program, if embeddings are wanted; else none, and why as a sentence."""
    if not wanted:
        return None, []
    try:
        return shipped_network(), []
    except ModelError as error:
        return None, [str(error)]


def same_network(pack: ScenePack, network: NetworkFile) -> bool:
    """Whether the embeddings of a pack were made by a network and stored as here."""
    return pack.manifest.descriptors.get(SCENE_EMBEDDING) == descriptors(network)[SCENE_EMBEDDING]


def lacking(pack: ScenePack, network: NetworkFile | None) -> set[str]:
    """Fingerprints of the videos of a pack without embeddings by `network`; none where there is none."""
    if network is None:
        return set()
    if not same_network(pack, network):
        return {video.fingerprint for video in pack.videos}
    rows = pack.described_rows(SCENE_EMBEDDING)
    if rows is None:
        return set()
    described = set(np.unique(pack.kept["video"][rows]).tolist())
    return {video.fingerprint for number, video in enumerate(pack.videos) if number not in described}


def without_foreign(film: StoredFilm, pack: ScenePack, network: NetworkFile | None) -> StoredFilm:
    """A film of the pack without embeddings of another network than `network`, if there is one."""
    if network is None or SCENE_EMBEDDING not in film.described or same_network(pack, network):
        return film
    described = {name: rows for name, rows in film.described.items() if name != SCENE_EMBEDDING}
    return replace(film, described=described)
