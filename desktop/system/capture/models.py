"""Ways to a picture of the screens: what they give, what they say of themselves, in which order."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtGui import QImage

from desktop.system.capture.geometry import Screen
from desktop.system.platform import Platform
from index_tools.progress import Progress


class Way(enum.Enum):
    """How the screens are photographed, in order of preference where several fit."""

    QT = "Qt"
    PORTAL = "desktop portal"
    GRIM = "grim"
    SPECTACLE = "Spectacle"
    NOTHING = "none"


@dataclass(frozen=True, eq=False, slots=True)
class Frozen:
    """One screen as it was: its pixels, and how many of them make a logical one.

    The image's own device pixel ratio is 1; `ratio` differs from the screen's where a compositor painted
    the whole desktop at one scale.
    """

    screen: Screen
    image: QImage
    ratio: float

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in native pixels."""
        return self.image.width(), self.image.height()


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a way will do on a platform; why, and what would have to be done where it will not."""

    way: Way
    fits: bool
    reason: str
    remedy: str = ""


class Grabber(Protocol):
    """One way to photograph the screens."""

    way: Way
    in_window_thread: bool
    """Whether `grab` must be called in the window's thread, and is quick; otherwise in a worker."""

    def judge(self, platform: Platform) -> Verdict:
        """Say whether it fits, from the platform alone."""

    def grab(self, screens: Sequence[Screen], progress: Progress) -> tuple[Frozen, ...]:
        """Photograph every screen, in the order given.

        Raises CaptureError, CaptureDeniedError, Cancelled.
        """
