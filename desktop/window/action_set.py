"""Qt's actions, and menus made of them, out of the table of actions."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from desktop.actions import ACTIONS, AFTER_A_LINE, BY_ID, GROUPS, Facts
from desktop.window.icons import icon

THEMES = ("theme_system", "theme_dark", "theme_light")


class ActionSet:
    """One QAction for each action, kept enabled and checked as the facts say."""

    def __init__(self, owner: QWidget) -> None:
        self._owner = owner
        self._made: dict[str, QAction] = {}
        themes = QActionGroup(owner)
        for action in ACTIONS:
            made = QAction(_tr(action.text), owner)
            made.setObjectName(action.id)
            made.setShortcuts([QKeySequence(keys) for keys in action.keys])
            made.setAutoRepeat(action.repeats)
            made.setCheckable(action.checkable)
            made.setIconText(f" {_tr(action.text).rstrip('…')}")  # a tool bar's text; Qt leaves no gap
            made.setToolTip(tip(action.id))
            made.setStatusTip(_tr(action.tip))
            owner.addAction(made)
            if action.id in THEMES:
                themes.addAction(made)
            self._made[action.id] = made
        self._facts: Facts | None = None
        self.set_facts(Facts())
        self.colour()

    def __getitem__(self, action_id: str) -> QAction:
        return self._made[action_id]

    def tie(self, handlers: dict[str, Callable[[], object]]) -> None:
        """Say what each action does; every one must be named."""
        if set(handlers) != set(self._made):
            raise KeyError(
                f"actions without a deed, or deeds without an action: {set(handlers) ^ set(self._made)}"
            )
        for action_id, handler in handlers.items():
            self._made[action_id].triggered.connect(lambda _checked=False, act=handler: act())

    def set_facts(self, facts: Facts) -> None:
        """Enable what makes sense now."""
        if facts == self._facts:
            return
        self._facts = facts
        for action in ACTIONS:
            self._made[action.id].setEnabled(action.when(facts))

    def colour(self) -> None:
        """Draw the icons in the colours of the theme."""
        for action in ACTIONS:
            if action.icon:
                self._made[action.id].setIcon(icon(action.icon))

    def menu(self) -> QMenu:
        """Make the menu of everything, a sub-menu a group."""
        menu = QMenu(self._owner)
        for group, text in GROUPS:
            part = menu.addMenu(_tr(text))
            part.setToolTipsVisible(True)
            for action in ACTIONS:
                if action.group == group and action.id != "menu":
                    if action.id in AFTER_A_LINE:
                        part.addSeparator()
                    part.addAction(self._made[action.id])
        return menu

    def context_menu(self, ids: Iterable[str]) -> QMenu:
        """Make a short menu; "" is a line between."""
        menu = QMenu(self._owner)
        for action_id in ids:
            if action_id:
                menu.addAction(self._made[action_id])
            else:
                menu.addSeparator()
        return menu


def tip(action_id: str) -> str:
    """Give the tip of an action with its key."""
    action = BY_ID[action_id]
    keys = QKeySequence(action.keys[0]).toString(QKeySequence.SequenceFormat.NativeText)
    return f"{_tr(action.tip)} ({keys})"


def keys_of(action_id: str) -> str:
    """Give all keys of an action as the user's system writes them."""
    native = QKeySequence.SequenceFormat.NativeText
    return "  ".join(QKeySequence(keys).toString(native) for keys in BY_ID[action_id].keys)


def _tr(text: str) -> str:
    return QCoreApplication.translate("actions", text)
