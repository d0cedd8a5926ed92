"""OpenCV is imported in one place, which leaves no trace of itself in the environment."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

_NAMES = ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR", "LD_LIBRARY_PATH")
_SHOW = (
    "import os; from index_tools.opencv import cv2; cv2.getNumThreads();"
    f"print([os.environ.get(name, '-') for name in {_NAMES}])"
)


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ({}, ["-", "-", "-"]),
        ({"QT_QPA_PLATFORM_PLUGIN_PATH": "/own"}, ["/own", "-", "-"]),
        ({"QT_QPA_FONTDIR": "/fonts", "LD_LIBRARY_PATH": "/libraries"}, ["-", "/fonts", "/libraries"]),
    ],
)
def test_environment_is_as_before(own: dict[str, str], expected: list[str]) -> None:
    environment = {name: value for name, value in os.environ.items() if name not in _NAMES}
    shown = subprocess.run(
        [sys.executable, "-c", _SHOW],
        env=environment | own,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert shown.stdout.strip() == str(expected)
    assert shown.stderr == ""
