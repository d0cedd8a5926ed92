"""Figures of the small window: from a picture being there to its scene playing beside it.

Times are milliseconds, from the picture in memory, as a capture hands it over, to the first frame of the
scene painted in the small window, while the main window is behind the tray.
"""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect
from PySide6.QtGui import QGuiApplication

from desktop.start.waiting import turn_for, wait_until
from desktop.state.query import Query

if TYPE_CHECKING:
    from desktop.app import Application
    from desktop.library.demo import Demo

ROUNDS = 10
SELECTION = QRect(200, 150, 480, 270)


def measure_popup(app: Application, demo: Demo) -> dict[str, float]:
    """Give the figures of an application with the demo open; its window is hidden for it."""
    from index_tools.picture import read_picture

    app.session.clear()
    app.in_background = True
    app.window.hide()
    pictures = [read_picture(sample.path, origin=sample.path.name) for sample in demo.samples]
    times: list[float] = []
    for number in range(ROUNDS + 1):
        picture = pictures[number % len(pictures)]
        shown: list[float] = []
        begun = time.perf_counter()
        app.session.search(Query(picture, "capture"))
        app.presenting.present(SELECTION, QGuiApplication.primaryScreen())
        popup = app.presenting.popup
        if popup is None:
            raise RuntimeError("the small window did not come up")
        popup.playing.connect(lambda seen=shown: seen.append(time.perf_counter()))
        wait_until(lambda seen=shown: bool(seen))  # type: ignore[misc]
        times.append((shown[0] - begun) * 1000)
        turn_for(300)
        app.presenting.close()
        app.session.clear()
    rest = sorted(times[1:])
    return {
        "median": round(statistics.median(rest), 1),
        "worst": round(rest[-1], 1),
        "first_of_the_process": round(times[0], 1),
        "rounds": ROUNDS,
    }
