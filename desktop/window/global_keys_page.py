"""The page of the global keys: what each does, the keys, whether they work, and what to do where none can."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop.system.hotkey import GLOBAL_ACTIONS, GlobalAction, GlobalKeys, Way
from desktop.system.hotkey.models import Bound
from desktop.window.dialogs import Page
from desktop.window.key_field import KeyField
from desktop.window.pieces import label

#: How long a button says that it has copied something.
COPIED_MS = 2000


class GlobalKeysPage(Page):
    """Follows the keys while it is open; changes apply at once."""

    wished = Signal(str, str)
    """The id of an action, and the keys it shall have, "" for none."""

    def __init__(self, parent: QWidget, hotkeys: GlobalKeys, wanted: Mapping[str, str]) -> None:
        self._hotkeys = hotkeys
        self._states: dict[str, QLabel] = {}
        self._fields: dict[str, KeyField] = {}
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(20)
        super().__init__(parent, parent.tr("Global keys"), middle)
        self.setObjectName("globalKeysPage")
        self._intro = label("", "muted", wrap=True)
        self._intro.setObjectName("globalKeysIntro")
        column.addWidget(self._intro)
        self._rows = QWidget()
        column.addWidget(self._rows)
        self._fill(QGridLayout(self._rows), wanted)
        column.addWidget(self._make_commands())
        column.addStretch()
        hotkeys.changed.connect(self._refresh)
        self._refresh()
        self.resize(680, 620)

    def _fill(self, grid: QGridLayout, wanted: Mapping[str, str]) -> None:
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(0, 1)
        for number, action in enumerate(GLOBAL_ACTIONS):
            name = _name(action)
            field = self._fields[action.id] = KeyField(name, wanted.get(action.id, ""))
            field.setObjectName(f"keys_{action.id}")
            field.taken.connect(lambda keys, made=field, known=action.id: self._take(known, made, keys))
            field.waiting_changed.connect(self._hotkeys.set_paused)
            state = self._states[action.id] = label("", "small", wrap=True)
            state.setObjectName(f"state_{action.id}")
            grid.addWidget(label(name, "strong", wrap=True), 3 * number, 0, Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(field, 3 * number, 1)
            grid.addWidget(state, 3 * number + 1, 0, 1, 2)
            grid.setRowMinimumHeight(3 * number + 2, 8)

    def _make_commands(self) -> QWidget:
        """The commands that do the same, to be bound in the desktop's own settings."""
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(0, 1)
        grid.addWidget(label(self.tr("In the desktop's own settings"), "title"), 0, 0, 1, 2)
        about = self.tr(
            "These commands do the same. Enter one under Keyboard, Custom shortcuts; SceneLens need not be "
            "running then."
        )
        grid.addWidget(label(about, "muted", wrap=True), 1, 0, 1, 2)
        for number, action in enumerate(GLOBAL_ACTIONS, 2):
            command = label(action.command)
            command.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
            command.setAccessibleName(f"{_name(action)}: {action.command}")
            grid.addWidget(command, number, 0)
            grid.addWidget(self._copy_button(action), number, 1)
        return holder

    def _copy_button(self, action: GlobalAction) -> QPushButton:
        button = QPushButton(self.tr("Copy"))
        button.setObjectName(f"copy_{action.id}")
        button.setAccessibleName(self.tr("Copy the command: {0}").format(action.command))
        timer = QTimer(button, singleShot=True, interval=COPIED_MS)
        timer.timeout.connect(lambda: button.setText(self.tr("Copy")))

        def copy() -> None:
            QGuiApplication.clipboard().setText(action.command)
            button.setText(self.tr("Copied"))
            timer.start()

        button.clicked.connect(copy)
        return button

    def _take(self, action: str, field: KeyField, keys: str) -> None:
        field.show_keys(keys)
        self.wished.emit(action, keys)

    def _refresh(self) -> None:
        choice = self._hotkeys.choice
        way = choice.way if choice is not None else Way.NOTHING
        self._intro.setText(self._about(way))
        self._rows.setVisible(way is not Way.NOTHING)
        for action in GLOBAL_ACTIONS:
            bound = self._hotkeys.bound.get(action.id, Bound(action.id))
            state = self._states[action.id]
            state.setText(self._state(bound, way))
            state.setProperty("role", "problem" if bound.problem else "small")
            state.style().unpolish(state)  # Qt looks at properties only when it polishes
            state.style().polish(state)

    def _about(self, way: Way) -> str:
        if way is Way.NOTHING:
            return self.tr(
                "This desktop lets no program bind keys for itself, so these do not work by themselves. The "
                "commands below do, once you have bound them to keys in the desktop's settings."
            )
        if way is Way.PORTAL:
            return self.tr(
                "These keys work in every program. Here the desktop owns the keys: SceneLens proposes them, "
                "the desktop may ask you, and what it decided stands below each."
            )
        return self.tr("These keys work in every program, while SceneLens is running.")

    def _state(self, bound: Bound, way: Way) -> str:
        if bound.problem:
            return f"✕  {bound.problem}"
        if bound.keys and way is Way.PORTAL:
            return self.tr("✓  Works: {0}").format(bound.keys)
        return self.tr("✓  Works") if bound.keys else ""


def _name(action: GlobalAction) -> str:
    return QCoreApplication.translate("hotkeys", action.text)
