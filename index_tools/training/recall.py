"""Does a student find its pictures?  Recall on art that it never saw, with views of our own making."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from index_tools.training.batches import Lesson, PictureStore
from index_tools.training.network import Student
from index_tools.training.views import ViewMaker, load_layers

_QUERIES = 600
_BATCH = 64


@torch.no_grad()
def held_out_recall(student: Student, lesson: Lesson, side: int, device: torch.device) -> tuple[float, float]:
    """Shares of disturbed views (seeded, the same at every call) whose shot is found first, and in ten."""
    was_training = student.training
    student.eval()
    store = PictureStore(lesson.shards, device)
    maker = ViewMaker(load_layers(99, side, device), side)
    generator = torch.Generator(device)
    generator.manual_seed(99)
    rows = np.arange(len(lesson), dtype=np.int64)
    asked = np.random.default_rng(99).choice(rows, min(_QUERIES, len(rows)), replace=False)
    index, queries = [], []
    for part in np.array_split(rows, max(1, len(rows) // _BATCH)):
        index.append(student(maker.clean(store.get(part)[0])).float().cpu().numpy())
    for part in np.array_split(asked, max(1, len(asked) // _BATCH)):
        pictures, aspects = store.get(part)
        queries.append(student(maker.disturbed(pictures, aspects, generator)).float().cpu().numpy())
    student.train(was_training)
    ranked = np.argsort(-(np.concatenate(queries) @ np.concatenate(index).T), axis=1)[:, :10]
    return recall_of(lesson.shots[ranked], lesson.shots[asked])


def recall_of(found: NDArray[np.int64], wanted: NDArray[np.int64]) -> tuple[float, float]:
    """Recall at 1 and at 10 of ranked shot numbers (n, 10) against those wanted (n,)."""
    right = found == wanted[:, None]
    return float(right[:, 0].mean()), float(right.any(1).mean())
