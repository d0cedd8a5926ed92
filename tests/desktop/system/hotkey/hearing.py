"""A hearer that writes down what it is told."""

from __future__ import annotations

from dataclasses import dataclass, field

from desktop.system.hotkey import Bound, Combination


@dataclass
class Notes:
    """What a handler told."""

    actions: list[str] = field(default_factory=list)
    outcomes: list[tuple[Bound, ...]] = field(default_factory=list)

    def pressed(self, action: str) -> None:
        self.actions.append(action)

    def bound(self, outcome: tuple[Bound, ...]) -> None:
        self.outcomes.append(outcome)


WANTED = {"capture": Combination.read("Ctrl+Alt+S"), "show_window": Combination.read("Meta+F7")}
