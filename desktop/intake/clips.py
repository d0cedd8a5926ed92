"""Animations and films as something to choose a frame from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from index_tools.progress import Progress

if TYPE_CHECKING:
    from index_tools.moments import Moments
    from index_tools.picture import Picture

#: Films up to this length are searched as a whole; so much is read of an animation too.  In seconds.
LONGEST_WHOLE_S = 30.0
#: Of a longer film so many seconds around the chosen frame are searched together.
AROUND_S = 10.0
#: Longest side of a frame taken from a film; the descriptor needs far less, the eye not more.
LARGEST_SIDE = 1280


@dataclass(frozen=True, eq=False, slots=True)
class Animation:
    """An animated GIF, WebP, AVIF or PNG; positions are frame numbers."""

    source: Path | bytes
    origin: str
    frames: int

    @property
    def length(self) -> float:
        """The number of the last frame."""
        return float(self.frames - 1)

    @property
    def step(self) -> float:
        """One frame."""
        return 1.0

    @property
    def counts_seconds(self) -> bool:
        """Positions are frame numbers."""
        return False

    @property
    def is_short(self) -> bool:
        """Animations are searched as a whole."""
        return True

    def picture_at(self, position: float) -> Picture:
        """Decode one frame."""
        from index_tools.picture import read_picture

        number = min(max(round(position), 0), self.frames - 1)
        return read_picture(self.source, origin=self.origin, frame=number)

    def moments_at(self, position: float, progress: Progress) -> tuple[Moments, float]:
        """All of the animation, wherever the position is."""
        from index_tools.moments import read_moments  # brings OpenCV, which must not hold the window up

        moments = read_moments(self.source, progress, origin=self.origin)
        return moments, float(moments.middle.number)


@dataclass(frozen=True, eq=False, slots=True)
class FilmClip:
    """A film file; positions are seconds."""

    path: Path
    duration_s: float
    fps: float

    @property
    def origin(self) -> str:
        """The file's name."""
        return self.path.name

    @property
    def length(self) -> float:
        """The time of the last frame."""
        return max(self.duration_s - self.step, 0.0)

    @property
    def step(self) -> float:
        """The mean distance of two frames, in seconds."""
        return 1.0 / self.fps if self.fps > 0 else 1 / 24

    @property
    def counts_seconds(self) -> bool:
        """Positions are seconds."""
        return True

    @property
    def is_short(self) -> bool:
        """Whether it lasts no longer than what is searched as a whole."""
        return 0 < self.duration_s <= LONGEST_WHOLE_S

    def picture_at(self, position: float) -> Picture:
        """Decode the frame shown at a time."""
        from index_tools.film import read_frame  # brings PyAV, which must not hold the window up

        return read_frame(self.path, min(max(position, 0.0), self.length), max_side=LARGEST_SIDE)

    def moments_at(self, position: float, progress: Progress) -> tuple[Moments, float]:
        """The whole film, or `AROUND_S` with the position in their middle."""
        from index_tools.moments import read_moments

        start_s, longest_s = 0.0, LONGEST_WHOLE_S
        if not self.is_short:
            start_s = min(max(position - AROUND_S / 2, 0.0), max(self.length - AROUND_S, 0.0))
            longest_s = AROUND_S
        moments = read_moments(self.path, progress, start_s=start_s, longest_s=longest_s)
        return moments, start_s + moments.middle.at_s
