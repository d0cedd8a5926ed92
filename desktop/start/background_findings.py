"""What the doctor says of life in the background: tray, clipboard, start with the desktop, menus."""

from __future__ import annotations

from desktop.start.findings import Finding
from desktop.start.own_command import own_command
from desktop.system import autostart, integrate
from desktop.system.clipboard.choose import choose as choose_watch
from desktop.system.platform import Platform, find_platform
from desktop.system.tray.choose import GNOME


def examine_background() -> tuple[Finding, ...]:
    """Look at this machine; the tray itself can only be asked by a running window."""
    platform = find_platform()
    return _tray(platform), _clipboard(platform), _start(platform), _menus(platform)


def _tray(platform: Platform) -> Finding:
    if platform.session == "none":
        return Finding("limited", "Tray", "there is no screen")
    if "gnome" in platform.desktops:
        return Finding("limited", "Tray", "GNOME shows none by itself; closing the window quits", GNOME)
    return Finding("good", "Tray", "used whenever the desktop shows one")


def _clipboard(platform: Platform) -> Finding:
    problem = choose_watch(platform).problem
    if problem:
        return Finding("limited", "Offering copied pictures", problem)
    return Finding("good", "Offering copied pictures", "possible; off unless turned on")


def _start(platform: Platform) -> Finding:
    chosen = autostart.choose(platform, own_command("--background"))
    if chosen.problem:
        return Finding("limited", "Start with the desktop", chosen.problem)
    return Finding("good", "Start with the desktop", f"{'on' if chosen.is_on() else 'off'} ({chosen.name})")


def _menus(platform: Platform) -> Finding:
    entries = integrate.choose(platform, own_command(), integrate.Place.of_user())
    entered = [entry.name for entry in entries if entry.is_installed()]
    if entered:
        return Finding("good", "Find this scene in menus, links", ", ".join(entered))
    return Finding(
        "good", "Find this scene in menus, links", "not entered; `scenelens integrate` enters them"
    )
