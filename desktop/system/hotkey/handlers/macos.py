"""Global keys on macOS: Carbon's RegisterEventHotKey, which needs no permission of the user.

Old, but the only interface that hears one key and no other.  Source: CarbonEvents.h of HIToolbox.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any, Protocol

from desktop.system.hotkey.combination import Combination, Modifier
from desktop.system.hotkey.models import Bound, Hearer, Wanted

FRAMEWORK = "/System/Library/Frameworks/Carbon.framework/Carbon"

#: Events.h.  Qt's Ctrl is the Command key, its Meta the Control key, on macOS.
MODS: dict[Modifier, int] = {"Ctrl": 0x0100, "Shift": 0x0200, "Alt": 0x0800, "Meta": 0x1000}
#: CarbonEventsCore.h and CarbonEvents.h
EVENT_CLASS_KEYBOARD, EVENT_HOT_KEY_PRESSED = int.from_bytes(b"keyb"), 5
PARAM_DIRECT_OBJECT, TYPE_HOT_KEY_ID = int.from_bytes(b"----"), int.from_bytes(b"hkid")
HOT_KEY_EXISTS = -9878
SIGNATURE = int.from_bytes(b"ScLn")


class HotKeyId(ctypes.Structure):
    """EventHotKeyID."""

    _fields_ = (("signature", ctypes.c_uint32), ("id", ctypes.c_uint32))


class EventKind(ctypes.Structure):
    """EventTypeSpec."""

    _fields_ = (("event_class", ctypes.c_uint32), ("event_kind", ctypes.c_uint32))


class Calls(Protocol):
    """The calls of the system, in Python's types."""

    def listen(self, hear: Callable[[int], None]) -> None:
        """Install a handler that is called with the number of each key pressed."""

    def register(self, number: int, modifiers: int, key: int) -> tuple[int, Any]:
        """RegisterEventHotKey: the status, 0 when all is well, and a reference to let it go by."""

    def unregister(self, reference: Any) -> None:
        """UnregisterEventHotKey."""

    def silence(self) -> None:
        """Remove the handler."""


class MacKeys:
    """Registers keys with the application's event target, which Qt's event loop serves."""

    def __init__(self, calls: Calls | None = None) -> None:
        self._calls = calls or Carbon()
        self._references: dict[int, Any] = {}
        self._actions: dict[int, str] = {}
        self._hearer: Hearer | None = None
        self._listening = False

    def bind(self, wanted: Wanted, hearer: Hearer) -> None:
        """Register these keys in place of those before."""
        self._hearer = hearer
        self._let_go()
        if not self._listening:
            self._calls.listen(self._hear)
            self._listening = True
        outcome = tuple(
            self._register(number, action, keys) for number, (action, keys) in enumerate(wanted.items(), 1)
        )
        hearer.bound(outcome)

    def stop(self) -> None:
        """Let the keys go."""
        self._let_go()
        if self._listening:
            self._calls.silence()
            self._listening = False

    def _hear(self, number: int) -> None:
        action = self._actions.get(number)
        if action is not None and self._hearer is not None:
            self._hearer.pressed(action)

    def _register(self, number: int, action: str, keys: Combination) -> Bound:
        if keys.key.mac is None:
            return Bound(action, "", f"Keyboards of macOS have no key {keys.key.qt}. Choose another.")
        status, reference = self._calls.register(
            number, sum(MODS[modifier] for modifier in keys.modifiers), keys.key.mac
        )
        if status == HOT_KEY_EXISTS:
            return Bound(
                action, "", f"Another program has {keys} already. Choose other keys, or free them there."
            )
        if status:
            return Bound(action, "", f"macOS does not give {keys} away (status {status}). Choose other keys.")
        self._references[number], self._actions[number] = reference, action
        return Bound(action, str(keys))

    def _let_go(self) -> None:
        for reference in self._references.values():
            self._calls.unregister(reference)
        self._references.clear()
        self._actions.clear()


class Carbon:
    """The calls on a real macOS."""

    def __init__(self) -> None:
        self._carbon = ctypes.CDLL(FRAMEWORK)
        for name in ("GetApplicationEventTarget", "GetEventParameter", "InstallEventHandler",
                     "RegisterEventHotKey", "UnregisterEventHotKey", "RemoveEventHandler"):  # fmt: skip
            getattr(self._carbon, name).restype = ctypes.c_int32
        self._carbon.GetApplicationEventTarget.restype = ctypes.c_void_p
        self._callback: Any = None
        self._handler = ctypes.c_void_p()

    def listen(self, hear: Callable[[int], None]) -> None:
        """See `Calls`."""
        carbon = self._carbon

        def called(_next: int, event: int, _extra: int) -> int:
            found = HotKeyId()
            status = carbon.GetEventParameter(
                ctypes.c_void_p(event), ctypes.c_uint32(PARAM_DIRECT_OBJECT),
                ctypes.c_uint32(TYPE_HOT_KEY_ID), None, ctypes.c_ulong(ctypes.sizeof(found)), None,
                ctypes.byref(found),
            )  # fmt: skip
            if status == 0 and found.signature == SIGNATURE:
                hear(int(found.id))
            return 0

        kind = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)
        self._callback = kind(called)  # Carbon keeps a bare address: the object must live as long
        spec = EventKind(EVENT_CLASS_KEYBOARD, EVENT_HOT_KEY_PRESSED)
        carbon.InstallEventHandler(
            ctypes.c_void_p(carbon.GetApplicationEventTarget()), self._callback, ctypes.c_ulong(1),
            ctypes.byref(spec), None, ctypes.byref(self._handler),
        )  # fmt: skip

    def register(self, number: int, modifiers: int, key: int) -> tuple[int, Any]:
        """See `Calls`."""
        reference = ctypes.c_void_p()
        status = self._carbon.RegisterEventHotKey(
            ctypes.c_uint32(key), ctypes.c_uint32(modifiers), HotKeyId(SIGNATURE, number),
            ctypes.c_void_p(self._carbon.GetApplicationEventTarget()), ctypes.c_uint32(0),
            ctypes.byref(reference),
        )  # fmt: skip
        return int(status), reference

    def unregister(self, reference: Any) -> None:
        """See `Calls`."""
        self._carbon.UnregisterEventHotKey(reference)

    def silence(self) -> None:
        """See `Calls`."""
        self._carbon.RemoveEventHandler(self._handler)
        self._callback = None
