"""Windows' registry below HKEY_CURRENT_USER, as much of it as is written here."""

from __future__ import annotations

import importlib
from typing import Any, Protocol


class Registry(Protocol):
    """Keys are paths below HKEY_CURRENT_USER; a value's name "" is the key's own."""

    def read(self, key: str, name: str) -> str | None:
        """Give a text, None where there is none."""

    def write(self, key: str, name: str, text: str) -> None:
        """Write a text, making the key.  Raises OSError."""

    def remove_value(self, key: str, name: str) -> None:
        """Remove a value; one that is not there is well."""

    def remove_key(self, key: str) -> None:
        """Remove a key with all below it; one that is not there is well."""


class UserRegistry:
    """The real one."""

    def __init__(self) -> None:
        self._winreg: Any = importlib.import_module("winreg")

    def read(self, key: str, name: str) -> str | None:
        """Give a text, None where there is none."""
        registry = self._winreg
        try:
            with registry.OpenKey(registry.HKEY_CURRENT_USER, key) as opened:
                return str(registry.QueryValueEx(opened, name)[0])
        except FileNotFoundError:
            return None

    def write(self, key: str, name: str, text: str) -> None:
        """Write a text, making the key."""
        registry = self._winreg
        with registry.CreateKey(registry.HKEY_CURRENT_USER, key) as opened:
            registry.SetValueEx(opened, name, 0, registry.REG_SZ, text)

    def remove_value(self, key: str, name: str) -> None:
        """Remove a value."""
        registry = self._winreg
        try:
            with registry.OpenKey(registry.HKEY_CURRENT_USER, key, 0, registry.KEY_SET_VALUE) as opened:
                registry.DeleteValue(opened, name)
        except FileNotFoundError:
            return

    def remove_key(self, key: str) -> None:
        """Remove a key with all below it, the innermost first, since Windows removes no others."""
        registry = self._winreg
        try:
            with registry.OpenKey(registry.HKEY_CURRENT_USER, key) as opened:
                below = [registry.EnumKey(opened, n) for n in range(registry.QueryInfoKey(opened)[0])]
        except FileNotFoundError:
            return
        for name in below:
            self.remove_key(f"{key}\\{name}")
        registry.DeleteKey(registry.HKEY_CURRENT_USER, key)
