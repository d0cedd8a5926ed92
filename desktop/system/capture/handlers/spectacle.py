"""Spectacle, KDE's own program for screenshots."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from desktop.system.capture.geometry import Screen
from desktop.system.capture.handlers.pictures import read_image
from desktop.system.capture.handlers.programs import heard, parted
from desktop.system.capture.models import Frozen, Verdict, Way
from desktop.system.platform import Platform
from index_tools.progress import Progress


class Spectacle:
    """Has the whole desktop written to a file of ours: no window, no sound, no notification."""

    way = Way.SPECTACLE
    in_window_thread = False

    def judge(self, platform: Platform) -> Verdict:
        """It fits on KDE's Wayland session where it is installed."""
        if platform.session != "wayland" or "kde" not in platform.desktops:
            return Verdict(self.way, False, "only for KDE on Wayland")
        if "spectacle" not in platform.programs:
            return Verdict(self.way, False, "not installed", "Install Spectacle (kde-spectacle)")
        return Verdict(self.way, True, "installed, and KDE lets it see the screen")

    def grab(self, screens: Sequence[Screen], progress: Progress) -> tuple[Frozen, ...]:
        """Have the desktop photographed, and cut it."""
        with tempfile.TemporaryDirectory(prefix="scenelens-") as folder:
            target = Path(folder) / "desktop.png"
            heard(("spectacle", "-b", "-n", "-f", "-o", str(target)), progress)
            return parted(read_image(target, "Spectacle"), screens, "Spectacle")
