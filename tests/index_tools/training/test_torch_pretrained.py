"""A student starts from a TensorFlow Lite file, and its head from features as they come."""

from __future__ import annotations

from pathlib import Path

import flatbuffers
import numpy as np
import pytest
import tflite
import torch
from numpy.typing import NDArray

from index_tools.errors import SceneLensError
from index_tools.training.network import Shape, Student, convolutions
from index_tools.training.pretrained import read_backbone, start_from

Layer = tuple[NDArray[np.float16], NDArray[np.float16], bool]
_CODES = (
    tflite.BuiltinOperator.DEQUANTIZE,
    tflite.BuiltinOperator.CONV_2D,
    tflite.BuiltinOperator.DEPTHWISE_CONV_2D,
)


def write_model(path: Path, layers: list[Layer]) -> None:
    """A file of convolutions in a row, kernel and bias of each in 16 bits behind a DEQUANTIZE."""
    builder = flatbuffers.Builder(1 << 20)
    buffers, tensors, operators = [_buffer(builder, None)], [], []
    tensors.append(_tensor(builder, (1,), 0))  # stands for all that flows
    for kernel, bias, deep in layers:
        wide = []
        for values in (kernel, bias):
            buffers.append(_buffer(builder, values))
            tensors += [
                _tensor(builder, values.shape, len(buffers) - 1),
                _tensor(builder, values.shape, 0),
            ]
            wide.append(len(tensors) - 1)
            operators.append(_operator(builder, 0, [len(tensors) - 2], [len(tensors) - 1]))
        operators.append(_operator(builder, 2 if deep else 1, [0, *wide], [0]))
    tables = [_offsets(builder, items) for items in (tensors, operators)]
    tflite.SubGraphStart(builder)
    tflite.SubGraphAddTensors(builder, tables[0])
    tflite.SubGraphAddOperators(builder, tables[1])
    graph = _offsets(builder, [tflite.SubGraphEnd(builder)])
    codes = []
    for code in _CODES:
        tflite.OperatorCodeStart(builder)
        tflite.OperatorCodeAddDeprecatedBuiltinCode(builder, code)
        codes.append(tflite.OperatorCodeEnd(builder))
    code_table, buffer_table = _offsets(builder, codes), _offsets(builder, buffers)
    tflite.ModelStart(builder)
    tflite.ModelAddOperatorCodes(builder, code_table)
    tflite.ModelAddSubgraphs(builder, graph)
    tflite.ModelAddBuffers(builder, buffer_table)
    builder.Finish(tflite.ModelEnd(builder), file_identifier=b"TFL3")
    path.write_bytes(b"\0" * 184 + bytes(builder.Output()))  # as in the package: other things come first


def _offsets(builder: flatbuffers.Builder, items: list[int]) -> int:
    builder.StartVector(4, len(items), 4)
    for item in reversed(items):
        builder.PrependUOffsetTRelative(item)
    return int(builder.EndVector())


def _numbers(builder: flatbuffers.Builder, items: tuple[int, ...] | list[int]) -> int:
    return int(builder.CreateNumpyVector(np.array(items, np.int32)))


def _buffer(builder: flatbuffers.Builder, values: NDArray[np.float16] | None) -> int:
    data = None if values is None else builder.CreateByteVector(values.tobytes())
    tflite.BufferStart(builder)
    if data is not None:
        tflite.BufferAddData(builder, data)
    return int(tflite.BufferEnd(builder))


def _tensor(builder: flatbuffers.Builder, shape: tuple[int, ...], buffer: int) -> int:
    sizes = _numbers(builder, shape)
    tflite.TensorStart(builder)
    tflite.TensorAddShape(builder, sizes)
    tflite.TensorAddBuffer(builder, buffer)
    return int(tflite.TensorEnd(builder))


def _operator(builder: flatbuffers.Builder, code: int, inputs: list[int], outputs: list[int]) -> int:
    tables = _numbers(builder, inputs), _numbers(builder, outputs)
    tflite.OperatorStart(builder)
    tflite.OperatorAddOpcodeIndex(builder, code)
    tflite.OperatorAddInputs(builder, tables[0])
    tflite.OperatorAddOutputs(builder, tables[1])
    return int(tflite.OperatorEnd(builder))


def drawn_layers(student: Student) -> list[Layer]:
    """Kernels as TensorFlow Lite lays them out, with one of a detector between that fits nowhere."""
    rng = np.random.default_rng(7)
    layers: list[Layer] = []
    for number, layer in enumerate(convolutions(student)):
        kernel = rng.normal(size=layer.relative.shape).astype(np.float16)
        deep = layer.groups > 1
        laid = kernel.transpose(1, 2, 3, 0) if deep else kernel.transpose(0, 2, 3, 1)
        bias = rng.normal(size=len(kernel)).astype(np.float16)
        layers.append((np.ascontiguousarray(laid), bias, deep))
        if number == 5:
            layers.append((np.zeros((12, 1, 1, 7), np.float16), np.zeros(12, np.float16), False))
    return layers


def test_a_student_takes_the_convolutions_that_fit_in_order(tmp_path: Path) -> None:
    student = Student(Shape(width=0.125, head=8, values=8, side=32))
    layers = drawn_layers(student)
    write_model(tmp_path / "assets.data", layers)
    assert len(read_backbone(tmp_path / "assets.data")) == len(layers)
    assert start_from(student, tmp_path / "assets.data") == len(layers) - 1
    for layer, (kernel, bias, deep) in zip(convolutions(student), layers[:6] + layers[7:], strict=True):
        wanted = kernel.transpose(3, 0, 1, 2) if deep else kernel.transpose(0, 3, 1, 2)
        torch.testing.assert_close(layer.weight, torch.from_numpy(wanted.astype(np.float32)))
        torch.testing.assert_close(layer.bias, torch.from_numpy(bias.astype(np.float32)))


def test_says_what_has_no_start(tmp_path: Path) -> None:
    student = Student(Shape(width=0.125, head=8, values=8, side=32))
    (tmp_path / "page.html").write_bytes(b"<html>not found</html>")
    with pytest.raises(SceneLensError, match="no TensorFlow Lite model"):
        read_backbone(tmp_path / "page.html")
    write_model(tmp_path / "short.tflite", drawn_layers(student)[:4])
    with pytest.raises(SceneLensError, match="convolution 5 of 40"):
        start_from(student, tmp_path / "short.tflite")
