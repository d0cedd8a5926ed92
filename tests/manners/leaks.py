"""A test that leaves something running fails, and is told what.

Looked for: threads, child processes of multiprocessing, and, where a QApplication exists, top-level
widgets, running QThreads and active QTimers (after napari's conftest).  What existed before the test,
from fixtures of wider scope, is not counted.
"""

from __future__ import annotations

import gc
import multiprocessing
import sys
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from typing import Any

import pytest

#: What is told to stop may take this long to do so.
PATIENCE_S = 3.0

#: Windows that Qt makes and keeps for itself.
QT_OWN_WINDOWS = frozenset({"QTipLabel", "QShapedPixmapWindow"})

_timers: weakref.WeakSet[Any] = weakref.WeakSet()
_qthreads: weakref.WeakSet[Any] = weakref.WeakSet()


@pytest.fixture(autouse=True)
def leave_nothing_running(own_folders: None) -> Iterator[None]:
    """Fail the test for what it leaves behind.  The last fixture to be torn down but the folders."""
    _watch_qt()
    threads = set(threading.enumerate())
    processes = set(multiprocessing.active_children())
    qt = set(map(id, _qt_running())), _window_addresses()
    yield
    left = [
        *_left_when_patient(lambda: set(threading.enumerate()) - threads, "thread"),
        *_left_when_patient(lambda: set(multiprocessing.active_children()) - processes, "process"),
        *_left_in_qt(*qt),
    ]
    if left:
        pytest.fail("left behind by this test:\n  " + "\n  ".join(left), pytrace=False)


def _left_when_patient(find: Callable[[], set[Any]], kind: str) -> list[str]:
    deadline = time.monotonic() + PATIENCE_S
    while (left := {item for item in find() if item.is_alive()}) and time.monotonic() < deadline:
        time.sleep(0.01)
    return [f"{kind} {item.name!r}" for item in left]


def _left_in_qt(running: set[int], windows: set[int]) -> list[str]:
    if _application() is None:
        return []
    from PySide6.QtCore import QCoreApplication, QEvent

    for collect in (False, True):
        if collect:
            gc.collect()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        left = [item for item in _qt_running() if id(item) not in running]
        left += [window for address, window in _windows().items() if address not in windows]
        if not left:
            return []
    deadline = time.monotonic() + PATIENCE_S
    while any(item in _qthreads for item in left) and time.monotonic() < deadline:
        left = [item for item in left if item not in _qthreads or item.isRunning()]
        time.sleep(0.01)
    return [f"{type(item).__name__} {item.objectName() or '(no object name)'!r}" for item in left]


def _application() -> Any:
    """The QApplication if there is one; never imports Qt by itself."""
    widgets = sys.modules.get("PySide6.QtWidgets")
    return None if widgets is None else widgets.QApplication.instance()


def _windows() -> dict[int, Any]:
    """The top-level widgets by address."""
    application = _application()
    if application is None or not hasattr(application, "topLevelWidgets"):
        return {}
    import shiboken6

    return {
        shiboken6.getCppPointer(widget)[0]: widget
        for widget in application.topLevelWidgets()
        if widget.metaObject().className() not in QT_OWN_WINDOWS
    }


def _window_addresses() -> set[int]:
    return set(_windows())


def _qt_running() -> list[Any]:
    """Timers that are active and threads that run, of those started since Qt is watched."""
    if not _timers and not _qthreads:
        return []
    import shiboken6

    timers = [timer for timer in list(_timers) if shiboken6.isValid(timer) and timer.isActive()]
    qthreads = [thread for thread in list(_qthreads) if shiboken6.isValid(thread) and thread.isRunning()]
    return timers + qthreads


def _watch_qt() -> None:
    """Note every QTimer and QThread that Python starts, once QtCore is there."""
    core = sys.modules.get("PySide6.QtCore")
    if core is None or hasattr(core.QTimer.start, "watched"):
        return
    for kind, started in ((core.QTimer, _timers), (core.QThread, _qthreads)):
        kind.start = _noting(kind.start, started)


def _noting(start: Callable[..., None], started: weakref.WeakSet[Any]) -> Callable[..., None]:
    def noting_start(self: Any, *arguments: Any) -> None:
        started.add(self)
        start(self, *arguments)

    noting_start.watched = True  # type: ignore[attr-defined]
    return noting_start
