"""A button that takes a combination of keys: pressed once, it waits for them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QKeyCombination, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QPushButton, QWidget

_MODIFIERS = {
    Qt.Key.Key_Control, Qt.Key.Key_Shift, Qt.Key.Key_Alt, Qt.Key.Key_Meta, Qt.Key.Key_AltGr,
    Qt.Key.Key_Super_L, Qt.Key.Key_Super_R, Qt.Key.Key_Hyper_L, Qt.Key.Key_Hyper_R, Qt.Key.Key_CapsLock,
    Qt.Key.Key_NumLock, Qt.Key.Key_unknown,
}  # fmt: skip

_KEPT = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.ShiftModifier
    | Qt.KeyboardModifier.MetaModifier
)


class KeyField(QPushButton):
    """Shows keys; pressed, it takes the next ones.  Esc leaves them as they were, Backspace removes them."""

    taken = Signal(str)
    """Qt's portable text of the keys pressed, "" for none."""
    waiting_changed = Signal(bool)

    def __init__(self, name: str, keys: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._keys, self._waiting = name, keys, False
        self.setMinimumWidth(190)
        self.clicked.connect(lambda: self._wait(True))
        self._show()

    @property
    def keys(self) -> str:
        """The keys shown, as portable text."""
        return self._keys

    def show_keys(self, keys: str) -> None:
        """Show other keys."""
        self._keys = keys
        self._show()

    def event(self, event: QEvent) -> bool:
        """Claim every key while waiting, those of menus and of Tab included."""
        if self._waiting and isinstance(event, QKeyEvent):
            if event.type() is QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() is QEvent.Type.KeyPress:
                self._take(event)
                return True
        return super().event(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Wait no longer."""
        self._wait(False)
        super().focusOutEvent(event)

    def _take(self, event: QKeyEvent) -> None:
        key, modifiers = Qt.Key(event.key()), event.modifiers() & _KEPT
        if event.isAutoRepeat() or key in _MODIFIERS:
            return
        self._wait(False)
        if key is Qt.Key.Key_Escape and not modifiers:
            return
        if key is Qt.Key.Key_Backspace and not modifiers:
            self.taken.emit("")
            return
        sequence = QKeySequence(QKeyCombination(modifiers, key))
        self.taken.emit(sequence.toString(QKeySequence.SequenceFormat.PortableText))

    def _wait(self, waiting: bool) -> None:
        if waiting != self._waiting:
            self._waiting = waiting
            self._show()
            self.waiting_changed.emit(waiting)

    def _show(self) -> None:
        native = QKeySequence(self._keys).toString(QKeySequence.SequenceFormat.NativeText)
        shown = self.tr("Press the keys…") if self._waiting else native or self.tr("None")
        self.setText(shown)
        self.setAccessibleName(f"{self._name}: {shown}")
        self.setToolTip(
            self.tr("Press, then press the new keys. Esc keeps the old ones, Backspace removes them.")
        )
