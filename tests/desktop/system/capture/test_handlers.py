"""Programs, permissions and windows of the systems, each with what this machine lacks replaced.

grim's contract: `grim -t ppm -o NAME -` writes one output as PPM to stdout (grim(1)).  Spectacle's: `-b -n
-f -o FILE` writes the whole desktop without window and notification (spectacle --help).  CoreGraphics':
two calls without arguments that return a bool.  Windows': EnumWindows goes from the topmost down.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication

from desktop.system.capture.geometry import Rect, Screen
from desktop.system.capture.handlers.grim import Grim
from desktop.system.capture.handlers.macos_permission import require_permission
from desktop.system.capture.handlers.programs import heard
from desktop.system.capture.handlers.qt_screens import QtScreens, screen_of
from desktop.system.capture.handlers.spectacle import Spectacle
from desktop.system.capture.handlers.windows_windows import list_windows
from desktop.system.capture.windows import window_at
from desktop.system.errors import CaptureDeniedError, CaptureError
from desktop.system.platform import Platform
from index_tools.errors import Cancelled
from index_tools.progress import Progress

Install = Callable[[str, str], Path]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """A function that puts a program of some lines of Python on the PATH, alone."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))

    def install(name: str, lines: str) -> Path:
        program = folder / name
        program.write_text(f"#!{sys.executable}\nimport sys, time\nfrom pathlib import Path\n{lines}\n")
        program.chmod(0o755)
        return program

    return install


GRIM = """
assert sys.argv[1:3] == ["-t", "ppm"] and sys.argv[3] == "-o" and sys.argv[5] == "-", sys.argv
width, height = {"DP-1": (150, 90), "DP-2": (64, 48)}[sys.argv[4]]
sys.stdout.buffer.write(b"P6 %d %d 255\\n" % (width, height) + bytes([1, 2, 3]) * width * height)
"""


def test_grim_gives_each_output_at_its_own_scale(install: Install) -> None:
    install("grim", GRIM)
    screens = (Screen("DP-1", 0, 0, 100, 60, 1.5), Screen("DP-2", 100, 0, 64, 48, 1.0))
    first, second = Grim().grab(screens, Progress())
    assert (first.size, first.ratio) == ((150, 90), 1.5)
    assert (second.size, second.ratio) == ((64, 48), 1.0)
    assert first.image.pixelColor(5, 5) == QColor(1, 2, 3)


def test_spectacle_gives_the_whole_desktop(install: Install, tmp_path: Path) -> None:
    image = QImage(160, 80, QImage.Format.Format_RGB32)
    image.fill(QColor("#203040"))
    assert image.save(str(tmp_path / "desktop.png"))
    install(
        "spectacle",
        "assert sys.argv[1:5] == ['-b', '-n', '-f', '-o'], sys.argv\n"
        f"Path(sys.argv[5]).write_bytes(Path({str(tmp_path / 'desktop.png')!r}).read_bytes())",
    )
    frozen = Spectacle().grab((Screen("A", 0, 0, 100, 80), Screen("B", 100, 0, 60, 80)), Progress())
    assert [one.size for one in frozen] == [(100, 80), (60, 80)]


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("sys.exit('compositor does not support it')", "compositor does not support it"),
        ("sys.exit(3)", "no reason"),
        ("print('P6 nonsense')", "no picture of the screen DP-1"),
        ("", "no picture of the screen DP-1"),
    ],
)
def test_a_program_that_fails_is_heard_out(lines: str, words: str, install: Install) -> None:
    install("grim", lines)
    with pytest.raises(CaptureError, match=words):
        Grim().grab((Screen("DP-1", 0, 0, 100, 60),), Progress())


def test_a_program_that_is_gone_or_hangs(install: Install) -> None:
    with pytest.raises(CaptureError, match="could not be started"):
        heard(("grim",), Progress())
    install("grim", "time.sleep(60)")
    begun = time.monotonic()
    with pytest.raises(CaptureError, match="no picture of the screen within"):
        heard(("grim",), Progress(), 0.2)
    cancelled = Progress()
    cancelled.cancel()
    with pytest.raises(Cancelled):
        heard(("grim",), cancelled)
    assert time.monotonic() - begun < 5


def test_spectacle_that_writes_nothing(install: Install) -> None:
    install("spectacle", "")
    with pytest.raises(CaptureError, match="Spectacle left no picture"):
        Spectacle().grab((Screen("A", 0, 0, 100, 80),), Progress())


@dataclass
class FakeCoreGraphics:
    has: bool
    grants: bool
    calls: list[str] = field(default_factory=list)

    def CGPreflightScreenCaptureAccess(self) -> bool:  # noqa: N802
        self.calls.append("ask silently")
        return self.has

    def CGRequestScreenCaptureAccess(self) -> bool:  # noqa: N802
        self.calls.append("ask the user")
        return self.grants


def test_macos_is_asked_only_where_it_must_be() -> None:
    granted = FakeCoreGraphics(has=True, grants=False)
    require_permission(granted)
    assert granted.calls == ["ask silently"]
    require_permission(FakeCoreGraphics(has=False, grants=True))
    with pytest.raises(CaptureDeniedError, match="System Settings"):
        require_permission(FakeCoreGraphics(has=False, grants=False))


def test_qt_grabs_every_screen_and_asks_for_permission_first(qapp: QApplication) -> None:
    asked: list[bool] = []
    way = QtScreens(Platform("macos", "native"), permit=lambda: asked.append(True))
    screen = screen_of(qapp.primaryScreen())
    (frozen,) = way.grab((screen,), Progress())
    assert asked == [True]
    assert frozen.size == screen.native_size
    assert frozen.image.devicePixelRatio() == 1.0
    with pytest.raises(CaptureError, match="unplugged"):
        way.grab((Screen("gone", 0, 0, 10, 10),), Progress())


@dataclass
class FakeUser32:
    windows: dict[int, tuple[bool, tuple[int, int, int, int] | None]]

    def top_windows(self) -> list[int]:
        return list(self.windows)

    def is_seen(self, window: int) -> bool:
        return self.windows[window][0]

    def bounds(self, window: int) -> tuple[int, int, int, int] | None:
        return self.windows[window][1]


def test_windows_are_listed_topmost_first_without_ours() -> None:
    system = FakeUser32({
        1: (True, (0, 0, 50, 50)), 2: (False, (0, 0, 60, 60)), 3: (True, None), 4: (True, (5, 5, 5, 9)),
        5: (True, (-100, -50, 400, 300)),
    })  # fmt: skip
    assert list_windows(frozenset({1}), system) == (Rect(-100, -50, 400, 300),)


def test_the_window_at_a_place_is_cut_to_its_screen() -> None:
    screen, windows = (
        Screen("left", -1280, -400, 1280, 1024),
        (Rect(-1300, -500, -700, 0), Rect(-1280, -400, 0, 624)),
    )
    assert window_at((100, 100), screen, windows, (1280, 1024)) == Rect(0, 0, 580, 400)
    assert window_at((700, 100), screen, windows, (1280, 1024)) == Rect(0, 0, 1280, 1024)
    assert window_at((100, 100), screen, (), (1280, 1024)) is None
