"""The player's figures, measured with the real panel: `python -m desktop.player.figures FILM`.

Prints one line of JSON.  Times of frames are those at which they were painted.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEvent, QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from desktop.player.frame_store import StoredFrame
from desktop.player.panel import PlayerPanel
from desktop.player.scene import Scene

#: A scene that cannot be reached by a key frame: frames 150 to 194 of a film with one key frame.
_FIRST, _LAST, _FPS = 150, 194, 30
_SIZE = (1280, 720)
_WATCH_MS = 5

Figures = dict[str, float | int | bool]


def measure(film: Path, *, loads: int = 20, loops: int = 20, seed: int = 8) -> dict[str, Figures]:
    """Load random scenes of `film`, then play a scene of a made film with a single key frame around.

    `load` is the time from `load()` to the painted first frame; `loop` the pause between the painted last
    and first frame, whether both were exact each time, and the share of a core used while looping.
    """
    app = QApplication.instance() or QApplication(sys.argv[:1])
    panel = PlayerPanel()
    panel.resize(*_SIZE)
    panel.show()
    _process(1.0)
    try:
        with tempfile.TemporaryDirectory() as folder:
            long_film = _make_film(Path(folder) / "one-key-frame.mp4")
            return {"load": _loads(panel, film, loads, seed), "loop": _loops(panel, long_film, loops)}
    finally:
        panel.shutdown()
        panel.close()
        panel.deleteLater()
        app.sendPostedEvents(panel, QEvent.Type.DeferredDelete)


def _loads(panel: PlayerPanel, film: Path, loads: int, seed: int) -> Figures:
    chance = random.Random(seed)
    panel.load(Scene(film, 0.0, 0.0, 1.0))
    _process(0.5)
    facts = panel.playback.facts
    length_s = facts.timeline.seconds(facts.end_tick) if facts else 1.0
    times_ms = []
    painted: list[float] = []
    link = panel.first_frame_shown.connect(lambda: painted.append(time.perf_counter()))
    for _ in range(loads):
        start_s = chance.uniform(0.0, length_s - 3.0)
        painted.clear()
        began = time.perf_counter()
        panel.load(Scene(film, start_s, start_s + 1.0, start_s + 2.0))
        _process(5.0, lambda: bool(painted))
        times_ms.append((painted[0] - began) * 1000 if painted else 5000.0)
        _process(0.3)
    panel.first_frame_shown.disconnect(link)
    return {
        "scenes": loads,
        "median_ms": round(statistics.median(times_ms), 1),
        "p95_ms": round(sorted(times_ms)[max(0, round(loads * 0.95) - 1)], 1),
    }


def _loops(panel: PlayerPanel, film: Path, loops: int) -> Figures:
    painted: list[tuple[int, float]] = []

    def note(_frame: StoredFrame) -> None:
        number = round(panel.at_s * _FPS)
        if not painted or painted[-1][0] != number:
            painted.append((number, time.perf_counter()))

    panel.set_loop(True)
    panel.load(Scene(film, _FIRST / _FPS, _FIRST / _FPS, (_LAST + 1) / _FPS))
    _process(1.0)
    link = panel.view.painted.connect(note)
    began, used = time.perf_counter(), time.process_time()
    _process((_LAST + 1 - _FIRST) / _FPS * loops + 0.5)
    cpu = (time.process_time() - used) / (time.perf_counter() - began)
    panel.view.painted.disconnect(link)
    pairs = list(itertools.pairwise(painted))
    turns = [(b[0], a[0], (b[1] - a[1]) * 1000) for a, b in pairs if b[0] < a[0]]
    pauses_ms = [pause for _, _, pause in turns] or [0.0]
    return {
        "loops": len(turns),
        "all_exact": all((first, last) == (_FIRST, _LAST) for first, last, _ in turns) and bool(turns),
        "frames_left_out": sum(1 for a, b in pairs if b[0] > a[0] + 1),
        "frame_interval_ms": round(1000 / _FPS, 1),
        "pause_median_ms": round(statistics.median(pauses_ms), 1),
        "pause_most_ms": round(max(pauses_ms), 1),
        "cpu_share_of_a_core": round(cpu, 3),
    }


def _make_film(path: Path) -> Path:
    """Eight seconds of moving stripes, 1280x720, with one key frame."""
    import av

    with av.open(str(path), "w") as container:
        options = {"preset": "veryfast", "crf": "23", "bf": "3", "x264-params": "scenecut=0"}
        stream = container.add_stream("libx264", rate=_FPS, options=options)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = *_SIZE, "yuv420p"
        stream.codec_context.gop_size = 10_000
        ramp = np.add.outer(np.arange(_SIZE[1]), np.arange(_SIZE[0]))
        for number in range(8 * _FPS):
            grey = ((ramp + 9 * number) % 256).astype(np.uint8)
            frame = av.VideoFrame.from_ndarray(np.repeat(grey[..., None], 3, axis=2), format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def _process(for_s: float, until: Callable[[], bool] = lambda: False) -> None:
    """Let the application live for a while, or until something is so."""
    done = QEventLoop()
    watch = QTimer(interval=_WATCH_MS)
    watch.timeout.connect(lambda: done.quit() if until() else None)
    watch.start()
    QTimer.singleShot(round(for_s * 1000), done, done.quit)
    done.exec()


def main() -> None:
    """Measure with the film named on the command line."""
    if "DISPLAY" not in os.environ and "WAYLAND_DISPLAY" not in os.environ:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    sys.stdout.write(json.dumps(measure(Path(sys.argv[1]))) + "\n")


if __name__ == "__main__":
    main()
