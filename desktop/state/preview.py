"""Where the preview of the selected hit stands: a value for the window."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from pathlib import Path


class PreviewStage(enum.Enum):
    """Where fetching stands."""

    NONE = "none"
    FETCHING = "fetching"
    PLAYING = "playing while the rest comes"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class PreviewState:
    """`text` is the sentence on why there is none, or why it takes long.

    `own_copy` is the very episode on this machine, where there is one.
    """

    stage: PreviewStage = PreviewStage.NONE
    text: str = ""
    own_copy: Path | None = None

    @property
    def is_coming(self) -> bool:
        """Whether the preview, or the rest of it, is still on its way."""
        return self.stage in (PreviewStage.FETCHING, PreviewStage.PLAYING)

    @property
    def can_be_seen(self) -> bool:
        """Whether the player shows it."""
        return self.stage in (PreviewStage.PLAYING, PreviewStage.READY)
