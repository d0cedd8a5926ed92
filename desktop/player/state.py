"""What the player has."""

from __future__ import annotations

from enum import Enum, auto


class State(Enum):
    """Nothing, a film being opened, frames to show, or a reason why not."""

    EMPTY = auto()
    LOADING = auto()
    READY = auto()
    FAILED = auto()
