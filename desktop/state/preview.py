"""Where the preview of the selected hit stands: a value for the window."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from pathlib import Path


class PreviewStage(enum.Enum):
    """Where fetching stands."""

    NONE = "none"
    FETCHING = "fetching"
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
