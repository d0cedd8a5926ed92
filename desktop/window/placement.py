"""Where a small window goes beside something on the screen.  Arithmetic alone, in logical pixels.

All rectangles are (left, top, width, height) and may lie at negative places, as screens left of or above
the primary one do.
"""

from __future__ import annotations

Rect = tuple[int, int, int, int]
Size = tuple[int, int]

#: Between the small window and what it belongs to, and to the edge of the screen.
GAP = 12
EDGE = 8


def beside(target: Rect, size: Size, screen: Rect) -> tuple[int, int]:
    """Give the left upper corner: right of the target, else left, below, above, else in its inner corner.

    The window lies on the screen's available area whole, if that is large enough, and does not cover the
    target where there is any side with room.
    """
    left, top, width, height = target
    wide, high = size
    screen_left, screen_top, screen_width, screen_height = screen
    right_end, bottom_end = screen_left + screen_width - EDGE, screen_top + screen_height - EDGE
    places = (
        (left + width + GAP, top),
        (left - GAP - wide, top),
        (left, top + height + GAP),
        (left, top - GAP - high),
    )
    for number, (x, y) in enumerate(places):
        is_across = number < 2
        fits = (
            screen_left + EDGE <= x and x + wide <= right_end
            if is_across
            else screen_top + EDGE <= y and y + high <= bottom_end
        )
        if fits:
            return inside((x, y), size, screen)
    return inside((left + width - GAP - wide, top + height - GAP - high), size, screen)


def corner(size: Size, screen: Rect) -> tuple[int, int]:
    """Give the place in the screen's lower right corner, where words of the desktop appear."""
    return inside((screen[0] + screen[2], screen[1] + screen[3]), size, screen)


def inside(place: tuple[int, int], size: Size, screen: Rect) -> tuple[int, int]:
    """Move a place so that the window lies on the screen; its head, where the screen is too small."""
    highest_x = screen[0] + screen[2] - EDGE - size[0]
    highest_y = screen[1] + screen[3] - EDGE - size[1]
    x = max(min(place[0], highest_x), screen[0] + EDGE)
    y = max(min(place[1], highest_y), screen[1] + EDGE)
    return x, y
