"""Sound in memory: 48 kHz stereo, in blocks of half a second.  Filled by one thread, read by another."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Samples = NDArray[np.int16]

#: Samples a second of everything that is played.
RATE_HZ = 48_000
#: Samples of a block.
BLOCK = RATE_HZ // 2
#: Blocks kept, two minutes in 23 MB.
_MOST_BLOCKS = 240


class PcmStore:
    """Blocks of samples, int16 (BLOCK, 2), numbered from the film's first frame on."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._blocks: dict[int, Samples] = {}
        self._end: int | None = None

    def add(self, number: int, block: Samples) -> None:
        """Keep a block; beyond the limit the one farthest from it is forgotten."""
        with self._lock:
            self._blocks[number] = block
            if len(self._blocks) > _MOST_BLOCKS:
                del self._blocks[max(self._blocks, key=lambda other: abs(other - number))]

    def end_at(self, number: int) -> None:
        """There is only silence from this block on."""
        with self._lock:
            self._end = number if self._end is None else min(self._end, number)

    def has(self, number: int) -> bool:
        """Whether a block is known."""
        with self._lock:
            return number in self._blocks or (self._end is not None and number >= self._end)

    def read(self, start: int, length: int) -> Samples | None:
        """Samples int16 (length, 2) from sample `start` on; None when a part of them is not known yet."""
        import numpy as np

        result = np.zeros((length, 2), np.int16)
        at = start
        while at < start + length:
            number, offset = divmod(at, BLOCK)
            count = min(BLOCK - offset, start + length - at)
            with self._lock:
                block = self._blocks.get(number)
                silent = self._end is not None and number >= self._end
            if block is not None:
                result[at - start : at - start + count] = block[offset : offset + count]
            elif not silent:
                return None
            at += count
        return result
