"""The weights that a student starts from: the backbone of a published detector.

`object_detection_ssd_mobilenetv2_oidv4_fp16.tflite` is an SSD detector on MobileNetV2, trained by Google on
Open Images v4 and published with MediaPipe under the Apache License 2.0.  It is the last part of
`objectron_solution_packed_assets.data` in the npm package `@mediapipe/objectron` 0.4.1675468480; the file can
be given as it is.  Of the detector only the backbone is taken, as far as the student goes.

The model pads as TensorFlow does, on the right and below where the stride is 2; the student pads on all
sides.  Inside a picture that only moves what is looked at by a few pixels, and features so computed find
copies as well before any training (24 of 100 with the former, 26 with the latter).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from index_tools.errors import SceneLensError
from index_tools.training.network import Convolution, Student, convolutions

_MARK = b"TFL3"  # the file identifier, four bytes after the start of a TensorFlow Lite model


def read_backbone(path: Path) -> list[tuple[NDArray[np.float32], NDArray[np.float32]]]:
    """Kernel and bias of each convolution of the model, in order: (out, in / groups, k, k) and (out,).

    `path` is the model or the package's file that ends with it.  Raises `SceneLensError` for another file.
    """
    import tflite

    data = path.read_bytes()
    start = data.find(_MARK) - 4
    if start < 0:
        raise SceneLensError(f"{path.name} holds no TensorFlow Lite model; fetch the package anew.")
    model = tflite.Model.GetRootAsModel(data[start:], 0)
    graph = model.Subgraphs(0)
    widened = {}
    found = []
    for i in range(graph.OperatorsLength()):
        node = graph.Operators(i)
        kind = model.OperatorCodes(node.OpcodeIndex()).BuiltinCode()
        if kind == tflite.BuiltinOperator.DEQUANTIZE:
            widened[node.Outputs(0)] = node.Inputs(0)
        elif kind in (tflite.BuiltinOperator.CONV_2D, tflite.BuiltinOperator.DEPTHWISE_CONV_2D):
            kernel, bias = (_constant(model, graph, widened, node.Inputs(k)) for k in (1, 2))
            deep = kind == tflite.BuiltinOperator.DEPTHWISE_CONV_2D
            found.append((kernel.transpose(3, 0, 1, 2) if deep else kernel.transpose(0, 3, 1, 2), bias))
    return found


def start_from(student: Student, path: Path) -> int:
    """Give the convolutions of a student the weights of the model at `path`; returns how many convolutions.

    The model's convolutions are taken in order; those of its detector, which fit nowhere, are passed
    over.  Raises `SceneLensError` when some convolution of the student finds none.
    """
    given = iter(read_backbone(path))
    wanted = convolutions(student)
    for number, layer in enumerate(wanted):
        for kernel, bias in given:
            if _fits(layer, kernel):
                layer.take(torch.from_numpy(kernel.copy()), torch.from_numpy(bias.copy()))
                break
        else:
            raise SceneLensError(
                f"{path.name} has no weights for convolution {number + 1} of {len(wanted)}; "
                "a start needs a student of width 1."
            )
    return len(wanted)


def _fits(layer: Convolution, kernel: NDArray[np.float32]) -> bool:
    return tuple(layer.relative.shape) == kernel.shape


def _constant(model: Any, graph: Any, widened: dict[int, int], tensor: int) -> NDArray[np.float32]:
    held = graph.Tensors(widened.get(tensor, tensor))
    kind = np.float16 if tensor in widened else np.float32
    raw = model.Buffers(held.Buffer()).DataAsNumpy()
    return np.frombuffer(raw.tobytes(), kind).astype(np.float32).reshape(held.ShapeAsNumpy())
