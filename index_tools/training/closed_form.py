"""The head of a new student in closed form: from features as they come to the teacher's vectors.

Ridge regression on a few thousand disturbed views.  A trunk trained for another task finds half of
its pictures with it before the first step of training.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from index_tools.training.batches import PictureStore
from index_tools.training.network import Student
from index_tools.training.views import ViewMaker

VIEWS = 12_288
_BATCH = 64
_RIDGE = 0.2  # added to the diagonal of the correlation matrix, as a share of the number of views


@torch.no_grad()
def fit_head(
    student: Student, store: PictureStore, maker: ViewMaker, targets: Tensor, seed: int, views: int = VIEWS
) -> None:
    """Set the straight part of the student's head so that pooled features of disturbed views give `targets`
    (n, values), the wanted vectors of the pictures in `store`, as nearly as a matrix can; the bent part
    begins with nothing."""
    device = targets.device
    rows = np.random.default_rng([seed, 1]).permutation(len(targets))[:views]
    generator = torch.Generator(device)
    generator.manual_seed(seed)
    parts = []
    for some in np.array_split(rows, max(1, len(rows) // _BATCH)):
        pictures, aspects = store.get(some)
        parts.append(student.features(maker.disturbed(pictures, aspects, generator, 0.7)))
    features, wanted = torch.cat(parts), targets[torch.from_numpy(rows).to(device)]
    spread = features.std(0)
    student.middle.copy_(features.mean(0))
    student.spread.copy_(spread.clamp(min=0.1 * float(spread.median())))
    even = (features - student.middle) / student.spread
    square = even.T @ even + _RIDGE * len(even) * torch.eye(even.shape[1], device=device)
    student.straight.weight.copy_(torch.linalg.solve(square, even.T @ (wanted - wanted.mean(0))).T)
    student.straight.bias.copy_(wanted.mean(0))
    student.bent.weight.zero_()
