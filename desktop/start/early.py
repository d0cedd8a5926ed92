"""The first lines that run: guards and nets, with the standard library alone.

Called before Qt is imported, so that a machine which cannot run the program hears a sentence instead
of watching an interpreter die.
"""

from __future__ import annotations

import faulthandler
import importlib.metadata
import logging
import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Mapping
from types import TracebackType

#: Seconds between two offers of the interpreter lock.  A pure Python loop in a worker makes the window
#: late by up to 41 ms at the default of 5 ms, by 7 ms at this value (measured, p95).
SWITCH_INTERVAL_S = 0.0005

UNUSABLE = 2
"""Exit code of a start that cannot be."""

log = logging.getLogger("scenelens")

_listeners: list[Callable[[str], None]] = []


def prepare() -> None:
    """Set the nets up; ends the process with a sentence where the program cannot run."""
    multiprocessing.freeze_support()
    if sys.stderr is not None:
        faulthandler.enable()
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    problem = why_not(sys.version_info[:2], _pyside_version())
    if problem:
        leave(problem)
    sys.excepthook = _on_exception
    threading.excepthook = _on_thread_exception


def why_not(python: tuple[int, int], pyside: str | None) -> str:
    """Say why this pair of versions cannot run, "" if it can.

    PySide6 6.12 drops references to None and True that CPython before 3.12 counts; after some hundred
    calls the interpreter aborts.
    """
    if python < (3, 11):
        return f"SceneLens needs Python 3.11 or newer; this is {python[0]}.{python[1]}. Nothing was started."
    if pyside is None:
        return "SceneLens needs PySide6, which is not installed. Run `make setup`, or `pip install PySide6`."
    if python < (3, 12) and tuple(int(part) for part in pyside.split(".")[:2]) >= (6, 12):
        return (
            f"PySide6 {pyside} aborts Python {python[0]}.{python[1]} after a few hundred calls. "
            'Nothing was started. Install an older one with `pip install "PySide6<6.12"`, '
            "or use Python 3.12 or newer."
        )
    return ""


def display_problem(platform: str, environment: Mapping[str, str]) -> str:
    """Say why no window can appear, "" if one can.  `platform` is that of `sys.platform`."""
    if not platform.startswith("linux") or environment.get("QT_QPA_PLATFORM"):
        return ""
    if environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"):
        return ""
    return (
        "There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set), so no window can open. "
        "Run `make demo` for the same search without one and a picture of the window, "
        "or `scenelens-index search` to search from the shell."
    )


def leave(sentence: str, code: int = UNUSABLE) -> None:
    """Print the sentence and end the process."""
    sys.stderr.write(sentence + "\n")
    raise SystemExit(code)


def tell_of_surprises(listener: Callable[[str], None]) -> None:
    """Have `listener` called with a sentence whenever an exception reached nobody."""
    _listeners.append(listener)


def forget_listener(listener: Callable[[str], None]) -> None:
    """Undo `tell_of_surprises`."""
    if listener in _listeners:
        _listeners.remove(listener)


def is_headless() -> bool:
    """Whether this process has nowhere to show a window."""
    return bool(display_problem(sys.platform, os.environ))


def _pyside_version() -> str | None:
    if getattr(sys, "frozen", False):
        return "0.0"  # a bundle was built from a checked pair and carries no metadata
    try:
        return importlib.metadata.version("PySide6_Essentials")
    except importlib.metadata.PackageNotFoundError:
        return None


def _on_exception(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        raise SystemExit(130)
    log.error("An exception reached nobody", exc_info=(kind, error, trace))
    sentence = f"Something unexpected happened ({kind.__name__}). Your files are untouched; go on working."
    for listener in tuple(_listeners):
        listener(sentence)


def _on_thread_exception(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None:
        _on_exception(args.exc_type, args.exc_value, args.exc_traceback)
