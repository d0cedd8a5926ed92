"""What the window shows of a question to trace.moe: values alone."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from desktop.lookup.merged import Hit
from desktop.lookup.paces import Waiting
from desktop.lookup.policy import Reason
from desktop.lookup.quota import Cost
from desktop.lookup.remote_answer import RemoteAnswer
from desktop.lookup.service_errors import Trouble

#: Guesses of the service of less similarity are not shown, as with those found here.
LEAST_GUESS = 0.5


class RemoteStage(enum.Enum):
    """Where the question to the service stands."""

    IDLE = "idle"
    QUESTION = "the user is asked whether to ask"
    RUNNING = "running"
    ANSWERED = "answered"
    FAILED = "failed"
    NOT_ASKED = "not asked"


@dataclass(frozen=True, eq=False, slots=True)
class RemoteState:
    """All that the window shows of it.

    `waiting` counts down while a request waits; `failure` is a sentence, `trouble` its kind; `reason` says
    why the service was not asked.  `by_picture` says that the picture itself was sent.  `cost` is what asking
    takes, or is taking, as soon as that is known.
    """

    stage: RemoteStage = RemoteStage.IDLE
    answer: RemoteAnswer | None = None
    waiting: Waiting | None = None
    failure: str = ""
    trouble: Trouble | None = None
    reason: Reason | None = None
    by_picture: bool = False
    cost: Cost | None = None

    @property
    def is_open(self) -> bool:
        """Whether the user may yet decide to ask."""
        return self.stage in (RemoteStage.QUESTION, RemoteStage.NOT_ASKED, RemoteStage.FAILED)

    @property
    def is_busy(self) -> bool:
        """Whether an answer is still to come by itself."""
        return self.stage is RemoteStage.RUNNING


def worth_showing(hit: Hit) -> bool:
    """Whether a hit is more than what the service happened to find nearest."""
    far = hit.remote
    return hit.here is not None or far is None or far.is_match or far.similarity >= LEAST_GUESS


def is_adult(hit: Hit) -> bool:
    """Whether the service says that a hit belongs to an adult work."""
    return hit.remote is not None and hit.remote.anime.is_adult


def is_hidden(hit: Hit, own_pack_id: str) -> bool:
    """Whether a hit is left out as belonging to an adult work; a film of the user's own never is.

    Own is what was added to the own pack, at hand or not, and what lies on this machine.
    """
    here = hit.here
    is_own = here is not None and (here.film is not None or here.pack_id == own_pack_id)
    return is_adult(hit) and not is_own


def is_same_scene(one: Hit, other: Hit) -> bool:
    """Whether two hits of different states of a search mean the same scene."""
    if one.here is not None and other.here is not None:
        return (one.here.pack_id, one.here.video_number, one.here.shot) == (
            other.here.pack_id, other.here.video_number, other.here.shot
        )  # fmt: skip
    if one.remote is not None and other.remote is not None:
        return one.remote.scene == other.remote.scene
    return False
