"""OpenCV, imported once and without its traces: `from index_tools.opencv import cv2`.

The Linux wheel of opencv-python carries a Qt of its own and, on import, points two variables of the
process environment to it.  It also puts its folders, or only an empty entry, in front of
LD_LIBRARY_PATH; an empty entry makes every program started later look for libraries in its working
folder.  Programs that the user starts from ours (a file manager, a player) would inherit all three.
This module puts them back as the user had them; every room imports OpenCV from here, and none uses
OpenCV's windows.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

_TRACES = ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR", "LD_LIBRARY_PATH")
_before = {name: os.environ.get(name) for name in _TRACES}

import cv2  # noqa: E402 - the environment is noted first

for _name, _value in _before.items():
    if _value is None:
        os.environ.pop(_name, None)
    else:
        os.environ[_name] = _value

__all__ = ["cv2", "one_thread"]


@contextmanager
def one_thread() -> Iterator[None]:
    """Keep OpenCV to the calling thread: its own cost more than they give on work of milliseconds."""
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        yield
    finally:
        cv2.setNumThreads(threads)
