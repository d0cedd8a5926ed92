"""The module `winreg` as far as `desktop.system.registry` uses it, over a tree in memory.

Its contract is Python's documentation of `winreg`: keys open as context managers, FileNotFoundError for what
is not there, PermissionError for a key removed that still has keys below it, names without regard to case.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import TracebackType

HKEY_CURRENT_USER = 1
REG_SZ = 1
KEY_SET_VALUE = 2


@dataclass
class Key:
    """An open key."""

    values: dict[str, str] = field(default_factory=dict)
    below: dict[str, Key] = field(default_factory=dict)

    def __enter__(self) -> Key:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""


class Winreg:
    """One user's registry."""

    HKEY_CURRENT_USER, REG_SZ, KEY_SET_VALUE = HKEY_CURRENT_USER, REG_SZ, KEY_SET_VALUE

    def __init__(self) -> None:
        self.root = Key()

    def OpenKey(self, root: int, path: str, reserved: int = 0, access: int = 0) -> Key:  # noqa: N802
        """Open a key that is there."""
        key = self.root
        for part in path.lower().split("\\"):
            if part not in key.below:
                raise FileNotFoundError(path)
            key = key.below[part]
        return key

    def CreateKey(self, root: int, path: str) -> Key:  # noqa: N802
        """Open a key, making it and those above it."""
        key = self.root
        for part in path.lower().split("\\"):
            key = key.below.setdefault(part, Key())
        return key

    def QueryValueEx(self, key: Key, name: str) -> tuple[str, int]:  # noqa: N802
        """Give a value and its type."""
        if name not in key.values:
            raise FileNotFoundError(name)
        return key.values[name], REG_SZ

    def SetValueEx(self, key: Key, name: str, reserved: int, kind: int, value: str) -> None:  # noqa: N802
        """Set a value."""
        assert kind == REG_SZ
        key.values[name] = value

    def DeleteValue(self, key: Key, name: str) -> None:  # noqa: N802
        """Remove a value."""
        if name not in key.values:
            raise FileNotFoundError(name)
        del key.values[name]

    def QueryInfoKey(self, key: Key) -> tuple[int, int, int]:  # noqa: N802
        """Give how many keys and values there are."""
        return len(key.below), len(key.values), 0

    def EnumKey(self, key: Key, number: int) -> str:  # noqa: N802
        """Give the name of a key below."""
        return list(key.below)[number]

    def DeleteKey(self, root: int, path: str) -> None:  # noqa: N802
        """Remove a key that has none below it."""
        above, _, name = path.lower().rpartition("\\")
        key = self.OpenKey(root, above)
        if name not in key.below:
            raise FileNotFoundError(path)
        if key.below[name].below:
            raise PermissionError(path)
        del key.below[name]
