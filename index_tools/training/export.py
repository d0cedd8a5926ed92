"""The student as one ONNX file that OpenCV's dnn runs, and the proof that both give the same vectors.

The graph is written by hand from the folded network: convolutions, ReLU, additions, pooling, one matrix.
So it holds nothing that OpenCV would have to guess, does not change with PyTorch's exporter, and can keep
its weights in 16 bits (each is widened by a Cast at load).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from torch import nn

from index_tools.errors import SceneLensError
from index_tools.opencv import cv2
from index_tools.training.network import Student, UniversalBottleneck, folded

OPSET = 13
_LARGE = 256  # initialisers of more values than this are kept in 16 bits when asked for


@dataclass(frozen=True, slots=True)
class Agreement:
    """Greatest difference of a value, and least cosine, between two runs of the same pictures."""

    difference: float
    cosine: float


class _Graph:
    """Collects nodes and weights; every method returns the name of its result."""

    def __init__(self, *, half: bool) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []
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


def export(student: Student, path: Path, *, half: bool = True) -> None:
    """Write the student: "pictures" RGB float (n, 3, side, side) of 0..255 → "vectors" (n, values).

    `half` keeps the weights in 16 bits.
    """
    plain = folded(student)
    graph = _Graph(half=half)
    scale = graph.weight(_floats(1 / 127.5), "scale")
    shift = graph.weight(_floats(-1), "shift")
    name = graph.node("Add", [graph.node("Mul", ["pictures", scale]), shift])
    for part in plain.trunk:
        step = _bottleneck if isinstance(part, UniversalBottleneck) else _sequence
        name = step(graph, part, name)
    least = graph.weight(_floats(1e-4), "least")
    clamped = graph.node("Max", [name, least])
    cubed = graph.node("Mul", [graph.node("Mul", [clamped, clamped]), clamped])
    mean = graph.node("GlobalAveragePool", [cubed])
    pooled = graph.node("Pow", [mean, graph.weight(_floats(1 / 3), "third")])
    flat = graph.node("Flatten", [pooled], axis=1)
    matrix = graph.weight(plain.project.weight.detach().numpy().copy(), "project")
    bias = graph.weight(plain.project.bias.detach().numpy().copy(), "project_bias")
    vector = graph.node("Gemm", [flat, matrix, bias], transB=1)
    length = graph.node("ReduceL2", [vector], axes=[1], keepdims=1)
    graph.nodes.append(helper.make_node("Div", [vector, length], ["vectors"], name="unit"))
    side = student.shape.side
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "scene_embedding",
            [helper.make_tensor_value_info("pictures", TensorProto.FLOAT, ["n", 3, side, side])],
            [helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["n", student.shape.values])],
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


def opencv_runner(path: Path) -> Callable[[NDArray[np.uint8]], NDArray[np.float32]]:
    """A function that gives vectors (n, values) of square RGB pictures uint8 (n, side, side, 3)."""
    network = cv2.dnn.readNetFromONNX(str(path))

    def run(pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
        network.setInput(np.ascontiguousarray(pictures.transpose(0, 3, 1, 2), np.float32))
        return np.array(network.forward(), np.float32).reshape(len(pictures), -1)

    return run


@torch.no_grad()
def compare(student: Student, path: Path, pictures: NDArray[np.uint8]) -> Agreement:
    """How well OpenCV's run of the file agrees with PyTorch's run of the student.

    Raises `SceneLensError` when the vectors point apart (cosine below 0.999).
    """
    student.eval()
    own = student(torch.from_numpy(pictures.transpose(0, 3, 1, 2).astype(np.float32))).numpy()
    other = opencv_runner(path)(pictures)
    cosine = float((own * other).sum(1).min())
    if cosine < 0.999:
        raise SceneLensError(
            f"OpenCV gives other vectors for {path.name} than PyTorch (cosine {cosine:.4f}); do not ship it."
        )
    return Agreement(float(np.abs(own - other).max()), cosine)


def _floats(value: float) -> NDArray[np.float32]:
    return np.array([value], np.float32)


def _sequence(graph: _Graph, parts: nn.Module, name: str) -> str:
    """Convolutions and ReLU in a row."""
    for part in parts.modules():
        if isinstance(part, nn.Conv2d):
            name = _convolution(graph, part, name)
        elif isinstance(part, nn.ReLU):
            name = graph.node("Relu", [name])
    return name


def _bottleneck(graph: _Graph, part: nn.Module, name: str) -> str:
    assert isinstance(part, UniversalBottleneck)
    out = _sequence(graph, part.parts, name)
    return graph.node("Add", [name, out]) if part.adds else out


def _convolution(graph: _Graph, layer: nn.Conv2d, name: str) -> str:
    number = len(graph.nodes)
    kernel, stride, pad = layer.kernel_size[0], layer.stride[0], layer.kernel_size[0] // 2
    weight = graph.weight(layer.weight.detach().numpy().copy(), f"weight_{number}")
    assert layer.bias is not None
    bias = graph.weight(layer.bias.detach().numpy().copy(), f"bias_{number}")
    return graph.node(
        "Conv",
        [name, weight, bias],
        kernel_shape=[kernel, kernel],
        strides=[stride, stride],
        pads=[pad] * 4,
        group=layer.groups,
    )
