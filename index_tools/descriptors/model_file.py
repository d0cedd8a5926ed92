"""The file of the network behind the scene embedding: where it lies, and which pictures it takes.

It ships in `resources/models`.  OpenCV runs the file but does not tell the size of its input, so that much
of ONNX (protocol buffers: https://protobuf.dev/programming-guides/encoding/) is read here.
"""

from __future__ import annotations

import importlib.resources
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MODEL, BACKGROUND = "scene_embedding.onnx", "scene_background.npy"

#: Numbers of fields in onnx.proto: ModelProto.graph, GraphProto.input and .output, then the way from a
#: ValueInfoProto over type, tensor_type and shape to the dimensions and their values.
_GRAPH, _INPUT, _OUTPUT = 7, 11, 12
_SHAPE = (2, 1, 2)
_DIMENSION, _VALUE = 1, 1
#: A network takes square pictures of such sides, and gives so many values at most.
_SIDES, _MOST_VALUES = range(32, 1025), 4096


@dataclass(frozen=True, slots=True)
class ModelShape:
    """A network takes pictures (n, 3, side, side) and gives vectors (n, values)."""

    side: int
    values: int


def shipped(name: str) -> Path | None:
    """Where the file `name` of `resources/models` lies on the disk; None where it does not ship."""
    try:
        found = importlib.resources.files("resources") / "models" / name
    except ModuleNotFoundError:
        return None
    path = Path(str(found))
    return path if path.is_file() else None


def model_shape(data: bytes) -> ModelShape:
    """The shape of the network in the bytes of an ONNX file; raises `ValueError` in a few words."""
    graph = next((part for number, part in _fields(data) if number == _GRAPH), b"")
    taken = given = None
    for number, part in _fields(graph):
        if number == _INPUT and taken is None:
            taken = _dimensions(part)
        elif number == _OUTPUT and given is None:
            given = _dimensions(part)
    if taken is None or given is None:
        raise ValueError("it is no network")
    if len(taken) != 4 or taken[1] != 3 or taken[2] != taken[3] or taken[2] not in _SIDES:
        raise ValueError("it does not take square pictures of three colours")
    if len(given) != 2 or not 0 < given[1] <= _MOST_VALUES:
        raise ValueError("it does not give one vector a picture")
    return ModelShape(taken[2], given[1])


def _dimensions(value: bytes) -> list[int]:
    """The dimensions of a ValueInfoProto, 0 for one that is not fixed."""
    for wanted in _SHAPE:
        value = next((part for number, part in _fields(value) if number == wanted), b"")
    sides = []
    for number, part in _fields(value):
        if number == _DIMENSION:
            sides.append(next((_number(size) for kind, size in _fields(part) if kind == _VALUE), 0))
    return sides


def _fields(message: bytes) -> Iterator[tuple[int, bytes]]:
    """The fields of a message: number and content; that of a number is the number as it is written."""
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        begin = at
        match key & 7:
            case 0:
                _, at = _varint(message, at)
            case 1:
                at += 8
            case 2:
                length, begin = _varint(message, at)
                at = begin + length
            case 5:
                at += 4
            case _:
                raise ValueError("it is no ONNX file")
        if at > len(message):
            raise ValueError("it is cut short")
        yield key >> 3, message[begin:at]


def _number(data: bytes) -> int:
    return _varint(data, 0)[0]


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """The number that begins at `at`, seven bits a byte, lowest first; and where it ends."""
    value = 0
    for place in range(at, min(at + 10, len(data))):
        value |= (data[place] & 0x7F) << 7 * (place - at)
        if data[place] < 0x80:
            return value, place + 1
    raise ValueError("it is cut short")
