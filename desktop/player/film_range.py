"""A stretch of an open film: which frames it has, as far as they are in the store."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from desktop.player.clock import PlayTime
from desktop.player.film_file import FilmFacts
from desktop.player.frame_store import FrameStore, StoredFrame

#: Later than this, playing goes on from where it is instead of leaving out frames, in s.
_TOO_LATE_S = 0.5
#: A film that ends this much before its scene has lost a part, in s.
_EARLY_S = 1.0
#: A frame is worth decoding anew when it could be larger by more than this factor.
_COARSE = 1.2


@dataclass(frozen=True, slots=True)
class FilmRange:
    """The frames with `start <= tick < end` of a film; None in an answer means: not in the store (yet)."""

    facts: FilmFacts
    store: FrameStore
    start: int
    end: int

    def shown_at(self, at_s: float) -> StoredFrame | None:
        """The frame shown at a time, brought into the range."""
        tick = min(max(self.facts.timeline.at_or_before(at_s), self.start), self.end - 1)
        return self.store.shown_at(tick, self.start, self.end)

    def first(self) -> StoredFrame | None:
        """The first frame."""
        return self.store.shown_at(self.start, self.start, self.end)

    def last(self) -> StoredFrame | None:
        """The last frame."""
        frame = self.store.shown_at(self.end - 1, self.start, self.end)
        return frame if frame is not None and self.is_last(frame) else None

    def following(self, frame: StoredFrame) -> StoredFrame | None:
        """The frame after another."""
        following = self.store.after(frame)
        return following if following is not None and following.tick < self.end else None

    def preceding(self, frame: StoredFrame) -> StoredFrame | None:
        """The frame before another."""
        preceding = self.store.before(frame)
        return preceding if preceding is not None and preceding.tick >= self.start else None

    def is_last(self, frame: StoredFrame) -> bool:
        """Whether it is known that no frame follows."""
        return self.store.nothing_after(frame, self.end)

    def is_first(self, frame: StoredFrame) -> bool:
        """Whether it is known that no frame precedes."""
        return frame.tick <= self.start or self.store.nothing_in(self.start, frame.tick)

    def knows_next(self, frame: StoredFrame) -> bool:
        """Whether the frame that follows is there, or there is none."""
        return self.following(frame) is not None or self.is_last(frame)

    def is_empty(self) -> bool:
        """Whether it is known that the film has no frame here."""
        return self.store.nothing_in(self.start, self.end)

    def at_s(self, frame: StoredFrame) -> float:
        """The time of a frame."""
        return self.facts.timeline.seconds(frame.tick)

    def until_s(self, frame: StoredFrame) -> float:
        """The time at which a frame gives way to the next."""
        return self.facts.timeline.seconds(self.store.end_of(frame))

    def ends_early(self, last: StoredFrame, end_s: float) -> bool:
        """Whether the film ends with its last frame, much before it should."""
        return end_s - self.until_s(last) > _EARLY_S

    def is_coarse(self, frame: StoredFrame, width: int, height: int) -> bool:
        """Whether a frame is kept much smaller than the film could fill a view of that many pixels."""
        have = frame.pixels.width if frame.quarter_turns % 2 == 0 else frame.pixels.height
        could = min(self.facts.width, width, height * self.facts.width / self.facts.height)
        return could > have * _COARSE


class Next(Enum):
    """What comes after the frame that is due now."""

    FRAME = auto()
    END = auto()
    MISSING = auto()


def due_frame(
    film: FilmRange, shown: StoredFrame, time: PlayTime, *, leave_out: bool
) -> tuple[StoredFrame, Next]:
    """The frame to show now that `shown` is on the screen, and whether its own time is up, too.

    Frames whose time has passed are left out, but never the last of the range.  After a standstill none
    is and the time is set back instead, unless there is sound to keep up with (`leave_out`).
    """
    while time.now_s() >= film.until_s(shown):
        following = film.following(shown)
        if following is None:
            return shown, Next.END if film.is_last(shown) else Next.MISSING
        late_s = time.now_s() - film.until_s(shown)
        shown = following
        missed = time.now_s() >= film.until_s(shown) and film.is_last(shown)
        if missed or (late_s > _TOO_LATE_S and not leave_out):
            time.shift(film.at_s(shown) - time.now_s())
    return shown, Next.FRAME
