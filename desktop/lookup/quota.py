"""The quota: how many searches the service still answers today, as a plain value."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Quota:
    """`used` of `limit` searches in the last 24 hours, as of Unix time `at_s`.

    `concurrency` searches may run at a time.
    """

    limit: int
    used: int
    at_s: float
    concurrency: int = 1

    @property
    def left(self) -> int:
        """Searches that are left."""
        return max(0, self.limit - self.used)

    def after(self, cost: int) -> Quota:
        """The quota when a search of so many vectors was answered."""
        return replace(self, used=self.used + cost)
