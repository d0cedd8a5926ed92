"""Which way binds the global keys: one function of the platform."""

from __future__ import annotations

from collections.abc import Callable
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


def make_handler(way: Way) -> Handler:
    """Build a way's handler; its libraries are loaded only then."""
    return _MAKERS[way]()


def _x11() -> Handler:
    from desktop.system.hotkey.handlers.x11 import X11Keys

    return X11Keys()


def _portal() -> Handler:
    from desktop.system.hotkey.handlers.portal import PortalKeys

    return PortalKeys()


def _windows() -> Handler:
    from desktop.system.hotkey.handlers.windows import WindowsKeys

    return WindowsKeys()


def _macos() -> Handler:
    from desktop.system.hotkey.handlers.macos import MacKeys

    return MacKeys()


def _nothing() -> Handler:
    from desktop.system.hotkey.handlers.nothing import NoKeys

    return NoKeys()


_MAKERS: dict[Way, Callable[[], Handler]] = {
    Way.X11: _x11,
    Way.PORTAL: _portal,
    Way.WINDOWS: _windows,
    Way.MACOS: _macos,
    Way.NOTHING: _nothing,
}
