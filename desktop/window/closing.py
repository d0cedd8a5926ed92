"""The question asked once: what closing the window means."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.window.pieces import label

translate = QCoreApplication.translate


def ask_closing(window: QWidget, decided: Callable[[bool], None]) -> QDialog:
    """Ask whether to stay in the tray; `decided` gets True for that, and is not called for Esc."""
    for open_one in window.findChildren(QDialog, "closingPage"):
        return open_one
    page = QDialog(window)
    page.setObjectName("closingPage")
    page.setWindowTitle(translate("closing", "Close the window"))
    page.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    column = QVBoxLayout(page)
    column.setContentsMargins(24, 24, 24, 20)
    column.setSpacing(12)
    column.addWidget(label(translate("closing", "Stay in the tray?"), "heading"))
    text = translate(
        "closing",
        "There, SceneLens waits for pictures: its keys, its icon and “Find this scene” work without the "
        "window. You are asked only once; the menu under Background changes it later.",
    )
    told = label(text, "muted", wrap=True)
    told.setMinimumWidth(400)
    column.addWidget(told)
    stay = QPushButton(translate("closing", "Stay in the tray"))
    stay.setObjectName("stayButton")
    stay.setProperty("role", "primary")
    leave = QPushButton(translate("closing", "Quit"))
    leave.setObjectName("leaveButton")
    cancel = QPushButton(translate("closing", "Cancel"))
    row = QHBoxLayout()
    row.setSpacing(8)
    row.addWidget(cancel)
    row.addStretch()
    row.addWidget(leave)
    row.addWidget(stay)
    column.addLayout(row)
    stay.setDefault(True)
    for button, answer in ((stay, True), (leave, False)):
        button.clicked.connect(page.accept)
        button.clicked.connect(lambda _checked=False, to_tray=answer: decided(to_tray))
    cancel.clicked.connect(page.reject)
    page.open()
    return page
