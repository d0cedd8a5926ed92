"""Windows: an entry in the menu of each type of file, and the scheme of links, for this user alone.

Sources: Microsoft's "Creating Shortcut Menu Handlers" (SystemFileAssociations) and "Registering an
Application to a URI Scheme".
"""

from __future__ import annotations

import subprocess
from collections.abc import Sequence

from desktop.system.integrate.models import FIND, SUFFIXES
from desktop.system.registry import Registry, UserRegistry

CLASSES = r"Software\Classes"
SCHEME = rf"{CLASSES}\scenelens"


class ShellEntry:
    """Keys below `HKEY_CURRENT_USER\\Software\\Classes`."""

    name = "Windows menus and scenelens: links"
    remark = "On Windows 11 it stands under “Show more options”."

    def __init__(self, command: Sequence[str], registry: Registry | None = None) -> None:
        self._command = subprocess.list2cmdline(command)
        self._icon = subprocess.list2cmdline(command[:1])
        self._given = registry

    def is_installed(self) -> bool:
        """Whether the scheme leads to this program."""
        return self._registry.read(rf"{SCHEME}\shell\open\command", "") is not None

    def install(self) -> None:
        """Write the keys."""
        registry = self._registry
        for suffix in SUFFIXES:
            key = _menu(suffix)
            registry.write(key, "", FIND[""])
            registry.write(key, "Icon", self._icon)
            registry.write(rf"{key}\command", "", f'{self._command} -- "%1"')
        registry.write(SCHEME, "", "URL:SceneLens")
        registry.write(SCHEME, "URL Protocol", "")
        registry.write(rf"{SCHEME}\shell\open\command", "", f'{self._command} "%1"')

    def remove(self) -> bool:
        """Remove the keys; those of others beside them stay."""
        was_there = self.is_installed()
        for suffix in SUFFIXES:
            self._registry.remove_key(_menu(suffix))
        self._registry.remove_key(SCHEME)
        return was_there

    @property
    def _registry(self) -> Registry:
        if self._given is None:
            self._given = UserRegistry()
        return self._given


def _menu(suffix: str) -> str:
    return rf"{CLASSES}\SystemFileAssociations\{suffix}\shell\SceneLens.Find"
