"""A small network in the place of the shipped one: an ONNX file, written by hand.

It takes pictures (n, 3, 32, 32), gives unit vectors (n, 128), and does not mind mirroring: mean colours of
8 x 8 blocks, times a random matrix that is the same for a block and its mirror image.  If wanted it gives the
same of parts of the picture, out of the same blocks.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index_tools.descriptors.frame_parts import PART_VALUES, PARTS

SIDE, VALUES, BLOCKS = 32, 128, 8
_INT, _FLOAT, _INTS = 2, 1, 7
_LONG = 7


def use_network(folder: Path, monkeypatch: pytest.MonkeyPatch, seed: int = 1, *, parts: bool = False) -> Path:
    """Write a network and its background set into `folder`, and let the program find these; its file."""
    path = write_network(folder, seed, parts=parts)
    noise = np.random.default_rng(seed + 1).standard_normal((200, VALUES)).astype(np.float32)
    np.save(folder / "scene_background.npy", noise)
    monkeypatch.setattr("index_tools.descriptors.model_file.model_folders", lambda: [folder])
    return path


def write_network(folder: Path, seed: int = 1, *, parts: bool = False) -> Path:
    """Write the network into `folder`; another seed gives another one."""
    folder.mkdir(parents=True, exist_ok=True)
    weights = _weights(seed)
    matrix = np.asarray(weights.reshape(-1, VALUES) / 1000, np.float32)
    bias = -127.5 * matrix.sum(axis=0)
    cell = SIDE // BLOCKS
    graph = (
        _node("AveragePool", ["pictures"], "blocks", kernel_shape=[cell, cell], strides=[cell, cell])
        + _node("Flatten", ["blocks"], "flat", axis=1)
        + _node("Gemm", ["flat", "matrix", "bias"], "vector")
        + _node("ReduceL2", ["vector"], "length", axes=[1], keepdims=1)
        + _node("Div", ["vector", "length"], "vectors")
        + _text(2, "network")
        + _part(5, _tensor("matrix", matrix))
        + _part(5, _tensor("bias", bias))
        + _part(11, _value("pictures", [3, SIDE, SIDE]))
        + _part(12, _value("vectors", [VALUES]))
    )
    if parts:
        graph += _of_parts(weights)
    model = _number(1, 8) + _part(7, graph) + _part(8, _text(1, "") + _number(2, 13))
    path = folder / "scene_embedding.onnx"
    path.write_bytes(model)
    return path


def expected(rgb: NDArray[np.uint8], seed: int = 1) -> NDArray[np.float32]:
    """The vector, float32 (128,), of a picture uint8 (32, 32, 3), computed by numpy."""
    weights = _weights(seed)
    cell = SIDE // BLOCKS
    blocks = rgb.reshape(BLOCKS, cell, BLOCKS, cell, 3).mean(axis=(1, 3)).transpose(2, 0, 1)
    vector = (blocks - 127.5).reshape(-1) @ weights.reshape(-1, VALUES)
    return np.asarray(vector / np.linalg.norm(vector), np.float32)


def _weights(seed: int) -> NDArray[np.float32]:
    weights = np.random.default_rng(seed).standard_normal((3, BLOCKS, BLOCKS, VALUES)).astype(np.float32)
    return np.asarray(weights + weights[:, :, ::-1], np.float32)


def _of_parts(weights: NDArray[np.float32]) -> bytes:
    """Nodes and weights that give the vectors of parts, out of the blocks of the whole picture."""
    matrices = []
    for left, upper, right, lower in PARTS:
        across, down = _blocks_of(left, right), _blocks_of(upper, lower)
        matrices.append(np.einsum("ij,kl,cikv->cjlv", down, across, weights).reshape(-1, VALUES) / 1000)
    matrix = np.asarray(np.concatenate(matrices, axis=1), np.float32)
    return (
        _node("Gemm", ["flat", "matrix_of_parts", "bias_of_parts"], "flat_parts")
        + _node("Reshape", ["flat_parts", "shape_of_parts"], "some_parts")
        + _node("ReduceL2", ["some_parts"], "lengths", axes=[2], keepdims=1)
        + _node("Div", ["some_parts", "lengths"], "parts")
        + _part(5, _tensor("matrix_of_parts", matrix))
        + _part(5, _tensor("bias_of_parts", -127.5 * matrix.sum(axis=0)))
        + _part(5, _tensor("shape_of_parts", np.array([-1, len(PARTS), PART_VALUES], np.int64)))
        + _part(12, _value("parts", [len(PARTS), PART_VALUES]))
    )


def _blocks_of(begin: float, end: float) -> NDArray[np.float32]:
    """Which share each block of a picture has in each block of a part of it, along one side."""
    edges = np.linspace(begin, end, BLOCKS + 1) * BLOCKS
    cells = np.arange(BLOCKS)
    shared = np.minimum(edges[1:, None], cells + 1) - np.maximum(edges[:-1, None], cells)
    shared = shared.clip(min=0)
    return np.asarray(shared / shared.sum(axis=1, keepdims=True), np.float32)


def _node(kind: str, inputs: list[str], output: str, **settings: int | list[int]) -> bytes:
    parts = b"".join(_text(1, name) for name in inputs) + _text(2, output) + _text(3, output) + _text(4, kind)
    for name, value in settings.items():
        if isinstance(value, int):
            attribute = _text(1, name) + _number(3, value) + _number(20, _INT)
        else:
            attribute = _text(1, name) + b"".join(_number(8, one) for one in value) + _number(20, _INTS)
        parts += _part(5, attribute)
    return _part(1, parts)


def _tensor(name: str, values: NDArray[np.float32] | NDArray[np.int64]) -> bytes:
    sides = b"".join(_number(1, side) for side in values.shape)
    kind, form = (_LONG, "<i8") if values.dtype == np.int64 else (_FLOAT, "<f4")
    return sides + _number(2, kind) + _text(8, name) + _part(9, values.astype(form).tobytes())


def _value(name: str, sides: list[int]) -> bytes:
    dimensions = _part(1, _text(2, "n")) + b"".join(_part(1, _number(1, side)) for side in sides)
    return _text(1, name) + _part(2, _part(1, _number(1, _FLOAT) + _part(2, dimensions)))


def _text(number: int, text: str) -> bytes:
    return _part(number, text.encode())


def _part(number: int, content: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _number(number: int, value: int) -> bytes:
    return _varint(number << 3) + _varint(value)


def _varint(value: int) -> bytes:
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])
