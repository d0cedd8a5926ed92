"""The ways to start: with a window, without one to show or test the demo, or to examine the machine."""

from __future__ import annotations

import logging
import logging.handlers
import os
import sys
from pathlib import Path

from desktop.start import doorway, early
from desktop.start.own_command import own_command
from desktop.start.places import Places, find_places
from desktop.start.request import Request

#: Requests that are met without the window.
WITHOUT_WINDOW = ("background", "capture", "capture-again", "search-clipboard")

LOG_BYTES = 512 * 1024


def open_window(request: Request, *, demo: bool = False) -> int:
    """Open the window, or wait in the tray, and stay until the user quits; the exit code."""
    problem = early.display_problem(sys.platform, os.environ)
    if problem:
        early.leave(problem)
    places = find_places()
    keep_log(places)
    from desktop.app import Application, make_qt
    from desktop.library.demo import find_demo

    qt = make_qt(sys.argv[:1])
    qt.setQuitOnLastWindowClosed(False)  # the window may close and the tray remain
    found = find_demo()
    app = Application(qt, places, found, waits=request.verb in WITHOUT_WINDOW)
    if demo and found and found.samples:
        request = Request("open", (str(found.samples[0].path),))
    app.presence.begin(request)
    code = qt.exec()
    app.dispose()
    doorway.leave()
    if app.presence.rests and app.operations.all_ended:
        logging.shutdown()
        rest()
    if not app.operations.all_ended:
        logging.shutdown()
        os._exit(code)  # a worker hangs in a library; all that must be kept is written
    return code


def rest() -> None:
    """Become a fresh process in the tray, which holds no more than it needs to wait; never returns.

    A library that was loaded once cannot be given back otherwise.
    """
    words = own_command("--background")
    os.execv(words[0], words)


def show_demo(screenshot: Path | None, theme: str) -> int:
    """Search a sample, wait for the scene's frame, print the answer, save a picture of the window."""
    _without_display()
    from desktop.start.demo_run import run

    return run(screenshot, theme)


def measure() -> int:
    """Print the figures of the window as JSON."""
    _without_display()
    from desktop.start.bench import run

    return run()


def examine_machine() -> int:
    """Print what works on this machine; 1 where something needed is missing."""
    from desktop.start.doctor import as_lines, examine

    findings = examine(find_places())
    for line in as_lines(findings):
        sys.stdout.write(f"{line}\n")
    return 1 if any(finding.state == "missing" for finding in findings) else 0


def keep_log(places: Places) -> None:
    """Write warnings and errors to a file of bounded size; without one where it cannot be written."""
    root = logging.getLogger()
    formatter = logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s")
    handlers: list[logging.Handler] = [logging.StreamHandler()]
    try:
        places.data.mkdir(parents=True, exist_ok=True)
        handlers.append(
            logging.handlers.RotatingFileHandler(
                places.log_file, maxBytes=LOG_BYTES, backupCount=1, encoding="utf-8", delay=True
            )
        )
    except OSError as error:
        sys.stderr.write(f"No log is kept: {places.data} cannot be written ({error}).\n")
    for handler in handlers:
        handler.setLevel(logging.WARNING)
        handler.setFormatter(formatter)
        root.addHandler(handler)


def _without_display() -> None:
    if early.is_headless():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
