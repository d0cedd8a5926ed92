"""The student as one ONNX file that OpenCV's dnn runs, and the proof that both give the same vectors.

The graph is written by hand from the network: convolutions, ReLU6, additions, pooling, three matrices.  So
it holds nothing that OpenCV would have to guess, does not change with PyTorch's exporter, and can keep
its weights in 16 bits (each is widened by a Cast at load).

ReLU6 is written as HardSigmoid, `min(max(x / 6, 0), 1)`, and what reads it has weights six times as large:
OpenCV 5 computes that within the convolution before, but a Clip by itself, between two changes of the
layout, which takes a quarter of the time.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from torch import nn

from index_tools.descriptors.frame_parts import PART_VALUES, PARTS
from index_tools.errors import SceneLensError
from index_tools.opencv import cv2
from index_tools.training.batches import PictureStore
from index_tools.training.network import LEAST, TAPS, Bottleneck, Convolution, Shape, Student, sides_of
from index_tools.training.parts import SHAPE_OF, PartsHead, pool_parts, shares
from index_tools.training.shards import open_shards, shard_numbers, some_pictures
from index_tools.training.sides import fit_side

OPSET = 13
#: What ReLU6 ends at; a HardSigmoid of this slope gives its value in such parts.
SIX = 6.0
_LARGE = 2048  # initialisers of more values than this are kept in 16 bits when asked for


@dataclass(frozen=True, slots=True)
class Agreement:
    """Greatest difference of a value, and least cosine, between two runs of the same pictures; and
    milliseconds of processor a picture in OpenCV."""

    difference: float
    cosine: float
    took_ms: float


class _Graph:
    """Collects nodes and weights; every method returns the name of its result."""

    def __init__(self, *, half: bool) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []
        self.sixths: set[str] = set()  # names of results that are a sixth of what they stand for
        self._half = half

    def weight(self, values: NDArray[np.generic], name: str) -> str:
        if not self._half or values.size <= _LARGE or values.dtype != np.float32:
            self.weights.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
            return name
        self.weights.append(numpy_helper.from_array(values.astype(np.float16), name + "_16"))
        widen = helper.make_node("Cast", [name + "_16"], [name], name=name + "_cast", to=TensorProto.FLOAT)
        self.nodes.append(widen)
        return name

    def node(self, kind: str, inputs: list[str], **settings: Any) -> str:
        name = f"{kind.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [name], name=name, **settings))
        return name

    def whole(self, name: str) -> str:
        """A result as it is, where what stands in the graph is a sixth of it."""
        if name not in self.sixths:
            return name
        return self.node("Mul", [name, self.weight(_floats(SIX), f"six_{len(self.nodes)}")])

    def unit(self, vectors: str, axis: int, name: str) -> None:
        """Vectors brought to length 1, as the result of that name."""
        length = self.node("ReduceL2", [vectors], axes=[axis], keepdims=1)
        self.nodes.append(helper.make_node("Div", [vectors, length], [name], name=f"unit_{name}"))


def export(student: Student, path: Path, *, parts: PartsHead | None = None, half: bool = True) -> None:
    """Write the student: "pictures" RGB float (n, 3, side, side) of 0..255 → "vectors" (n, values); with
    a head for `parts` also → "parts" (n, parts, their values).

    `half` keeps the weights in 16 bits.
    """
    graph = _Graph(half=half)
    scale = graph.weight(_floats(1 / 127.5), "scale")
    shift = graph.weight(_floats(-1), "shift")
    name = graph.node("Add", [graph.node("Mul", ["pictures", scale]), shift])
    name = _convolution(graph, student.stem, name)
    tapped = []
    for number, block in enumerate(student.blocks, start=1):
        assert isinstance(block, Bottleneck)
        inside = name
        if isinstance(block.expand, Convolution):
            inside = _convolution(graph, block.expand, name)
        if number in TAPS:
            tapped.append(_third_powers(graph, inside))
        for part in block.rest:
            assert isinstance(part, Convolution)
            inside = _convolution(graph, part, inside)
        name = graph.node("Add", [graph.whole(name), inside]) if block.adds else inside
    tapped.append(_third_powers(graph, _convolution(graph, student.last, name)))
    pooled = [graph.node("GlobalAveragePool", [powers]) for powers in tapped]
    # third powers of sixths: their third root is a sixth
    least = graph.weight(_floats(LEAST / SIX**3), "least")
    third = graph.weight(_floats(1 / 3), "third")
    joined = graph.node("Add", [graph.node("Concat", pooled, axis=1), least])
    features = graph.node("Flatten", [graph.node("Pow", [joined, third])], axis=1)
    middle = graph.weight(_values(-student.middle / SIX), "middle")
    even = graph.node("Add", [features, middle])
    even = graph.node("Mul", [even, graph.weight(_values(SIX / student.spread), "spread")])
    straight = _matrix(graph, student.straight, even)
    bent = _matrix(graph, student.bent, graph.node("Relu", [_matrix(graph, student.inner, even)]))
    vector = graph.node("Add", [straight, bent])
    graph.unit(vector, 1, "vectors")
    if parts is not None:
        _parts(graph, parts, tapped, student.shape.side, least, third)
    _save(graph, student.shape, path, parts is not None)


def _parts(graph: _Graph, head: PartsHead, tapped: list[str], side: int, least: str, third: str) -> None:
    """What the head says of parts, out of the third powers of the features that are pooled."""
    means = []
    for number, (powers, layer) in enumerate(zip(tapped, sides_of(side), strict=True)):
        shape = graph.weight(np.array([0, 0, -1], np.int64), f"cells_{number}")
        share = graph.weight(_values(shares(layer, layer)), f"shares_{number}")
        means.append(graph.node("MatMul", [graph.node("Reshape", [powers, shape]), share]))
    joined = graph.node("Add", [graph.node("Concat", means, axis=1), least])
    features = graph.node("Transpose", [graph.node("Pow", [joined, third])], perm=[0, 2, 1])
    middle = graph.weight(_values(-head.middle[SHAPE_OF] / SIX)[None], "parts_middle")
    spread = graph.weight(_values(SIX / head.spread[SHAPE_OF])[None], "parts_spread")
    even = graph.node("Mul", [graph.node("Add", [features, middle]), spread])
    flat = graph.weight(np.array([-1, head.middle.shape[1]], np.int64), "parts_flat")
    even = graph.node("Reshape", [even, flat])
    straight = _matrix(graph, head.straight, even)
    bent = _matrix(graph, head.bent, graph.node("Relu", [_matrix(graph, head.inner, even)]))
    apart = graph.weight(np.array([-1, len(PARTS), PART_VALUES], np.int64), "parts_apart")
    vectors = graph.node("Reshape", [graph.node("Add", [straight, bent]), apart])
    offset = graph.weight(_values(head.offset[SHAPE_OF])[None], "parts_offset")
    graph.unit(graph.node("Add", [vectors, offset]), 2, "parts")


def prepare(student: Student, folder: Path, side: int) -> Student:
    """The student for pictures of `side` pixels, its values ordered, by the pictures of the shards in
    `folder`."""
    shards = open_shards(folder, shard_numbers(folder))
    if side != student.shape.side:
        sides = student.shape.side, side
        fit_side([student], PictureStore(shards, torch.device("cpu")), len(shards), sides)
        student.shape = replace(student.shape, side=side)
    turn_to_axes(student, some_pictures(folder, 2048, side))
    return student


@torch.no_grad()
def turn_to_axes(student: Student, pictures: NDArray[np.uint8]) -> None:
    """Turn the student's vectors so that the first values tell most: the principal axes of its vectors of
    some clean square pictures, by falling variance.  Angles between vectors stay."""
    student.eval()
    parts = [
        student(torch.from_numpy(np.ascontiguousarray(part.transpose(0, 3, 1, 2), np.float32)))
        for part in np.array_split(pictures, max(1, len(pictures) // 64))
    ]
    vectors = torch.cat(parts)
    centred = vectors - vectors.mean(0)
    turn = torch.linalg.eigh(centred.T @ centred).eigenvectors.flip(1).T
    student.straight.weight.copy_(turn @ student.straight.weight)
    student.straight.bias.copy_(turn @ student.straight.bias)
    student.bent.weight.copy_(turn @ student.bent.weight)


def _save(graph: _Graph, shape: Shape, path: Path, parts: bool) -> None:
    given = [helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["n", shape.values])]
    if parts:
        sizes = ["n", len(PARTS), PART_VALUES]
        given.append(helper.make_tensor_value_info("parts", TensorProto.FLOAT, sizes))
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "scene_embedding",
            [helper.make_tensor_value_info("pictures", TensorProto.FLOAT, ["n", 3, shape.side, shape.side])],
            given,
            graph.weights,
        ),
        producer_name="scenelens",
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=8,
    )
    onnx.checker.check_model(model)
    path.parent.mkdir(parents=True, exist_ok=True)
    part_path = path.with_name(path.name + ".part")
    onnx.save(model, str(part_path))
    part_path.replace(path)


def opencv_runner(path: Path, output: str = "vectors") -> Callable[[NDArray[np.uint8]], NDArray[np.float32]]:
    """A function that gives an output, (n, …), for square RGB pictures uint8 (n, side, side, 3)."""
    network = cv2.dnn.readNetFromONNX(str(path))

    def run(pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
        network.setInput(np.ascontiguousarray(pictures.transpose(0, 3, 1, 2), np.float32))
        return np.array(network.forward(output), np.float32)

    return run


@torch.no_grad()
def compare(
    student: Student, path: Path, pictures: NDArray[np.uint8], parts: PartsHead | None = None
) -> Agreement:
    """How well OpenCV's run of the file agrees with PyTorch's run of the student, and of the head for parts.

    Raises `SceneLensError` when the vectors point apart (cosine below 0.999).
    """
    student.eval()
    planes = torch.from_numpy(pictures.transpose(0, 3, 1, 2).astype(np.float32))
    own = {"vectors": student(planes).numpy()}
    if parts is not None:
        own["parts"] = parts(pool_parts(student.maps(planes))).numpy()
    run = opencv_runner(path)
    run(pictures)
    began = time.process_time()
    run(pictures)
    took_ms = 1000 * (time.process_time() - began) / len(pictures)
    difference, cosine = 0.0, 1.0
    for output, vectors in own.items():
        other = opencv_runner(path, output)(pictures)
        difference = max(difference, float(np.abs(vectors - other).max()))
        cosine = min(cosine, float((vectors * other).sum(-1).min()))
    if cosine < 0.999:
        raise SceneLensError(
            f"OpenCV gives other vectors for {path.name} than PyTorch (cosine {cosine:.4f}); do not ship it."
        )
    return Agreement(difference, cosine, took_ms)


def _floats(value: float) -> NDArray[np.float32]:
    return np.array([value], np.float32)


def _third_powers(graph: _Graph, name: str) -> str:
    return graph.node("Mul", [graph.node("Mul", [name, name]), name])


def _matrix(graph: _Graph, layer: nn.Linear, name: str) -> str:
    number = len(graph.nodes)
    inputs = [name, graph.weight(_values(layer.weight), f"matrix_{number}")]
    if layer.bias is not None:
        inputs.append(graph.weight(_values(layer.bias), f"offset_{number}"))
    return graph.node("Gemm", inputs, transB=1)


def _convolution(graph: _Graph, layer: Convolution, name: str) -> str:
    number = len(graph.nodes)
    scale = SIX if name in graph.sixths else 1.0
    weight = graph.weight(_values(layer.weight * scale), f"weight_{number}")
    bias = graph.weight(_values(layer.bias), f"bias_{number}")
    name = graph.node(
        "Conv",
        [name, weight, bias],
        kernel_shape=[layer.kernel] * 2,
        strides=[layer.stride] * 2,
        pads=[layer.kernel // 2] * 4,
        group=layer.groups,
    )
    if not layer.active:
        return name
    name = graph.node("HardSigmoid", [name], alpha=1 / SIX, beta=0.0)
    graph.sixths.add(name)
    return name


def _values(tensor: torch.Tensor) -> NDArray[np.float32]:
    return np.array(tensor.detach().numpy(), np.float32)
