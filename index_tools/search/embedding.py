"""The scene embeddings of a query: of each upright reading one, with what it has in common with anything.

How alike a picture is to pictures that are no answer differs from picture to picture.  The mean similarity to
its nearest neighbours in a background set is therefore taken off all its similarities (score normalisation,
as Pizzi et al. 2022, arXiv 2202.10261, section 5), so that one threshold fits all.  The network does not mind
mirroring, so mirrored readings need no embedding of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index_tools.descriptors.embedding_form import unit
from index_tools.descriptors.frame_parts import PART_VALUES
from index_tools.descriptors.model_file import BACKGROUND, NetworkFile, shipped, shipped_network
from index_tools.errors import ModelError

if TYPE_CHECKING:
    from index_tools.search.readings import Readings

#: Nearest neighbours in the background whose mean similarity is taken off.
COMMON = 10


@dataclass(frozen=True, eq=False, slots=True)
class Embedded:
    """Names of readings, their unit vectors, float32 (h, values), and what is to be taken off the
    similarities of each, float32 (h,); the same of their first values, which parts of frames are compared to.
    """

    names: tuple[str, ...]
    vectors: NDArray[np.float32]
    common: NDArray[np.float32]
    part_vectors: NDArray[np.float32]
    part_common: NDArray[np.float32]

    def joined(self, others: Embedded) -> Embedded:
        """These and others."""
        return Embedded(
            (*self.names, *others.names),
            np.concatenate([self.vectors, others.vectors]),
            np.concatenate([self.common, others.common]),
            np.concatenate([self.part_vectors, others.part_vectors]),
            np.concatenate([self.part_common, others.part_common]),
        )


def usable_network() -> tuple[NetworkFile | None, str]:
    """The network that queries are described by, and where there is none a sentence why; loads nothing."""
    try:
        shipped(BACKGROUND)
        return shipped_network(), ""
    except ModelError as error:
        return None, str(error)


def embed(readings: Readings) -> Embedded:
    """The embeddings of the upright readings of a picture.  Raises `ModelError`."""
    from index_tools.descriptors.scene_embedding import shipped_background, shipped_embedder

    upright = readings.upright
    vectors, background = (
        shipped_embedder().describe([one.upright.rgb for one in upright]),
        shipped_background(),
    )
    first = unit(vectors[:, :PART_VALUES])
    return Embedded(
        tuple(one.name for one in upright),
        vectors,
        _common(vectors, background),
        first,
        _common(first, unit(background[:, :PART_VALUES])),
    )


def _common(vectors: NDArray[np.float32], background: NDArray[np.float32]) -> NDArray[np.float32]:
    """The mean similarity of each vector to those of the background that are nearest to it."""
    alike = vectors @ background.T
    count = min(COMMON, alike.shape[1])
    return np.asarray(-np.partition(-alike, count - 1, axis=1)[:, :count].mean(axis=1), np.float32)
