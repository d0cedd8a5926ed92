"""Which way of starting with the desktop fits a machine."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from desktop.system.autostart.handlers.macos import LaunchAgent
from desktop.system.autostart.handlers.none import NoAutostart
from desktop.system.autostart.handlers.windows import RunKey
from desktop.system.autostart.handlers.xdg import XdgAutostart
from desktop.system.autostart.models import Autostart
from desktop.system.platform import Platform


def choose(
    platform: Platform, command: Sequence[str], environment: Mapping[str, str] = os.environ
) -> Autostart:
    """Give the way of a machine; `command` is the whole command line to be started."""
    home = Path(environment.get("HOME") or Path.home())
    if platform.system == "windows":
        return RunKey(command)
    if platform.system == "macos":
        return LaunchAgent(command, home / "Library" / "LaunchAgents")
    config = Path(environment.get("XDG_CONFIG_HOME") or home / ".config")
    if platform.session == "none" and not platform.desktops:
        return NoAutostart("There is no desktop here that could start programs.")
    return XdgAutostart(command, config / "autostart")
