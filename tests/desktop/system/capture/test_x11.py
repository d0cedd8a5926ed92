"""Capture on a real X server: several screens made out of one, scaled, right to the pixel.

The pattern on the root window says of every pixel where it was, so that a picture proves its own place.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator

import pytest

from tests.standins.children import Child

pytestmark = pytest.mark.x11

Start = Callable[..., Child]

#: Monitors as xrandr takes them, on a server of 1920 × 1080.
BESIDE = ("A 800/200x1080/270+0+0", "B 1120/280x1080/270+800+0")
#: The primary one right of and below the other, with a gap between them.
GAP = ("*A 720/180x480/120+1200+600", "B 1000/250x500/125+40+20")


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """A function that divides the server into monitors and starts the program."""
    made: list[Child] = []
    monitors: list[str] = []

    def start(*layout: str, window: bool = False, **environment: str) -> Child:
        for number, monitor in enumerate(layout):
            name, area = monitor.split()
            monitors.append(name.removeprefix("*"))
            xrandr("--setmonitor", name, area, "none" if number else "screen")
        for variable, value in environment.items():
            monkeypatch.setenv(variable, value)
        words = ["window"] if window else []
        child = Child("-m", "tests.desktop.system.capture.x11_program", *words)
        made.append(child)
        assert sorted(child.told()["ready"]) == sorted(monitors or ["screen"])
        return child

    yield start
    for child in made:
        assert child.end() == 0
    for name in monitors:
        xrandr("--delmonitor", name, check=False)


def xrandr(*words: str, check: bool = True) -> None:
    subprocess.run(["xrandr", *words], check=check, timeout=20, stdout=subprocess.DEVNULL)


def xdotool(*words: object) -> None:
    subprocess.run(["xdotool", *map(str, words)], check=True, timeout=20)


def drag(start: tuple[int, int], end: tuple[int, int]) -> None:
    """Drag with the left button between two pixels of the server."""
    middle = ((a + b) // 2 for a, b in zip(start, end, strict=True))
    xdotool("mousemove", *start, "mousedown", 1, "mousemove", *middle, "mousemove", *end, "mouseup", 1)


#: Pixels of the server: on the left screen, on the right one, the whole of the right one.
PLACES_BESIDE = (((101, 103), (701, 502)), ((901, 101), (1500, 698)), ((800, 0), (1919, 1079)))


@pytest.mark.parametrize(
    ("layout", "environment", "places"),
    [
        ((), {}, (((0, 0), (1919, 1079)),)),
        (BESIDE, {}, PLACES_BESIDE),
        (BESIDE, {"QT_SCALE_FACTOR": "1.5"}, PLACES_BESIDE),
        (BESIDE, {"QT_SCREEN_SCALE_FACTORS": "1.25;2"}, PLACES_BESIDE),
        (GAP, {"QT_SCALE_FACTOR": "1.5"}, (((1201, 601), (1800, 1001)), ((41, 22), (907, 433)))),
    ],
    ids=["one", "two", "two at 1.5", "1.25 and 2", "gap at 1.5, primary right and below"],
)
def test_pictures_are_right_to_the_pixel(
    layout: tuple[str, ...], environment: dict[str, str],
    places: tuple[tuple[tuple[int, int], tuple[int, int]], ...], start: Start,
) -> None:  # fmt: skip
    program = start(*layout, **environment)
    for first, last in places:
        program.send("begin")
        shown = program.told()["shown"]
        assert len(shown) == max(len(layout), 1)
        drag(first, last)
        told = program.told()
        assert "ended" not in told
        assert told["first"] == list(first)
        assert told["size"] == [last[0] - first[0] + 1, last[1] - first[1] + 1]
        assert told["exact"]


def test_overlays_cover_their_screens(start: Start) -> None:
    program = start(*BESIDE, QT_SCREEN_SCALE_FACTORS="1;2")
    program.send("begin")
    assert sorted(program.told()["shown"]) == [
        ["A", 800, 1080, 0, 0, 800, 1080], ["B", 1120, 1080, 800, 0, 560, 540],
    ]  # fmt: skip
    xdotool("key", "Escape")
    assert program.told() == {"ended": ""}


def test_keyboard_window_and_same_place(start: Start) -> None:
    program = start(window=True)
    xdotool("mousemove", 200, 150)
    program.send("begin")
    program.told()
    xdotool("key", "w")
    window = program.told()
    assert window["size"] == [180, 160]
    program.send("again")
    assert program.told()["size"] == [180, 160]
    xdotool("mousemove", 1500, 700)
    program.send("begin")
    program.told()
    drag((1000, 500), (1002, 501))  # nothing, by mistake: a click on the pattern, which looks like a film
    before = program.told()
    assert before["exact"]
    program.send("begin")
    program.told()
    xdotool("key", "r")
    assert program.told() == before
    xdotool("mousemove", 300, 150)
    program.send("begin")
    program.told()
    drag((100, 100), (101, 400))  # too narrow
    xdotool("key", "Right", "shift+Right", "shift+Down", "ctrl+shift+Right", "Return")
    assert program.told()["exact"]


def test_a_screen_that_is_unplugged_ends_it_in_words(start: Start) -> None:
    program = start(*BESIDE)
    program.send("begin")
    program.told()
    xdotool("mousemove", 900, 200, "mousedown", 1, "mousemove", 1200, 500)
    xrandr("--delmonitor", "B")
    assert "unplugged" in program.told()["ended"]
    xdotool("mouseup", 1)
    assert program.is_silent(0.2)
