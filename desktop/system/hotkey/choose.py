"""Which way binds the global keys: one function of the platform."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.system.hotkey import judgements
from desktop.system.hotkey.models import Handler, Verdict, Way
from desktop.system.platform import Platform


@dataclass(frozen=True, slots=True)
class Choice:
    """The way, what was thought of each, and what to do where there is none."""

    way: Way
    verdicts: tuple[Verdict, ...]

    @property
    def remedy(self) -> str:
        """The first remedy of any way that did not fit."""
        return next((verdict.remedy for verdict in self.verdicts if verdict.remedy), "")


def choose(platform: Platform) -> Choice:
    """Choose by the session: XWayland lets keys be grabbed and then delivers them only to its own windows."""
    verdicts = judgements.judge_all(platform)
    way = next((verdict.way for verdict in verdicts if verdict.fits), Way.NOTHING)
    return Choice(way, verdicts)


def prepare(way: Way) -> object:
    """Load a way's library and open its connection, in a worker: together they may take 0.3 s.

    Gives what `make_handler` takes; None where there is nothing to prepare, or it failed and will be told.
    """
    if way is Way.X11:
        from desktop.system.hotkey.handlers.x11 import connect

        return connect()
    return None


def make_handler(way: Way, prepared: object = None) -> Handler:
    """Build a way's handler, in the window's thread; its libraries are loaded only then."""
    match way:
        case Way.X11:
            from desktop.system.hotkey.handlers.x11 import X11Keys

            return X11Keys(prepared)
        case Way.PORTAL:
            from desktop.system.hotkey.handlers.portal import PortalKeys

            return PortalKeys()
        case Way.WINDOWS:
            from desktop.system.hotkey.handlers.windows import WindowsKeys

            return WindowsKeys()
        case Way.MACOS:
            from desktop.system.hotkey.handlers.macos import MacKeys

            return MacKeys()
        case Way.NOTHING:
            from desktop.system.hotkey.handlers.nothing import NoKeys

            return NoKeys()
