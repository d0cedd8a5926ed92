"""Tests see no screen; those marked `x11` get a private X server for their child processes."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from build_spec.with_display import private_display

# Before anything imports Qt.
os.environ["QT_QPA_PLATFORM"] = "offscreen"
for _variable in ("DISPLAY", "WAYLAND_DISPLAY"):
    os.environ.pop(_variable, None)


@pytest.fixture(scope="session")
def x_server() -> Iterator[dict[str, str]]:
    """One X server with openbox for all tests that ask for it; its environment variables."""
    try:
        with private_display() as variables:
            yield variables
    except FileNotFoundError as missing:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(missing))


@pytest.fixture(autouse=True)
def x11_environment(
    request: pytest.FixtureRequest, own_folders: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lead the child processes of tests marked `x11` to the X server."""
    if request.node.get_closest_marker("x11") is None:
        return
    if "qapp" in request.fixturenames:
        pytest.fail("a test marked x11 drives child processes; qtbot and qapp are bound to offscreen")
    variables: dict[str, str] = request.getfixturevalue("x_server")
    monkeypatch.setenv("DISPLAY", variables["DISPLAY"])
    monkeypatch.setenv("XDG_SESSION_TYPE", "x11")
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
