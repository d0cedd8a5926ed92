"""No way at all, so that no desktop is an error."""

from __future__ import annotations

from collections.abc import Sequence

from desktop.system.capture.geometry import Screen
from desktop.system.capture.models import Frozen, Verdict, Way
from desktop.system.errors import CaptureError
from desktop.system.platform import Platform
from index_tools.progress import Progress


class Nothing:
    """Says that the screen cannot be captured here, and what would help."""

    way = Way.NOTHING
    in_window_thread = True

    def __init__(self, remedy: str = "") -> None:
        self._remedy = remedy

    def judge(self, platform: Platform) -> Verdict:
        """It always fits, and is never wanted."""
        return Verdict(self.way, True, "nothing else fits", self._remedy)

    def grab(self, screens: Sequence[Screen], progress: Progress) -> tuple[Frozen, ...]:
        """Raise CaptureError."""
        remedy = self._remedy or "Take a screenshot with the desktop's own key and paste it here"
        raise CaptureError(f"The screen cannot be captured from here. {remedy}.")
