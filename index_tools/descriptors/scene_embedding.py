"""The scene embedding: a learned vector for a picture that hardly changes when the picture is edited.

A small network (`resources/models`, its card beside it) maps a picture, squashed to a square, to a unit
vector; pictures of one scene, cropped, mirrored, tinted or captioned, lie close to each other.  OpenCV's
dnn module runs it.  The values are in the order of what they tell, so that the first ones alone already
say much (`PREFIX`).

A vector is stored with one byte a value: 128 + the value in steps of 1/80.  A value then spreads over some
five steps; none can leave the byte, and the error of a whole vector is an angle of 3 degrees at most.  It is
kept without sign because OpenCV compares such rows as they lie in the file.

Vectors of different networks cannot be compared: a pack notes which one made its vectors.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index_tools.descriptors.model_file import BACKGROUND, MODEL, model_shape, shipped
from index_tools.errors import ModelError
from index_tools.opencv import cv2, one_thread

NAME = "scene_embedding"
#: Steps to one, and what stands for zero, in the stored form.
STEPS, ZERO = 80, 128
#: The first values of a vector, by which candidates are found.
PREFIX = 64
#: Pictures that go through the network together; more are no faster.
BATCH = 8


class SceneEmbedder:
    """One network, loaded; may be used from several threads, which take turns.

    `side` is the side of the pictures that it takes, in pixels, `values` the length of its vectors,
    `parameters` what a pack notes of it: vectors with other parameters are not to be compared.
    """

    def __init__(self, path: Path) -> None:
        """Load the network of an ONNX file; raises `ModelError`."""
        self.path = path
        try:
            data = path.read_bytes()
            shape = model_shape(data)
            self._network = cv2.dnn.readNetFromONNX(np.frombuffer(data, np.uint8))
        except (OSError, ValueError, cv2.error) as error:
            why = error.strerror if isinstance(error, OSError) else str(error).strip().splitlines()[0]
            raise ModelError(
                f"The network {path.name} cannot be used ({why}). Pictures are found by their color layout "
                "alone; your packs are unharmed. Install SceneLens again."
            ) from None
        self.side, self.values = shape.side, shape.values
        self.parameters: dict[str, str | int | float | bool] = {
            "model": hashlib.sha256(data).hexdigest(),
            "steps": STEPS,
            "zero": ZERO,
        }
        self._lock = threading.Lock()

    def describe(self, pictures: Sequence[NDArray[np.uint8]]) -> NDArray[np.float32]:
        """Unit vectors, float32 (n, values), of RGB pictures uint8 (h, w, 3) of any sizes."""
        vectors = np.empty((len(pictures), self.values), np.float32)
        for first in range(0, len(pictures), BATCH):
            some = [squashed(rgb, self.side) for rgb in pictures[first : first + BATCH]]
            planes = np.stack(some).transpose(0, 3, 1, 2).astype(np.float32, order="C")
            with self._lock, one_thread():
                self._network.setInput(planes)
                found = np.asarray(self._network.forward(), np.float32).reshape(len(some), -1)
            vectors[first : first + len(some)] = found
        return vectors


@cache
def shipped_embedder() -> SceneEmbedder:
    """The network that ships with the program, loaded once.  Raises `ModelError`: a sentence."""
    return SceneEmbedder(_shipped(MODEL))


@cache
def shipped_background() -> NDArray[np.float32]:
    """Unit vectors, float32 (m, values), of pictures that are surely no answer.  Raises `ModelError`."""
    path = _shipped(BACKGROUND)
    try:
        table = np.load(path, allow_pickle=False)
    except (OSError, ValueError) as error:
        raise ModelError(
            f"{path.name} cannot be read ({error}). Pictures are found by their color layout alone; "
            "your packs are unharmed. Install SceneLens again."
        ) from None
    vectors = restored(table) if table.dtype == np.uint8 else np.asarray(table, np.float32)
    return unit(vectors)


def stored(vectors: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Unit vectors float32 (n, values) in the form in which packs hold them, uint8 (n, values)."""
    return np.asarray(np.rint(vectors * np.float32(STEPS)) + ZERO, np.uint8)


def restored(rows: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Stored vectors uint8 (n, values) as float32, nearly of length 1."""
    return (rows.astype(np.float32) - np.float32(ZERO)) * np.float32(1 / STEPS)


def unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Vectors (n, values) brought to length 1; those of length 0 stay."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, np.float32(1e-6)), np.float32)


def squashed(rgb: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    """A picture uint8 (h, w, 3) as a square of `side`, whatever its aspect; by area where it shrinks."""
    height, width = rgb.shape[:2]
    if (height, width) == (side, side):
        return rgb
    method = cv2.INTER_AREA if height * width > side * side else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(rgb, (side, side), interpolation=method), np.uint8)


def _shipped(name: str) -> Path:
    path = shipped(name)
    if path is None:
        raise ModelError(
            f"The network for edited pictures is not there ({name} is missing): pictures are found by their "
            "color layout alone. Your packs are unharmed; install SceneLens again to get it."
        )
    return path
