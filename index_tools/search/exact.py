"""The nearest rows of a table of color layouts, by looking at every one, in whole numbers.

OpenCV's `batchDistance` goes over the bytes as they lie in the file, with the processor's vector
instructions, and keeps the nearest: 4.6 ms of one core for a reading and a million rows.  Measured
beside it, for one reading and for four: float32 copies in chunks and a matrix product 8 to 20 ms and 20
to 50 ms (a product that OpenBLAS spreads over threads took 250 to 700 ms, whatever it gained in rest),
numpy's einsum 12 and 37 ms, its own float32 distances 37 and 147 ms.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Nearest = tuple[NDArray[np.int64], NDArray[np.int32]]


def nearest(
    vectors: NDArray[np.uint8],
    queries: NDArray[np.uint8],
    count: int,
    parts: Sequence[slice] | None = None,
) -> list[Nearest]:
    """The `count` rows of `vectors`, uint8 (n, d), nearest to each of the queries, uint8 (h, d),
    nearest first.

    Gives for each query the row numbers, int64 (k,), and the squared distances, int32 (k,); k is less
    than `count` where there are not that many rows.  `parts` limits the scan to slices of the table
    (start and stop given, rising).  Of equally near rows the earlier comes first.
    """
    from index_tools.opencv import cv2

    rows: list[NDArray[np.int64]] = []
    distances: list[NDArray[np.int32]] = []
    for part in [slice(0, len(vectors))] if parts is None else parts:
        wanted = min(count, part.stop - part.start)
        if wanted <= 0:
            continue
        near, found = cv2.batchDistance(queries, vectors[part], cv2.CV_32S, normType=cv2.NORM_L2SQR, K=wanted)
        distances.append(np.asarray(near, np.int32))
        rows.append(np.asarray(found, np.int64) + part.start)
    if not rows:
        return [(np.empty(0, np.int64), np.empty(0, np.int32)) for _ in queries]
    if len(rows) == 1:
        return list(zip(rows[0], distances[0], strict=True))
    every_row, every_distance = np.concatenate(rows, 1), np.concatenate(distances, 1)
    order = np.argsort(every_distance, axis=1, kind="stable")[:, :count]
    return [
        (row[best], distance[best])
        for row, distance, best in zip(every_row, every_distance, order, strict=True)
    ]


def squared_distances(rows: NDArray[np.uint8], queries: NDArray[np.uint8]) -> NDArray[np.int32]:
    """The squared distances, int32 (n,), between uint8 (n, d) and uint8 (n, d) or (d,), in whole
    numbers.
    """
    difference = rows.astype(np.int16) - queries.astype(np.int16)
    distances: NDArray[np.int32] = np.einsum("ij,ij->i", difference, difference, dtype=np.int32)
    return distances
