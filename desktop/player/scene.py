"""What the player plays, and the seams at which it can be taken apart.

`Scene` is the value handed to the player; `Player` is what the window may ask of it; `Clock` is the one
source of time, replaced in tests.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from index_tools.film.container import Bytes

#: A time within this share of a tick of a tick is that tick: floats of seconds carry rounding errors.
_SNAP_TICKS = 0.01


class Incoming(Protocol):
    """An MP4 film that is still on its way.  Who reads it waits for what has not come.

    Both raise Cancelled once the film is not wanted any more.
    """

    def open(self, is_wanted: Callable[[], bool]) -> Bytes:
        """Its bytes from the first on."""
        ...

    def wait(self, is_wanted: Callable[[], bool]) -> None:
        """Wait until all of it is there."""
        ...


@dataclass(frozen=True, slots=True)
class Scene:
    """A range of a film: every frame with `start_s <= time < end_s`, and the matched one at `at_s`.

    Times are seconds from the film's first frame.  A clip out of a film says by `clip_from_s` at which
    time of that film it begins: its times are shown as those of the film.  One that is still on its way is
    read as `incoming`; it will lie at `film`.
    """

    film: Path
    start_s: float
    at_s: float
    end_s: float
    title: str = ""
    clip_from_s: float | None = None
    incoming: Incoming | None = field(default=None, compare=False)

    @property
    def shown_from_s(self) -> float:
        """What is added to a time to show it."""
        return self.clip_from_s or 0.0


@dataclass(frozen=True, slots=True)
class Timeline:
    """Translates between seconds from the first frame and ticks of the film's own time base.

    `time_base` is the length of a tick in seconds; tick 0 is the first frame.
    """

    time_base: Fraction

    def seconds(self, tick: int) -> float:
        """The time of a tick."""
        return float(tick * self.time_base)

    def ticks(self, length_s: float) -> int:
        """The number of ticks nearest to a length of time."""
        return round(length_s / self.time_base)

    def at_or_after(self, at_s: float) -> int:
        """The first tick that is not before `at_s`."""
        exact = float(at_s / self.time_base)
        nearest = round(exact)
        return nearest if abs(exact - nearest) < _SNAP_TICKS else math.ceil(exact)

    def at_or_before(self, at_s: float) -> int:
        """The last tick that is not after `at_s`."""
        exact = float(at_s / self.time_base)
        nearest = round(exact)
        return nearest if abs(exact - nearest) < _SNAP_TICKS else math.floor(exact)


class Clock(Protocol):
    """A steady clock."""

    def now_s(self) -> float:
        """Seconds since some fixed moment; never goes back."""
        ...


class Player(Protocol):
    """What the window may ask of a player."""

    def load(self, scene: Scene) -> None:
        """Show `scene` in place of whatever is loaded, and play it if autoplay is on."""

    def clear(self) -> None:
        """Unload the scene."""

    def play(self) -> None:
        """Go on playing."""

    def pause(self) -> None:
        """Hold at the frame shown."""

    def seek(self, at_s: float) -> None:
        """Show the frame at a time of the film."""

    def step(self, n: int) -> None:
        """Move by `n` frames, back when negative, and hold there."""

    def set_loop(self, on: bool) -> None:
        """Whether the scene starts anew at its end."""

    def set_muted(self, on: bool) -> None:
        """Whether the sound is off."""

    def shutdown(self) -> None:
        """End all work; takes at most 2 s."""
