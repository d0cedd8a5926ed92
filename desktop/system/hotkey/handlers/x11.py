"""Global keys on X11: XGrabKey on a connection of our own, by python-xlib.

A connection of our own, since a key that another program holds is an error of the X server (BadAccess):
on Qt's connection that error ends the program, here it is caught.  Each key is grabbed with every
combination of the locks, which the server counts as modifiers.  A key that is held repeats as pairs of
release and press with the same time, by which repeats are told from presses.
"""

from __future__ import annotations

import itertools
import logging

from PySide6.QtCore import QObject, QSocketNotifier
from Xlib import XK, X
from Xlib.display import Display
from Xlib.error import BadAccess, CatchError, ConnectionClosedError, DisplayError
from Xlib.protocol.event import KeyPress, KeyRelease, MappingNotify

from desktop.system.hotkey.combination import Combination, Modifier
from desktop.system.hotkey.models import Bound, Hearer, Wanted

log = logging.getLogger("scenelens.hotkey")

_MASKS: dict[Modifier, int] = {
    "Ctrl": X.ControlMask,
    "Alt": X.Mod1Mask,
    "Shift": X.ShiftMask,
    "Meta": X.Mod4Mask,
}
_COUNTED = X.ControlMask | X.Mod1Mask | X.ShiftMask | X.Mod4Mask

#: With Ctrl and Alt the server takes these for itself, and grabs them for nobody, without an error.
_CONSOLES = frozenset(f"F{n}" for n in range(1, 13))

#: Milliseconds of the server's clock between the release and the press of a repeat; they are equal in truth.
_REPEAT_MS = 2


def connect() -> Display | None:
    """Open a connection, in a worker; None where that fails, which `X11Keys` then tells in words."""
    try:
        return Display()
    except (DisplayError, ConnectionClosedError, OSError) as error:
        log.info("No connection for global keys: %s", error)
        return None


