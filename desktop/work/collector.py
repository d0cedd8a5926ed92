"""Collect Python's garbage in the main thread alone.

Objects of Qt that sit in reference cycles are otherwise destroyed in whatever thread happens to trigger
the collector, which can crash.  Source: the caution on Qt and the collector in PySide's and PyQt's
communities; the remedy is to turn the automatic collector off and to run it from a timer.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

INTERVAL_MS = 1000


class Collector(QObject):
    """Runs the collector's young generations from a timer, the oldest when much has gathered."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._was_enabled = gc.isenabled()
        gc.disable()
        self._timer = QTimer(self, interval=INTERVAL_MS)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    def collect(self) -> None:
        """Collect what the thresholds call for."""
        counts, limits = gc.get_count(), gc.get_threshold()
        for generation in (2, 1, 0):
            if counts[generation] > limits[generation] > 0:
                gc.collect(generation)
                return

    def stop(self) -> None:
        """Give the collector back as it was."""
        self._timer.stop()
        if self._was_enabled:
            gc.enable()
