"""What the player asks of its sound."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from desktop.player.scene import Incoming

#: Gives the start and the end of what is played, in seconds, and whether it is played in a circle.
HeardSpan = Callable[[], tuple[float, float, bool]]


class SoundState(Enum):
    """Why there is sound, or none."""

    READY = auto()
    NO_DEVICE = auto()


class Sound(QObject):
    """The sound of a film; this one is silence, where there is nothing to play or to play it on.

    Every method is called in the GUI thread and returns at once.
    """

    state_changed = Signal(object)

    def open(self, film: Path | None, incoming: Incoming | None = None) -> None:
        """Get ready for a film's sound; None for none."""

    def play(self, now_s: Callable[[], float], span: HeardSpan, speed: float) -> None:
        """Be heard from where `now_s` says the picture is; past the span's end, if a circle, at its start."""

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
