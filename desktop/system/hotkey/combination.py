"""A combination of keys as every system knows it.  No Qt: the text is that of Qt's portable form, Ctrl+Alt+S.

Keys are named as Qt names them.  The table gives each as X11's keysym, Windows' virtual-key code, macOS'
virtual key code (of the ANSI keyboard) and the portals' name (XDG shortcuts specification, that is, of
xkbcommon).
"""

from __future__ import annotations

import string
from dataclasses import dataclass
from typing import Literal

from desktop.system.errors import HotkeyError

Modifier = Literal["Ctrl", "Alt", "Shift", "Meta"]

#: In the order that Qt writes them.
MODIFIERS: tuple[Modifier, ...] = ("Ctrl", "Alt", "Shift", "Meta")


@dataclass(frozen=True, slots=True)
class Key:
    """One key by its names; `mac` is None for keys that macOS keyboards lack."""

    qt: str
    x11: str
    windows: int
    mac: int | None
    portal: str


# Virtual key codes of HIToolbox/Events.h, kVK_ANSI_A … kVK_ANSI_Z and kVK_ANSI_0 … kVK_ANSI_9.
_MAC_LETTERS = dict(zip(string.ascii_uppercase, (
    0x00, 0x0B, 0x08, 0x02, 0x0E, 0x03, 0x05, 0x04, 0x22, 0x26, 0x28, 0x25, 0x2E,
    0x2D, 0x1F, 0x23, 0x0C, 0x0F, 0x01, 0x11, 0x20, 0x09, 0x0D, 0x07, 0x10, 0x06), strict=True))  # fmt: skip
_MAC_DIGITS = dict(
    zip(string.digits, (0x1D, 0x12, 0x13, 0x14, 0x15, 0x17, 0x16, 0x1A, 0x1C, 0x19), strict=True)
)
_MAC_F = (0x7A, 0x78, 0x63, 0x76, 0x60, 0x61, 0x62, 0x64, 0x65, 0x6D, 0x67, 0x6F)

_KEYS = (
    *(
        Key(letter, letter.lower(), ord(letter), code, letter.lower())
        for letter, code in _MAC_LETTERS.items()
    ),
    *(Key(digit, digit, ord(digit), code, digit) for digit, code in _MAC_DIGITS.items()),
    # F12 is left out of none: Windows keeps it for debuggers and says so itself when it is asked for
    *(Key(f"F{n}", f"F{n}", 0x6F + n, code, f"F{n}") for n, code in enumerate(_MAC_F, 1)),
    Key("Print", "Print", 0x2C, None, "Print"),
    Key("Pause", "Pause", 0x13, None, "Pause"),
    Key("ScrollLock", "Scroll_Lock", 0x91, None, "Scroll_Lock"),
    Key("Ins", "Insert", 0x2D, None, "Insert"),
    Key("Del", "Delete", 0x2E, 0x75, "Delete"),
    Key("Home", "Home", 0x24, 0x73, "Home"),
    Key("End", "End", 0x23, 0x77, "End"),
    Key("PgUp", "Prior", 0x21, 0x74, "Page_Up"),
    Key("PgDown", "Next", 0x22, 0x79, "Page_Down"),
    Key("Left", "Left", 0x25, 0x7B, "Left"),
    Key("Up", "Up", 0x26, 0x7E, "Up"),
    Key("Right", "Right", 0x27, 0x7C, "Right"),
    Key("Down", "Down", 0x28, 0x7D, "Down"),
    Key("Space", "space", 0x20, 0x31, "space"),
    Key("Return", "Return", 0x0D, 0x24, "Return"),
    Key("Tab", "Tab", 0x09, 0x30, "Tab"),
    Key("Backspace", "BackSpace", 0x08, 0x33, "BackSpace"),
)

BY_NAME = {key.qt: key for key in _KEYS}

#: These may be bound alone: nobody types text with them.
ALONE = frozenset({*(f"F{n}" for n in range(1, 13)), "Print", "Pause", "ScrollLock"})


@dataclass(frozen=True, slots=True)
class Combination:
    """Modifiers and one key."""

    modifiers: frozenset[Modifier]
    key: Key

    @classmethod
    def read(cls, text: str) -> Combination:
        """Read Qt's portable text.  Raises HotkeyError with what is wrong with it."""
        *held, name = text.split("+")
        key, modifiers = BY_NAME.get(name), frozenset(word for word in MODIFIERS if word in held)
        if key is None or len(modifiers) != len(held):
            raise HotkeyError(
                f"{text or 'Nothing'} cannot be a global key: use letters, digits, F1 to F12 or Print."
            )
        if not modifiers & {"Ctrl", "Alt", "Meta"} and name not in ALONE:
            raise HotkeyError(f"{text} is needed for typing. Add Ctrl, Alt or Meta to it.")
        return cls(modifiers, key)

    def __str__(self) -> str:
        return "+".join((*(word for word in MODIFIERS if word in self.modifiers), self.key.qt))

    @property
    def for_portal(self) -> str:
        """As the XDG shortcuts specification writes it: CTRL+ALT+s."""
        names = {"Ctrl": "CTRL", "Alt": "ALT", "Shift": "SHIFT", "Meta": "LOGO"}
        return "+".join((*(names[word] for word in MODIFIERS if word in self.modifiers), self.key.portal))
