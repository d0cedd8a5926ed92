"""No way of starting with the desktop, and why."""

from __future__ import annotations


class NoAutostart:
    """Stands in where there is none."""

    name = "none"

    def __init__(self, problem: str) -> None:
        self.problem = problem

    def is_on(self) -> bool:
        """Never."""
        return False

    def set_on(self, on: bool) -> None:
        """Nothing can be written.  Raises OSError when it is to be turned on."""
        if on:
            raise OSError(self.problem)
