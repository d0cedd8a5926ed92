"""Which ways of capture are chosen, by tables of platforms."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from desktop.system.capture.choose import choose
from desktop.system.capture.models import Way
from desktop.system.capture.windows import choose_lister
from desktop.system.errors import CaptureError
from desktop.system.platform import Platform, find_platform
from index_tools.progress import Progress

WAYLAND = Platform("linux", "wayland", "wayland", has_bus=True)
PORTAL = {"Screenshot": 2}


@pytest.mark.parametrize(
    ("platform", "ways"),
    [
        (Platform("linux", "x11", "xcb"), [Way.QT]),
        (Platform("linux", "x11", "xcb", has_bus=True, portals=PORTAL), [Way.QT, Way.PORTAL]),
        (Platform("windows", "native", "windows"), [Way.QT]),
        (Platform("macos", "native", "cocoa"), [Way.QT]),
        (WAYLAND, [Way.NOTHING]),
        (Platform("linux", "wayland", "wayland", ("gnome",), has_bus=True, portals=PORTAL), [Way.PORTAL]),
        # Qt runs on XWayland, the session is Wayland all the same
        (Platform("linux", "wayland", "xcb", ("gnome",), has_bus=True, portals=PORTAL), [Way.PORTAL]),
        (
            Platform("linux", "wayland", "wayland", ("sway",), frozenset({"grim"}), True, PORTAL),
            [Way.GRIM, Way.PORTAL],
        ),
        (Platform("linux", "wayland", "wayland", ("gnome",), frozenset({"grim"})), [Way.NOTHING]),
        (
            Platform("linux", "wayland", "wayland", ("kde",), frozenset({"spectacle"}), True, PORTAL),
            [Way.PORTAL, Way.SPECTACLE],
        ),
        (Platform("linux", "none", "offscreen"), [Way.NOTHING]),
    ],
)
def test_ways(platform: Platform, ways: list[Way]) -> None:
    choice = choose(platform)
    assert [grabber.way for grabber in choice.grabbers] == ways
    assert choice.is_possible is (ways != [Way.NOTHING])
    assert all(verdict.reason for verdict in choice.verdicts)


def test_where_nothing_fits_the_user_is_told_what_to_install() -> None:
    (nothing,) = choose(WAYLAND).grabbers
    with pytest.raises(CaptureError, match="Install xdg-desktop-portal"):
        nothing.grab((), Progress())


def test_windows_are_listed_where_somebody_tells() -> None:
    assert choose_lister(Platform("linux", "x11", "xcb")) is not None
    assert choose_lister(Platform("windows", "native", "windows")) is not None
    assert choose_lister(WAYLAND) is None


@pytest.mark.parametrize(
    ("system", "qt", "environment", "session"),
    [
        ("linux", "xcb", {"DISPLAY": ":0"}, "x11"),
        ("linux", "xcb", {"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}, "wayland"),
        ("linux", "", {"DISPLAY": ":0", "XDG_SESSION_TYPE": "wayland"}, "wayland"),
        ("linux", "offscreen", {"DISPLAY": ":0"}, "none"),
        ("linux", "", {}, "none"),
        ("win32", "windows", {}, "native"),
        ("darwin", "cocoa", {}, "native"),
    ],
)
def test_sessions(system: str, qt: str, environment: Mapping[str, str], session: str) -> None:
    found = find_platform(qt, environment=environment, system=system, which=lambda _name: None)
    assert found.session == session


def test_platform_knows_desktop_programs_and_bus() -> None:
    found = find_platform(
        "wayland",
        {"Screenshot": 2},
        environment={
            "WAYLAND_DISPLAY": "wayland-1", "XDG_CURRENT_DESKTOP": "sway:wlroots",
            "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere",
        },
        system="linux",
        which=lambda name: f"/usr/bin/{name}" if name == "grim" else None,
    )  # fmt: skip
    assert found.desktops == ("sway", "wlroots")
    assert found.programs == {"grim"}
    assert found.has_bus
    assert found.is_wlroots
    assert found.portals == {"Screenshot": 2}
