"""The student: a small convolutional network, picture → unit vector.

The trunk is MobileNetV2 of width 1 (Sandler et al., "MobileNetV2: Inverted Residuals and Linear
Bottlenecks", CVPR 2018, arXiv:1801.04381, table 2) up to a sixteenth of the side, with batch normalisation
folded into the convolutions, as the weights that it starts from come (see `pretrained`).  Copies are told by
what lies in the middle of such a network rather than at its end, so several layers are pooled and read
together; pooling is the generalised mean with a fixed power of 3 (Radenović et al., arXiv:1711.02512), as in
SSCD.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

VALUES = 256
"""Values of a vector.  Of the teacher's 512, projected on 128 axes, 70 % of strongly disturbed views of art
never seen find their shot among 1,483; on 256 axes 78 %, on all 512 values 83 %."""

STAGES = ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1))
"""Expansion, channels, blocks and stride of the first block of each stage."""
TAPS = (6, 7, 9, 11)
"""Parts of the trunk whose expanded features are pooled, besides the last."""
LEAST = 1e-6
"""Added to the mean of third powers, so that its root has a slope at 0."""
_STEM = 32
LAST = 576
"""Channels of the last convolution at width 1."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What is needed to build a student again: width multiplier, features inside the head, values of a
    vector, side of the pictures in pixels."""

    width: float = 1.0
    head: int = 512
    values: int = VALUES
    side: int = 128

    def as_dict(self) -> dict[str, float | int]:
        """The shape as plain values for a checkpoint."""
        return asdict(self)


class Convolution(nn.Module):
    """A convolution with a bias and, if `active`, ReLU6.

    What is learnt is the kernel divided by `scale`, the usual size of a weight of its output channel, so
    that an optimiser with steps of equal size changes all channels at the same pace.
    """

    def __init__(
        self, inside: int, out: int, kernel: int, *, stride: int = 1, groups: int = 1, active: bool = True
    ) -> None:
        super().__init__()
        self.kernel, self.stride, self.groups, self.active = kernel, stride, groups, active
        fan_in = inside // groups * kernel * kernel
        self.relative = nn.Parameter(torch.randn(out, inside // groups, kernel, kernel))
        self.bias = nn.Parameter(torch.zeros(out))
        self.scale: Tensor
        self.register_buffer("scale", torch.full((out, 1, 1, 1), (2 / fan_in) ** 0.5))

    @property
    def weight(self) -> Tensor:
        """The kernel (out, in / groups, k, k)."""
        return self.relative * self.scale

    @torch.no_grad()
    def take(self, weight: Tensor, bias: Tensor) -> None:
        """Start from a given kernel and bias."""
        self.scale.copy_(weight.square().mean((1, 2, 3), keepdim=True).sqrt().clamp(min=1e-6))
        self.relative.copy_(weight / self.scale)
        self.bias.copy_(bias)

    def forward(self, features: Tensor) -> Tensor:
        """Features (n, in, h, w) → (n, out, h / stride, w / stride)."""
        pad = self.kernel // 2
        out = functional.conv2d(features, self.weight, self.bias, self.stride, pad, groups=self.groups)
        return functional.relu6(out, inplace=True) if self.active else out


class Bottleneck(nn.Module):
    """An inverted residual; `adds` says whether its input is added to what `rest` gives."""

    def __init__(self, channels: int, out: int, expand: int, stride: int) -> None:
        super().__init__()
        self.inside = channels * expand
        self.expand = Convolution(channels, self.inside, 1) if expand > 1 else nn.Identity()
        self.rest = nn.Sequential(
            Convolution(self.inside, self.inside, 3, stride=stride, groups=self.inside),
            Convolution(self.inside, out, 1, active=False),
        )
        self.adds = stride == 1 and channels == out

    def forward(self, features: Tensor) -> tuple[Tensor, Tensor]:
        """Features (n, channels, h, w) → those expanded, and (n, out, h / stride, w / stride)."""
        expanded: Tensor = self.expand(features)
        out: Tensor = self.rest(expanded)
        return expanded, features + out if self.adds else out


class Student(nn.Module):
    """RGB float (n, 3, side, side) of 0..255 → unit vectors (n, values)."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        channels = _divisible(_STEM * shape.width)
        self.stem = Convolution(3, channels, 3, stride=2)
        blocks: list[Bottleneck] = []
        for expand, wanted, count, stride in STAGES:
            out = _divisible(wanted * shape.width)
            for number in range(count):
                blocks.append(Bottleneck(channels, out, expand, stride if number == 0 else 1))
                channels = out
        self.blocks = nn.ModuleList(blocks)
        last = _divisible(LAST * shape.width)
        self.last = Convolution(channels, last, 1)
        pooled = sum(blocks[tap - 1].inside for tap in TAPS) + last
        self.middle: Tensor
        self.spread: Tensor
        self.register_buffer("middle", torch.zeros(pooled))
        self.register_buffer("spread", torch.ones(pooled))
        self.straight = nn.Linear(pooled, shape.values)
        self.inner = nn.Linear(pooled, shape.head)
        self.bent = nn.Linear(shape.head, shape.values, bias=False)
        nn.init.zeros_(self.bent.weight)

    def maps(self, pictures: Tensor, still: int = 0) -> list[Tensor]:
        """What is pooled of pictures with values 0..255: features (n, c, h, w) of each tap; the stem and the
        first `still` blocks learn nothing."""
        learns = torch.is_grad_enabled()
        with torch.set_grad_enabled(learns and still == 0):
            features = self.stem(pictures * (1 / 127.5) - 1)
        tapped = []
        for number, block in enumerate(self.blocks, start=1):
            with torch.set_grad_enabled(learns and number > still):
                expanded, features = block(features)
                if number in TAPS:
                    tapped.append(expanded)
        return [*tapped, self.last(features)]

    def features(self, pictures: Tensor, still: int = 0) -> Tensor:
        """Pooled features of pictures, (n, all taps' channels); the arguments are those of `maps`."""
        return torch.cat([pool(tapped) for tapped in self.maps(pictures, still)], 1)

    def head(self, features: Tensor) -> Tensor:
        """Pooled features, brought to one size, → vectors (n, values) of any length: a straight part and a
        bent one."""
        even = (features - self.middle) / self.spread
        out: Tensor = self.straight(even) + self.bent(functional.relu(self.inner(even)))
        return out

    def forward(self, pictures: Tensor, still: int = 0) -> Tensor:
        """Unit vectors (n, values) of pictures with values 0..255."""
        features = self.features(pictures, still)
        with torch.autocast(pictures.device.type, enabled=False):  # 16 bits are too few for a unit vector
            vector = self.head(features)
        return vector / vector.square().sum(1, keepdim=True).clamp(min=1e-12).sqrt()


def convolutions(student: Student) -> list[Convolution]:
    """All convolutions of a student in the order in which they are computed."""
    return [part for part in student.modules() if isinstance(part, Convolution)]


def sides_of(side: int) -> list[int]:
    """The sides of what is pooled of a square picture, in cells."""
    strides = [stride if number == 0 else 1 for *_, count, stride in STAGES for number in range(count)]
    before = [math.prod(strides[: tap - 1]) for tap in TAPS]  # a block expands before it strides
    return [-(-side // (2 * shrunk)) for shrunk in (*before, math.prod(strides))]


def pool(features: Tensor) -> Tensor:
    """The generalised mean of power 3 over all places of features that are nowhere negative: (n, c, h, w) →
    (n, c), in 32 bits."""
    return (features.float().pow(3).mean((2, 3)) + LEAST).pow(1 / 3)


def _divisible(channels: float) -> int:
    return max(8, round(channels / 8) * 8)
