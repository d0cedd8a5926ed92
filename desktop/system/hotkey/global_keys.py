"""The global keys as the application sees them: wishes in, presses and outcomes out."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, Signal

from desktop.system.errors import HotkeyError
from desktop.system.hotkey.choose import Choice, make_handler
from desktop.system.hotkey.combination import Combination
from desktop.system.hotkey.models import GLOBAL_ACTIONS, Bound, Handler, Way


class GlobalKeys(QObject):
    """Binds the keys of the settings by the way that fits; lives as long as the program."""

    pressed = Signal(str)
    """The id of a `GlobalAction`."""
    changed = Signal()
    """`bound` is another."""

    def __init__(self, parent: QObject, make: Callable[[Way, object], Handler] = make_handler) -> None:
        super().__init__(parent)
        self._make = make
        self._handler: Handler | None = None
        self._hearer = _Hearer(self)
        self._wished: dict[str, str] = {}
        self._faults: dict[str, Bound] = {}
        self.choice: Choice | None = None
        self.bound: Mapping[str, Bound] = {}

    def use(self, choice: Choice, keys: Mapping[str, str], prepared: object = None) -> None:
        """Bind by a way, in place of the one before; `prepared` is what `prepare` gave for it."""
        self.stop()
        self.choice = choice
        self._handler = self._make(choice.way, prepared)
        self.bind(keys)

    def bind(self, keys: Mapping[str, str]) -> None:
        """Bind keys, by action, in Qt's portable text; "" for none."""
        wanted: dict[str, Combination] = {}
        self._wished, self._faults = dict(keys), {}
        for action in GLOBAL_ACTIONS:
            text = keys.get(action.id, "")
            if not text:
                continue
            try:
                combination = Combination.read(text)
            except HotkeyError as error:
                self._faults[action.id] = Bound(action.id, "", str(error))
                continue
            if combination in wanted.values():
                problem = f"{combination} does something else already. Choose other keys."
                self._faults[action.id] = Bound(action.id, "", problem)
            else:
                wanted[action.id] = combination
        if self._handler is not None:
            self._handler.bind(wanted, self._hearer)

    def set_paused(self, paused: bool) -> None:
        """Let the keys go while new ones are pressed, and bind them again.

        Not where the desktop owns the keys: it would ask its user each time.
        """
        if self._handler is None or (self.choice is not None and self.choice.way is Way.PORTAL):
            return
        if paused:
            self._handler.bind({}, _NOBODY)
        else:
            self.bind(self._wished)

    def stop(self) -> None:
        """Let all keys go."""
        if self._handler is not None:
            self._handler.stop()
            self._handler = None

    def note(self, outcome: tuple[Bound, ...]) -> None:
        """Take what became of the keys."""
        bound = {**self._faults, **{one.action: one for one in outcome}}
        if bound != self.bound:  # X11 binds anew whenever the keyboard's layout is touched
            self.bound = bound
            self.changed.emit()


class _Hearer:
    """Hears the handler for `GlobalKeys`, whose signal has the name of the protocol's method."""

    def __init__(self, keys: GlobalKeys) -> None:
        self._keys = keys

    def pressed(self, action: str) -> None:
        """Pass a press on."""
        self._keys.pressed.emit(action)

    def bound(self, outcome: tuple[Bound, ...]) -> None:
        """Pass the outcome on."""
        self._keys.note(outcome)


class _Nobody:
    """Hears nothing, while keys are let go for a moment."""

    def pressed(self, action: str) -> None:
        """No key is bound that could be pressed."""

    def bound(self, outcome: tuple[Bound, ...]) -> None:
        """What is shown stays."""


_NOBODY = _Nobody()
