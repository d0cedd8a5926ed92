"""Decodes sound ahead of where it is heard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from desktop.player.aim import Aim, Job
from desktop.player.decoding import Decoding
from desktop.player.pcm import BLOCK, RATE_HZ, PcmStore
from desktop.player.sound_source import SoundSource

if TYPE_CHECKING:
    from desktop.player.pcm import Samples

#: Blocks decoded ahead.
_AHEAD = 16


class SoundDecoding(Decoding):
    """Fills a store of samples for each job; `on_opened(generation, store)` comes from the thread.

    The store is None when `prepare`, called on the thread, finds nothing to play on.  A film whose sound
    cannot be decoded is silent: its picture tells of the trouble.
    """

    def __init__(
        self, on_opened: Callable[[int, PcmStore | None], None], prepare: Callable[[], bool]
    ) -> None:
        super().__init__("scene sound")
        self._prepare = prepare
        self._on_opened = on_opened
        self._source: SoundSource | None = None
        self._store = PcmStore()
        self._runs: Iterator[tuple[int, Samples] | None] | None = None
        self._block = 0  # the block being put together
        self._parts: dict[int, Samples] = {}

    def _open(self, job: Job) -> None:
        self._close()
        self._store = PcmStore()
        if not self._prepare():
            self._tell(self._on_opened, job.generation, None)
            return
        try:
            if job.incoming is not None:  # sound often lies behind the pictures
                job.incoming.wait(lambda: self._wants(job))
            self._source = SoundSource(job.film, self._bytes_of(job))
        except Exception:  # noqa: BLE001 - the frames of the same film tell what is wrong with it
            self._store.end_at(0)
        self._tell(self._on_opened, job.generation, self._store)

    def _work(self, job: Job, aim: Aim) -> bool:
        if self._source is None:
            return False
        wanted = self._wanted(aim)
        if wanted is None:
            return False
        if self._runs is None or wanted != self._block:
            self._runs = self._source.samples_from(wanted * BLOCK)
            self._block, self._parts = wanted, {}
        try:
            run = next(self._runs)
        except Exception:  # noqa: BLE001 - the end, or as far as can be read: silence from there on
            self._finish(self._block)
            self._store.end_at(self._block)
            self._runs = None
            return True
        if run is not None:
            self._put(*run)
        return True

    def _wanted(self, aim: Aim) -> int | None:
        here = _block_of(aim.playhead_s)
        last = here + _AHEAD if aim.end_s is None else min(here + _AHEAD, _block_of(aim.end_s))
        for number in range(here, last + 1):
            if not self._store.has(number):
                return number
        start = _block_of(aim.start_s)
        for number in range(start, min(here, start + _AHEAD)) if aim.around else ():
            if not self._store.has(number):
                return number
        return None

    def _put(self, start: int, run: Samples) -> None:
        """Lay a run of samples into its blocks, and finish those that lie before its end."""
        import numpy as np

        end = start + len(run)
        at = max(start, self._block * BLOCK)
        while at < end:
            number, offset = divmod(at, BLOCK)
            part = self._parts.setdefault(number, np.zeros((BLOCK, 2), np.int16))
            count = min(BLOCK - offset, end - at)
            part[offset : offset + count] = run[at - start : at - start + count]
            at += count
        while self._block < end // BLOCK:
            self._finish(self._block)
            self._block += 1

    def _finish(self, number: int) -> None:
        import numpy as np

        self._store.add(number, self._parts.pop(number, np.zeros((BLOCK, 2), np.int16)))

    def _close(self) -> None:
        self._runs = None
        if self._source is not None:
            self._source.close()
            self._source = None


def _block_of(at_s: float) -> int:
    return max(0, int(at_s * RATE_HZ) // BLOCK)
