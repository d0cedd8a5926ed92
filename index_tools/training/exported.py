"""A student read back from the ONNX file that `export` wrote, so that training can go on from it.

The graph holds every weight under the place where it is used; those kept in 16 bits come back rounded.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from torch import nn

from index_tools.errors import SceneLensError
from index_tools.training.export import SIX
from index_tools.training.network import LAST, Shape, Student, convolutions


def exported_shape(path: Path) -> Shape:
    """The shape of the student in an exported file."""
    model = _read(path)
    return _shape(model, _weights(model))


@torch.no_grad()
def exported_student(path: Path) -> Student:
    """The student in an exported file; raises `SceneLensError` when the file holds another network."""
    model = _read(path)
    weights = _weights(model)
    layers = [node for node in model.graph.node if node.op_type == "Conv"]
    matrices = [node for node in model.graph.node if node.op_type == "Gemm"]
    sixths = {node.output[0] for node in model.graph.node if node.op_type == "HardSigmoid"}
    student = Student(_shape(model, weights))
    own = convolutions(student)
    heads = [student.straight, student.inner, student.bent]
    try:
        if not sixths:
            raise ValueError
        for layer, node in zip(own, layers, strict=True):
            kernel, bias = (torch.from_numpy(weights[name]) for name in node.input[1:])
            kernel = kernel / SIX if node.input[0] in sixths else kernel
            if kernel.shape != layer.relative.shape:
                raise ValueError
            layer.take(kernel, bias)
        # behind them come those of the head for parts, which belongs to this very student
        for matrix, node in zip(heads, matrices[: len(heads)], strict=True):
            _take(matrix, [torch.from_numpy(weights[name]) for name in node.input[1:]])
        student.middle.copy_(-SIX * torch.from_numpy(weights["middle"]))
        student.spread.copy_(SIX / torch.from_numpy(weights["spread"]))
    except (ValueError, KeyError, RuntimeError) as error:
        raise SceneLensError(
            f"{path.name} holds another network than a student; start from another."
        ) from error
    student.eval()
    return student


def _take(matrix: nn.Linear, values: list[torch.Tensor]) -> None:
    own = list(matrix.parameters())
    for parameter, value in zip(own, values, strict=True):
        parameter.copy_(value)


def _read(path: Path) -> onnx.ModelProto:
    model = onnx.load(str(path))
    if model.graph.name != "scene_embedding":
        raise SceneLensError(f"{path.name} holds another network than a student; start from another.")
    return model


def _weights(model: onnx.ModelProto) -> dict[str, NDArray[np.float32]]:
    """All weights by the names that the graph uses, those in 16 bits widened."""
    found = {one.name: np.array(numpy_helper.to_array(one), np.float32) for one in model.graph.initializer}
    for node in model.graph.node:
        if node.op_type == "Cast":
            found[node.output[0]] = found[node.input[0]]
    return found


def _shape(model: onnx.ModelProto, weights: dict[str, NDArray[np.float32]]) -> Shape:
    layers = [node for node in model.graph.node if node.op_type == "Conv"]
    matrices = [node for node in model.graph.node if node.op_type == "Gemm"]
    side = model.graph.input[0].type.tensor_type.shape.dim[3].dim_value
    return Shape(
        width=len(weights[layers[-1].input[1]]) / LAST,
        head=len(weights[matrices[1].input[1]]),
        values=len(weights[matrices[0].input[1]]),
        side=side,
    )
