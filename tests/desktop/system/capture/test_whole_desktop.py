"""One picture of the whole desktop cut into screens, both ways of composing it."""

from __future__ import annotations

import pytest

from desktop.system.capture.geometry import Rect, Screen
from desktop.system.capture.whole_desktop import split

ONE = (Screen("A", 0, 0, 1920, 1080),)
SCALED = (Screen("A", 0, 0, 1280, 720, 1.5),)
X11_GAP = (Screen("A", 0, 0, 1280, 720, 1.5), Screen("B", 1920, 0, 1280, 720, 1.5))
WAYLAND_MIXED = (Screen("A", 0, 0, 1920, 1080, 1.0), Screen("B", 1920, 0, 1920, 1080, 2.0))
NEGATIVE = (Screen("main", 0, 0, 1600, 900, 1.0), Screen("left", -1024, -100, 1024, 768, 1.0))


@pytest.mark.parametrize(
    ("size", "screens", "parts"),
    [
        ((1920, 1080), ONE, [(Rect(0, 0, 1920, 1080), 1.0)]),
        ((1920, 1080), SCALED, [(Rect(0, 0, 1920, 1080), 1.5)]),
        ((3840, 1080), X11_GAP, [(Rect(0, 0, 1920, 1080), 1.5), (Rect(1920, 0, 3840, 1080), 1.5)]),
        # everything at the greatest scale: the screen of ratio 1 is blown up
        ((7680, 2160), WAYLAND_MIXED, [(Rect(0, 0, 3840, 2160), 2.0), (Rect(3840, 0, 7680, 2160), 2.0)]),
        ((2624, 1000), NEGATIVE, [(Rect(1024, 100, 2624, 1000), 1.0), (Rect(0, 0, 1024, 768), 1.0)]),
        # a compositor that rounds the other way
        ((1919, 1080), SCALED, [(Rect(0, 0, 1919, 1080), 1.5)]),
    ],
)
def test_parts(size: tuple[int, int], screens: tuple[Screen, ...], parts: list[tuple[Rect, float]]) -> None:
    found = split(size, screens)
    assert found is not None
    assert [(part.pixels, part.ratio) for part in found] == parts


@pytest.mark.parametrize("size", [(1920, 1081 + 20), (800, 800), (1, 1)])
def test_another_picture_is_refused(size: tuple[int, int]) -> None:
    assert split(size, ONE) is None


def test_a_picture_of_one_of_two_screens_is_refused() -> None:
    assert split((1920, 1080), WAYLAND_MIXED) is None
