"""What the machine is, as one frozen value that every capability's choice is made of.

`find_platform` is the only place that looks; what chooses is given the value and looks at nothing else.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

System = Literal["linux", "windows", "macos"]
Session = Literal["x11", "wayland", "native", "none"]

#: Programs that a capability may start.
PROGRAMS = ("grim", "spectacle")

#: Desktops built on wlroots or speaking its protocols, by XDG_CURRENT_DESKTOP in lower case.
WLROOTS = frozenset({"sway", "hyprland", "river", "wayfire", "labwc", "niri", "wlroots"})


@dataclass(frozen=True, slots=True)
class Platform:
    """The system, its session and what is installed; nothing in it changes while the program runs."""

    system: System = "linux"
    session: Session = "none"
    """What windows are shown on: "native" on Windows and macOS, "none" without a screen."""
    qt: str = ""
    """Qt's platform plugin (xcb, wayland, windows, cocoa, offscreen); "" where Qt is not up."""
    desktops: tuple[str, ...] = ()
    """XDG_CURRENT_DESKTOP in lower case: gnome, kde, sway, …"""
    programs: frozenset[str] = frozenset()
    """Those of `PROGRAMS` that are installed."""
    has_bus: bool = False
    """Whether a session bus is named; portals are asked for over it."""
    portals: Mapping[str, int] = field(default_factory=dict)
    """Portal interfaces that answered, by their last word ("Screenshot"), and their versions."""

    @property
    def is_wlroots(self) -> bool:
        """Whether programs may copy the screen by wlroots' protocols."""
        return self.session == "wayland" and not WLROOTS.isdisjoint(self.desktops)


def find_platform(
    qt: str = "",
    portals: Mapping[str, int] | None = None,
    *,
    environment: Mapping[str, str] = os.environ,
    system: str = sys.platform,
    which: Callable[[str], str | None] = shutil.which,
) -> Platform:
    """Look at the environment; `qt` is the name of Qt's platform, `portals` what a worker found out."""
    if system in ("win32", "darwin"):
        name: System = "windows" if system == "win32" else "macos"
        return Platform(name, "none" if qt in ("offscreen", "minimal") else "native", qt)
    desktops = environment.get("XDG_CURRENT_DESKTOP", "").lower().split(":")
    return Platform(
        "linux",
        _session(qt, environment),
        qt,
        tuple(word for word in desktops if word),
        frozenset(program for program in PROGRAMS if which(program)),
        bool(environment.get("DBUS_SESSION_BUS_ADDRESS")) or _has_user_bus(environment),
        portals or {},
    )


def _session(qt: str, environment: Mapping[str, str]) -> Session:
    """Tell X11 from Wayland; a window of Qt on XWayland is X11 to Qt, but the session is Wayland."""
    if qt in ("offscreen", "minimal"):
        return "none"
    if environment.get("WAYLAND_DISPLAY") or environment.get("XDG_SESSION_TYPE") == "wayland":
        return "wayland"
    return "x11" if environment.get("DISPLAY") else "none"


def _has_user_bus(environment: Mapping[str, str]) -> bool:
    """Whether systemd's bus of the user lies where it always does."""
    folder = environment.get("XDG_RUNTIME_DIR", "")
    return bool(folder) and os.path.exists(f"{folder}/bus")  # noqa: PTH110 - a socket, no file to open
