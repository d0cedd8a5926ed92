"""Global keys on Windows: RegisterHotKey in the window's thread, WM_HOTKEY by a native event filter."""

from __future__ import annotations

import ctypes
from ctypes import wintypes
from typing import Any, Protocol

from PySide6.QtCore import QAbstractNativeEventFilter, QByteArray, QCoreApplication

from desktop.system.hotkey.combination import Combination, Modifier
from desktop.system.hotkey.models import Bound, Hearer, Wanted

#: winuser.h
WM_HOTKEY, MOD_NOREPEAT = 0x0312, 0x4000
MODS: dict[Modifier, int] = {"Alt": 0x0001, "Ctrl": 0x0002, "Shift": 0x0004, "Meta": 0x0008}
#: winerror.h
ERROR_HOTKEY_ALREADY_REGISTERED = 1409

_KINDS = (b"windows_generic_MSG", b"windows_dispatcher_MSG")


class Calls(Protocol):
    """The two calls of the system."""

    def register(self, number: int, modifiers: int, key: int) -> int:
        """RegisterHotKey for this thread; 0, or GetLastError's number."""

    def unregister(self, number: int) -> None:
        """UnregisterHotKey."""


class WindowsKeys(QAbstractNativeEventFilter):
    """Registers keys for the window's thread."""

    def __init__(self, calls: Calls | None = None) -> None:
        super().__init__()
        self._calls = calls or User32()
        self._numbers: dict[int, str] = {}
        self._hearer: Hearer | None = None
        self._installed = False

    def bind(self, wanted: Wanted, hearer: Hearer) -> None:
        """Register these keys in place of those before."""
        self._hearer = hearer
        self._let_go()
        application = QCoreApplication.instance()
        if application is not None and not self._installed:
            application.installNativeEventFilter(self)
            self._installed = True
        outcome = tuple(
            self._register(number, action, keys) for number, (action, keys) in enumerate(wanted.items(), 1)
        )
        hearer.bound(outcome)

    def stop(self) -> None:
        """Let the keys go."""
        self._let_go()
        application = QCoreApplication.instance()
        if application is not None and self._installed:
            application.removeNativeEventFilter(self)
            self._installed = False

    def nativeEventFilter(  # noqa: N802 - Qt's name
        self, kind: QByteArray | bytes | bytearray | memoryview[int], message: int
    ) -> tuple[bool, int]:
        """Hear WM_HOTKEY; everything goes on to Qt."""
        if QByteArray(kind).data() in _KINDS:
            self.hear(wintypes.MSG.from_address(int(message)))
        return False, 0

    def hear(self, message: Any) -> None:
        """Tell of a key, if the message is of one."""
        action = self._numbers.get(int(message.wParam or 0)) if message.message == WM_HOTKEY else None
        if action is not None and self._hearer is not None:
            self._hearer.pressed(action)

    def _register(self, number: int, action: str, keys: Combination) -> Bound:
        modifiers = sum(MODS[modifier] for modifier in keys.modifiers) | MOD_NOREPEAT
        error = self._calls.register(number, modifiers, keys.key.windows)
        if error == ERROR_HOTKEY_ALREADY_REGISTERED:
            return Bound(
                action, "", f"Another program has {keys} already. Choose other keys, or free them there."
            )
        if error:
            return Bound(action, "", f"Windows does not give {keys} away (error {error}). Choose other keys.")
        self._numbers[number] = action
        return Bound(action, str(keys))

    def _let_go(self) -> None:
        for number in self._numbers:
            self._calls.unregister(number)
        self._numbers.clear()


class User32:
    """The calls on a real Windows."""

    def __init__(self) -> None:
        loader: Any = ctypes
        self._user32 = loader.WinDLL("user32", use_last_error=True)
        self._last_error = loader.get_last_error
        self._user32.RegisterHotKey.argtypes = [wintypes.HWND, ctypes.c_int, wintypes.UINT, wintypes.UINT]
        self._user32.UnregisterHotKey.argtypes = [wintypes.HWND, ctypes.c_int]

    def register(self, number: int, modifiers: int, key: int) -> int:
        """See `Calls`."""
        return 0 if self._user32.RegisterHotKey(None, number, modifiers, key) else int(self._last_error())

    def unregister(self, number: int) -> None:
        """See `Calls`."""
        self._user32.UnregisterHotKey(None, number)
