"""Figures of a search by trace.moe through the window, with the stand-in as the service.

    .venv/bin/python build_spec/measure_remote.py

`ours_ms` runs from the paste action, with a PNG on the clipboard, to the list painted with what the service
found, less the time that the service itself was waited for; `processor_ms` is what the program's threads
computed in that time, which a busy machine does not change much.  `busy_ms` is what the window's thread
computed between two ticks of a timer of 5 ms, previews, covers and details included: the longest time for
which it could not answer the user on a machine of its own.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QEvent, QIODevice, QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication

# Started as a file, Python looks for modules in this folder alone.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from desktop.app import Application, make_qt
from desktop.library.demo import find_demo
from desktop.start.bench import put_on_clipboard
from desktop.start.places import Places
from desktop.start.waiting import wait_until
from desktop.window.picture_view import image_at_full_size
from index_tools.film import read_frame

ROUNDS = 12
#: Seconds between two rounds, in which previews and details come.
BETWEEN_S = 0.7


class Busy(QObject):
    """A timer that notes how much the window's thread has computed since it last came."""

    def __init__(self) -> None:
        super().__init__()
        self.busy_ms: list[float] = []
        self._last = 0.0
        self._timer = QTimer(self, interval=5)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    def measure(self) -> None:
        """Begin."""
        self._last = time.thread_time()
        self._timer.start()

    def stop(self) -> dict[str, float]:
        """End, and give the figures."""
        self._timer.stop()
        busy = sorted(self.busy_ms)
        shares = {"median": 0.5, "p99": 0.99, "p999": 0.999}
        told = {name: round(busy[int(len(busy) * share)], 2) for name, share in shares.items()}
        return {**told, "worst": round(busy[-1], 2), "ticks": len(busy)}

    def _tick(self) -> None:
        now = time.thread_time()
        self.busy_ms.append((now - self._last) * 1000)
        self._last = now


class Painted(QObject):
    """Notes when the list was first painted with what the service found."""

    def __init__(self, app: Application) -> None:
        super().__init__()
        self._app = app
        self.at_s = 0.0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note the first such painting."""
        is_paint = event.type() is QEvent.Type.Paint and not self.at_s
        if is_paint and any(hit.remote for hit in self._app.session.state.hits):
            self.at_s = time.perf_counter()
        return False


@contextmanager
def standin() -> Iterator[None]:
    """Run the stand-in as a program of its own; the environment then leads to it."""
    words = [sys.executable, "-m", "tests.standins.tracemoe", "--port", "0", "--search-s", "0"]
    with subprocess.Popen([*words, "--quota", "1000"], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for _ in range(2):
            name, _, value = process.stdout.readline().strip().removeprefix("export ").partition("=")
            os.environ[name] = value
        try:
            yield
        finally:
            process.terminate()


def main() -> None:
    """Print one JSON object."""
    demo = find_demo()
    assert demo is not None
    with tempfile.TemporaryDirectory(prefix="scenelens-remote-") as folder, standin():
        base = Path(folder)
        qt = make_qt(sys.argv[:1])
        app = Application(qt, Places(base / "config", base / "data", base / "cache"), None)
        app.change(ask_remote="always")
        app.window.resize(1280, 800)
        app.start()
        qt.processEvents()
        painted, busy = Painted(app), Busy()
        app.window.results.viewport().installEventFilter(painted)
        ours: list[float] = []
        computed: list[float] = []
        pictures = [as_png(demo.film, 2.0 + 3.3 * number) for number in range(ROUNDS + 1)]
        for number, picture in enumerate(pictures):
            put_on_clipboard(picture)
            if number == 1:
                busy.measure()  # the first search loads the libraries
            took_ms, computed_ms = paste(app, painted)
            ours.append(took_ms)
            computed.append(computed_ms)
            turn(BETWEEN_S)
        window = busy.stop()
        QGuiApplication.clipboard().clear()
        app.dispose()
    rest = sorted(ours[1:])
    figures = {"median": statistics.median(rest), "worst": rest[-1], "first_of_the_process": ours[0]}
    told = {
        "ours_ms": {name: round(value, 1) for name, value in figures.items()},
        "processor_ms": round(statistics.median(computed[1:]), 1),
        "busy_ms": window,
    }
    sys.stdout.write(json.dumps({**told, "rounds": ROUNDS}, indent=2) + "\n")


def paste(app: Application, painted: Painted) -> tuple[float, float]:
    """Paste, and wait until the list shows what the service found.

    Gives our part of the time, and what was computed in it, in milliseconds.
    """
    app.session.clear()
    turn(0.05)
    painted.at_s = 0.0
    begun, computed = time.perf_counter(), time.process_time()
    app.window.actions_set["paste"].trigger()
    wait_until(lambda: painted.at_s > 0)
    answer = app.session.state.remote.answer
    assert answer is not None
    computed = (time.process_time() - computed) * 1000
    return (painted.at_s - begun) * 1000 - answer.service_ms, computed


def as_png(film: Path, at_s: float) -> QByteArray:
    """Give a frame of a film as a PNG file, 640 pixels wide."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image_at_full_size(read_frame(film, at_s, max_side=640)).save(buffer, "PNG")  # type: ignore[call-overload]
    return buffer.data()


def turn(seconds: float) -> None:
    """Turn the event loop for a while."""
    deadline = time.monotonic() + seconds
    wait_until(lambda: time.monotonic() > deadline)


if __name__ == "__main__":
    main()
