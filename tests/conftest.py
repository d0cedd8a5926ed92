"""What every test gets, and what every test must keep to.

Without asking (see `tests/manners/`):
- own folders: XDG_*, SCENELENS_HOME and SCENELENS_CACHE lead into the test's `tmp_path`;
- no screen: Qt runs on `offscreen`, DISPLAY is unset;
- a test that leaves a thread, a child process, a top-level widget, a QThread or a running QTimer behind
  fails and is told which;
- a log record of WARNING or above that the test did not announce fails it.

By asking:
- `expected_log(pattern)`: a function; announces log records that match the regular expression, and fails
  the test if none came;
- `demo_film`: path of the film in resources/demo; `demo_pack`: path of its pack (never write to it);
- `run_program(*words, …)`: a child process of this Python with a time limit, ended with the test;
- marker `x11`: a private X server with openbox for the test's *child processes* (DISPLAY,
  QT_QPA_PLATFORM=xcb); the test's own process stays on `offscreen`, since a QApplication cannot change;
- marker `needs_ffmpeg`: skipped where ffmpeg is missing, failed in CI.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

pytest_plugins = [
    "tests.manners.folders",
    "tests.manners.leaks",
    "tests.manners.logs",
    "tests.manners.display",
    "tests.manners.programs",
]

DEMO = Path(__file__).parent.parent / "resources" / "demo"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs ffmpeg where it is missing; in CI nothing may be missing."""
    if shutil.which("ffmpeg") is not None or os.environ.get("CI"):
        return
    for item in items:
        if item.get_closest_marker("needs_ffmpeg"):
            item.add_marker(pytest.mark.skip(reason="ffmpeg is not installed"))


@pytest.fixture(scope="session")
def demo_film() -> Path:
    """The film of the demo: 75 s, 854x480, 24 frames a second, some 25 shots, no sound."""
    return DEMO / "film.mp4"


@pytest.fixture(scope="session")
def demo_pack() -> Path:
    """The pack of the demo film, as shipped."""
    return DEMO / "pack"
