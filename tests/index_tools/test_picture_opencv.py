"""OpenCV is imported in one place, which leaves no trace of OpenCV's own Qt."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

_SHOW = (
    "import os; from index_tools.opencv import cv2; cv2.getNumThreads();"
    "print([os.environ.get(n, '-') for n in ('QT_QPA_PLATFORM_PLUGIN_PATH', 'QT_QPA_FONTDIR')])"
)


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ({}, ["-", "-"]),
        ({"QT_QPA_PLATFORM_PLUGIN_PATH": "/own"}, ["/own", "-"]),
        ({"QT_QPA_FONTDIR": "/fonts"}, ["-", "/fonts"]),
    ],
)
def test_environment_is_as_before(own: dict[str, str], expected: list[str]) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("QT_QPA_")}
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
