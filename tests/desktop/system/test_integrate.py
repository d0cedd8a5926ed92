"""Entries in menus: entered, used by the tools of desktops, removed without a trace."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop.system.integrate import Place, choose
from desktop.system.integrate.handlers.desktop_entry import DesktopEntry
from desktop.system.integrate.handlers.file_managers import dolphin, nautilus, nemo
from desktop.system.integrate.handlers.macos import BundleEntry
from desktop.system.integrate.handlers.thunar import Thunar
from desktop.system.integrate.handlers.windows import ShellEntry
from desktop.system.platform import Platform
from desktop.system.registry import UserRegistry
from tests.standins.registry import RegistryStandIn
from tests.standins.winreg_module import Winreg

#: A picture's name with all that shells and desktop files trip over.
NAME = "a b'c\"d$HOME`x`%f;ü場.png"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home in which nothing is."""
    made = tmp_path / "you"
    made.mkdir()
    for variable, name in (("HOME", ""), ("XDG_DATA_HOME", "data"), ("XDG_CONFIG_HOME", "config")):
        monkeypatch.setenv(variable, str(made / name))
    monkeypatch.setenv("XDG_DATA_DIRS", "/usr/share")
    monkeypatch.delenv("XDG_CURRENT_DESKTOP", raising=False)
    return made


@pytest.fixture
def place(home: Path) -> Place:
    return Place.of_user()


@pytest.fixture
def program(tmp_path: Path) -> tuple[str, Callable[[], list[str]]]:
    """A program that notes its arguments, and a function that gives them once it was called."""
    noted = tmp_path / "noted"
    path = tmp_path / "our program"
    path.write_text(f'#!/bin/sh\nfor word in "$@"; do printf "%s\\n" "$word"; done > "{noted}.new"\n'
                    f'mv "{noted}.new" "{noted}"\n')  # fmt: skip
    path.chmod(0o755)

    def words() -> list[str]:
        deadline = time.monotonic() + 10
        while not noted.exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        told = noted.read_text().splitlines()
        noted.unlink()
        return told

    return str(path), words


