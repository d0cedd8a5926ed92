"""The checks of `tests/manners` find what they look for: each is tried on a test that does wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.manners.programs import RunProgram

OFFENDERS = {
    "thread": (
        """
import threading
def test_it():
    threading.Thread(target=threading.Event().wait, args=(8,), name="straggler", daemon=True).start()
""",
        "thread 'straggler'",
    ),
    "widget": (
        """
from PySide6.QtWidgets import QWidget
kept = []
def test_it(qapp):
    kept.append(QWidget(objectName="stray"))
""",
        "QWidget 'stray'",
    ),
    "timer": (
        """
from PySide6.QtCore import QTimer
kept = []
def test_it(qapp):
    kept.append(QTimer(objectName="ticking"))
    kept[0].start(1000)
""",
        "QTimer 'ticking'",
    ),
    "log": (
        """
import logging
def test_it():
    logging.getLogger("index_tools.film").warning("nobody asked for this")
""",
        "logged, not expected: index_tools.film: nobody asked for this",
    ),
    "announced log that does not come": (
        """
def test_it(expected_log):
    expected_log("never said")
""",
        "expected, not logged: never said",
    ),
}


@pytest.mark.parametrize("offender", OFFENDERS)
def test_an_offender_is_named(offender: str, tmp_path: Path, run_program: RunProgram) -> None:
    source, words = OFFENDERS[offender]
    result = _run_tests(source, tmp_path, run_program)
    assert result[0] == 1
    assert words in result[1]
    assert "1 error" in result[1]


def test_good_manners_pass(tmp_path: Path, run_program: RunProgram) -> None:
    source = """
import logging, os, threading
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget
def test_it(qtbot, expected_log, tmp_path):
    expected_log("all .* known")
    logging.getLogger("desktop").error("all is known")
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.timer = QTimer(widget)
    widget.timer.start(1000)
    widget.show()
    thread = threading.Thread(target=threading.Event().wait, args=(0.2,))
    thread.start()
    assert os.environ["SCENELENS_HOME"].startswith(str(tmp_path))
    assert "DISPLAY" not in os.environ
"""
    status, output = _run_tests(source, tmp_path, run_program)
    assert status == 0, output


def _run_tests(source: str, folder: Path, run_program: RunProgram) -> tuple[int, str]:
    """Run a test file in a pytest of its own, under the project's conftest and settings."""
    (folder / "conftest.py").write_text('pytest_plugins = ["tests.conftest"]\n')
    (folder / "test_it.py").write_text(source)
    root = Path(__file__).parent.parent.parent
    result = run_program(
        "-m", "pytest", "-p", "no:cacheprovider", "-c", root / "pyproject.toml", "--rootdir", folder,
        f"--confcutdir={folder}", folder / "test_it.py",
    )  # fmt: skip
    return result.returncode, result.stdout + result.stderr
