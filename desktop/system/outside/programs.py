"""Other programs: started detached, without a shell, in the user's own environment."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from PySide6.QtCore import QProcess, QProcessEnvironment

#: Set by OpenCV's own Qt when it is imported, or by a bundle for its libraries; another program that
#: inherits them may load the wrong ones.
FOREIGN = ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR", "QT_PLUGIN_PATH", "QT_QPA_PLATFORM")

#: What a bundle replaced, and where it keeps what the user had.
REPLACED = {"LD_LIBRARY_PATH": "LD_LIBRARY_PATH_ORIG", "GIO_MODULE_DIR": "GIO_MODULE_DIR_ORIG"}

_at_start = dict(os.environ)


def clean_environment(
    environment: Mapping[str, str] = os.environ,
    at_start: Mapping[str, str] = _at_start,
    bundled: bool = getattr(sys, "frozen", False),
) -> dict[str, str]:
    """Give the user's own environment: foreign values as they were when the program started."""
    clean = dict(environment)
    for name in FOREIGN:
        clean.pop(name, None)
        if name in at_start:
            clean[name] = at_start[name]
    if bundled:
        for name, kept in REPLACED.items():
            clean.pop(name, None)
            if kept in clean:
                clean[name] = clean.pop(kept)
    return clean


def start_detached(program: str, *words: str) -> bool:
    """Start a program that goes on when this one ends.  False if it cannot be started."""
    process = QProcess()
    process.setProgram(program)
    process.setArguments(list(words))
    environment = QProcessEnvironment()
    for name, value in clean_environment().items():
        environment.insert(name, value)
    process.setProcessEnvironment(environment)
    return bool(process.startDetached())