def everything_in(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def needed(tool: str) -> str:
    path = shutil.which(tool)
    if path is None:
        if os.environ.get("CI"):
            pytest.fail(f"{tool} is not installed")
        pytest.skip(f"{tool} is not installed")
    return path


def run(*words: str | Path, **variables: str) -> str:
    done = subprocess.run(
        [str(word) for word in words],
        capture_output=True, text=True, timeout=30, check=False, env={**os.environ, **variables},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_all_is_entered_and_removed_without_a_trace(home: Path, place: Place) -> None:
    entries = choose(Platform("linux", "x11"), ("/usr/lib/scenelens",), place)
    for entry in entries:
        entry.install()
        entry.install()
        assert entry.is_installed(), entry.name
    assert len(everything_in(home)) > 15
    for entry in entries:
        assert entry.remove()
        assert not entry.remove()
        assert not entry.is_installed()
    assert everything_in(home) == ["config", "data"]  # the folders of all programs


def test_what_others_entered_stays(home: Path, place: Place) -> None:
    files = {
        place.data / "applications" / "other.desktop": "[Desktop Entry]\nType=Application\nName=O\nExec=o\n",
        place.data / "nautilus" / "scripts" / "Other": "#!/bin/sh\n",
        place.data / "icons" / "hicolor" / "16x16" / "apps" / "other.png": "x",
        place.data / "kio" / "servicemenus" / "other.desktop": "x",
        place.config / "Thunar" / "uca.xml": "<?xml version='1.0'?>\n<!-- mine -->\n<actions>\n<action>"
        "\n\t<name>Other &amp; co</name>\n\t<unique-id>1-1</unique-id></action>\n</actions>\n",
    }
    for path, text in files.items():
        path.parent.mkdir(parents=True)
        path.write_text(text)
    before = everything_in(home)
    entries = choose(Platform("linux", "x11"), ("/usr/lib/scenelens",), place)
    for entry in entries:
        entry.install()
    for entry in entries:
        entry.remove()
    cache = place.data / "applications" / "mimeinfo.cache"  # a desktop's own gathering, empty again
    after = [name for name in everything_in(home) if name != str(cache.relative_to(home))]
    assert after == before
    assert "scenelens" not in (cache.read_text() if cache.exists() else "")
    assert {path: path.read_text() for path in files} == files


def test_files_of_the_same_name_that_are_not_ours_stay(place: Place) -> None:
    path = place.data / "applications" / "scenelens.desktop"
    path.parent.mkdir(parents=True)
    path.write_text("[Desktop Entry]\nName=Of the distribution\n")
    entry = DesktopEntry(("/usr/lib/scenelens",), place)
    with pytest.raises(FileExistsError):
        entry.install()
    assert not entry.remove()
    assert "distribution" in path.read_text()


def test_desktop_file_is_valid(place: Place) -> None:
    tool = needed("desktop-file-validate")
    DesktopEntry(("/usr/lib/Scene Lens", "-m", "50%"), place).install()
    told = subprocess.run(
        [tool, place.data / "applications" / "scenelens.desktop"], capture_output=True, text=True, check=False
    )
    assert told.stdout + told.stderr == ""


@pytest.mark.parametrize("name", ["picture.png", NAME])
def test_gio_opens_a_picture_with_us(
    place: Place, program: tuple[str, Callable[[], list[str]]], tmp_path: Path, name: str
) -> None:
    gio = needed("gio")
    path, words = program
    picture = tmp_path / name
    shutil.copy(Path("resources/icons/scenelens-16.png"), picture)
    DesktopEntry((path,), place).install()
    run(gio, "launch", place.data / "applications" / "scenelens.desktop", picture)
    from desktop.start.request import from_words

    request = from_words(words(), {})
    assert request is not None
    assert request.files == (str(picture),)


def test_gio_knows_us_for_pictures_and_links(place: Place) -> None:
    gio = needed("gio")
    needed("update-desktop-database")
    entry = DesktopEntry((sys.executable,), place)
    entry.install()
    for kind in ("image/png", "image/gif", "video/mp4", "video/x-matroska", "x-scheme-handler/scenelens"):
        assert "scenelens.desktop" in run(gio, "mime", kind, LC_ALL="C"), kind
    entry.remove()
    assert "scenelens.desktop" not in run(gio, "mime", "x-scheme-handler/scenelens", LC_ALL="C")


@pytest.mark.parametrize("tool", ["gio open", "xdg-open"])
def test_links_come_to_us(place: Place, program: tuple[str, Callable[[], list[str]]], tool: str) -> None:
    opener = needed(tool.split()[0])
    needed("update-desktop-database")
    path, words = program
    plain = shutil.copy(path, Path(path).with_name("program"))  # xdg-open cannot start what has a space
    DesktopEntry((str(plain),), place).install()
    link = "scenelens:?url=https%3A%2F%2Ffilms.example%2Fa.png&mute&loop=1"
    run(opener, *tool.split()[1:], link, DISPLAY=":0")  # xdg-open looks for programs only where one shows
    assert words() == [link]


def test_script_of_nautilus_hands_the_selection_over(
    place: Place, program: tuple[str, Callable[[], list[str]]]
) -> None:
    path, words = program
    entry = nautilus((path, "-m", "x y"), place)
    entry.install()
    run(entry.file, NAUTILUS_SCRIPT_SELECTED_FILE_PATHS=f"/films/{NAME}\n/films/--capture\n")
    assert words() == ["-m", "x y", "--", f"/films/{NAME}", "/films/--capture"]


@pytest.mark.parametrize("make", [nemo, dolphin])
def test_menus_name_all_types(place: Place, make: Callable[..., object]) -> None:
    entry = make(("/usr/lib/scenelens",), place)
    text = str(getattr(entry, "text", ""))
    assert "Name=Find this scene" in text
    assert "image/gif;" in text
    assert "video/x-matroska;" in text
    assert "/usr/lib/scenelens" in text


def test_action_of_thunar_is_understood(place: Place, program: tuple[str, Callable[[], list[str]]]) -> None:
    path, words = program
    Thunar((path, "a'b & <c>"), place).install()
    action = ET.fromstring((place.config / "Thunar" / "uca.xml").read_text()).find("action")
    assert action is not None
    assert action.findtext("name") == "Find this scene"
    assert "*.gif;" in str(action.findtext("patterns"))
    command = str(action.findtext("command")).replace("%F", "'/films/a b.png'")  # as Thunar puts it in
    run("/bin/sh", "-c", command)
    assert words() == ["a'b & <c>", "--", "/films/a b.png"]


def test_file_of_thunar_that_is_not_understood_stays(place: Place) -> None:
    path = place.config / "Thunar" / "uca.xml"
    path.parent.mkdir(parents=True)
    path.write_text("broken")
    with pytest.raises(OSError, match="left as it is"):
        Thunar(("/usr/lib/scenelens",), place).install()
    assert path.read_text() == "broken"


@pytest.mark.parametrize("real", [False, True], ids=["stand-in", "our use of winreg"])
def test_windows_keys_are_written_and_removed(monkeypatch: pytest.MonkeyPatch, real: bool) -> None:
    winreg = Winreg()
    if real:
        monkeypatch.setitem(sys.modules, "winreg", winreg)
        registry: RegistryStandIn | UserRegistry = UserRegistry()
    else:
        registry = RegistryStandIn()
    others = r"Software\Classes\SystemFileAssociations\.png\shell\Other"
    registry.write(others, "", "x")
    entry = ShellEntry((r"C:\Program Files\SceneLens\scenelens.exe",), registry)
    entry.install()
    assert entry.is_installed()
    menu = r"Software\Classes\SystemFileAssociations\.mkv\shell\SceneLens.Find"
    assert registry.read(menu, "") == "Find this scene"
    command = r'"C:\Program Files\SceneLens\scenelens.exe"'
    assert registry.read(rf"{menu}\command", "") == f'{command} -- "%1"'
    scheme = r"Software\Classes\scenelens"
    assert registry.read(scheme, "URL Protocol") == ""
    assert registry.read(rf"{scheme}\shell\open\command", "") == f'{command} "%1"'
    assert entry.remove()
    assert not entry.remove()
    assert registry.read(menu, "") is None
    assert registry.read(scheme, "") is None
    assert registry.read(others, "") == "x"


def test_macos_says_that_the_bundle_does_it() -> None:
    (entry,) = choose(Platform("macos", "native"), ("/x",), Place(Path("/d"), Path("/c"), Path("/r")))
    assert isinstance(entry, BundleEntry)
    assert "Applications" in entry.remark
    assert not entry.remove()


def test_the_command(home: Path) -> None:
    def scenelens(*words: str) -> str:
        return run(sys.executable, "-m", "desktop", "integrate", *words)

    assert scenelens("--list").count("not entered") == 5
    assert scenelens().count(": entered") == 5
    assert (home / "data" / "applications" / "scenelens.desktop").is_file()
    assert scenelens("--remove").count(": removed") == 5
    assert everything_in(home) == ["config", "data"]
