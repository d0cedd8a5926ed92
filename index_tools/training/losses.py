"""What the student is trained for: find its picture among all, look as the teacher does, spread out."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

TEMPERATURE = 0.05
"""As in SSCD, for both contrastive terms."""


def find_among(vectors: Tensor, rows: Tensor, bank: Tensor, shots: Tensor) -> Tensor:
    """Cross-entropy of finding row `rows[i]` of the bank with vector i.

    `vectors` (n, v) and `bank` (m, v), the teacher's vectors of all clean pictures, are unit vectors;
    `shots` (m,) numbers the shots, and other pictures of the same shot are neither right nor wrong.
    """
    logits = vectors @ bank.T / TEMPERATURE
    same = shots[rows][:, None] == shots[None]
    same.scatter_(1, rows[:, None], False)
    return functional.cross_entropy(logits.masked_fill(same, -torch.inf), rows)


def look_alike(vectors: Tensor, targets: Tensor) -> Tensor:
    """One minus the mean cosine between unit vectors (n, v) and their targets."""
    return 1 - (vectors * targets).sum(1).mean()


def agree(first: Tensor, second: Tensor, shots: Tensor) -> Tensor:
    """NT-Xent (Chen et al., arXiv:2002.05709) between two views (n, v) each; pictures of a shot are not
    negatives of one another."""
    both = torch.cat([first, second])
    groups = torch.cat([shots, shots])
    logits = both @ both.T / TEMPERATURE
    count = len(first)
    partner = torch.arange(2 * count, device=both.device).roll(count)
    same = groups[:, None] == groups[None]
    same.scatter_(1, partner[:, None], False)
    return functional.cross_entropy(logits.masked_fill(same, -torch.inf), partner)


def spread(vectors: Tensor, shots: Tensor) -> Tensor:
    """Minus the mean logarithm of the distance to the nearest other picture (Kozachenko-Leonenko, as in
    Sablayrolles et al., arXiv:1806.03198)."""
    cosines = vectors @ vectors.T
    nearest = cosines.masked_fill(shots[:, None] == shots[None], -1.0).amax(1)
    return -(2 - 2 * nearest).clamp(min=1e-4).sqrt().log().mean()


def principal_axes(vectors: Tensor, values: int, whiten: float = 0.25) -> tuple[Tensor, Tensor]:
    """Mean (w,) and axes (w, values) onto which vectors (n, w) are projected.

    Each axis is divided by its variance to the power `whiten`: 0 leaves the variances as they are, 0.5
    makes all equal.
    """
    mean = vectors.mean(0)
    centred = vectors - mean
    variances, axes = torch.linalg.eigh(centred.T @ centred / len(vectors))
    variances, axes = variances.flip(0)[:values], axes.flip(1)[:, :values]
    return mean, axes * variances.clamp(min=1e-9) ** -whiten


def project(vectors: Tensor, mean: Tensor, axes: Tensor) -> Tensor:
    """Unit vectors (n, values) of vectors (n, w) on the axes."""
    return functional.normalize((vectors - mean) @ axes, dim=1)


def turn(vectors: Tensor, wanted: Tensor) -> Tensor:
    """The turn (v, v) after which unit vectors (n, v) lie nearest to those wanted (orthogonal Procrustes;
    Schönemann, "A generalized solution of the orthogonal Procrustes problem", Psychometrika 31, 1966)."""
    left, _, right = torch.linalg.svd(vectors.T @ wanted)
    return left @ right
