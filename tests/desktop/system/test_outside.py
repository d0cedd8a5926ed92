from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from desktop.system.outside.players import START_OPTIONS, Command, command_for, open_film
from desktop.system.outside.programs import clean_environment


def having(*names: str) -> object:
    return lambda name: f"/usr/bin/{name}" if name in names else None


@pytest.mark.parametrize(
    ("installed", "default", "words"),
    [
        (("mpv",), "", ("/usr/bin/mpv", "--start=754.250", "/films/a b.mkv")),
        (("vlc", "mpv"), "vlc", ("/usr/bin/vlc", "--start-time=754.250", "/films/a b.mkv")),
        (("vlc", "mpv"), "", ("/usr/bin/mpv", "--start=754.250", "/films/a b.mkv")),
        (("smplayer",), "totem", ("/usr/bin/smplayer", "-start", "754", "/films/a b.mkv")),
        (("mpc-hc64",), "", ("/usr/bin/mpc-hc64", "/start", "754250", "/films/a b.mkv")),
    ],
)
def test_player_is_told_the_second(installed: tuple[str, ...], default: str, words: tuple[str, ...]) -> None:
    which = having(*installed)
    assert callable(which)
    command = command_for(Path("/films/a b.mkv"), 754.25, default, which)
    assert command is not None
    assert command.words == words


def test_no_known_player() -> None:
    which = having()
    assert callable(which)
    assert command_for(Path("/a.mkv"), 1.0, "mpv", which) is None


def test_every_player_takes_its_options() -> None:
    for name in START_OPTIONS:
        which = having(name)
        assert callable(which)
        command = command_for(Path("/a.mkv"), 1.5, "", which)
        assert command is not None
        assert not any("{" in word for word in command.words)


def test_player_is_started_detached(tmp_path: Path) -> None:
    """The stand-in for a player notes its arguments; names with blanks and quotes arrive as they are."""
    noted = tmp_path / "noted"
    player = tmp_path / "player"
    write = f'pathlib.Path({str(noted)!r}).write_text("|".join(sys.argv[1:]))'
    player.write_text(f"#!{sys.executable}\nimport sys, pathlib\n{write}\n")
    player.chmod(0o755)
    film = tmp_path / "a 'b\" $x.mkv"
    assert open_film(film, Command("player", (str(player), "--start=1.0", str(film))))
    deadline = time.monotonic() + 10
    while not (noted.exists() and noted.read_text()) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert noted.read_text() == f"--start=1.0|{film}"


def test_player_that_is_gone_is_told(tmp_path: Path) -> None:
    assert not open_film(tmp_path / "a.mkv", Command("x", (str(tmp_path / "nothing"), "a.mkv")))


def test_other_programs_get_the_users_environment() -> None:
    ours = {
        "PATH": "/bin",
        "QT_QPA_PLATFORM_PLUGIN_PATH": "/cv2",
        "QT_QPA_FONTDIR": "/cv2",
        "LD_LIBRARY_PATH": "/b",
    }
    assert clean_environment(ours, {}, bundled=False) == {"PATH": "/bin", "LD_LIBRARY_PATH": "/b"}
    theirs = {"QT_QPA_FONTDIR": "/mine"}
    assert clean_environment(ours, theirs, bundled=False)["QT_QPA_FONTDIR"] == "/mine"
    assert "LD_LIBRARY_PATH" not in clean_environment(ours, {}, bundled=True)
    kept = {**ours, "LD_LIBRARY_PATH_ORIG": "/users"}
    assert clean_environment(kept, {}, bundled=True)["LD_LIBRARY_PATH"] == "/users"


FILE_MANAGER = """
import sys, time
from PySide6.QtCore import QCoreApplication, QObject, Slot, ClassInfo, QTimer
from PySide6.QtDBus import QDBusConnection, QDBusMessage
app = QCoreApplication([])

@ClassInfo({"D-Bus Interface": "org.freedesktop.FileManager1"})
class Manager(QObject):
    @Slot("QStringList", str)
    def ShowItems(self, items, startup):
        open(sys.argv[1], "w").write(items[0])
        app.quit()

manager = Manager()
bus = QDBusConnection.sessionBus()
path = "/org/freedesktop/FileManager1"
assert bus.registerObject(path, manager, QDBusConnection.RegisterOption.ExportAllSlots)
assert bus.registerService("org.freedesktop.FileManager1")
print("ready", flush=True)
QTimer.singleShot(15000, app.quit)
app.exec()
"""

CALLER = """
import subprocess, sys
from pathlib import Path
manager = subprocess.Popen([sys.executable, sys.argv[1], sys.argv[2]], stdout=subprocess.PIPE, text=True)
assert manager.stdout.readline() == "ready\\n"
from PySide6.QtCore import QCoreApplication
app = QCoreApplication([])
from desktop.system.outside import show_in_folder
assert show_in_folder(Path(sys.argv[3]))
assert manager.wait(15) == 0
"""


@pytest.mark.skipif(shutil.which("dbus-run-session") is None, reason="dbus-run-session is not installed")
def test_file_manager_is_asked_over_the_bus(tmp_path: Path) -> None:
    manager = tmp_path / "manager.py"
    manager.write_text(FILE_MANAGER)
    caller = tmp_path / "caller.py"
    caller.write_text(CALLER)
    noted = tmp_path / "noted"
    film = tmp_path / "映画 one.mkv"
    done = subprocess.run(
        ["dbus-run-session", "--", sys.executable, str(caller), str(manager), str(noted), str(film)],
        capture_output=True, text=True, timeout=60, check=False, cwd=Path(__file__).parents[3],
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert noted.read_text().startswith("file://")
    assert noted.read_text().endswith("one.mkv")
