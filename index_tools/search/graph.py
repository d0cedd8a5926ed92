"""A pack's HNSW graph, loaded in the background.

hnswlib (Malkov and Yashunin 2016, arXiv 1603.09320) answers a query over a million rows in half a
millisecond; loading the graph takes longer than the first query may, so it is loaded by a thread of its own
while the table is scanned instead.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index_tools.errors import PackError
from index_tools.search.graph_loading import load_graph

#: Breadth of the search in the graph.  Below 256 the neighbours of a picture that is not in the pack are
#: missed (recall@10 0.91 at 64, 0.97 at 128, 0.995 at 256), and verdicts near the threshold become chance.
BREADTH = 256


class Graph:
    """The graph of one pack and one descriptor; asks of it go through `nearest` once it is `ready`."""

    def __init__(self, name: str, find: Callable[[], Path | None], rows: int, size: int) -> None:
        """Begin to load the graph that `find` gives, of `rows` vectors of `size` values.

        `find` is called by the thread, since to verify a graph's checksum may take a second; it gives None
        where there is no sound graph.  `name` is the pack's, for messages.
        """
        self._name = name
        self._find = find
        self._rows = rows
        self._size = size
        self._index: Any = None
        self._failure = ""
        self._wanted = True
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._load, name=f"graph of {name}", daemon=True)
        self._thread.start()

    @property
    def ready(self) -> bool:
        """Whether queries can be answered."""
        return self._index is not None

    @property
    def loading(self) -> bool:
        """Whether the thread is still at work."""
        return not self._done.is_set()

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

    def let_go(self) -> None:
        """Free the graph's memory, now or, if it is still loading, as soon as it is loaded; waits for
        nothing.
        """
        self._wanted = False
        self._index = None

    def close(self) -> None:
        """Let the graph go and wait for the loading thread."""
        self.let_go()
        self._thread.join()

    def _load(self) -> None:
        try:
            path = self._find()
            if path is None:
                self._failure = (
                    f"The pack “{self._name}” has no search graph; it is searched more slowly without. "
                    "Add to it or build it again to get one."
                )
                return
            index = load_graph(path, self._rows, self._size)
            if self._wanted:
                self._index = index
        except (RuntimeError, OSError, MemoryError, ValueError, PackError) as error:
            self._failure = (
                f"The search graph of the pack “{self._name}” could not be used ({error}); the pack is "
                "searched more slowly without it."
            )
        finally:
            self._done.set()
