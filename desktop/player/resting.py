"""In full screen the controls lie over the picture, and go away with the pointer while the mouse rests."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

#: The mouse rests when it has not moved for so long, in ms.
REST_MS = 2500


class RestingControls(QObject):
    """Lets `controls` float at the foot of `view`; their owner keeps them out of its layout meanwhile."""

    def __init__(self, view: QWidget, controls: QWidget) -> None:
        super().__init__(view)
        self._view, self._controls = view, controls
        self._on = False
        self._last = QPoint()
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._go_away)

    def set_on(self, on: bool) -> None:
        """Begin to float and rest, or end it with everything shown."""
        if on == self._on:
            return
        self._on = on
        self._view.setMouseTracking(on)
        self._controls.setAutoFillBackground(on)
        self._rest.stop()
        if on:
            self._view.installEventFilter(self)
            self._place()
        else:
            self._view.removeEventFilter(self)
        self._come_back()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Watch the mouse over the picture, and the picture's size."""
        kind = event.type()
        if kind is QEvent.Type.Resize:
            self._place()
        elif kind is QEvent.Type.MouseButtonPress:
            self._come_back()
        elif kind is QEvent.Type.MouseMove and isinstance(event, QMouseEvent):
            at = event.globalPosition().toPoint()
            if at != self._last:  # a hidden pointer or widget makes moves of its own, to where it is
                self._last = at
                self._come_back()
        return super().eventFilter(watched, event)

    def _come_back(self) -> None:
        self._view.unsetCursor()
        self._controls.show()
        if self._on:
            self._controls.raise_()
            self._rest.start()

    def _go_away(self) -> None:
        if self._controls.underMouse() or QApplication.activePopupWidget() is not None:
            self._rest.start()
            return
        self._controls.hide()
        self._view.setCursor(Qt.CursorShape.BlankCursor)

    def _place(self) -> None:
        high = self._controls.sizeHint().height()
        area = self._view.geometry()
        self._controls.setGeometry(area.left(), area.bottom() + 1 - high, area.width(), high)
