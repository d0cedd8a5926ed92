"""A pack's HNSW graph, loaded in the background.

hnswlib (Malkov and Yashunin 2016, arXiv 1603.09320) answers a query over a million rows in half a
millisecond; loading the graph takes longer than the first query may, so it is loaded by a thread of its own
while the table is scanned instead.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

#: Breadth of the search in the graph.  Below 256 the neighbours of a picture that is not in the pack are
#: missed (recall@10 0.91 at 64, 0.97 at 128, 0.995 at 256), and verdicts near the threshold become chance.
BREADTH = 256


class Graph:
    """The graph of one pack and one descriptor; asks of it go through `nearest` once it is `ready`."""

    def __init__(self, path: Path, rows: int, size: int) -> None:
        """Begin to load the graph at `path`, which holds `rows` vectors of `size` values."""
        self._path = path
        self._rows = rows
        self._size = size
        self._index: Any = None
        self._failure: str = ""
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._load, name=f"graph {path.name}", daemon=True)
        self._thread.start()

    @property
    def ready(self) -> bool:
        """Whether queries can be answered."""
        return self._index is not None

    @property
    def failure(self) -> str:
        """Why the graph cannot be used, as a sentence; empty while all is well."""
        return self._failure

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait until loading has ended, for well or ill; False when the time ran out first."""
        return self._done.wait(timeout_s)

    def nearest(
        self, queries: NDArray[np.uint8], count: int
    ) -> list[tuple[NDArray[np.int64], NDArray[np.int32]]]:
        """About the `count` nearest rows to each query, uint8 (h, d): row numbers and squared distances.

        Nearest first.  Only when `ready`.
        """
        count = min(count, self._rows)
        self._index.set_ef(max(BREADTH, count))
        rows, distances = self._index.knn_query(np.asarray(queries, np.float32), k=count, num_threads=1)
        return [
            (row.astype(np.int64), np.rint(distance).astype(np.int32))
            for row, distance in zip(rows, distances, strict=True)
        ]

    def close(self) -> None:
        """Wait for the loading thread and let the graph go."""
        self._thread.join()
        self._index = None

    def _load(self) -> None:
        try:
            import hnswlib

            index = hnswlib.Index(space="l2", dim=self._size)
            index.load_index(str(self._path), max_elements=self._rows)
            index.set_num_threads(1)
            if index.get_current_count() == self._rows:
                self._index = index
            else:
                self._failure = self._sentence(f"holds {index.get_current_count()} rows, not {self._rows}")
        except (RuntimeError, OSError, MemoryError) as error:
            self._failure = self._sentence(str(error))
        finally:
            self._done.set()

    def _sentence(self, why: str) -> str:
        return (
            f"The graph {self._path} could not be used ({why}); its pack is searched without it, more slowly."
        )
