"""Where the small window goes: arithmetic in tables, with screens at negative places."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.window.placement import EDGE, GAP, Rect, beside, corner, inside

SCREEN = (0, 0, 1920, 1080)
LEFT = (-1280, -200, 1280, 1024)
SIZE = (400, 300)


@pytest.mark.parametrize(
    ("target", "screen", "place"),
    [
        ((200, 150, 480, 270), SCREEN, (680 + GAP, 150)),
        ((1400, 150, 480, 270), SCREEN, (1400 - GAP - 400, 150)),
        ((100, 100, 1720, 300), SCREEN, (100, 400 + GAP)),
        ((100, 500, 1720, 500), SCREEN, (100, 500 - GAP - 300)),
        ((0, 0, 1920, 1080), SCREEN, (1920 - GAP - 400, 1080 - GAP - 300)),
        ((200, 1000, 300, 70), SCREEN, (500 + GAP, 1080 - EDGE - 300)),
        ((-1200, -150, 400, 300), LEFT, (-800 + GAP, -150)),
        ((-500, 600, 480, 200), LEFT, (-500 - GAP - 400, 824 - EDGE - 300)),
    ],
)
def test_beside(target: Rect, screen: Rect, place: tuple[int, int]) -> None:
    assert beside(target, SIZE, screen) == place


def test_corner() -> None:
    assert corner(SIZE, LEFT) == (0 - EDGE - 400, 824 - EDGE - 300)


def test_a_screen_too_small_shows_the_head() -> None:
    assert inside((50, 50), SIZE, (10, 20, 200, 200)) == (10 + EDGE, 20 + EDGE)


numbers = st.integers(-4000, 4000)
sizes = st.integers(1, 4000)


@given(numbers, numbers, sizes, sizes)
def test_it_lies_on_the_screen_and_off_the_target_where_there_is_room(
    left: int, top: int, width: int, height: int
) -> None:
    x, y = beside((left, top, width, height), SIZE, SCREEN)
    assert EDGE <= x <= 1920 - EDGE - 400
    assert EDGE <= y <= 1080 - EDGE - 300
    is_on_screen = 0 <= left <= left + width <= 1920 and 0 <= top <= top + height <= 1080
    has_room = left >= 420 or left + width <= 1500 or top >= 320 or top + height <= 760
    if is_on_screen and has_room:
        apart = x >= left + width or x + 400 <= left or y >= top + height or y + 300 <= top
        assert apart
