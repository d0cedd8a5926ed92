"""What speaks for and against each way of binding global keys, from the platform alone."""

from __future__ import annotations

from desktop.system.hotkey.models import Verdict, Way
from desktop.system.platform import Platform

_PORTAL_REMEDY = (
    "Bind `scenelens --capture` to a key in the desktop's own keyboard settings, or use a desktop whose "
    "portal has global shortcuts (KDE Plasma 6, GNOME 48, Hyprland)"
)


def judge_all(platform: Platform) -> tuple[Verdict, ...]:
    """The ways in order of preference."""
    return _x11(platform), _portal(platform), _windows(platform), _macos(platform)


def _x11(platform: Platform) -> Verdict:
    if platform.session == "x11":
        return Verdict(Way.X11, True, "the X server grabs keys for programs")
    if platform.session == "wayland":
        reason = "under Wayland, X11's keys reach only X11's own windows"
        return Verdict(Way.X11, False, reason)
    return Verdict(Way.X11, False, "this is no X11 session")


def _portal(platform: Platform) -> Verdict:
    version = platform.portals.get("GlobalShortcuts", 0)
    if platform.session != "wayland":
        return Verdict(Way.PORTAL, False, "only needed on Wayland")
    if not version:
        reason = "no GlobalShortcuts portal answers" if platform.has_bus else "there is no session bus"
        return Verdict(Way.PORTAL, False, reason, _PORTAL_REMEDY)
    return Verdict(Way.PORTAL, True, f"the GlobalShortcuts portal answers (version {version})")


def _windows(platform: Platform) -> Verdict:
    fits = platform.system == "windows" and platform.session == "native"
    return Verdict(Way.WINDOWS, fits, "Windows registers keys" if fits else "this is not Windows")


def _macos(platform: Platform) -> Verdict:
    fits = platform.system == "macos" and platform.session == "native"
    return Verdict(Way.MACOS, fits, "macOS registers keys" if fits else "this is not macOS")
