"""Several pieces of work at a time: those that let Python's lock go, as comparing and decoding do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from index_tools.progress import Progress

#: So many at a time.
MOST = 4

S = TypeVar("S")
T = TypeVar("T")


def side_by_side(work: Callable[[S], T], items: Sequence[S], progress: Progress | None = None) -> list[T]:
    """What `work` gives for each of some items, in their order.

    Raises what `work` raises, and `Cancelled` before the next item where it was cancelled.
    """

    def one(item: S) -> T:
        if progress is not None:
            progress.check()
        return work(item)

    if len(items) < 2:
        return [one(item) for item in items]
    with ThreadPoolExecutor(min(len(items), MOST), thread_name_prefix="search") as threads:
        return list(threads.map(one, items))
