"""Starting with the desktop: written only when turned on, removed without a trace."""

from __future__ import annotations

import plistlib
import shutil
import subprocess
from pathlib import Path

import pytest

from desktop.system.autostart import Autostart, choose
from desktop.system.autostart.handlers.macos import LaunchAgent
from desktop.system.autostart.handlers.none import NoAutostart
from desktop.system.autostart.handlers.windows import KEY, RunKey
from desktop.system.autostart.handlers.xdg import XdgAutostart
from desktop.system.platform import Platform
from tests.standins.registry import RegistryStandIn

COMMAND = ("/usr/lib/Scene Lens/50%/scenelens", "--background")


@pytest.mark.parametrize(
    ("platform", "kind"),
    [
        (Platform("linux", "x11"), XdgAutostart),
        (Platform("linux", "wayland", desktops=("gnome",)), XdgAutostart),
        (Platform("windows", "native"), RunKey),
        (Platform("macos", "native"), LaunchAgent),
        (Platform("linux", "none"), NoAutostart),
    ],
)
def test_choice(platform: Platform, kind: type[Autostart]) -> None:
    assert isinstance(choose(platform, COMMAND, {"HOME": "/home/you"}), kind)


def test_desktop_file(tmp_path: Path) -> None:
    autostart = choose(Platform("linux", "x11"), COMMAND, {"XDG_CONFIG_HOME": str(tmp_path), "HOME": "/x"})
    assert not autostart.is_on()
    autostart.set_on(True)
    path = tmp_path / "autostart" / "scenelens.desktop"
    assert autostart.is_on()
    assert 'Exec="/usr/lib/Scene Lens/50%%/scenelens" --background' in path.read_text()
    if shutil.which("desktop-file-validate"):
        told = subprocess.run(["desktop-file-validate", path], capture_output=True, text=True, check=False)
        assert told.stdout + told.stderr == ""
    autostart.set_on(False)
    assert list(tmp_path.iterdir()) == []
    autostart.set_on(False)


@pytest.mark.parametrize("line", ["Hidden=true", "X-GNOME-Autostart-enabled=false"])
def test_turned_off_by_the_desktop_counts_as_off(tmp_path: Path, line: str) -> None:
    autostart = XdgAutostart(COMMAND, tmp_path / "autostart")
    autostart.set_on(True)
    path = tmp_path / "autostart" / "scenelens.desktop"
    path.write_text(path.read_text() + line + "\n")
    assert not autostart.is_on()
    autostart.set_on(True)
    assert autostart.is_on()


def test_files_of_others_stay(tmp_path: Path) -> None:
    folder = tmp_path / "autostart"
    folder.mkdir()
    (folder / "other.desktop").write_text("x")
    (folder / "scenelens.desktop").write_text("[Desktop Entry]\nName=Mine\n")
    autostart = XdgAutostart(COMMAND, folder)
    with pytest.raises(FileExistsError, match="somebody else"):
        autostart.set_on(True)
    autostart.set_on(False)
    assert sorted(path.name for path in folder.iterdir()) == ["other.desktop", "scenelens.desktop"]


def test_run_key() -> None:
    registry = RegistryStandIn()
    registry.write(KEY, "Other", "x")
    run = RunKey(COMMAND, registry)
    run.set_on(True)
    assert run.is_on()
    assert registry.read(KEY, "SceneLens") == '"/usr/lib/Scene Lens/50%/scenelens" --background'
    run.set_on(False)
    run.set_on(False)
    assert not run.is_on()
    assert registry.keys == {KEY: {"Other": "x"}}


def test_launch_agent(tmp_path: Path) -> None:
    agent = LaunchAgent(COMMAND, tmp_path)
    agent.set_on(True)
    told = plistlib.loads((tmp_path / "io.github.scenelens.plist").read_bytes())
    assert told["ProgramArguments"] == list(COMMAND)
    assert told["RunAtLoad"] is True
    assert agent.is_on()
    agent.set_on(False)
    assert list(tmp_path.iterdir()) == []


def test_nowhere_to_start_is_a_sentence() -> None:
    nowhere = choose(Platform("linux", "none"), COMMAND)
    assert not nowhere.is_on()
    with pytest.raises(OSError, match="no desktop"):
        nowhere.set_on(True)
