"""Animations and films as something to choose a frame from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index_tools.picture import Picture

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

    def picture_at(self, position: float) -> Picture:
        """Decode one frame."""
        from index_tools.picture import read_picture

        number = min(max(round(position), 0), self.frames - 1)
        return read_picture(self.source, origin=self.origin, frame=number)


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

    def picture_at(self, position: float) -> Picture:
        """Decode the frame shown at a time."""
        from index_tools.film import read_frame  # brings PyAV, which must not hold the window up

        return read_frame(self.path, min(max(position, 0.0), self.length), max_side=LARGEST_SIDE)
