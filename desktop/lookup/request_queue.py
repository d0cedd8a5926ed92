"""One queue for all requests of the program, so that no limit of a service is ever broken."""

from __future__ import annotations

import enum
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from index_tools.progress import Progress


class Kind(enum.Enum):
    """Kinds of requests, each with its own pace; those of trace.moe also share one."""

    SEARCH = "search"
    QUOTA = "quota"
    PREVIEW = "preview"
    ANILIST = "anilist"


@dataclass(frozen=True, slots=True)
class Waiting:
    """Told through `Progress` of an operation (`Telling.tell`) about once a second while a request waits.

    `left_s` counts down; None where nobody knows.  `why` is a sentence.
    """

    left_s: float | None
    why: str


class Turns(Protocol):
    """The queue as those who send requests see it; thread-safe."""

    def turn(
        self, kind: Kind, progress: Progress, told: Callable[[Waiting], None]
    ) -> AbstractContextManager[None]:
        """Wait for one's turn and hold it while the request runs.  Raises `Cancelled`."""

    def hold(self, kind: Kind, seconds: float, why: str) -> None:
        """Let no request of this kind (and of those that share its limit) go for so long."""
