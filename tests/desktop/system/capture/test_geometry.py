"""Arithmetic of screens, in tables: layouts with gaps and negative origins, ratios from 1 to 3."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from desktop.system.capture import geometry
from desktop.system.capture.geometry import (
    Rect,
    Screen,
    between,
    pixel_at,
    rounded,
    screen_at,
    to_desktop,
    to_local,
    to_native,
)

RATIOS = (1.0, 1.25, 1.5, 2.0, 3.0)

#: Two screens of 1920 × 1080 side by side as X11 has them at 1.5: origins native, so with a gap.
GAP = (Screen("A", 0, 0, 1280, 720, 1.5), Screen("B", 1920, 0, 1280, 720, 1.5))
#: A small screen left of and above the primary one, as on Windows.
LEFT_ABOVE = (Screen("main", 0, 0, 1707, 1067, 1.5), Screen("small", -1280, -400, 1280, 1024, 1.0))
#: A tall one between two of other ratios.
MIXED = (
    Screen("left", -1080, -240, 1080, 1920, 1.0),
    Screen("middle", 0, 0, 1920, 1080, 2.0),
    Screen("right", 1920, 100, 1280, 720, 3.0),
)


@pytest.mark.parametrize("name", ["geometry", "whole_desktop", "selection", "place"])
def test_the_arithmetic_knows_no_qt(name: str) -> None:
    source = Path(geometry.__file__).with_name(f"{name}.py").read_text("utf-8")
    imported = {
        alias if isinstance(node, ast.ImportFrom) else name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias, name in [(getattr(node, "module", "") or "", node.names[0].name)]
    }
    assert not [module for module in imported if module.startswith("PySide6")]


@pytest.mark.parametrize(
    ("value", "whole"), [(0.5, 1), (1.5, 2), (2.5, 3), (-0.5, 0), (-1.5, -1), (-0.6, -1)]
)
def test_halves_are_rounded_up_on_both_sides_of_zero(value: float, whole: int) -> None:
    assert rounded(value) == whole


@pytest.mark.parametrize("ratio", RATIOS)
def test_rectangles_that_touch_still_touch_in_native_pixels(ratio: float) -> None:
    for edge in range(1, 700, 7):
        left, right = to_native(Rect(0, 0, edge, 9), ratio), to_native(Rect(edge, 0, 800, 9), ratio)
        assert left.right == right.left
        assert left.width + right.width == rounded(800 * ratio)


@pytest.mark.parametrize(
    ("part", "ratio", "native"),
    [
        (Rect(0, 0, 100, 50), 1.5, Rect(0, 0, 150, 75)),
        (Rect(1, 1, 2, 2), 1.25, Rect(1, 1, 3, 3)),
        (Rect(3, 3, 6, 6), 1.5, Rect(5, 5, 9, 9)),
        (Rect(7, 9, 8, 10), 3.0, Rect(21, 27, 24, 30)),
        (Rect(-10, -20, 5, 5), 2.0, Rect(-20, -40, 10, 10)),
    ],
)
def test_logical_parts_as_native_pixels(part: Rect, ratio: float, native: Rect) -> None:
    assert to_native(part, ratio) == native


@pytest.mark.parametrize("ratio", RATIOS)
def test_every_native_pixel_can_be_pointed_at(ratio: float) -> None:
    size = (round(640 * ratio), round(360 * ratio))
    # a mouse of a high-resolution screen moves in native pixels, reported as logical fractions
    reached = {pixel_at(x / ratio, 0, ratio, size)[0] for x in range(size[0])}
    assert reached == set(range(size[0]))
    assert pixel_at(-3, 5000, ratio, size) == (0, size[1] - 1)


def test_a_drag_holds_both_pixels_it_went_between() -> None:
    assert between((10, 20), (10, 20)) == Rect(10, 20, 11, 21)
    assert between((1919, 0), (0, 1079)) == Rect(0, 0, 1920, 1080)


@pytest.mark.parametrize("screens", [GAP, LEFT_ABOVE, MIXED])
def test_a_part_on_the_desktop_holds_all_its_pixels_and_no_logical_pixel_more(
    screens: tuple[Screen, ...],
) -> None:
    for screen in screens:
        for part in (Rect(0, 0, *screen.native_size), Rect(3, 5, 300, 204), Rect(7, 7, 8, 8)):
            area = to_desktop(part, screen)
            back = to_native(area.shifted(-screen.left, -screen.top), screen.ratio)
            assert back.left <= part.left
            assert part.right <= back.right + 1
            assert part.left - back.left < screen.ratio
            assert back.right - part.right < screen.ratio
            assert back.top <= part.top
            assert back.bottom - part.bottom < screen.ratio


def test_whole_screens_come_back_where_they_are() -> None:
    for screen in (*GAP, *MIXED):
        assert to_desktop(Rect(0, 0, *screen.native_size), screen) == screen.logical


def test_local_areas_are_exact() -> None:
    assert to_local(Rect(3, 6, 9, 12), 1.5) == (2.0, 4.0, 4.0, 4.0)


@pytest.mark.parametrize(
    ("screens", "at", "name"),
    [
        (GAP, (0, 0), "A"),
        (GAP, (1279, 719), "A"),
        (GAP, (1280, 10), "A"),  # in the gap, nearest to A
        (GAP, (1900, 10), "B"),
        (GAP, (1920, 0), "B"),
        (GAP, (5000, 9000), "B"),
        (LEFT_ABOVE, (-1, 100), "small"),
        (LEFT_ABOVE, (0, 100), "main"),
        (LEFT_ABOVE, (-1280, -400), "small"),
        (LEFT_ABOVE, (200, -300), "small"),  # above the main one, beside the small one
        (MIXED, (-1, 1679), "left"),
        (MIXED, (1920, 99), "middle"),
        (MIXED, (1921, 101), "right"),
    ],
)
def test_screen_under_a_place(screens: tuple[Screen, ...], at: tuple[int, int], name: str) -> None:
    assert screens[screen_at(*at, screens)].name == name


def test_moving_and_sizing_stop_at_the_bounds() -> None:
    bounds, part = Rect(0, 0, 100, 80), Rect(10, 10, 40, 30)
    assert part.moved_within(-50, 500, bounds) == Rect(0, 60, 30, 80)
    assert part.sized_within(500, -500, bounds, least=8) == Rect(10, 10, 100, 18)
    assert part.opened_within(-500, 500, bounds, least=8) == Rect(0, 22, 40, 30)
    assert Rect(5, 5, 5, 9).is_empty
    assert Rect(9, 0, 3, 4).width == 0
