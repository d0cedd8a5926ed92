"""The keys of the overlay: what each does.

Arrows move, as everywhere; with Ctrl they move the right and the lower edge, with Alt the left and the
upper one; with Shift by ten pixels.  The letters stand on the buttons.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from PySide6.QtCore import Qt

#: Pixels of one press with Shift.
FAR = 10

_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class Deed(enum.Enum):
    """What a key does to the selection."""

    MOVE = "move"
    GROW = "grow"
    OPEN = "open"
    ACCEPT = "accept"
    CANCEL = "cancel"
    WHOLE = "whole screen"
    WINDOW = "this window"
    AGAIN = "same place again"
    NEXT_SCREEN = "next screen"
    HINT = "hint"
    DEBUG = "debug"


_KEYS = {
    Qt.Key.Key_Return: Deed.ACCEPT,
    Qt.Key.Key_Enter: Deed.ACCEPT,
    Qt.Key.Key_Escape: Deed.CANCEL,
    Qt.Key.Key_F: Deed.WHOLE,
    Qt.Key.Key_W: Deed.WINDOW,
    Qt.Key.Key_R: Deed.AGAIN,
    Qt.Key.Key_N: Deed.NEXT_SCREEN,
    Qt.Key.Key_F1: Deed.HINT,
    Qt.Key.Key_Question: Deed.HINT,
    Qt.Key.Key_D: Deed.DEBUG,
}


@dataclass(frozen=True, slots=True)
class Command:
    """A deed, and how far for those that move, in native pixels."""

    deed: Deed
    across: int = 0
    down: int = 0


def command_of(key: int, modifiers: Qt.KeyboardModifier) -> Command | None:
    """What a key means; None for keys that mean nothing here."""
    arrow = _ARROWS.get(Qt.Key(key))
    if arrow is None:
        deed = _KEYS.get(Qt.Key(key))
        return None if deed is None else Command(deed)
    step = FAR if modifiers & Qt.KeyboardModifier.ShiftModifier else 1
    deed = Deed.MOVE
    if modifiers & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.MetaModifier):
        deed = Deed.GROW
    elif modifiers & Qt.KeyboardModifier.AltModifier:
        deed = Deed.OPEN
    return Command(deed, arrow[0] * step, arrow[1] * step)
