"""A private session bus for the tests that ask for it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from os import environ

import pytest

from tests.standins.portals import private_bus


@pytest.fixture(scope="session")
def bus_address() -> Iterator[str]:
    if shutil.which("dbus-daemon") is None:
        if environ.get("CI"):
            pytest.fail("dbus-daemon is not installed")
        pytest.skip("dbus-daemon is not installed; `make setup` installs it")
    with private_bus() as address:
        yield address


@pytest.fixture
def bus(bus_address: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of the bus, which the program under test is led to."""
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus_address)
    return bus_address
