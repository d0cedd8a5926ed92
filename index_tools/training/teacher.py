"""The teacher's vector of every stored picture, computed once and kept beside the shards.

The teacher is SSCD (Pizzi et al., "A Self-Supervised Descriptor for Image Copy Detection", CVPR 2022,
arXiv:2202.10261; code and weights MIT, Copyright Meta Platforms): a ResNet-50 with GeM pooling and 512
values.  The file expected takes uint8 RGB (n, h, w, 3) and holds the normalisation itself; its pictures
are squashed to a square, as SSCD's own measurements do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from index_tools.training.shards import SIDE, shard_path, squash, write_whole

VALUES = 512
INPUT_SIDE = 256
_BATCH = 4


class Teacher:
    """SSCD as an ONNX file, run unmodified on one or more threads."""

    def __init__(self, model: Path, threads: int = 1) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])

    def describe(self, pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Unit vectors float32 (n, 512) of square pictures uint8 (n, SIDE, SIDE, 3)."""
        if pictures.shape[1] != INPUT_SIDE:
            pictures = np.stack([squash(picture, INPUT_SIDE) for picture in pictures])
        parts = [
            self._session.run(["embedding"], {"image": np.ascontiguousarray(pictures[i : i + _BATCH])})[0]
            for i in range(0, len(pictures), _BATCH)
        ]
        return np.concatenate(parts).astype(np.float32)


def teach_shards(folder: Path, model: Path, numbers: Sequence[int], threads: int = 1) -> Iterator[int]:
    """Write `teacher-*.npy` (float16 (n, 512)) for the shards that lack it; yields finished numbers."""
    teacher: Teacher | None = None
    for number in numbers:
        target = shard_path(folder, "teacher", number)
        if not target.exists():
            teacher = teacher or Teacher(model, threads)
            pictures = np.load(shard_path(folder, "pictures", number), mmap_mode="r", allow_pickle=False)
            assert pictures.shape[1:] == (SIDE, SIDE, 3)
            write_whole(target, teacher.describe(pictures).astype(np.float16))
        yield number
