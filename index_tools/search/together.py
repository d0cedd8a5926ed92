"""Work that several threads ask for at the same time is done by one of them, for all.

A picture that is searched here and at a service at once is read in the same ways for both.  Nothing is kept
once it is done: the next to ask begins anew.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(eq=False, slots=True)
class _Making(Generic[T]):
    """What one thread is about to make; empty where that came to nothing."""

    ended: threading.Event = field(default_factory=threading.Event)
    made: list[T] = field(default_factory=list)


class Together(Generic[T]):
    """One kind of work, done for one thing once at a time; any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._under_way: dict[int, _Making[T]] = {}

    def give(self, thing: object, work: Callable[[], T]) -> T:
        """Give what `work` makes of `thing`: what another thread is just making of this very object, if one
        is.  Where the other failed the work is done here.  Raises what the work raises.
        """
        with self._lock:
            other = self._under_way.get(id(thing))
            if other is None:
                mine = self._under_way[id(thing)] = _Making[T]()
        if other is not None:
            other.ended.wait()
            return other.made[0] if other.made else work()
        try:
            mine.made.append(work())
            return mine.made[0]
        finally:
            with self._lock:
                del self._under_way[id(thing)]
            mine.ended.set()
