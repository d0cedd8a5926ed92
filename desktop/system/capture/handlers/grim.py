"""grim, which copies the screen where the compositor speaks wlroots' protocols."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QImage

from desktop.system.capture.geometry import Screen
from desktop.system.capture.handlers.programs import heard
from desktop.system.capture.models import Frozen, Verdict, Way
from desktop.system.errors import CaptureError
from desktop.system.platform import Platform
from index_tools.progress import Progress

#: A logical width is rounded: so many pixels more or less are still the screen's own scale.
_SLACK = 2


class Grim:
    """Asks for each output by its name, uncompressed, at its own scale."""

    way = Way.GRIM
    in_window_thread = False

    def judge(self, platform: Platform) -> Verdict:
        """It fits on wlroots' desktops where it is installed."""
        if not platform.is_wlroots:
            return Verdict(self.way, False, "only for wlroots' desktops (Sway, Hyprland, river, …)")
        if "grim" not in platform.programs:
            return Verdict(self.way, False, "not installed", "Install the package grim")
        return Verdict(self.way, True, "installed, and this desktop lets it copy the screen")

    def grab(self, screens: Sequence[Screen], progress: Progress) -> tuple[Frozen, ...]:
        """Ask for each screen in turn; Qt and grim call them by the same names."""
        return tuple(self._one(screen, progress) for screen in screens)

    def _one(self, screen: Screen, progress: Progress) -> Frozen:
        written = heard(("grim", "-t", "ppm", "-o", screen.name, "-"), progress)
        image = QImage.fromData(written)
        if image.isNull():
            raise CaptureError(f"grim gave no picture of the screen {screen.name}; nothing was captured.")
        image = image.convertToFormat(QImage.Format.Format_RGB32)
        is_own_scale = abs(screen.native_size[0] - image.width()) <= _SLACK
        return Frozen(screen, image, screen.ratio if is_own_scale else image.width() / screen.width)
