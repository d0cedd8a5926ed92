"""What the window shows of the work that the selected scene belongs to: values alone."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from desktop.state.work import Work


class DetailsStage(enum.Enum):
    """Where the lookup stands; `BARE` when there is nobody to ask, or nothing that is known there."""

    NONE = "none"
    LOADING = "loading"
    BARE = "bare"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class DetailsState:
    """`work` is what is known so far; `text` a sentence on what is missing.

    `facts` are of the file itself, name and value; `has_cover` says that one is to be expected.
    """

    stage: DetailsStage = DetailsStage.NONE
    work: Work | None = None
    text: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    has_cover: bool = False
