"""The order in which the program ends, in one place.

Stop accepting, cancel, stop the player, join the workers with a time limit, close the packs, quit.
Each step runs even when an earlier one failed, and a second call does nothing.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

log = logging.getLogger("scenelens.shutdown")

#: Seconds that all workers together may take to end.  A decode step or a graph query ends in well
#: under one; a worker that takes longer is left behind, since it holds nothing that must be saved.
JOIN_LIMIT_S = 5.0


@dataclass(frozen=True, slots=True)
class Step:
    """One step of leaving, with a name for the log."""

    name: str
    act: Callable[[], object]


class Shutdown:
    """Runs the steps once, in order."""

    def __init__(self, steps: tuple[Step, ...]) -> None:
        self._steps = steps
        self._begun = False
        self.failures: list[str] = []

    @property
    def begun(self) -> bool:
        """Whether leaving has begun; nothing new is accepted from then on."""
        return self._begun

    def run(self) -> None:
        """Leave.  A step that fails is logged and does not keep the others from running."""
        if self._begun:
            return
        self._begun = True
        for step in self._steps:
            started = time.monotonic()
            try:
                step.act()
            except Exception:  # the remaining steps must run, whatever this one met
                log.exception("Leaving: %s failed", step.name)
                self.failures.append(step.name)
            log.debug("Leaving: %s took %.0f ms", step.name, (time.monotonic() - started) * 1000)
