"""Figures of the window, measured from inside with the demo: paste to first frame, lateness of the window.

Times are milliseconds.  `paste_to_first_frame` runs from the paste action, with a PNG on the clipboard, to
the first frame of the scene painted.  `lateness` is by how much a precise timer of 5 ms came too late in
the window's thread, while pictures were searched and scenes loaded and played, and while nothing went on.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

import click
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData, QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QImage

from desktop.app import Application, make_qt
from desktop.library.demo import Demo, find_demo
from desktop.start.bench_capture import measure_capture
from desktop.start.places import Places
from desktop.start.popup_bench import measure_popup
from desktop.start.waiting import turn_for, wait_until

ROUNDS = 10
TICK_MS = 5


class Lateness(QObject):
    """A timer that notes how late it comes."""

    def __init__(self) -> None:
        super().__init__()
        self.late_ms: list[float] = []
        self._last = 0.0
        self._timer = QTimer(self, interval=TICK_MS)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    def measure(self) -> None:
        """Begin anew."""
        self.late_ms.clear()
        self._last = time.perf_counter()
        self._timer.start()

    def stop(self) -> dict[str, float]:
        """End, and give the figures."""
        self._timer.stop()
        late = sorted(self.late_ms)
        return {
            "median": round(statistics.median(late), 2),
            "p99": round(late[int(len(late) * 0.99)], 2),
            "worst": round(late[-1], 2),
            "ticks": len(late),
        }

    def _tick(self) -> None:
        now = time.perf_counter()
        self.late_ms.append((now - self._last) * 1000 - TICK_MS)
        self._last = now


def run() -> int:
    """Measure and print one JSON object; 1 where there is no demo or nothing was found."""
    demo = find_demo()
    if demo is None or not demo.samples:
        click.echo("The demo is missing from this installation. Install SceneLens anew.", err=True)
        return 1
    with tempfile.TemporaryDirectory(prefix="scenelens-bench-") as folder:
        base = Path(folder)
        begun = time.perf_counter()
        qt = make_qt(sys.argv[:1])
        app = Application(qt, Places(base / "config", base / "data", base / "cache"), demo)
        app.window.resize(1280, 800)
        app.start()
        qt.processEvents()
        shown_ms = (time.perf_counter() - begun) * 1000
        wait_until(lambda: bool(app.library.state.packs))
        ready_ms = (time.perf_counter() - begun) * 1000
        figures = measure(app, demo)
        figures["key_to_overlay_ms"] = measure_capture(app, wait_until, turn_for)
        figures["picture_taken_to_popup_playing_ms"] = measure_popup(app, demo)
        QGuiApplication.clipboard().clear()  # what Python made for it must not outlive Python
        app.dispose()
    figures = {"window_shown_ms": round(shown_ms), "library_open_ms": round(ready_ms), **figures}
    click.echo(json.dumps(figures, indent=2))
    return 0


def measure(app: Application, demo: Demo) -> dict[str, object]:
    """Give the figures of an application with the demo open."""
    lateness = Lateness()
    lateness.measure()
    turn_for(1000)
    idle = lateness.stop()
    times: list[float] = []
    pictures = [as_png(sample.path) for sample in demo.samples]
    lateness.measure()
    for number in range(ROUNDS + 1):
        put_on_clipboard(pictures[number % len(pictures)])
        times.append(paste(app))
        turn_for(300)
    busy = lateness.stop()
    first, rest = times[0], sorted(times[1:])
    return {
        "paste_to_first_frame_ms": {
            "median": round(statistics.median(rest), 1),
            "worst": round(rest[-1], 1),
            "first_of_the_process": round(first, 1),
            "rounds": ROUNDS,
        },
        "lateness_ms": {"idle": idle, "searching_and_playing": busy},
    }


def as_png(picture: Path) -> QByteArray:
    """Give a picture as a PNG file."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImage(str(picture)).save(buffer, "PNG")  # type: ignore[call-overload]
    return buffer.data()


def put_on_clipboard(png: QByteArray) -> None:
    """Offer a picture as PNG bytes, as browsers and screenshot programs do."""
    data = QMimeData()
    data.setData("image/png", png)
    QGuiApplication.clipboard().setMimeData(data)


def paste(app: Application) -> float:
    """Paste, wait for the first frame of the scene, and give the milliseconds."""
    app.session.clear()
    shown: list[float] = []

    def note() -> None:
        shown.append(time.perf_counter())

    app.player.first_frame_shown.connect(note)
    begun = time.perf_counter()
    app.window.actions_set["paste"].trigger()
    wait_until(lambda: bool(shown))
    app.player.first_frame_shown.disconnect(note)
    return (shown[0] - begun) * 1000
