"""Which ways of capture are tried, in which order: one function of the platform."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.system.capture.handlers.grim import Grim
from desktop.system.capture.handlers.nothing import Nothing
from desktop.system.capture.handlers.portal import Portal
from desktop.system.capture.handlers.qt_screens import QtScreens
from desktop.system.capture.handlers.spectacle import Spectacle
from desktop.system.capture.models import Grabber, Verdict
from desktop.system.platform import Platform


@dataclass(frozen=True, slots=True)
class Choice:
    """The ways that fit, first to be tried first, never empty; and what was thought of each."""

    grabbers: tuple[Grabber, ...]
    verdicts: tuple[Verdict, ...]

    @property
    def is_possible(self) -> bool:
        """Whether there is a way at all."""
        return not isinstance(self.grabbers[0], Nothing)


def choose(platform: Platform) -> Choice:
    """Choose the ways of capture.

    Qt's own where it can see other windows (X11, Windows, macOS).  On Wayland the portal, which works
    everywhere it exists and asks the user; but grim first on wlroots' desktops, where copying the screen is
    anybody's right, needs no dialog and takes a tenth of the time.  Spectacle last: it starts slowly.
    """
    grim, portal, qt, spectacle = Grim(), Portal(), QtScreens(platform), Spectacle()
    if platform.is_wlroots:
        order: tuple[Grabber, ...] = (qt, grim, portal, spectacle)
    else:
        order = (qt, portal, grim, spectacle)
    verdicts = tuple(grabber.judge(platform) for grabber in order)
    fitting = tuple(grabber for grabber, verdict in zip(order, verdicts, strict=True) if verdict.fits)
    return Choice(fitting or (Nothing(_remedy(verdicts)),), verdicts)


def _remedy(verdicts: tuple[Verdict, ...]) -> str:
    """What to do where nothing fits: the first remedy of any."""
    return next((verdict.remedy for verdict in verdicts if verdict.remedy), "")
