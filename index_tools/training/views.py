"""Views: what a person may hand in of a stored picture, drawn in batches on the training device."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from index_tools.training.disturbances import compress, recolour, screen, soften
from index_tools.training.geometry import Dice, Placement, place
from index_tools.training.overlays import draw_bank

_SEVERAL = 0.35  # chance that a second layer follows the first


@dataclass(frozen=True, eq=False)
class Layers:
    """The overlay bank on the device: `over` uint8 (n, 4, side, side), `under` uint8 (m, 3, side, side)."""

    over: Tensor
    under: Tensor


def load_layers(seed: int, side: int, device: torch.device, layers: int = 384, pages: int = 96) -> Layers:
    """Draw a bank and bring it to the device."""
    bank = draw_bank(seed, side, layers, pages)
    over = torch.from_numpy(bank.layers).permute(0, 3, 1, 2).contiguous().to(device)
    under = torch.from_numpy(bank.pages).permute(0, 3, 1, 2).contiguous().to(device)
    return Layers(over, under)


class ViewMaker:
    """Draws views of `side` pixels from stored pictures; all chance comes from the generator given."""

    def __init__(self, layers: Layers, side: int) -> None:
        self._layers = layers
        self._side = side

    def clean(self, pictures: Tensor) -> Tensor:
        """Stored pictures uint8 (n, S, S, 3) as the index sees them: float (n, 3, side, side) of 0..255."""
        return _scaled(_planes(pictures), self._side)

    def disturbed(
        self, pictures: Tensor, aspects: Tensor, generator: torch.Generator, strength: float | Tensor = 1.0
    ) -> Tensor:
        """One view a picture, float (n, 3, side, side) of 0..255.

        `pictures` is uint8 (n, S, S, 3), `aspects` (n,); `strength` 0..1 (one
        number or one each) scales how often each kind of disturbance happens.
        """
        dice = Dice(len(pictures), generator)
        placement = place(dice, aspects, self._side, strength)
        views = self._surrounded(_sample(pictures, placement), pictures, placement, dice)
        early = dice.happens(0.5)
        views = self._captioned(views, dice, strength, early)
        views = recolour(views, dice, strength)
        views = self._captioned(views, dice, strength, ~early)
        views = screen(views, dice, strength)
        views = soften(views, dice, strength)
        return compress(views, dice, strength).clamp(0, 1) * 255

    def _surrounded(self, views: Tensor, source: Tensor, placement: Placement, dice: Dice) -> Tensor:
        """Fill what lies around the picture: plain, a page, the picture itself blurred, another picture."""
        around = dice.uniform(0, 1, 3)
        plain = torch.tensor([0.0, 0.0, 0.0, 0.12, 1.0], device=views.device)
        shade = plain[(dice.uniform() * len(plain)).long()]
        around = torch.where(dice.happens(0.75)[:, None], shade[:, None], around)
        views = torch.lerp(around[..., None, None].expand_as(views), views, placement.inside)
        kind = torch.where(placement.framed, dice.uniform(), torch.full_like(shade, 2.0))
        for low, high, make in ((0.0, 0.4, self._pages), (0.4, 0.55, _blurred), (0.92, 1.0, _others)):
            rows = torch.nonzero((kind >= low) & (kind < high))[:, 0]
            if len(rows):
                ground = make(source, rows, Dice(len(rows), dice.generator), self._side)
                views = views.index_copy(0, rows, torch.lerp(ground, views[rows], placement.inside[rows]))
        return views

    def _pages(self, source: Tensor, rows: Tensor, dice: Dice, side: int) -> Tensor:
        pages = self._layers.under[(dice.uniform() * len(self._layers.under)).long()]
        return _scaled(pages.float() / 255, side)

    def _captioned(self, views: Tensor, dice: Dice, strength: float | Tensor, allowed: Tensor) -> Tensor:
        """Lay drawn things over some of the views that are allowed to have them."""
        for chance in (0.42 * strength, 0.42 * strength * _SEVERAL):
            rows = torch.nonzero(dice.happens(chance) & allowed)[:, 0]
            if len(rows) == 0:
                continue
            few = Dice(len(rows), dice.generator)
            chosen = self._layers.over[(few.uniform() * len(self._layers.over)).long()].float() / 255
            chosen = _scaled(_nudged(chosen, few), self._side)
            views = views.index_copy(0, rows, torch.lerp(views[rows], chosen[:, :3], chosen[:, 3:]))
        return views


def _blurred(source: Tensor, rows: Tensor, dice: Dice, side: int) -> Tensor:
    small = functional.interpolate(_planes(source[rows]) / 255, (12, 12), mode="area")
    return functional.interpolate(small, (side, side), mode="bilinear") * 0.7


def _others(source: Tensor, rows: Tensor, dice: Dice, side: int) -> Tensor:
    return _scaled(_planes(source[(rows + 1) % len(source)]) / 255, side)


def _sample(source: Tensor, placement: Placement) -> Tensor:
    """Look through the grid at pictures uint8 (n, S, S, 3), which gives 0..1; pictures shown small are halved
    first, so that nothing glitters."""
    step = placement.shrink * source.shape[1] / placement.grid.shape[1]
    small = step > 1.45
    out = placement.grid.new_empty((len(source), 3, *placement.grid.shape[1:3]))
    for read, rows in ((_planes, torch.nonzero(~small)[:, 0]), (_halved, torch.nonzero(small)[:, 0])):
        if len(rows):
            part, grid = read(source[rows]), placement.grid[rows]
            out[rows] = functional.grid_sample(part, grid, padding_mode="border", align_corners=False)
    return out.mul_(1 / 255)


def _planes(pictures: Tensor) -> Tensor:
    """Pictures uint8 (n, S, S, 3) as float (n, 3, S, S) of 0..255."""
    return pictures.permute(0, 3, 1, 2).float()


def _halved(pictures: Tensor) -> Tensor:
    """The same at half the side, S even; added in whole numbers, a quarter of the time that pooling takes."""
    count, side = pictures.shape[:2]
    lines = pictures.reshape(count, side // 2, 2, side // 2, 6)
    pairs = lines[:, :, 0].to(torch.int16) + lines[:, :, 1]
    return (pairs[..., :3] + pairs[..., 3:]).permute(0, 3, 1, 2).float() / 4


def _nudged(layers: Tensor, dice: Dice) -> Tensor:
    """Layers moved and scaled a little, so that none is seen twice alike."""
    theta = torch.zeros(dice.count, 2, 3, device=layers.device)
    theta[:, 0, 0] = torch.exp(dice.normal(0.15))
    theta[:, 1, 1] = torch.exp(dice.normal(0.15))
    theta[:, :, 2] = dice.normal(0.08, 2)
    grid = functional.affine_grid(theta, list(layers.shape), align_corners=False)
    return functional.grid_sample(layers, grid, padding_mode="zeros", align_corners=False)


def _scaled(pictures: Tensor, side: int) -> Tensor:
    if pictures.shape[-1] == side:
        return pictures
    return functional.interpolate(pictures, (side, side), mode="bilinear", antialias=True)
