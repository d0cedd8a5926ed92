"""What waits in the tray must be light: nothing of the engine is loaded before the first need."""

from __future__ import annotations

from tests.manners.programs import RunProgram

HEAVY = ("numpy", "cv2", "av", "hnswlib", "PIL", "requests", "zstandard", "PySide6.QtMultimedia")


def test_the_application_comes_up_without_the_engine(run_program: RunProgram) -> None:
    done = run_program("-c", f"import sys, desktop.app; print([m for m in {HEAVY!r} if m in sys.modules])")
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"


def test_a_later_start_loads_nothing_that_it_does_not_need(run_program: RunProgram) -> None:
    code = (
        "import sys; sys.argv = ['scenelens', '/a.png']; from desktop.start import doorway; "
        "import desktop.__main__, desktop.start.hand_over; "
        "print([m for m in ('PySide6', 'click', 'numpy', 'importlib.metadata') if m in sys.modules])"
    )
    done = run_program("-c", code)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"
