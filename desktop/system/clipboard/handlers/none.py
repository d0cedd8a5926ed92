"""No watch, and why."""

from __future__ import annotations

from collections.abc import Callable


class NoWatch:
    """Stands in where the clipboard cannot be watched."""

    name = "none"

    def __init__(self, problem: str) -> None:
        self.problem = problem

    def start(self, copied: Callable[[], None]) -> None:
        """Watch nothing."""

    def stop(self) -> None:
        """Nothing is watched."""
