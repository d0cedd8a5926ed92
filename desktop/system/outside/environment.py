"""The environment that other programs are started in."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

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
