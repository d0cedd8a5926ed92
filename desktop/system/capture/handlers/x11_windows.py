"""The windows on X11, by the list that window managers keep on the root window (EWMH)."""

from __future__ import annotations

import logging

from Xlib import X
from Xlib.display import Display
from Xlib.error import DisplayError, XError
from Xlib.xobject.drawable import Window

from desktop.system.capture.geometry import Rect

log = logging.getLogger("scenelens.capture")

#: More windows than anybody sees are not asked for.
MOST = 200


def list_windows(without: frozenset[int]) -> tuple[Rect, ...]:
    """The visible windows with their frames, topmost first; nothing where the server says nothing."""
    try:
        display = Display()
    except (DisplayError, OSError) as error:
        log.info("Windows are not listed: %s", error)
        return ()
    try:
        root = display.screen().root
        listed = root.get_full_property(display.intern_atom("_NET_CLIENT_LIST_STACKING"), X.AnyPropertyType)
        if listed is None:
            return ()
        ids = [int(number) for number in reversed(listed.value) if int(number) not in without]
        found = (_area(display.create_resource_object("window", number), root) for number in ids[:MOST])
        return tuple(area for area in found if area is not None and not area.is_empty)
    finally:
        display.close()


def _area(window: Window, root: Window) -> Rect | None:
    """The window in pixels of the root; None where it is not shown, or gone since it was listed."""
    try:
        if window.get_attributes().map_state != X.IsViewable:
            return None
        shape = window.get_geometry()
        corner = root.translate_coords(window.id, 0, 0)
    except XError:
        return None
    left, top = int(corner.x), int(corner.y)
    return Rect(left, top, left + int(shape.width), top + int(shape.height))
