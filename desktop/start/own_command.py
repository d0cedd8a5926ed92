"""How this very program is started again: by the desktop, a file manager, or itself."""

from __future__ import annotations

import sys
from pathlib import Path


def own_command(*words: str) -> list[str]:
    """Give the absolute command line of this program with `words` as arguments."""
    if getattr(sys, "frozen", False):
        return [sys.executable, *words]
    beside = Path(sys.executable).with_name("scenelens.exe" if sys.platform == "win32" else "scenelens")
    if beside.is_file():
        return [str(beside), *words]
    return [sys.executable, "-m", "desktop", *words]
