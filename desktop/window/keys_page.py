"""The page of all keys: those of the window, of every program, of the small window."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QGridLayout, QWidget

from desktop.actions import ACTIONS, GROUPS
from desktop.system.hotkey import GLOBAL_ACTIONS
from desktop.window.action_set import keys_of
from desktop.window.dialogs import Page
from desktop.window.pieces import label

translate = QCoreApplication.translate

#: Keys, and what they do.
Rows = Sequence[tuple[str, str]]


def keys_page(parent: QWidget, global_keys: Mapping[str, str]) -> Page:
    """Make the page out of the table of actions; `global_keys` are the chosen keys by global action."""
    middle = QWidget()
    grid = QGridLayout(middle)
    grid.setContentsMargins(0, 0, 16, 0)
    grid.setHorizontalSpacing(24)
    grid.setVerticalSpacing(6)
    grid.setColumnStretch(1, 1)
    for group, text in GROUPS:
        rows = [(keys_of(one.id), translate("actions", one.tip)) for one in ACTIONS if one.group == group]
        _add(grid, translate("actions", text), rows)
    _add(grid, translate("dialogs", "In every program"), _global_rows(global_keys))
    _add(grid, translate("dialogs", "In the small window"), _popup_rows())
    page = Page(parent, translate("dialogs", "Keys"), middle)
    page.setObjectName("keysPage")
    page.resize(560, 640)
    return page


def _add(grid: QGridLayout, title: str, rows: Rows) -> None:
    """Add a title and its rows at the end."""
    row = grid.rowCount()
    grid.addWidget(label(title, "title"), row, 0, 1, 2)
    for number, (keys, what) in enumerate(rows, row + 1):
        grid.addWidget(label(keys, "strong"), number, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(label(what, "muted", wrap=True), number, 1)
    grid.setRowMinimumHeight(row + len(rows) + 1, 8)


def _global_rows(chosen: Mapping[str, str]) -> Rows:
    none = translate("dialogs", "None")
    return [
        (_native(chosen.get(action.id, "")) or none, translate("hotkeys", action.text))
        for action in GLOBAL_ACTIONS
    ]


def _popup_rows() -> Rows:
    return (
        (_native("Return"), translate("dialogs", "Open the window at this search")),
        (_native("Space"), translate("dialogs", "Hold the scene, or play on")),
        (_native("Esc"), translate("dialogs", "Close the small window")),
    )


def _native(keys: str) -> str:
    """Write keys as the user's system writes them."""
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
