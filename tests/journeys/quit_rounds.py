"""Opens the application and quits it at random moments, several times in one process.

    python -m tests.journeys.quit_rounds SEED ROUNDS FOLDER

Each round is another user with empty folders, busy in another way: nothing, a search and its scene, a search
replaced by another, films being added.  The exit status is 0 if every round ended by itself.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QTimer

from desktop.app import Application, make_qt
from desktop.library.demo import Demo, find_demo
from desktop.start import early
from desktop.start.places import Places

#: Searching and showing the first frame takes about half a second here; playing goes on after it.
LATEST_MS = 1300


def main() -> int:
    """Run the rounds; returns the exit status."""
    early.prepare()
    chance, rounds, films = random.Random(int(sys.argv[1])), int(sys.argv[2]), Path(sys.argv[3])
    qt = make_qt(sys.argv[:1])
    qt.setQuitOnLastWindowClosed(False)
    demo = find_demo()
    assert demo is not None
    for _ in range(rounds):
        with tempfile.TemporaryDirectory(prefix="sl-quit-") as folder:
            base = Path(folder)
            app = Application(qt, Places(base / "config", base / "data", base / "cache"), demo)
            _use_and_quit(app, chance, demo, films)
    return 0


def _use_and_quit(app: Application, chance: random.Random, demo: Demo, films: Path) -> None:
    """One round: begin something, perhaps another thing, and close the window at some moment."""
    app.start(_busy_with(chance, demo, films))
    _after(chance.randrange(LATEST_MS), app, app.window.close)
    if chance.random() < 0.3:
        second = chance.choice(demo.samples).path
        _after(chance.randrange(600), app, lambda: app.taking.take_paths([second]))
    app.qt.exec()
    app.shutdown.run()
    app.window.deleteLater()
    app.deleteLater()


def _after(delay_ms: int, app: Application, act: Callable[[], object]) -> None:
    """Call `act` after a while, unless `app` is gone by then."""
    timer = QTimer(app, singleShot=True, interval=delay_ms)
    timer.timeout.connect(act)
    timer.start()


def _busy_with(chance: random.Random, demo: Demo, films: Path) -> list[Path]:
    samples = [sample.path for sample in demo.samples]
    choice = chance.randrange(4)
    if choice == 0:
        return []
    if choice == 1:
        return [films]
    return [chance.choice(samples)]


if __name__ == "__main__":
    sys.exit(main())
