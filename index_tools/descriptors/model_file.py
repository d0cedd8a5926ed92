"""The file of the network behind the scene embedding: where it lies, and which pictures it takes.

It ships in `resources/models`.  OpenCV runs the file but does not tell the size of its input, so that much
of ONNX (protocol buffers: https://protobuf.dev/programming-guides/encoding/) is read here.
"""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from index_tools.descriptors.embedding_form import STEPS, ZERO
from index_tools.descriptors.frame_parts import PART_VALUES, PARTS
from index_tools.errors import ModelError

MODEL, BACKGROUND = "scene_embedding.onnx", "scene_background.npy"

#: Numbers of fields in onnx.proto: ModelProto.graph, GraphProto.input and .output, then the way from a
#: ValueInfoProto over type, tensor_type and shape to the dimensions and their values.
_GRAPH, _INPUT, _OUTPUT = 7, 11, 12
_SHAPE = (2, 1, 2)
_DIMENSION, _VALUE = 1, 1
#: A network takes square pictures of such sides, and gives so many values at most.
_SIDES, _MOST_VALUES = range(32, 1025), 4096


@dataclass(frozen=True, slots=True)
class NetworkFile:
    """A network on the disk: it takes pictures (n, 3, side, side), RGB 0..255, and gives vectors (n, values).

    `sha256` is that of the file, 64 hex digits.  `parts` says that it describes parts of frames besides, as
    `frame_parts` has them.
    """

    path: Path
    sha256: str
    side: int
    values: int
    parts: bool = False

    @property
    def parameters(self) -> dict[str, str | int | float | bool]:
        """What a pack notes of the network and the stored form: vectors of other ones are not compared."""
        return {"model": self.sha256, "side": self.side, "steps": STEPS, "zero": ZERO}


def network_file(path: Path) -> NetworkFile:
    """What there is to know of a network without loading it; raises `ModelError`."""
    try:
        data = path.read_bytes()
        side, values, parts = _shape(data)
    except OSError as error:
        raise broken(path, error.strerror or "it cannot be read") from None
    except ValueError as error:
        raise broken(path, str(error)) from None
    return NetworkFile(path, hashlib.sha256(data).hexdigest(), side, values, parts)


def shipped_network() -> NetworkFile:
    """The network that ships with the program; raises `ModelError` where it is missing or damaged."""
    path = shipped(MODEL)
    changed = path.stat()
    return _known(path, changed.st_mtime_ns, changed.st_size)


def shipped(name: str) -> Path:
    """Where the file `name` of `resources/models` lies; raises `ModelError` where it does not ship."""
    for folder in model_folders():
        if (folder / name).is_file():
            return folder / name
    raise ModelError(
        f"The network that finds edited pictures is not there ({name} is missing): pictures are found by "
        "their color layout alone. Your packs are unharmed; install SceneLens again to get it."
    )


def model_folders() -> list[Path]:
    """Where the files of networks may lie."""
    found = importlib.util.find_spec("resources")
    return [Path(place) / "models" for place in (found and found.submodule_search_locations) or ()]


def broken(path: Path, why: str) -> ModelError:
    """The error of a network, or of what belongs to it, that cannot be used."""
    return ModelError(
        f"The network that finds edited pictures cannot be used ({path.name}: {why}): pictures are found by "
        "their color layout alone. Your packs are unharmed; install SceneLens again."
    )


@cache
def _known(path: Path, _changed_ns: int, _size: int) -> NetworkFile:
    return network_file(path)


def _shape(data: bytes) -> tuple[int, int, bool]:
    """Side and number of values of the network in an ONNX file, and whether it describes parts; raises
    `ValueError` in a few words.
    """
    graph = next((part for number, part in _fields(data) if number == _GRAPH), b"")
    taken = [_dimensions(part) for number, part in _fields(graph) if number == _INPUT]
    given = [_dimensions(part) for number, part in _fields(graph) if number == _OUTPUT]
    if not taken or not given:
        raise ValueError("it is no network")
    return *_sizes(taken[0], given[0]), _describes_parts(given[1:])


def _describes_parts(given: list[list[int]]) -> bool:
    if given and given != [[0, len(PARTS), PART_VALUES]]:
        raise ValueError("it describes other parts of frames")
    return bool(given)


def _sizes(taken: list[int], given: list[int]) -> tuple[int, int]:
    if len(taken) != 4 or taken[1] != 3 or taken[2] != taken[3] or taken[2] not in _SIDES:
        raise ValueError("it does not take square pictures of three colours")
    if len(given) != 2 or not 0 < given[1] <= _MOST_VALUES:
        raise ValueError("it does not give one vector a picture")
    return taken[2], given[1]


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
