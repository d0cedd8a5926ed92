"""What the player asks of its sound."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto
from pathlib import Path

from PySide6.QtCore import QObject, Signal

#: Gives the start and the end of what is played, in seconds, and whether it is played in a circle.
HeardSpan = Callable[[], tuple[float, float, bool]]


class SoundState(Enum):
    """Why there is sound, or none."""

    READY = auto()
    NO_SOUND = auto()
    NO_DEVICE = auto()


class Sound(QObject):
    """The sound of a film; this one is silence, where there is nothing to play or to play it on.

    Every method is called in the GUI thread and returns at once.
    """

    state_changed = Signal(object)

    def open(self, film: Path | None) -> None:
        """Get ready for a film's sound; None for none."""

    def play(self, at_s: float, span: HeardSpan, speed: float) -> None:
        """Be heard from `at_s` on; at the end of the span go on at its start if it is a circle."""

    def halt(self) -> None:
        """Fall silent, at once."""

    def heard_s(self) -> float | None:
        """The time of the film that is heard now; None when nothing is."""
        return None

    def set_muted(self, on: bool) -> None:
        """Whether the sound is off."""

    def set_volume(self, volume: float) -> None:
        """Loudness as people feel it, 0 to 1."""

    def stop(self) -> None:
        """Ask the work to end."""

    def join(self, timeout_s: float) -> bool:
        """Wait for it; False when it still runs."""
        return True
