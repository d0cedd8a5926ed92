"""The student: a small convolutional network, picture → unit vector.

The trunk is MobileNetV4-Conv-Small (Qin et al., "MobileNetV4: Universal Models for the Mobile
Ecosystem", ECCV 2024, arXiv:2404.10518, table 11), written from the paper: fused stem stages, then
universal inverted bottlenecks, ReLU throughout.  Pooling is the generalised mean with a fixed power of 3
(Radenović et al., arXiv:1711.02512), as in SSCD.  `width` scales all channels, so that one recipe gives
a network for a processor's hours and one for a graphics card's minutes.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import torch
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

VALUES = 256
"""Values of a vector.  Of the teacher's 512, projected on 128 axes, 70 % of strongly disturbed views of art
never seen find their shot among 1,483; on 256 axes 78 %, on all 512 values 83 %."""


@dataclass(frozen=True, slots=True)
class Bottleneck:
    """One universal inverted bottleneck.

    `before` and `middle` are the kernel sizes of the depthwise convolutions before and inside the
    expansion, 0 for none; `expand` multiplies the channels inside.
    """

    before: int
    middle: int
    channels: int
    stride: int
    expand: int


_BOTTLENECKS = (
    Bottleneck(5, 5, 96, 2, 3),
    *(Bottleneck(0, 3, 96, 1, 2),) * 4,
    Bottleneck(3, 0, 96, 1, 4),
    Bottleneck(3, 3, 128, 2, 6),
    Bottleneck(5, 5, 128, 1, 4),
    Bottleneck(0, 5, 128, 1, 4),
    Bottleneck(0, 5, 128, 1, 3),
    Bottleneck(0, 3, 128, 1, 4),
    Bottleneck(0, 3, 128, 1, 4),
)


@dataclass(frozen=True, slots=True)
class Shape:
    """What is needed to build a student again: width multiplier, head channels, values, input side."""

    width: float = 1.0
    head: int = 960
    values: int = VALUES
    side: int = 224

    def as_dict(self) -> dict[str, float | int]:
        """The shape as plain values for a checkpoint."""
        return asdict(self)


class Student(nn.Module):
    """RGB float (n, 3, side, side) of 0..255 → unit vectors (n, values)."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        wide = _Widths(shape.width)
        trunk: list[nn.Module] = [
            _convolve(3, wide(32), 3, stride=2),
            _convolve(wide(32), wide(32), 3, stride=2),
            _convolve(wide(32), wide(32), 1),
            _convolve(wide(32), wide(96), 3, stride=2),
            _convolve(wide(96), wide(64), 1),
        ]
        channels = wide(64)
        for plan in _BOTTLENECKS:
            trunk.append(UniversalBottleneck(channels, wide(plan.channels), plan))
            channels = wide(plan.channels)
        trunk.append(_convolve(channels, shape.head, 1))
        self.trunk = nn.Sequential(*trunk)
        self.project = nn.Linear(shape.head, shape.values)

    def forward(self, pictures: Tensor) -> Tensor:
        """Unit vectors of pictures with values 0..255."""
        features = self.trunk(pictures * (1 / 127.5) - 1)
        with torch.autocast(pictures.device.type, enabled=False):  # 16 bits are too few for a unit vector
            vector = self.project(pool(features))
        return vector / vector.square().sum(1, keepdim=True).clamp(min=1e-12).sqrt()


def pool(features: Tensor) -> Tensor:
    """The generalised mean of power 3 over all places: (n, c, h, w) → (n, c), in 32 bits."""
    wide = features.float().clamp(min=1e-4)
    return (wide * wide * wide).mean((2, 3)).pow(1 / 3)


class UniversalBottleneck(nn.Module):
    """A universal inverted bottleneck; `adds` says whether its input is added to what `parts` gives."""

    def __init__(self, channels: int, out: int, plan: Bottleneck) -> None:
        super().__init__()
        inside = _divisible(channels * plan.expand)
        early = plan.stride if plan.before and not plan.middle else 1
        parts: list[nn.Module] = []
        if plan.before:
            parts.append(_depthwise(channels, plan.before, early, active=False))
        parts.append(_convolve(channels, inside, 1))
        if plan.middle:
            parts.append(_depthwise(inside, plan.middle, plan.stride, active=True))
        parts.append(_convolve(inside, out, 1, active=False))
        self.parts = nn.Sequential(*parts)
        self.adds = plan.stride == 1 and channels == out

    def forward(self, features: Tensor) -> Tensor:
        """Features (n, channels, h, w) → (n, out, h / stride, w / stride)."""
        out: Tensor = self.parts(features)
        return features + out if self.adds else out


class _Widths:
    def __init__(self, width: float) -> None:
        self._width = width

    def __call__(self, channels: int) -> int:
        return _divisible(channels * self._width)


def _divisible(channels: float) -> int:
    return max(8, round(channels / 8) * 8)


def _convolve(inside: int, out: int, kernel: int, *, stride: int = 1, active: bool = True) -> nn.Sequential:
    return _block(nn.Conv2d(inside, out, kernel, stride, kernel // 2, bias=False), out, active)


def _depthwise(channels: int, kernel: int, stride: int, *, active: bool) -> nn.Sequential:
    layer = nn.Conv2d(channels, channels, kernel, stride, kernel // 2, groups=channels, bias=False)
    return _block(layer, channels, active)


def _block(layer: nn.Conv2d, channels: int, active: bool) -> nn.Sequential:
    nn.init.kaiming_normal_(layer.weight, mode="fan_out", nonlinearity="relu")
    parts: list[nn.Module] = [layer, nn.BatchNorm2d(channels)]
    return nn.Sequential(*parts, nn.ReLU(inplace=True)) if active else nn.Sequential(*parts)


def folded(student: Student) -> Student:
    """A copy for inference, with each batch normalisation folded into the convolution before it."""
    copy = Student(student.shape)
    copy.load_state_dict(student.state_dict())
    copy.eval()
    for parent in list(copy.modules()):
        if not isinstance(parent, nn.Sequential) or len(parent) < 2:
            continue
        layer, norm = parent[0], parent[1]
        if isinstance(layer, nn.Conv2d) and isinstance(norm, nn.BatchNorm2d):
            parent[0], parent[1] = fuse_conv_bn_eval(layer, norm), nn.Identity()
    return copy
