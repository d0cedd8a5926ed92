"""Qt's own signal of a changed clipboard: XFixes on X11, a clipboard viewer on Windows."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QGuiApplication

QT_IMAGE = "application/x-qt-image"


class QtWatch:
    """Looks at the kinds that are offered alone; the picture stays with its owner."""

    name = "Qt"
    problem = ""

    def __init__(self) -> None:
        self._copied: Callable[[], None] | None = None

    def start(self, copied: Callable[[], None]) -> None:
        """Watch."""
        if self._copied is None:
            QGuiApplication.clipboard().dataChanged.connect(self._look)
        self._copied = copied

    def stop(self) -> None:
        """Watch no more."""
        if self._copied is not None:
            QGuiApplication.clipboard().dataChanged.disconnect(self._look)
            self._copied = None

    def _look(self) -> None:
        clipboard = QGuiApplication.clipboard()
        if self._copied is None or clipboard.ownsClipboard():
            return
        held = clipboard.mimeData()
        # Qt gives none for an empty clipboard, whatever its type says
        kinds = held.formats() if held is not None else []
        if any(kind.startswith("image/") or kind == QT_IMAGE for kind in kinds):
            self._copied()
