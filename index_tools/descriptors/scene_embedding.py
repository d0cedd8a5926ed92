"""The scene embedding: a learned vector for a picture that hardly changes when the picture is edited.

A small network (`resources/models`, its card beside it) maps a picture, squashed to a square, to a unit
vector; pictures of one scene, cropped, mirrored, tinted or captioned, lie close to each other.  OpenCV's
dnn module runs it, on one thread.  Vectors of different networks cannot be compared: a pack notes which one
made its vectors.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index_tools.descriptors.embedding_form import restored, unit
from index_tools.descriptors.frame_parts import PART_VALUES, PARTS
from index_tools.descriptors.model_file import BACKGROUND, NetworkFile, broken, shipped, shipped_network
from index_tools.opencv import cv2, one_thread

#: Pictures that go through the network together; more are no faster.
BATCH = 8


class SceneEmbedder:
    """One network, loaded; may be used from several threads, which take turns."""

    def __init__(self, network: NetworkFile) -> None:
        """Load the network; raises `ModelError`."""
        self.network = network
        try:
            self._net = cv2.dnn.readNetFromONNX(str(network.path))
        except cv2.error as error:
            raise broken(network.path, str(error).strip().splitlines()[0]) from None
        self._lock = threading.Lock()

    def describe(self, pictures: Sequence[NDArray[np.uint8]]) -> NDArray[np.float32]:
        """Unit vectors, float32 (n, values), of RGB pictures uint8 (h, w, 3) of any sizes."""
        return self.describe_parts(pictures)[0]

    def describe_parts(
        self, pictures: Sequence[NDArray[np.uint8]]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32] | None]:
        """What `describe` gives, and unit vectors of the `PARTS` of the pictures, float32 (n, parts,
        `PART_VALUES`), if the network describes them.
        """
        vectors, *parts = self._run(pictures)
        count = len(pictures)
        shaped = parts[0].reshape(count, len(PARTS), PART_VALUES) if parts else None
        return vectors.reshape(count, self.network.values), shaped

    def _run(self, pictures: Sequence[NDArray[np.uint8]]) -> list[NDArray[np.float32]]:
        """All that the network gives for pictures, batch after batch; OpenCV gives all outputs or none."""
        outputs = ["vectors", "parts"] if self.network.parts else ["vectors"]
        found: list[list[NDArray[np.float32]]] = [[np.zeros(0, np.float32)] for _ in outputs]
        for first in range(0, len(pictures), BATCH):
            some = [squashed(rgb, self.network.side) for rgb in pictures[first : first + BATCH]]
            planes = np.stack(some).transpose(0, 3, 1, 2).astype(np.float32, order="C")
            with self._lock, one_thread():
                self._net.setInput(planes)
                for known, given in zip(found, self._net.forward(outputs), strict=True):
                    known.append(np.array(given, np.float32).ravel())
        return [np.concatenate(known) for known in found]


@cache
def embedder_of(network: NetworkFile) -> SceneEmbedder:
    """The network of a file, loaded once.  Raises `ModelError`."""
    return SceneEmbedder(network)


def shipped_embedder() -> SceneEmbedder:
    """The network that ships with the program, loaded once.  Raises `ModelError`."""
    return embedder_of(shipped_network())


@cache
def background_of(path: Path) -> NDArray[np.float32]:
    """Unit vectors, float32 (m, values), out of a table of floats or of stored ones.  Raises `ModelError`."""
    try:
        table = np.load(path, allow_pickle=False)
    except (OSError, ValueError) as error:
        raise broken(path, str(error)) from None
    if table.ndim != 2 or not len(table):
        raise broken(path, "it is no table of vectors")
    return unit(restored(table) if table.dtype == np.uint8 else np.asarray(table, np.float32))


def shipped_background() -> NDArray[np.float32]:
    """Unit vectors, float32 (m, values), of pictures that are surely no answer.  Raises `ModelError`."""
    return background_of(shipped(BACKGROUND))


def squashed(rgb: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    """A picture uint8 (h, w, 3) as a square of `side`, whatever its aspect; by area where it shrinks."""
    height, width = rgb.shape[:2]
    if (height, width) == (side, side):
        return rgb
    method = cv2.INTER_AREA if height * width > side * side else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(rgb, (side, side), interpolation=method), np.uint8)
