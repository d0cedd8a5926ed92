"""Which entries a system has."""

from __future__ import annotations

from collections.abc import Sequence

from desktop.system.integrate.handlers.desktop_entry import DesktopEntry
from desktop.system.integrate.handlers.file_managers import dolphin, nautilus, nemo
from desktop.system.integrate.handlers.macos import BundleEntry
from desktop.system.integrate.handlers.thunar import Thunar
from desktop.system.integrate.handlers.windows import ShellEntry
from desktop.system.integrate.models import Entry, Place
from desktop.system.platform import Platform


def choose(platform: Platform, command: Sequence[str], place: Place) -> tuple[Entry, ...]:
    """Give the entries of a system; `command` starts this program.

    On Linux all file managers get theirs: a file that nobody reads costs nothing, and file managers come
    and go more often than this is called.
    """
    if platform.system == "windows":
        return (ShellEntry(command),)
    if platform.system == "macos":
        return (BundleEntry(),)
    return (
        DesktopEntry(command, place),
        nautilus(command, place),
        nemo(command, place),
        dolphin(command, place),
        Thunar(command, place),
    )
