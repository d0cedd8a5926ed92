"""Global keys: what they can do, how they are bound, what became of each."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from desktop.system.hotkey.combination import Combination


class Way(enum.Enum):
    """How keys are bound that work in every program."""

    X11 = "X11"
    PORTAL = "desktop portal"
    WINDOWS = "Windows"
    MACOS = "macOS"
    NOTHING = "none"


def translate(context: str, text: str) -> str:
    """Mark a text for the translators; it is translated where it is shown."""
    assert context == "hotkeys"
    return text


@dataclass(frozen=True, slots=True)
class GlobalAction:
    """Something a global key does: id, name, the key it begins with, the command that does the same."""

    id: str
    text: str
    first_key: str
    command: str


GLOBAL_ACTIONS = (
    GlobalAction("capture", translate("hotkeys", "Capture a part of the screen"), "Ctrl+Alt+S",
                 "scenelens --capture"),
    GlobalAction("capture_again", translate("hotkeys", "Capture the same place again"), "Ctrl+Alt+Shift+S",
                 "scenelens --capture-again"),
    GlobalAction("search_clipboard", translate("hotkeys", "Search the clipboard"), "",
                 "scenelens --search-clipboard"),
    GlobalAction("show_window", translate("hotkeys", "Show the window"), "", "scenelens --show"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bound:
    """What became of one action's key."""

    action: str
    keys: str = ""
    """The keys that work now, as the system writes them; "" where none do."""
    problem: str = ""
    """Why the keys that were wished for do not work, as a sentence."""


Wanted = Mapping[str, Combination]


class Hearer(Protocol):
    """What a handler tells: called in the window's thread, or made safe by whoever is called."""

    def pressed(self, action: str) -> None:
        """A key was pressed."""

    def bound(self, outcome: tuple[Bound, ...]) -> None:
        """What became of the keys wished for last."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a way will do on a platform, why, and what to do where it will not."""

    way: Way
    fits: bool
    reason: str
    remedy: str = ""


class Handler(Protocol):
    """One way to bind keys; all calls are made in the window's thread."""

    def bind(self, wanted: Wanted, hearer: Hearer) -> None:
        """Bind these keys in place of those before; the hearer is told the outcome, now or later."""

    def stop(self) -> None:
        """Let all keys go, and end."""
