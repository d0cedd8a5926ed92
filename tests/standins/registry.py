"""Windows' registry below HKEY_CURRENT_USER, in memory: what a machine without Windows cannot have."""

from __future__ import annotations


class RegistryStandIn:
    """Keys by path, each with its values."""

    def __init__(self) -> None:
        self.keys: dict[str, dict[str, str]] = {}

    def read(self, key: str, name: str) -> str | None:
        """Give a text, None where there is none."""
        return self.keys.get(key, {}).get(name)

    def write(self, key: str, name: str, text: str) -> None:
        """Write a text, making the key."""
        self.keys.setdefault(key, {})[name] = text

    def remove_value(self, key: str, name: str) -> None:
        """Remove a value; one that is not there is well."""
        self.keys.get(key, {}).pop(name, None)

    def remove_key(self, key: str) -> None:
        """Remove a key with all below it; one that is not there is well."""
        self.keys = {
            path: values
            for path, values in self.keys.items()
            if path != key and not path.startswith(f"{key}\\")
        }
