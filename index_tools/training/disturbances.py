"""What happens to the values of a view: colour, light, blur, noise, compression, screens.

Every function takes and gives RGB float (n, 3, side, side) of 0..1 and draws for each picture whether it
happens; pictures that it spares are not computed where that saves work.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional

from index_tools.training.geometry import Dice

_LUMA = (0.299, 0.587, 0.114)  # ITU-R BT.601

_TO_YIQ = ((0.299, 0.587, 0.114), (0.5959, -0.2746, -0.3213), (0.2115, -0.5227, 0.3112))


def recolour(views: Tensor, dice: Dice, strength: float | Tensor) -> Tensor:
    """Saturation, hue, filters, duotones, light and its curve, each at its own chance."""
    n = dice.count
    matrix = torch.eye(3, device=views.device).repeat(n, 1, 1)
    offset = torch.zeros(n, 3, device=views.device)
    luma = torch.tensor(_LUMA, device=views.device)
    grey = luma.expand(3, 3)

    def mix(happens: Tensor, change: Tensor) -> None:
        nonlocal matrix, offset
        step = torch.where(happens[:, None, None], change, torch.eye(3, device=views.device))
        matrix, offset = step @ matrix, (step @ offset[..., None])[..., 0]

    def perhaps(chance: float, change: Tensor, otherwise: float) -> Tensor:
        return torch.where(dice.happens(chance * strength), change, torch.full_like(change, otherwise))

    eye = torch.eye(3, device=views.device)
    keep = dice.uniform(0.0, 1.9)[:, None, None]
    mix(dice.happens(0.3 * strength), eye * keep + grey * (1 - keep))
    weights = torch.softmax(dice.normal(0.7, 3) + torch.log(luma), -1)
    mix(dice.happens(0.13 * strength), weights[:, None, :].expand(-1, 3, -1))
    mix(dice.happens(0.2 * strength), _hue_turn(dice.uniform(-math.pi, math.pi), views.device))
    colour = dice.uniform(0.0, 1.15, 3)
    depth = dice.uniform(0.2, 0.75)[:, None, None]
    filtered = colour[..., None] * luma * 0.9 + 0.1 * eye
    mix(dice.happens(0.17 * strength), eye * (1 - depth) + filtered * depth)
    veil = perhaps(0.08, dice.uniform(0.0, 0.3), 0)
    offset = offset * (1 - veil[:, None]) + colour * veil[:, None]
    matrix = matrix * (1 - veil[:, None, None])
    mix(dice.happens(0.35 * strength), torch.diag_embed(torch.exp(dice.normal(0.15, 3))))
    contrast = perhaps(0.4, torch.exp(dice.normal(0.3)), 1)
    lift = perhaps(0.3, dice.normal(0.12), 0)
    offset = offset * contrast[:, None] + (0.5 * (1 - contrast) + lift)[:, None]
    matrix = matrix * contrast[:, None, None]
    inverts = dice.happens(0.1 * strength)
    sign = 1 - 2 * inverts.float()
    offset, matrix = offset * sign[:, None] + inverts[:, None].float(), matrix * sign[:, None, None]

    out = torch.baddbmm(offset[..., None], matrix, views.flatten(2)).clamp(1e-4, 1)
    power = perhaps(0.3, dice.normal(0.4), 0)
    power = torch.where(dice.happens(0.12 * strength), dice.uniform(0.4, 1.15), power)
    gain = torch.where(power > 0.4, dice.uniform(0.6, 1.0), torch.ones(n, device=views.device))
    out = out.pow(torch.exp(power)[:, None, None]) * gain[:, None, None]
    fade = perhaps(0.1, dice.uniform(0.1, 0.45), 0)
    return (out * (1 - fade)[:, None, None] + fade[:, None, None]).view_as(views)


def soften(views: Tensor, dice: Dice, strength: float | Tensor) -> Tensor:
    """Small copies scaled up again, blur, and noise in fine or coarse grain."""
    views = _on_some(views, dice, 0.14 * strength, _shrunk)
    views = _on_some(views, dice, 0.16 * strength, _blurred)
    return _on_some(views, dice, 0.2 * strength, _grained)


def screen(views: Tensor, dice: Dice, strength: float | Tensor) -> Tensor:
    """Beats between pixel grids, scan lines, reflections, darker corners, colour planes apart."""
    views = _on_some(views, dice, 0.1 * strength, _striped)
    views = _on_some(views, dice, 0.1 * strength, _lit)
    return _on_some(views, dice, 0.05 * strength, _parted)


def compress(views: Tensor, dice: Dice, strength: float | Tensor) -> Tensor:
    """Block transform and rounding as in JPEG; coarser steps for colour."""
    return _on_some(views, dice, 0.18 * strength, _rounded_blocks)


def _on_some(
    views: Tensor, dice: Dice, chance: float | Tensor, change: Callable[[Tensor, Dice], Tensor]
) -> Tensor:
    rows = torch.nonzero(dice.happens(chance))[:, 0]
    if len(rows) == 0:
        return views
    return views.index_copy(0, rows, change(views[rows], Dice(len(rows), dice.generator)))


def _hue_turn(angle: Tensor, device: torch.device) -> Tensor:
    """Colour matrices that turn the hue in YIQ: (n, 3, 3)."""
    yiq = torch.tensor(_TO_YIQ, device=device)
    turn = torch.zeros(len(angle), 3, 3, device=device)
    turn[:, 0, 0] = 1
    turn[:, 1, 1], turn[:, 1, 2] = torch.cos(angle), -torch.sin(angle)
    turn[:, 2, 1], turn[:, 2, 2] = torch.sin(angle), torch.cos(angle)
    return torch.linalg.inv(yiq) @ turn @ yiq


def _one(dice: Dice, low: float, high: float) -> float:
    """One number for the whole group, without waiting for the device."""
    drawn = torch.rand((), generator=dice.generator, device=dice.device)
    return float(drawn) * (high - low) + low


def _shrunk(views: Tensor, dice: Dice) -> Tensor:
    side = views.shape[-1]
    small = max(16, int(side * _one(dice, 0.22, 0.7)))
    reduced = functional.interpolate(views, (small, small), mode="bilinear", antialias=True)
    how = "bilinear" if _one(dice, 0, 1) < 0.8 else "nearest"
    return functional.interpolate(reduced, (side, side), mode=how)


def _blurred(views: Tensor, dice: Dice) -> Tensor:
    sigma = _one(dice, 0.4, 2.2) * views.shape[-1] / 128
    reach = max(1, math.ceil(2.5 * sigma))
    ticks = torch.arange(-reach, reach + 1, device=views.device, dtype=views.dtype)
    kernel = torch.exp(-(ticks**2) / (2 * sigma**2))
    kernel = (kernel / kernel.sum()).repeat(3, 1)
    padded = functional.pad(views, (reach,) * 4, mode="replicate")
    across = functional.conv2d(padded, kernel[:, None, None, :], groups=3)
    if _one(dice, 0, 1) < 0.25:  # a moving hand: one way only
        return across[..., reach:-reach, :]
    return functional.conv2d(across, kernel[:, None, :, None], groups=3)


def _grained(views: Tensor, dice: Dice) -> Tensor:
    side, coarse = views.shape[-1], int(_one(dice, 1, 4))
    planes = 3 if _one(dice, 0, 1) < 0.5 else 1
    noise = dice.normal(1.0, planes, side // coarse, side // coarse)
    if coarse > 1:
        noise = functional.interpolate(noise, (side, side), mode="bilinear")
    return (views + noise * dice.uniform(0.01, 0.14)[:, None, None, None]).clamp(0, 1)


def _striped(views: Tensor, dice: Dice) -> Tensor:
    side = views.shape[-1]
    ticks = torch.linspace(-1, 1, side, device=views.device)
    angle = dice.uniform(0, math.pi)[:, None, None]
    angle = torch.where(dice.happens(0.4)[:, None, None], math.pi / 2, angle)
    ramp = torch.cos(angle) * ticks + torch.sin(angle) * ticks[:, None]
    ramp = ramp * dice.uniform(8, side * 0.9)[:, None, None]
    apart = dice.uniform(0, 2.5)[:, None] * torch.arange(3, device=views.device)
    wave = torch.sin(ramp[:, None] + apart[..., None, None])
    return (views * (1 + wave * dice.uniform(0.03, 0.18)[:, None, None, None])).clamp(0, 1)


def _lit(views: Tensor, dice: Dice) -> Tensor:
    """A reflection that brightens, or corners that darken."""
    ticks = torch.linspace(-1, 1, views.shape[-1], device=views.device)
    x = (ticks - dice.uniform(-1, 1)[:, None]) / dice.uniform(0.2, 0.9)[:, None]
    y = (ticks - dice.uniform(-1, 1)[:, None]) / dice.uniform(0.2, 0.9)[:, None]
    spot = torch.exp(-(x.square()[:, None, :] + y.square()[:, :, None]) / 2)[:, None]
    bright = dice.happens(0.6)[:, None, None, None]
    amount = dice.uniform(0.15, 0.6)[:, None, None, None]
    return torch.where(bright, views + spot * amount, views * (1 - amount * (1 - spot))).clamp(0, 1)


def _parted(views: Tensor, dice: Dice) -> Tensor:
    """Colour planes moved against one another by a few pixels."""
    step = int(_one(dice, 1, 4))
    return torch.stack([torch.roll(views[:, 0], step, 2), views[:, 1], torch.roll(views[:, 2], -step, 2)], 1)


def _rounded_blocks(views: Tensor, dice: Dice) -> Tensor:
    """8x8 cosine transform, rounded with steps that grow with frequency (ITU-T T.81 in outline)."""
    side = views.shape[-1] // 8 * 8
    index = torch.arange(8, device=views.device, dtype=views.dtype)
    basis = torch.cos((2 * index[None] + 1) * index[:, None] * math.pi / 16) * 0.5
    basis[0] *= math.sqrt(0.5)
    yiq = torch.tensor(_TO_YIQ, device=views.device)
    planes = torch.einsum("ij,njhw->nihw", yiq, views[..., :side, :side])
    count, blocks_a_side = len(views), side // 8
    blocks = planes.reshape(count, 3, blocks_a_side, 8, blocks_a_side, 8).transpose(3, 4)
    waves = basis @ blocks @ basis.T
    frequency = 1 + (index[:, None] + index[None]) * 0.7
    plane = torch.tensor([1.0, 2.0, 2.0], device=views.device)
    coarse = torch.exp(dice.uniform(math.log(0.02), math.log(0.22)))
    step = coarse[:, None, None, None, None, None] * plane[:, None, None, None, None] * frequency
    rounded = basis.T @ (torch.round(waves / step) * step) @ basis
    planes = rounded.transpose(3, 4).reshape(count, 3, side, side)
    out = views.clone()
    out[..., :side, :side] = torch.einsum("ij,njhw->nihw", torch.linalg.inv(yiq), planes).clamp(0, 1)
    return out
