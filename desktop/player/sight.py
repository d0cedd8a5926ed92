"""Whether anybody can see a widget: not while it is hidden, or its window is minimised."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

#: So long after it first came up a window has nothing to do, in ms.
IDLE_MS = 400


class Sight(QObject):
    """Watches a widget and the window that it is in."""

    judged = Signal(bool)
    """Whether it can be seen, each time that it may have changed."""
    settled = Signal()
    """It came up in a window a moment ago."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._widget = widget
        self._window: QWidget | None = None
        self._idle = QTimer(self, singleShot=True, interval=IDLE_MS)
        self._idle.timeout.connect(self.settled)
        widget.installEventFilter(self)

    def stop(self) -> None:
        """Have nothing done any more in idle time."""
        self._idle.stop()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Watch the widget come and go, and the window being minimised."""
        kind = event.type()
        if watched is self._widget and kind is QEvent.Type.Show:
            self._follow(self._widget.window())
            self._judge()
        elif watched is self._widget and kind is QEvent.Type.Hide:
            self._idle.stop()
            self._judge()
        elif watched is self._window and kind is QEvent.Type.WindowStateChange:
            self._judge()
        return super().eventFilter(watched, event)

    def _follow(self, window: QWidget) -> None:
        if window is self._window:
            return
        if self._window is not None and self._window is not self._widget:
            self._window.removeEventFilter(self)
        self._window = window
        window.installEventFilter(self)
        self._idle.start()

    def _judge(self) -> None:
        self.judged.emit(self._widget.isVisible() and not self._widget.window().isMinimized())
