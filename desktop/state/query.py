"""The nouns of a query: what was given, how it was read, what was found."""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from index_tools.errors import SceneLensError
from index_tools.nouns import Answer, Match
from index_tools.progress import Progress

if TYPE_CHECKING:
    from index_tools.moments import Moments
    from index_tools.picture import Picture

Box = tuple[int, int, int, int]
"""left, top, right, bottom in the pixels of the query's picture."""


class Clip(Protocol):
    """Moving pictures that a frame is chosen from.  Positions count seconds, or frames of an animation."""

    @property
    def origin(self) -> str:
        """Name for the user."""

    @property
    def length(self) -> float:
        """The last position."""

    @property
    def step(self) -> float:
        """Distance of two frames."""

    @property
    def counts_seconds(self) -> bool:
        """Whether positions are seconds; otherwise frame numbers."""

    @property
    def is_short(self) -> bool:
        """Whether it is searched as a whole; of a longer one only the seconds around a position are."""

    def picture_at(self, position: float) -> Picture:
        """Decode the frame shown at a position; called in a worker.  Raises SceneLensError."""

    def moments_at(self, position: float, progress: Progress) -> tuple[Moments, float]:
        """Read the clip, or the seconds around a position, to be searched together; and say the position of
        the moment in its middle.  Called in a worker.  Raises SceneLensError, `Cancelled`.
        """


@dataclass(frozen=True, eq=False, slots=True)
class Query:
    """What is being searched: a picture, and the clip that it is a frame of, if any.

    With `moments` these are searched together, and the picture is the one in their middle.
    """

    picture: Picture
    origin: str
    clip: Clip | None = None
    position: float = 0.0
    note: str = ""
    """What the user should know of how it was read, "" mostly."""
    region: Box | None = None
    """The part that the user marked to be searched alone."""
    moments: Moments | None = None

    @property
    def searched(self) -> Picture:
        """The picture that is searched: the whole, or the marked part."""
        return self._marked(self.picture)

    @property
    def searched_moments(self) -> Moments | None:
        """The moments that are searched together: each whole, or the marked part of each."""
        if self.moments is None or self.region is None:
            return self.moments
        parts = (replace(moment, picture=self._marked(moment.picture)) for moment in self.moments.all)
        return replace(self.moments, all=tuple(parts))

    def _marked(self, picture: Picture) -> Picture:
        if self.region is None:
            return picture
        from index_tools.picture import Picture

        left, top, right, bottom = self.region
        return Picture.of(picture.rgb[top:bottom, left:right].copy(), picture.origin)


@dataclass(frozen=True, eq=False, slots=True)
class Found:
    """What a search brings home: the answer, a WebP for each match that has one, the box that was read."""

    answer: Answer
    thumbnails: tuple[bytes | None, ...] = ()
    boxes: tuple[tuple[str, Box], ...] = ()
    first_ms: float = 0.0
    """How long the first answer took, before it was sharpened."""


class Stage(enum.Enum):
    """Where the current search stands."""

    EMPTY = "empty"
    READING = "reading"
    SEARCHING = "searching"
    ANSWERED = "answered"
    NO_MATCH = "no match"
    FAILED = "failed"

    @property
    def is_busy(self) -> bool:
        """Whether something is still to come by itself."""
        return self in (Stage.READING, Stage.SEARCHING)


@dataclass(frozen=True, eq=False, slots=True)
class SearchState:
    """All that the window shows of the current search."""

    stage: Stage = Stage.EMPTY
    origin: str = ""
    query: Query | None = None
    found: Found | None = None
    selected: int | None = None
    failure: str = ""
    error: SceneLensError | None = None
    chosen_by_hand: bool = False

    @property
    def matches(self) -> tuple[Match, ...]:
        """The matches, most similar first; those that are no more than guesses come last."""
        return self.found.answer.matches if self.found else ()

    @property
    def match(self) -> Match | None:
        """The selected match."""
        if self.selected is None or not 0 <= self.selected < len(self.matches):
            return None
        return self.matches[self.selected]

    @property
    def claimed(self) -> int:
        """How many matches the engine stands for."""
        return sum(match.is_match for match in self.matches)
