"""The nouns of a query: what was given, how it was read, what was found."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from desktop.lookup.merged import Hit, merge
from desktop.state.remote import RemoteState, is_hidden, worth_showing
from desktop.state.series import Series
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
    within: Series | None = None
    """The series or film that alone is searched, None for all."""

    @property
    def is_askable(self) -> bool:
        """Whether the service, which knows series by AniList's numbers, can be kept to what is searched."""
        return self.within is None or self.within.number > 0

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
    own_pack_id: str = ""
    """The pack of the films that the user has added."""


class Stage(enum.Enum):
    """Where the current search stands."""

    EMPTY = "empty"
    READING = "reading"
    SEARCHING = "searching"
    LOOKING = "looking"
    """Nothing was found at first sight, and the first scenes are looked at more closely."""
    ANSWERED = "answered"
    NO_MATCH = "no match"
    FAILED = "failed"

    @property
    def is_busy(self) -> bool:
        """Whether something is still to come by itself."""
        return self in (Stage.READING, Stage.SEARCHING, Stage.LOOKING)


@dataclass(frozen=True, eq=False)
class SearchState:
    """All that the window shows of the current search; the list is made of its parts at the first look."""

    stage: Stage = Stage.EMPTY
    origin: str = ""
    query: Query | None = None
    found: Found | None = None
    selected: int | None = None
    failure: str = ""
    error: SceneLensError | None = None
    chosen_by_hand: bool = False
    remote: RemoteState = field(default_factory=RemoteState)
    show_adult: bool = False

    @property
    def is_busy(self) -> bool:
        """Whether something is still to come by itself, from here or from the service."""
        return self.stage.is_busy or self.remote.is_busy

    @property
    def is_within(self) -> bool:
        """Whether one series alone is searched."""
        return self.query is not None and self.query.within is not None

    @property
    def matches(self) -> tuple[Match, ...]:
        """What was found here, most similar first; those that are no more than guesses come last."""
        return self.found.answer.matches if self.found else ()

    @cached_property
    def all_hits(self) -> tuple[Hit, ...]:
        """What was found here and by the service, in one list, claims first."""
        hits = merge(self.found.answer if self.found else None, self.remote.answer)
        return tuple(hit for hit in hits if worth_showing(hit))

    @cached_property
    def hits(self) -> tuple[Hit, ...]:
        """The list without what belongs to adult works, unless the user wants to see those or has them."""
        return tuple(hit for hit in self.all_hits if self.show_adult or not is_hidden(hit, self._own))

    @property
    def hidden(self) -> int:
        """How many hits are left out as belonging to adult works."""
        return 0 if self.show_adult else sum(is_hidden(hit, self._own) for hit in self.all_hits)

    @property
    def _own(self) -> str:
        return self.found.own_pack_id if self.found is not None else ""

    @property
    def hit(self) -> Hit | None:
        """The selected hit."""
        hits = self.hits
        return hits[self.selected] if self.selected is not None and 0 <= self.selected < len(hits) else None

    @property
    def match(self) -> Match | None:
        """The selected match, where it was found here."""
        hit = self.hit
        return hit.here if hit is not None else None

    def thumbnail(self, hit: Hit) -> bytes | None:
        """Give the WebP that a pack has of a hit's scene, None where it has none."""
        if self.found is None or hit.here is None:
            return None
        pairs = zip(self.matches, self.found.thumbnails, strict=False)
        return next((data for match, data in pairs if match is hit.here), None)

    @property
    def claimed(self) -> int:
        """How many hits are claimed to be the scene."""
        return sum(hit.is_match for hit in self.hits)
