from __future__ import annotations

import sys
from pathlib import Path

import pytest

from desktop.start import early


@pytest.mark.parametrize(
    ("python", "pyside", "word"),
    [
        ((3, 11), "6.12.0", "PySide6<6.12"),
        ((3, 11), "6.12.1", "Python 3.12"),
        ((3, 11), None, "not installed"),
        ((3, 10), "6.11.3", "3.11 or newer"),
    ],
)
def test_versions_that_cannot_run_are_explained(
    python: tuple[int, int], pyside: str | None, word: str
) -> None:
    assert word in early.why_not(python, pyside)


@pytest.mark.parametrize(
    ("python", "pyside"), [((3, 11), "6.11.3"), ((3, 12), "6.12.0"), ((3, 13), "6.13.0")]
)
def test_versions_that_run(python: tuple[int, int], pyside: str) -> None:
    assert early.why_not(python, pyside) == ""


def test_no_display_is_explained_with_a_way_out() -> None:
    assert "make demo" in early.display_problem("linux", {})
    assert early.display_problem("linux", {"DISPLAY": ":1"}) == ""
    assert early.display_problem("linux", {"WAYLAND_DISPLAY": "wayland-0"}) == ""
    assert early.display_problem("linux", {"QT_QPA_PLATFORM": "offscreen"}) == ""
    assert early.display_problem("darwin", {}) == ""


def test_listener_hears_a_surprise_as_a_sentence(expected_log: object) -> None:
    heard: list[str] = []
    assert callable(expected_log)
    expected_log("An exception reached nobody")
    early.tell_of_surprises(heard.append)
    try:
        early._on_exception(ValueError, ValueError("boom"), None)
    finally:
        early.forget_listener(heard.append)
    early_after = len(heard)
    assert early_after == 1
    assert "ValueError" in heard[0]
    assert "Traceback" not in heard[0]


def test_early_uses_the_standard_library_alone() -> None:
    source = Path(str(early.__file__)).read_text(encoding="utf-8")
    imported = {
        line.split()[1].split(".")[0] for line in source.splitlines() if line.startswith(("import ", "from "))
    }
    assert imported <= set(sys.stdlib_module_names)
