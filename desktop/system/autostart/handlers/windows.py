"""The Run key of the user.  Source: Microsoft's "Run and RunOnce Registry Keys"."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence

from desktop.system.registry import Registry, UserRegistry

KEY = r"Software\Microsoft\Windows\CurrentVersion\Run"
VALUE = "SceneLens"


class RunKey:
    """One value with our command line."""

    name = "Run key"
    problem = ""

    def __init__(self, command: Sequence[str], registry: Registry | None = None) -> None:
        self._command = subprocess.list2cmdline(command)
        self._given = registry

    @property
    def _registry(self) -> Registry:
        if self._given is None:
            self._given = UserRegistry()
        return self._given

    def is_on(self) -> bool:
        """Whether the value is there."""
        return self._registry.read(KEY, VALUE) is not None

    def set_on(self, on: bool) -> None:
        """Write the value, or remove it."""
        if on:
            self._registry.write(KEY, VALUE, self._command)
        else:
            self._registry.remove_value(KEY, VALUE)
