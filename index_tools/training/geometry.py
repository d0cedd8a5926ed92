"""Where a picture ends up in a view: crops, windows, borders, mirrors, turns, perspective.

Coordinates run from -1 to 1 over a whole picture.  For each view a homography takes a point of the
canvas (what the query shows) to a point of the source picture; points outside it show something else.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True, slots=True)
class Chances:
    """How often each kind occurs when the strength is 1; the rest shows the picture whole."""

    crop: float = 0.44
    aspect_window: float = 0.24
    inset: float = 0.28
    mirror: float = 0.35
    quarter: float = 0.15
    tilt: float = 0.2
    any_turn: float = 0.03
    perspective: float = 0.15
    jagged: float = 0.06
    waves: float = 0.05


@dataclass(frozen=True, slots=True)
class Placement:
    """Sampling of one batch: `grid` (n, side, side, 2) for `grid_sample`; `inside` (n, 1, side, side) is
    1 where the source is seen; `shrink` (n,) tells how many source widths a canvas width shows; `framed`
    (n,) is true where the picture was put into something else on purpose."""

    grid: Tensor
    inside: Tensor
    shrink: Tensor
    framed: Tensor


class Dice:
    """Random numbers of one batch on its device."""

    def __init__(self, count: int, generator: torch.Generator) -> None:
        self.count = count
        self.generator = generator
        self.device = generator.device

    def uniform(self, low: float = 0.0, high: float = 1.0, *shape: int) -> Tensor:
        """Uniform numbers (n, *shape)."""
        drawn = torch.rand((self.count, *shape), generator=self.generator, device=self.device)
        return drawn * (high - low) + low

    def normal(self, spread: float, *shape: int) -> Tensor:
        """Normal numbers (n, *shape) around 0."""
        return torch.randn((self.count, *shape), generator=self.generator, device=self.device) * spread

    def happens(self, chance: float | Tensor) -> Tensor:
        """Bool (n,), each true with the chance given (one for all, or one each)."""
        return self.uniform() < chance


def place(
    dice: Dice, aspects: Tensor, side: int, strength: float | Tensor, chances: Chances | None = None
) -> Placement:
    """Draw how n pictures of the given aspects (width by height) lie in square views."""
    chances = chances or Chances()
    shown, canvas_aspect, framed = _windows(dice, aspects, strength, chances)
    matrix = shown @ _turns(dice, canvas_aspect, strength, chances)
    matrix = matrix @ _perspective(dice, strength * chances.perspective)
    ticks = (torch.arange(side, device=dice.device, dtype=torch.float32) + 0.5) * (2 / side) - 1
    y, x = torch.meshgrid(ticks, ticks, indexing="ij")
    points = torch.stack([x, y, torch.ones_like(x)], -1).reshape(1, -1, 3)
    mapped = points @ matrix.transpose(1, 2)
    grid = (mapped[..., :2] / mapped[..., 2:].clamp(min=0.2)).reshape(-1, side, side, 2)
    grid = grid + _ripples(dice, grid, strength, chances)
    edge = 1.0 - 1e-3
    inside = (grid.abs().amax(-1) <= edge).float()[:, None]
    shrink = torch.linalg.det(matrix[:, :2, :2]).abs().clamp(min=1e-4).sqrt()
    return Placement(grid, inside, shrink, framed)


def _windows(
    dice: Dice, aspects: Tensor, strength: float | Tensor, chances: Chances
) -> tuple[Tensor, Tensor, Tensor]:
    """What of the source is shown where on the canvas: matrix (n, 3, 3), canvas aspect (n,), framed (n,)."""
    one = torch.ones_like(aspects)
    kind = dice.uniform()
    crop = kind < chances.crop * strength
    cut = (kind >= 1 - chances.aspect_window * strength) & ~crop
    area = torch.exp(dice.uniform(math.log(0.15), 0.0))
    ratio = torch.exp(dice.normal(0.25)).clamp(0.5, 2.0)
    wide = (area * ratio).sqrt().clamp(max=1.0)
    high = (area / wide).clamp(max=1.0)
    slim = torch.exp(dice.uniform(math.log(0.22), math.log(0.8)))
    tall = dice.happens(0.75)
    w = torch.where(crop, wide, torch.where(cut & tall, slim, one))
    h = torch.where(crop, high, torch.where(cut & ~tall, slim, one))
    x, y = (1 - w) * dice.uniform(-1, 1), (1 - h) * dice.uniform(-1, 1)

    framed = dice.happens(chances.inset * strength)
    style = dice.uniform()
    scale = dice.uniform(0.5, 0.95)
    beside, above = dice.uniform(0.35, 0.95), dice.uniform(0.5, 0.95)
    canvas_w = torch.where(framed & (style < 0.3), beside, torch.where(framed & (style > 0.55), scale, one))
    loose = (scale * torch.exp(dice.normal(0.1))).clamp(0.45, 1.0)
    canvas_h = torch.where(framed & (style >= 0.3) & (style <= 0.55), above, one)
    canvas_h = torch.where(framed & (style > 0.55), loose, canvas_h)
    centred = dice.happens(0.5)
    shift_x = torch.where(centred & (style <= 0.55), 0 * one, dice.uniform(-1, 1)) * (1 - canvas_w)
    shift_y = torch.where(centred & (style <= 0.55), 0 * one, dice.uniform(-1, 1)) * (1 - canvas_h)

    flip = torch.where(dice.happens(chances.mirror * strength), -one, one)
    matrix = torch.zeros(dice.count, 3, 3, device=dice.device)
    matrix[:, 0, 0] = flip * w / canvas_w
    matrix[:, 1, 1] = h / canvas_h
    matrix[:, 0, 2] = x - flip * w / canvas_w * shift_x
    matrix[:, 1, 2] = y - h / canvas_h * shift_y
    matrix[:, 2, 2] = 1
    return matrix, aspects * (w / canvas_w) / (h / canvas_h), framed


def _turns(dice: Dice, aspect: Tensor, strength: float | Tensor, chances: Chances) -> Tensor:
    """Turns about the middle of the canvas, true to its aspect: (n, 3, 3)."""
    zero = torch.zeros_like(aspect)
    angle = torch.where(dice.happens(chances.tilt * strength), dice.uniform(-0.22, 0.22), zero)
    angle = torch.where(dice.happens(chances.any_turn * strength), dice.uniform(-math.pi, math.pi), angle)
    quarter = dice.happens(chances.quarter * strength)
    steps = torch.floor(dice.uniform(0, 5)).clamp(max=4)  # half a turn is rarer than a quarter
    choices = torch.tensor([1.0, 3.0, 1.0, 3.0, 2.0], device=dice.device)
    quarters = torch.where(quarter, choices[steps.long()], zero)
    sideways = (quarters % 2 == 1).float()
    after = aspect * (1 - sideways) + sideways / aspect
    cos, sin = torch.cos(angle), torch.sin(angle)
    matrix = torch.zeros(dice.count, 3, 3, device=dice.device)
    matrix[:, 0, 0], matrix[:, 0, 1] = cos, -sin / after
    matrix[:, 1, 0], matrix[:, 1, 1] = sin * after, cos
    matrix[:, 2, 2] = 1
    square = torch.zeros_like(matrix)
    c, s = torch.cos(quarters * math.pi / 2).round(), torch.sin(quarters * math.pi / 2).round()
    square[:, 0, 0], square[:, 0, 1], square[:, 1, 0], square[:, 1, 1], square[:, 2, 2] = c, -s, s, c, 1
    return square @ matrix


def _perspective(dice: Dice, chance: float | Tensor) -> Tensor:
    """A look from aside, and from a little further away: (n, 3, 3)."""
    matrix = torch.eye(3, device=dice.device).repeat(dice.count, 1, 1)
    seen = dice.happens(chance).float()
    matrix[:, 2, :2] = dice.uniform(-0.14, 0.14, 2) * seen[:, None]
    away = 1 + seen * dice.uniform(0.0, 0.35)
    matrix[:, 0, 0], matrix[:, 1, 1] = away, away
    matrix[:, :2, 2] = dice.uniform(-0.06, 0.06, 2) * seen[:, None]
    shear = dice.normal(0.05) * seen
    matrix[:, 0, 1] = shear
    return matrix


def _ripples(dice: Dice, grid: Tensor, strength: float | Tensor, chances: Chances) -> Tensor:
    """Lines shifted sideways as on worn tape, and slow waves: what to add to the grid."""
    side = grid.shape[1]
    jagged = dice.happens(chances.jagged * strength).float()[:, None] * dice.uniform(0.002, 0.012)[:, None]
    lines = dice.normal(1.0, side) * jagged
    top, tall = dice.uniform(0, side)[:, None], dice.uniform(0.02, 0.12)[:, None] * side
    rows = torch.arange(side, device=grid.device)[None]
    torn = ((rows >= top) & (rows < top + tall)).float() * dice.uniform(-0.2, 0.2)[:, None] * (jagged > 0)
    wavy = dice.happens(chances.waves * strength).float() * dice.uniform(0.005, 0.03)
    rate, phase = dice.uniform(1, 6)[:, None, None], dice.uniform(0, 6.28)[:, None, None]
    wave = torch.sin(grid[..., 1] * rate + phase) * wavy[:, None, None]
    across = (lines + torn)[:, :, None] + wave
    return torch.stack([across, torch.sin(grid[..., 0] * rate + phase) * wavy[:, None, None]], -1)