class X11Keys(QObject):
    """Grabs keys on the root window and hears of them in the window's thread."""

    def __init__(self, prepared: object = None) -> None:
        """Take a connection that `connect` has opened; without one it is opened when keys are bound."""
        super().__init__()
        self._display: Display | None = None
        self._notifier: QSocketNotifier | None = None
        self._wanted: dict[str, Combination] = {}
        self._hearer: Hearer | None = None
        self._grabbed: dict[tuple[int, int], str] = {}
        self._layout: tuple[tuple[int, ...], ...] = ()
        self._locks: tuple[int, ...] = ()
        self._released: tuple[int, int] = (0, -1000)
        if isinstance(prepared, Display):
            self._listen(prepared)

    def bind(self, wanted: Wanted, hearer: Hearer) -> None:
        """Grab these keys in place of those before."""
        self._wanted, self._hearer = dict(wanted), hearer
        try:
            display = self._connected()
            self._let_go(display)
            self._layout = self._layout_now(display)
            self._locks = self._layout[0]
            outcome = tuple(self._grab(display, action, keys) for action, keys in wanted.items())
            display.flush()
        except (DisplayError, ConnectionClosedError, OSError) as error:
            self._lose()
            problem = f"The X server could not be asked for keys ({error}). Start SceneLens again."
            outcome = tuple(Bound(action, "", problem) for action in wanted)
        hearer.bound(outcome)

    def stop(self) -> None:
        """Let the keys go and close the connection."""
        if self._display is not None:
            try:
                self._let_go(self._display)
                self._display.flush()
            except (ConnectionClosedError, OSError) as error:
                log.info("The X server was gone before its keys were let go: %s", error)
        self._lose()

    def _connected(self) -> Display:
        if self._display is None:
            self._listen(Display())
        assert self._display is not None
        return self._display

    def _listen(self, display: Display) -> None:
        """Have what comes on a connection read in the window's thread."""
        self._display = display
        self._notifier = QSocketNotifier(display.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._read)

    def _grab(self, display: Display, action: str, keys: Combination) -> Bound:
        codes = _codes_of(display, keys)
        if keys.key.x11 in _CONSOLES and keys.modifiers >= {"Ctrl", "Alt"}:
            problem = f"The X server keeps {keys} for switching to a text console. Choose other keys."
            return Bound(action, "", problem)
        if not codes:
            return Bound(action, "", f"This keyboard has no key {keys.key.qt}. Choose another.")
        mask = sum(_MASKS[modifier] for modifier in keys.modifiers)
        root, taken = display.screen().root, CatchError(BadAccess)
        for code in codes:
            for locks in self._locks:
                root.grab_key(code, mask | locks, False, X.GrabModeAsync, X.GrabModeAsync, onerror=taken)
        display.sync()
        if taken.get_error() is not None:
            for code in codes:
                self._ungrab(display, code, mask)  # those of the locks that were free
            return Bound(
                action, "", f"Another program has {keys} already. Choose other keys, or free them there."
            )
        self._grabbed.update({(code, mask): action for code in codes})
        return Bound(action, str(keys))

    def _ungrab(self, display: Display, code: int, mask: int) -> None:
        for locks in self._locks:
            display.screen().root.ungrab_key(code, mask | locks)

    def _layout_now(self, display: Display) -> tuple[tuple[int, ...], ...]:
        """All that the grabs hang on: the codes of the keys wished for, and the masks of the locks.

        The server tells of a new mapping whenever another keyboard is touched; grabbing anew without need
        would lose the keys that are pressed at that moment.
        """
        return (_lock_masks(display), *(_codes_of(display, keys) for keys in self._wanted.values()))

    def _let_go(self, display: Display) -> None:
        for code, mask in self._grabbed:
            self._ungrab(display, code, mask)
        self._grabbed.clear()

    def _read(self) -> None:
        """Hear all that has come; one notice may stand for many events."""
        display = self._display
        if display is None:
            return
        try:
            while display.pending_events():
                self._hear(display.next_event())
        except (ConnectionClosedError, OSError) as error:
            log.warning("The X server closed the connection of the global keys: %s", error)
            self._lose()

    def _hear(self, event: object) -> None:
        if isinstance(event, MappingNotify):
            if event.request != X.MappingPointer and self._hearer is not None and self._display is not None:
                self._display.refresh_keyboard_mapping(event)
                if self._layout != self._layout_now(self._display):
                    self.bind(self._wanted, self._hearer)
        elif isinstance(event, KeyRelease):
            self._released = (event.detail, event.time)
        elif isinstance(event, KeyPress):
            code, when = self._released
            is_repeat = code == event.detail and 0 <= event.time - when <= _REPEAT_MS
            action = self._grabbed.get((event.detail, event.state & _COUNTED))
            if action is not None and not is_repeat and self._hearer is not None:
                self._hearer.pressed(action)

    def _lose(self) -> None:
        """Drop the connection."""
        if self._notifier is not None:
            self._notifier.setEnabled(False)
            self._notifier.deleteLater()
        if self._display is not None:
            try:
                self._display.close()
            except (ConnectionClosedError, OSError) as error:
                log.info("The X server was gone already: %s", error)
        self._notifier = self._display = None
        self._grabbed.clear()


def _codes_of(display: Display, keys: Combination) -> tuple[int, ...]:
    """The key codes that give the key without Shift, on any layout; with Shift where none does."""
    symbol = XK.string_to_keysym(keys.key.x11)
    found = [(int(code), int(place)) for code, place in display.keysym_to_keycodes(symbol)]
    plain = {code for code, place in found if place % 2 == 0}
    return tuple(sorted(plain or {code for code, _ in found}))


def _lock_masks(display: Display) -> tuple[int, ...]:
    """All sums of the masks of CapsLock, NumLock and ScrollLock, wherever the server has put them."""
    locks = {X.LockMask}
    codes = {
        code
        for name in ("Num_Lock", "Scroll_Lock")
        for code, _ in display.keysym_to_keycodes(XK.string_to_keysym(name))
    }
    for number, held in enumerate(display.get_modifier_mapping()):
        if number > X.LockMapIndex and codes.intersection(held):
            locks.add(1 << number)
    locks -= set(_MASKS.values())
    sums = itertools.chain.from_iterable(
        itertools.combinations(sorted(locks), n) for n in range(len(locks) + 1)
    )
    return tuple(sum(some) for some in sums)
