"""Open a film in the user's own player at a second.

Players that can start at a second are known by name; the one that the desktop has for videos is
preferred, then any that is installed.  Without one the film opens at its beginning, and that is said.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from desktop.system.outside.programs import start_detached

#: How each player is told where to start; {s} is seconds with three places, {ms} milliseconds.
START_OPTIONS: Mapping[str, tuple[str, ...]] = {
    "mpv": ("--start={s}",),
    "celluloid": ("--mpv-start={s}",),
    "vlc": ("--start-time={s}",),
    "haruna": ("--start={s}",),
    "smplayer": ("-start", "{whole}"),
    "mplayer": ("-ss", "{s}"),
    "ffplay": ("-ss", "{s}"),
    "mpc-hc64": ("/start", "{ms}"),
    "mpc-hc": ("/start", "{ms}"),
    "potplayermini64": ("/seek={s}",),
}


@dataclass(frozen=True, slots=True)
class Command:
    """A player that can start at a second: its name and its command line."""

    player: str
    words: tuple[str, ...]


def find_command(film: Path, at_s: float) -> Command | None:
    """Find a player that can start at a second; may take a moment, so call it in a worker."""
    return command_for(film, at_s, default_player(), shutil.which)


def open_film(film: Path, command: Command | None) -> bool:
    """Start the player, or have the desktop open the film from its beginning.  False if neither can."""
    if command is None:
        return QDesktopServices.openUrl(QUrl.fromLocalFile(str(film)))
    return start_detached(*command.words)


def command_for(film: Path, at_s: float, default: str, which: Callable[[str], str | None]) -> Command | None:
    """Choose among the known players that `which` finds, `default` first; None where it finds none."""
    names = sorted(START_OPTIONS, key=lambda name: (name != default, list(START_OPTIONS).index(name)))
    for name in names:
        program = which(name)
        if program:
            times = {"s": f"{at_s:.3f}", "whole": str(int(at_s)), "ms": str(int(at_s * 1000))}
            options = (option.format(**times) for option in START_OPTIONS[name])
            return Command(name, (program, *options, str(film)))
    return None


def default_player() -> str:
    """Give the desktop's player for videos by name, "" where that cannot be told."""
    tool = shutil.which("xdg-mime")
    if tool is None:
        return ""
    try:
        told = subprocess.run(
            [tool, "query", "default", "video/mp4"], capture_output=True, text=True, timeout=2, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    entry = told.stdout.strip().lower()
    return next((name for name in START_OPTIONS if name in entry), "")
