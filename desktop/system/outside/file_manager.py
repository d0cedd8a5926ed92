"""Show a file in the file manager, selected where the desktop can do that."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtDBus import QDBusConnection, QDBusMessage
from PySide6.QtGui import QDesktopServices

from desktop.system.outside.programs import start_detached

#: Milliseconds that a file manager may take to start; the call is not waited for in the window.
DBUS_LIMIT_MS = 3000


def show_in_folder(path: Path) -> bool:
    """Show the file; its folder alone where nothing can select it.  False if not even that opens."""
    if sys.platform == "win32":
        return start_detached("explorer", f"/select,{path}")
    if sys.platform == "darwin":
        return start_detached("open", "-R", str(path))
    return _by_dbus(path) or QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))


def _by_dbus(path: Path) -> bool:
    """Ask org.freedesktop.FileManager1, if somebody offers it or can be started for it."""
    bus = QDBusConnection.sessionBus()
    if not bus.isConnected():
        return False
    name = "org.freedesktop.FileManager1"
    interface = bus.interface()
    known = interface.isServiceRegistered(name).value() or name in interface.activatableServiceNames().value()
    if not known:
        return False
    message = QDBusMessage.createMethodCall(name, "/org/freedesktop/FileManager1", name, "ShowItems")
    message.setArguments([[QUrl.fromLocalFile(str(path)).toString()], ""])
    return bool(bus.send(message))
