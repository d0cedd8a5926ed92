"""The page of online lookups: what is asked of whom and when, adult works, titles, the key, the quota."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from desktop.lookup.policy import AskWhen
from desktop.lookup.quota import Quota
from desktop.start.settings import Settings
from desktop.window import words
from desktop.window.action_set import ActionSet
from desktop.window.dialogs import Page
from desktop.window.pieces import label

translate = QCoreApplication.translate


class OnlinePage(Page):
    """Shows the wishes and tells of changes; what they mean is the application's business."""

    wish_chosen = Signal(str)
    adult_toggled = Signal()
    order_chosen = Signal(tuple)
    key_given = Signal(str)
    key_unwanted = Signal()

    def __init__(self, parent: QWidget, actions: ActionSet) -> None:
        self._middle = QWidget()
        self._rows = QVBoxLayout(self._middle)
        self._rows.setContentsMargins(0, 0, 16, 0)
        self._rows.setSpacing(8)
        super().__init__(parent, translate("OnlinePage", "Online lookups"), self._middle)
        self.setObjectName("onlinePage")
        self._order: tuple[str, ...] = ()
        self._wishes = QButtonGroup(self)
        self._add_wishes(actions)
        self._add_adult(actions)
        self._add_titles()
        self._add_key()
        self._rows.addStretch(1)
        self.resize(600, 640)

    def show_settings(self, settings: Settings) -> None:
        """Show the wishes."""
        for button in self._wishes.buttons():
            button.setChecked(button.objectName() == settings.ask_remote)
        self._adult.setChecked(settings.show_adult)
        self._show_order(settings.title_order)

    def show_quota(self, quota: Quota | None) -> None:
        """Show what is left for today."""
        if quota is None:
            self._quota.setText(self.tr("How much is left for today shows here after the first search."))
        else:
            text = self.tr("{0} of {1} searches of the last 24 hours are used; {2} are left.")
            shown = text.format(words.count(quota.used), words.count(quota.limit), words.count(quota.left))
            self._quota.setText(shown)

    def say_quota(self, sentence: str) -> None:
        """Say why the quota is not known."""
        self._quota.setText(sentence)

    def show_key(self, has_key: bool) -> None:
        """Show whether there is a key; the key itself is never shown."""
        self._key_text.setText(
            self.tr("Your key is used. It is kept in the key ring of this system.")
            if has_key
            else self.tr("You search as a guest. A key of your own is kept in the system's key ring.")
        )
        self._field.clear()
        self._forget.setVisible(has_key)

    def say_key(self, sentence: str) -> None:
        """Say what went wrong with the key."""
        self._key_text.setText(sentence)

    def _add_wishes(self, actions: ActionSet) -> None:
        self._rows.addWidget(label(self.tr("When to ask trace.moe"), "title"))
        what = self.tr(
            "trace.moe gets 33 numbers that describe the colours of the picture, never the picture itself, "
            "and your internet address. AniList gets the numbers of the works that were found."
        )
        self._rows.addWidget(label(what, "muted", wrap=True))
        for wish in (AskWhen.UNSURE, AskWhen.ALWAYS, AskWhen.NEVER):
            action = actions[f"remote_{wish.value}"]
            button = QRadioButton(action.text())
            button.setObjectName(wish.value)
            button.setToolTip(action.toolTip())
            button.clicked.connect(lambda _on=False, value=wish.value: self.wish_chosen.emit(value))
            self._wishes.addButton(button)
            self._rows.addWidget(button)
        self._quota = label("", "muted", wrap=True)
        self._rows.addWidget(self._quota)
        self._rows.addSpacing(12)

    def _add_adult(self, actions: ActionSet) -> None:
        self._rows.addWidget(label(self.tr("Adult works"), "title"))
        self._adult = QCheckBox(actions["show_adult"].text())
        self._adult.setObjectName("adult")
        self._adult.clicked.connect(self.adult_toggled)
        self._rows.addWidget(self._adult)
        why = self.tr("Otherwise only their number is told, and none is played by itself.")
        self._rows.addWidget(label(why, "muted", wrap=True))
        self._rows.addSpacing(12)

    def _add_titles(self) -> None:
        self._rows.addWidget(label(self.tr("Titles, the one to show first on the left"), "title"))
        row = QHBoxLayout()
        row.setSpacing(8)
        self._kinds = [QPushButton() for _ in range(4)]
        for button in self._kinds:
            button.setToolTip(self.tr("Press to show this title first"))
            button.clicked.connect(lambda _on=False, one=button: self._prefer(one.objectName()))
            row.addWidget(button)
        row.addStretch(1)
        self._rows.addLayout(row)
        self._rows.addSpacing(12)

    def _add_key(self) -> None:
        self._rows.addWidget(label(self.tr("Your key of trace.moe"), "title"))
        self._key_text = label(self.tr("Looking into the key ring…"), "muted", wrap=True)
        self._rows.addWidget(self._key_text)
        row = QHBoxLayout()
        row.setSpacing(8)
        self._field = QLineEdit()
        self._field.setObjectName("key")
        self._field.setEchoMode(QLineEdit.EchoMode.Password)
        self._field.setPlaceholderText(self.tr("Key from your account's page"))
        self._field.setAccessibleName(self.tr("Your key of trace.moe"))
        keep = QPushButton(self.tr("Keep"))
        keep.setEnabled(False)
        self._field.textChanged.connect(lambda text: keep.setEnabled(bool(text.strip())))
        self._field.returnPressed.connect(keep.click)
        keep.clicked.connect(lambda: self.key_given.emit(self._field.text()))
        self._forget = QPushButton(self.tr("Remove the key"))
        self._forget.clicked.connect(self.key_unwanted)
        self._forget.hide()
        row.addWidget(self._field, 1)
        row.addWidget(keep)
        row.addWidget(self._forget)
        self._rows.addLayout(row)

    def _prefer(self, kind: str) -> None:
        order = (kind, *(one for one in self._order if one != kind))
        self._show_order(order)
        self.order_chosen.emit(order)

    def _show_order(self, order: tuple[str, ...]) -> None:
        names = {
            "native": self.tr("Original"),
            "romaji": self.tr("Romaji"),
            "english": self.tr("English"),
            "chinese": self.tr("Chinese"),
        }
        self._order = tuple(dict.fromkeys([*(kind for kind in order if kind in names), *names]))
        for button, kind in zip(self._kinds, self._order, strict=True):
            button.setObjectName(kind)
            button.setText(names[kind])
            button.setProperty("role", "primary" if kind == self._order[0] else "")
            button.style().unpolish(button)
            button.style().polish(button)
