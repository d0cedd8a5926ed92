"""Why a service gave no answer, told apart as its documents tell it apart."""

from __future__ import annotations

import enum

from index_tools.errors import SceneLensError


class Trouble(enum.Enum):
    """Kinds of trouble with a service."""

    UNREACHABLE = "unreachable"
    """No connection, no name, a refused certificate."""
    TOO_SLOW = "too slow"
    NOT_UNDERSTOOD = "not understood"
    """An answer that is not what the service documents."""
    QUOTA_ENDED = "quota ended"
    BUSY = "busy"
    """Another search runs, the queue is full, or the service restarts; repeating later helps."""
    TOO_MANY = "too many requests"
    BAD_KEY = "bad key"
    REFUSED = "refused"
    """The service does not take what was sent."""
    EXPIRED = "expired"
    """A preview's address; repeating the search renews it."""
    GONE = "gone"
    """A preview's file is no longer there."""
    FAILED = "failed"
    """The service failed."""


class RemoteError(SceneLensError):
    """A service that gave no answer; `wait_s` is how long to wait before trying again, if it is known."""

    def __init__(self, sentence: str, trouble: Trouble, wait_s: float | None = None) -> None:
        super().__init__(sentence)
        self.trouble = trouble
        self.wait_s = wait_s
