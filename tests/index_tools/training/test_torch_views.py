"""Views: drawn from their generator alone, true to the picture, each kind of its own effect."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from index_tools.training.disturbances import compress, recolour, screen, soften
from index_tools.training.geometry import Chances, Dice, place
from index_tools.training.views import Layers, ViewMaker, load_layers

SIDE = 48


@pytest.fixture(scope="module")
def layers() -> Layers:
    return load_layers(1, SIDE, torch.device("cpu"), layers=12, pages=4)


def seeded(seed: int = 1) -> torch.Generator:
    generator = torch.Generator()
    generator.manual_seed(seed)
    return generator


def pictures(count: int) -> Tensor:
    """Smooth pictures uint8 (n, 96, 96, 3)."""
    rough = torch.rand((count, 3, 6, 6), generator=seeded(9))
    fine = torch.nn.functional.interpolate(rough, (96, 96), mode="bicubic").clamp(0, 1) * 255
    return fine.permute(0, 2, 3, 1).to(torch.uint8)


def test_the_same_generator_gives_the_same_views(layers: Layers) -> None:
    maker, given, aspects = ViewMaker(layers, SIDE), pictures(40), torch.full((40,), 16 / 9)
    first = maker.disturbed(given, aspects, seeded())
    assert first.shape == (40, 3, SIDE, SIDE)
    assert torch.isfinite(first).all()
    assert first.min() >= 0
    assert first.max() <= 255
    torch.testing.assert_close(first, maker.disturbed(given, aspects, seeded()))
    assert (first - maker.disturbed(given, aspects, seeded(2))).abs().mean() > 5


def test_without_strength_a_view_is_the_clean_picture(layers: Layers) -> None:
    maker, given = ViewMaker(layers, SIDE), pictures(8)
    plain = maker.disturbed(given, torch.ones(8), seeded(), strength=0.0)
    assert (plain - maker.clean(given)).abs().mean() < 2


def test_strength_is_taken_for_each_picture(layers: Layers) -> None:
    maker, given = ViewMaker(layers, SIDE), pictures(60)
    strength = torch.cat([torch.zeros(30), torch.ones(30)])
    apart = (
        (maker.disturbed(given, torch.ones(60), seeded(), strength) - maker.clean(given))
        .abs()
        .mean((1, 2, 3))
    )
    assert apart[:30].max() < 3
    assert apart[30:].mean() > 15


def test_a_mirrored_picture_is_mirrored() -> None:
    none = Chances(crop=0, aspect_window=0, inset=0, mirror=1, quarter=0, tilt=0, any_turn=0, perspective=0,
                   jagged=0, waves=0)  # fmt: skip
    placement = place(Dice(3, seeded()), torch.ones(3), 8, 1.0, none)
    ticks = (torch.arange(8) + 0.5) / 4 - 1
    torch.testing.assert_close(placement.grid[0, 0, :, 0], -ticks)
    torch.testing.assert_close(placement.grid[0, :, 0, 1], ticks)
    assert placement.inside.min() == 1


def test_a_crop_stays_inside_and_an_inset_does_not() -> None:
    still = {
        "mirror": 0.0,
        "quarter": 0.0,
        "tilt": 0.0,
        "any_turn": 0.0,
        "perspective": 0.0,
        "jagged": 0.0,
        "waves": 0.0,
    }
    crops = place(
        Dice(50, seeded()), torch.ones(50), 16, 1.0, Chances(crop=1, aspect_window=0, inset=0, **still)
    )
    assert crops.inside.min() == 1
    assert not crops.framed.any()
    assert (crops.shrink < 1).any()
    insets = place(
        Dice(50, seeded()), torch.ones(50), 16, 1.0, Chances(crop=0, aspect_window=0, inset=1, **still)
    )
    share = insets.inside.mean((1, 2, 3))
    assert insets.framed.all()
    assert share.max() < 1
    assert share.min() > 0.1


def test_a_quarter_turn_maps_corners_to_corners() -> None:
    still = {"mirror": 0.0, "tilt": 0.0, "any_turn": 0.0, "perspective": 0.0, "jagged": 0.0, "waves": 0.0}
    turned = place(Dice(30, seeded()), torch.full((30,), 16 / 9), 16, 1.0,
                   Chances(crop=0, aspect_window=0, inset=0, quarter=1, **still))  # fmt: skip
    assert turned.inside.min() == 1
    corner = turned.grid[:, 0, 0]
    torch.testing.assert_close(corner.abs(), torch.full((30, 2), 15 / 16), atol=1e-4, rtol=0)
    assert ((corner[:, 0] > 0) | (corner[:, 1] > 0)).all()


@pytest.mark.parametrize("change", [recolour, soften, screen, compress])
def test_each_disturbance_spares_some_and_changes_some(
    change: Callable[[Tensor, Dice, float], Tensor],
) -> None:
    given = pictures(120).permute(0, 3, 1, 2).float() / 255
    apart = (change(given, Dice(120, seeded()), 1.0) - given).abs().mean((1, 2, 3))
    assert (apart > 0.004).sum() >= 8
    assert (apart < 0.004).any()
    same = change(given, Dice(120, seeded()), 0.0)
    torch.testing.assert_close(same, given, atol=2e-4, rtol=0)
