"""Frames for the GUI thread: the decoding thread's news, those on films loaded before left out."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal

from desktop.player.aim import Aim, Job
from desktop.player.decoding import FrameDecoding
from desktop.player.film_file import FilmFacts
from desktop.player.frame_store import FrameStore
from desktop.player.scene import Incoming


class Supply(QObject):
    """One film at a time; each `open` gets a generation number, and older news is dropped here."""

    opened = Signal(object, object)
    decoded = Signal()
    troubled = Signal(object)

    _opened = Signal(int, object, object)
    _decoded = Signal(int)
    _troubled = Signal(int, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._generation = 0
        self._decoding = FrameDecoding(self._opened.emit, self._decoded.emit, self._troubled.emit)
        queued = Qt.ConnectionType.QueuedConnection
        self._opened.connect(self._on_opened, queued)
        self._decoded.connect(self._on_decoded, queued)
        self._troubled.connect(self._on_troubled, queued)

    @property
    def generation(self) -> int:
        """The number of the film opened last."""
        return self._generation

    def open(self, film: Path | None, aim: Aim | None, incoming: Incoming | None = None) -> None:
        """Begin with a film, or none; `opened` brings its facts and a new store."""
        self._generation += 1
        self._decoding.open(None if film is None else Job(self._generation, film, incoming), aim)

    def aim(self, aim: Aim) -> None:
        """Where the player is now."""
        self._decoding.aim(aim)

    def fit(self, width: int, height: int) -> None:
        """Frames of films opened from now on need not be larger than this, in pixels."""
        self._decoding.fit(width, height)

    def warm_up(self) -> None:
        """Load what the first film will need, on the thread."""
        self._decoding.warm_up()

    def stop(self) -> None:
        """Ask the thread to end."""
        self._generation += 1
        self._decoding.stop()

    def join(self, timeout_s: float) -> bool:
        """Wait for its end."""
        return self._decoding.join(timeout_s)

    def _on_opened(self, generation: int, facts: FilmFacts, store: FrameStore) -> None:
        if generation == self._generation:
            self.opened.emit(facts, store)

    def _on_decoded(self, generation: int) -> None:
        if generation == self._generation:
            self.decoded.emit()

    def _on_troubled(self, generation: int, error: Exception) -> None:
        if generation == self._generation:
            self.troubled.emit(error)
