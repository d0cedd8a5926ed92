from __future__ import annotations

import shutil
import sys
from contextlib import suppress
from pathlib import Path
from types import ModuleType

import pytest

from desktop.player import device
from desktop.player.device import QtDevice, may_have_sound


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A session in which no sound server runs, and none could be started."""
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    return {"XDG_RUNTIME_DIR": str(tmp_path)}


@pytest.mark.parametrize("socket", ["pulse/native", "pipewire-0"])
def test_a_sound_server_listens_at_its_socket(
    environment: dict[str, str], tmp_path: Path, socket: str
) -> None:
    if Path("/run/pulse/native").exists():
        pytest.skip("a sound server of the whole machine runs here")
    assert not may_have_sound("linux", environment)
    (tmp_path / socket).parent.mkdir(exist_ok=True)
    (tmp_path / socket).touch()
    assert may_have_sound("linux", environment)


def test_one_may_be_elsewhere_or_be_started(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert may_have_sound("linux", {**environment, "PULSE_SERVER": "tcp:music"})
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    assert may_have_sound("linux", environment)


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_elsewhere_the_system_is_asked(environment: dict[str, str], platform: str) -> None:
    assert may_have_sound(platform, environment)


def test_qt_is_not_asked_where_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    stand_in = ModuleType("PySide6.QtMultimedia")
    monkeypatch.setattr(stand_in, "__getattr__", asked.append, raising=False)
    monkeypatch.setitem(sys.modules, stand_in.__name__, stand_in)
    for there in (False, True):
        monkeypatch.setattr(device, "may_have_sound", lambda there=there: there)
        with suppress(AttributeError):
            QtDevice().prepare()
        assert bool(asked) is there
