"""What the doctor says of capture and global keys."""

from __future__ import annotations

import pytest

from desktop.start.system_findings import examine_system, judge
from desktop.system.platform import Platform


@pytest.mark.parametrize(
    ("platform", "capture", "keys"),
    [
        (Platform("linux", "x11", "xcb"), ("good", "Qt (X11"), ("good", "X11 (the X server")),
        (Platform("windows", "native"), ("good", "Qt (Windows"), ("good", "Windows (Windows")),
        (Platform("macos", "native"), ("good", "Qt (macOS"), ("good", "macOS (macOS")),
        (
            Platform("linux", "wayland", has_bus=True, portals={"Screenshot": 2, "GlobalShortcuts": 1}),
            ("good", "desktop portal (the Screenshot portal answers (version 2))"),
            ("good", "desktop portal (the GlobalShortcuts portal answers (version 1))"),
        ),
        (
            Platform("linux", "wayland", has_bus=True),
            ("limited", "no Screenshot portal answers"),
            ("limited", "no GlobalShortcuts portal answers"),
        ),
        (Platform(), ("limited", "there is no screen"), ("limited", "no X11 session")),
    ],
)
def test_findings_name_the_way_and_why(
    platform: Platform, capture: tuple[str, str], keys: tuple[str, str]
) -> None:
    for finding, (state, words) in zip(judge(platform), (capture, keys), strict=True):
        assert finding.state == state
        assert words in finding.how


def test_remedies_are_given_where_nothing_works() -> None:
    capture, keys = judge(Platform("linux", "wayland", has_bus=True))
    assert "xdg-desktop-portal" in capture.remedy
    assert "scenelens --capture" in keys.remedy


def test_a_bus_that_cannot_be_reached_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/at/all")
    environment = {"WAYLAND_DISPLAY": "wayland-0", "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere/at/all"}
    first, *rest = examine_system(environment, "linux")
    assert first.what == "Desktop portal"
    assert "could not be reached" in first.how
    assert len(rest) == 2
