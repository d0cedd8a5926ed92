"""The selection as mouse and keyboard change it."""

from __future__ import annotations

import pytest

from desktop.system.capture.geometry import Rect
from desktop.system.capture.place import Place
from desktop.system.capture.selection import LEAST_SIDE, Grip, Selection, too_small

SIZE = (1000, 600)
EMPTY = Selection(SIZE)
MARKED = Selection(SIZE, marked=Rect(100, 100, 300, 200))


def drag(start: Selection, *places: tuple[int, int], slip: int = 6) -> Selection:
    state = start.pressed(places[0], 7)
    for place in places[1:]:
        state = state.dragged(place)
    return state.released(slip)


@pytest.mark.parametrize(
    ("places", "marked"),
    [
        ([(10, 20), (200, 120)], Rect(10, 20, 201, 121)),
        ([(200, 120), (10, 20)], Rect(10, 20, 201, 121)),
        ([(0, 0), (999, 599)], Rect(0, 0, 1000, 600)),
        ([(990, 590), (5000, -50)], Rect(990, 0, 1000, 591)),
        ([(50, 50), (53, 52)], None),  # a slip of the hand
        ([(50, 50)], None),
        ([(50, 50), (400, 50)], Rect(50, 50, 401, 51)),  # a line is no click
    ],
)
def test_drags(places: list[tuple[int, int]], marked: Rect | None) -> None:
    assert drag(EMPTY, *places).marked == marked


def test_a_click_leaves_the_proposal_to_be_taken() -> None:
    state = drag(EMPTY.proposed(Rect(5, 5, 300, 200)), (50, 50))
    assert state.marked is None
    assert state.shown == Rect(5, 5, 300, 200)
    assert EMPTY.proposed(Rect(2000, 5, 3000, 200)).shown is None


@pytest.mark.parametrize(
    ("at", "grip"),
    [
        ((100, 100), Grip(left=True, top=True)),
        ((303, 150), Grip(right=True)),
        ((200, 195), Grip(bottom=True)),
        ((200, 150), Grip()),
        ((320, 150), None),
    ],
)
def test_what_a_press_takes_hold_of(at: tuple[int, int], grip: Grip | None) -> None:
    assert MARKED.grip_at(at, 7) == grip


@pytest.mark.parametrize(
    ("places", "marked"),
    [
        ([(200, 150), (210, 140)], Rect(110, 90, 310, 190)),
        ([(200, 150), (-900, 140)], Rect(0, 90, 200, 190)),
        ([(300, 200), (350, 260)], Rect(100, 100, 350, 260)),
        ([(100, 150), (290, 150)], Rect(300 - LEAST_SIDE, 100, 300, 200)),
        ([(500, 400), (700, 500)], Rect(500, 400, 701, 501)),  # outside: a new one
    ],
)
def test_mouse_on_what_is_marked(places: list[tuple[int, int]], marked: Rect) -> None:
    assert drag(MARKED, *places).marked == marked


def test_keys_move_and_size() -> None:
    assert MARKED.nudged(1, -10).marked == Rect(101, 90, 301, 190)
    assert MARKED.grown(10, 1).marked == Rect(100, 100, 310, 201)
    assert MARKED.opened(-1, 10).marked == Rect(99, 110, 300, 200)
    assert MARKED.nudged(5000, 5000).marked == Rect(800, 500, 1000, 600)


def test_first_key_takes_the_proposal_or_a_part_in_the_middle() -> None:
    proposed = EMPTY.proposed(Rect(7, 8, 400, 300))
    assert proposed.nudged(1, 0).marked == Rect(7, 8, 400, 300)
    middle = EMPTY.grown(0, 1).marked
    assert middle == Rect(250, 159, 750, 440)


def test_starting_again_forgets_all_but_the_proposal() -> None:
    state = drag(MARKED.proposed(Rect(1, 1, 90, 90)), (200, 150), (260, 170)).restarted()
    assert state == Selection(SIZE, proposal=Rect(1, 1, 90, 90))
    assert not MARKED.pressed((1, 1), 7).restarted().is_dragging


def test_moving_without_a_button_marks_nothing() -> None:
    assert EMPTY.dragged((5, 5)) is EMPTY


def test_parts_too_small_to_search() -> None:
    assert too_small(Rect(0, 0, LEAST_SIDE - 1, 400))
    assert not too_small(Rect(0, 0, LEAST_SIDE, LEAST_SIDE))


def test_places_are_written_and_read() -> None:
    place = Place("HDMI-1 (left)", SIZE, Rect(1, 2, 300, 400))
    assert Place.read(str(place)) == place


@pytest.mark.parametrize(
    "line",
    ["", "nonsense", "1000x600 5,5,5,9 A", "1000x600 0,0,2000,10 A", "1000x600 0,0,10,10", "-1x5 0,0,1,1 A"],
)
def test_lines_that_are_no_place(line: str) -> None:
    assert Place.read(line) is None


@pytest.mark.parametrize(
    ("screens", "index"),
    [
        ([("A", (800, 600)), ("B", SIZE)], 1),
        ([("C", SIZE), ("A", (10, 10))], 0),  # renamed, but the only one of the size
        ([("C", SIZE), ("D", SIZE)], None),
        ([("B", (800, 600))], None),  # the same screen in another mode
        ([], None),
    ],
)
def test_screen_of_a_place(screens: list[tuple[str, tuple[int, int]]], index: int | None) -> None:
    assert Place("B", SIZE, Rect(1, 2, 300, 400)).find(screens) == index
