"""Let a control that was reached by Tab have the keys that work it.

Space, Enter and the arrows are actions of the window; for somebody who moved the focus by the keyboard
they must press the button or move the slider that has it instead.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QAbstractSlider, QComboBox, QWidget

PRESSING = {Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter}
MOVING = {Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down}


class KeyCourtesy(QObject):
    """Watches the one control that was reached by Tab, until it loses the focus."""

    def reach(self, widget: QWidget | None) -> None:
        """Say that Tab has moved the focus to this control."""
        if widget is not None:
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Claim the control's own keys from the window's actions."""
        kind = event.type()
        if kind is QEvent.Type.FocusOut:
            watched.removeEventFilter(self)
        elif kind is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if isinstance(watched, QWidget) and _works_by(watched, Qt.Key(event.key())):
                event.accept()
        elif kind is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            if is_enter and isinstance(watched, QAbstractButton):
                watched.click()
                return True
        return False


def _works_by(widget: QWidget, key: Qt.Key) -> bool:
    if isinstance(widget, QAbstractButton):
        return key in PRESSING
    if isinstance(widget, QAbstractSlider | QComboBox):
        return key in MOVING
    return False
