"""The terms of the loss are least where they should be."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import normalize

from index_tools.training.losses import agree, find_among, look_alike, principal_axes, project, spread


def unit(count: int, values: int = 16, seed: int = 0) -> Tensor:
    generator = torch.Generator()
    generator.manual_seed(seed)
    return normalize(torch.randn((count, values), generator=generator), dim=1)


def test_finding_is_easy_with_the_right_vector_and_hard_with_another() -> None:
    bank, rows = unit(50), torch.tensor([3, 7])
    shots = torch.arange(50)
    assert find_among(bank[rows], rows, bank, shots) < 0.1
    assert find_among(bank[rows.flip(0)], rows, bank, shots) > 5


def test_other_moments_of_a_shot_are_not_wrong_answers() -> None:
    bank = unit(20)
    bank[5] = bank[4]
    apart, together = torch.arange(20), torch.arange(20)
    together[5] = 4
    rows = torch.tensor([4])
    assert abs(find_among(bank[rows], rows, bank, apart) - torch.log(torch.tensor(2.0))) < 0.1
    assert find_among(bank[rows], rows, bank, together) < 0.1


def test_looking_alike_is_the_cosine() -> None:
    vectors = unit(6)
    assert look_alike(vectors, vectors).abs() < 1e-6
    assert (look_alike(vectors, -vectors) - 2).abs() < 1e-6


def test_two_views_agree_when_each_is_nearest_to_its_partner() -> None:
    first, shots = unit(12), torch.arange(12)
    assert agree(first, first, shots) < 0.1
    assert agree(first, first.roll(1, 0), shots) > 5
    torch.testing.assert_close(
        agree(first, first.roll(1, 0), torch.zeros(12, dtype=torch.int64)), torch.tensor(0.0)
    )


def test_spreading_prefers_distance() -> None:
    shots = torch.arange(8)
    near = normalize(torch.ones(8, 16) + 0.05 * unit(8), dim=1)
    assert spread(torch.eye(8), shots) < spread(near, shots)


def test_axes_keep_the_neighbours_and_level_the_variances() -> None:
    spectrum = torch.linspace(3, 0.1, 16)
    vectors = torch.randn((4000, 16), generator=torch.Generator().manual_seed(1)) * spectrum
    mean, axes = principal_axes(vectors, 4, whiten=0.5)
    projected = (vectors - mean) @ axes
    torch.testing.assert_close(projected.T @ projected / 4000, torch.eye(4), atol=1e-3, rtol=0)
    kept = project(vectors, mean, axes)
    torch.testing.assert_close(kept.norm(dim=1), torch.ones(4000))
