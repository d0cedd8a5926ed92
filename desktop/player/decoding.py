"""The player's threads: the one place beside `desktop.work` that makes any.

They live as long as the player, sleep when there is nothing to decode, and are told what to do by
values that replace one another, so that a burst of loads leaves only the last one to be done.
"""

from __future__ import annotations

import logging
import threading
from abc import abstractmethod
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.player.aim import Aim, Job
from desktop.player.film_file import FilmFacts
from desktop.player.frame_store import FrameStore, StoredFrame
from desktop.player.plan import next_gap
from desktop.player.source import FilmSource

if TYPE_CHECKING:
    from index_tools.film.container import Bytes

_log = logging.getLogger(__name__)

#: A gap this little ahead of the decoder is reached by decoding on rather than by a seek, in s.
_DECODE_ON_S = 2.0


class Decoding:
    """A thread that does one small piece of work after another until there is none.

    Subclasses give `_open`, `_work` and `_close`; these run on the thread, `_wish` is read under the lock.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._changed = threading.Condition()
        self._stopping = False
        self._job: Job | None = None
        self._aim: Aim | None = None
        self._thread: threading.Thread | None = None

    def open(self, job: Job | None, aim: Aim | None) -> None:
        """Drop whatever is being decoded and begin with another film, or with none."""
        with self._changed:
            self._job, self._aim = job, aim
            self._changed.notify_all()
        if job is not None:
            self._start()

    def aim(self, aim: Aim | None) -> None:
        """Tell where the player is now; None lets the thread sleep."""
        with self._changed:
            if aim != self._aim:
                self._aim = aim
                self._changed.notify_all()

    def stop(self) -> None:
        """Ask the thread to end; returns at once."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()

    def join(self, timeout_s: float) -> bool:
        """Wait for the thread's end; False when it still runs (a file system that does not answer)."""
        if self._thread is not None:
            self._thread.join(timeout_s)
            return not self._thread.is_alive()
        return True

    def warm_up(self) -> None:
        """Load the libraries before they are needed."""
        self._start()

    def _start(self) -> None:
        if self._thread is None and not self._stopping:
            self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
            self._thread.start()

    def _run(self) -> None:
        try:
            import index_tools.film.container  # noqa: F401 - PyAV and more, loaded where nobody waits for it
        except ImportError:
            _log.info("PyAV could not be loaded; the first film will tell", exc_info=True)

        done: Job | None = None
        try:
            while True:
                with self._changed:
                    if self._stopping:
                        return
                    job, aim = self._job, self._aim
                if job != done:
                    done = job
                    if job is None:
                        self._close()
                    else:
                        self._open(job)
                elif job is None or aim is None or not self._work(job, aim):
                    with self._changed:
                        if not self._stopping and (job, aim) == (self._job, self._aim):
                            self._changed.wait()
        finally:
            self._close()

    def _tell(self, call_back: Callable[..., None], *news: object) -> None:
        """Tell the player, unless it is being taken down."""
        if not self._stopping:
            call_back(*news)

    def _wants(self, job: Job) -> bool:
        """Whether the player still wants this film."""
        return job is self._job and not self._stopping

    def _bytes_of(self, job: Job) -> Callable[[], Bytes] | None:
        """What gives the bytes of a film that is still on its way; None for a file."""
        incoming = job.incoming
        return None if incoming is None else lambda: incoming.open(lambda: self._wants(job))

    @abstractmethod
    def _open(self, job: Job) -> None:
        """Open the film in place of the one that is open, if any."""

    @abstractmethod
    def _work(self, job: Job, aim: Aim) -> bool:
        """Do a little (a few ms); False when there is nothing to do for this aim."""

    @abstractmethod
    def _close(self) -> None:
        """Close the film, if one is open."""


class FrameDecoding(Decoding):
    """Fills a frame store for each job.

    The call-backs come from the thread: `on_opened(generation, facts, store)`, `on_frame(generation)` while
    the player waits for one, `on_trouble(generation, error)` when the film cannot be opened or read on.
    """

    def __init__(
        self,
        on_opened: Callable[[int, FilmFacts, FrameStore], None],
        on_frame: Callable[[int], None],
        on_trouble: Callable[[int, Exception], None],
    ) -> None:
        super().__init__("scene frames")
        self._on_opened, self._on_frame, self._on_trouble = on_opened, on_frame, on_trouble
        self._view = (0, 0)
        self._source: FilmSource | None = None
        self._film: Path | None = None
        self._file_state: tuple[int, int, int] | None = None
        self._store = FrameStore()
        self._frames: Iterator[StoredFrame | None] | None = None
        self._at = 0  # decoded up to here: a gap not before it is reached by decoding on
        self._last: int | None = None  # the frame decoded last since the seek

    def fit(self, width: int, height: int) -> None:
        """Frames of films opened from now on need not be larger than this view, in pixels."""
        self._view = (width, height)

    def _open(self, job: Job) -> None:
        self._store, self._frames = FrameStore(), None
        try:
            state = _file_state(job.film)
            is_other = job.film != self._film or (state and state != self._file_state)
            if self._source is None or is_other or job.incoming is not None:
                self._close()
                self._source = FilmSource(job.film, self._bytes_of(job))
                self._film, self._file_state = job.film, state
        except Exception as error:  # noqa: BLE001 - whatever a film does is told, and the player lives
            _log.info("A film could not be opened: %s", job.film, exc_info=True)
            self._tell(self._on_trouble, job.generation, error)
            return
        if min(self._view) > 0:
            self._source.fit(*self._view)
        self._tell(self._on_opened, job.generation, self._source.facts, self._store)

    def _work(self, job: Job, aim: Aim) -> bool:
        source = self._source
        if source is None:
            return False
        gap = next_gap(self._store, aim.wanted(source.facts), source.stored_bytes())
        if gap is None:
            return False
        try:
            found = self._decode(source, aim, gap)
        except Exception as error:  # noqa: BLE001 - as above; what was decoded stays
            _log.info("A film could not be read on: %s", job.film, exc_info=True)
            self._store.end_here(max(gap, self._at))
            self._frames = None
            self._tell(self._on_trouble, job.generation, error)
            found = True
        if found and aim.waiting:
            self._tell(self._on_frame, job.generation)
        return True

    def _decode(self, source: FilmSource, aim: Aim, gap: int) -> bool:
        """Decode one packet; whether the store knows more than before."""
        near = source.facts.timeline.ticks(_DECODE_ON_S)
        if self._frames is None or not self._at <= gap <= self._at + near:
            self._frames = source.frames_from(gap, aim.keep_from(source.facts, gap))
            self._at, self._last = gap, None
        try:
            frame = next(self._frames)
        except StopIteration:
            self._store.end_here(self._at if self._last is None else self._last + 1)
            self._frames = None
            return True
        if frame is None:
            return False
        self._store.add(frame, min(self._at, frame.tick) if self._last is None else self._last)
        self._last = frame.tick
        self._at = max(self._at, frame.tick + 1)
        return True

    def _close(self) -> None:
        self._frames = None
        if self._source is not None:
            self._source.close()
            self._source = None


def _file_state(film: Path) -> tuple[int, int, int] | None:
    """What changes when another file takes the place of a film; None when it is gone.

    A film that was deleted while it is open can be read on, and one that grows or is cut is opened anew.
    """
    try:
        status = film.stat()
    except FileNotFoundError:
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns
