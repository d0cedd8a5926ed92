"""The running instance's ear: takes requests of later starts, one line each, and answers.

The lock has decided already; the socket only talks.  What comes in is checked before anybody acts.
"""

from __future__ import annotations

import logging
import socket
import struct
import sys
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from desktop.start.request import LARGEST_LINE, RequestError, answer_line, from_line

log = logging.getLogger("scenelens.instance")

#: A caller has so long for its line.
LINE_LIMIT_MS = 3000

#: Callers at the same time; further ones wait in the system's queue.
MOST_CALLERS = 8

#: The socket's file is touched this often, so that cleaners of temporary folders leave it.
TOUCH_MS = 4 * 3600 * 1000


class Listener(QObject):
    """Listens until closed; `requested` carries a `Request`."""

    requested = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setMaxPendingConnections(MOST_CALLERS)
        self._server.newConnection.connect(self._welcome)
        self._touch = QTimer(self, interval=TOUCH_MS)
        self._touch.timeout.connect(self._touch_socket)

    def listen(self, address: str) -> str:
        """Begin; "" or a sentence on why later starts cannot be heard.  Call it with the lock held."""
        if sys.platform == "win32":
            self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        else:
            # UserAccessOption takes a live socket away from its owner on Linux (QTBUG-48635), so it is
            # not used there; the lock is ours, so what lies at the address is left from a process that ended
            QLocalServer.removeServer(address)
        if not self._server.listen(address):
            return self.tr(
                "Later starts cannot be handed over to this window ({0}). Everything else works."
            ).format(self._server.errorString())
        if sys.platform != "win32":
            Path(self._server.fullServerName()).chmod(0o600)
            self._touch.start()
        return ""

    def close(self) -> None:
        """Listen no more."""
        self._touch.stop()
        self._server.close()

    def _welcome(self) -> None:
        while self._server.hasPendingConnections():
            caller = self._server.nextPendingConnection()
            if not _is_same_user(caller):
                log.warning("A process of another user tried to hand something over")
                caller.abort()
                caller.deleteLater()
                continue
            _Call(caller, self)

    def _touch_socket(self) -> None:
        try:
            Path(self._server.fullServerName()).touch()
        except OSError as error:
            log.warning("The socket of this instance is gone: %s", error)


class _Call(QObject):
    """One caller: its line is gathered, checked, answered and passed on."""

    def __init__(self, caller: QLocalSocket, listener: Listener) -> None:
        super().__init__(caller)
        self._caller, self._listener = caller, listener
        self._line = b""
        self._limit = QTimer(self, singleShot=True, interval=LINE_LIMIT_MS)
        self._limit.timeout.connect(self._give_up)
        self._limit.start()
        caller.setReadBufferSize(LARGEST_LINE + 1)
        caller.readyRead.connect(self._read)
        caller.disconnected.connect(self._has_gone)
        self._read()

    def _read(self) -> None:
        self._line += bytes(self._caller.readAll().data())
        if len(self._line) > LARGEST_LINE:
            self._answer(f"A request of more than {LARGEST_LINE // 1024} KB was refused.")
        elif b"\n" in self._line:
            line, _, _ = self._line.partition(b"\n")
            try:
                request = from_line(line)
            except RequestError as error:
                self._answer(str(error))
                return
            self._answer("")
            self._listener.requested.emit(request)

    def _give_up(self) -> None:
        self._caller.abort()

    def _has_gone(self) -> None:
        self._limit.stop()
        self._caller.deleteLater()

    def _answer(self, problem: str) -> None:
        """Answer, and hear no more of this caller."""
        self._limit.stop()
        self._caller.readyRead.disconnect(self._read)
        if problem:
            log.warning("A hand-over was refused: %s", problem)
        self._caller.write(answer_line(problem))
        self._caller.flush()
        self._caller.disconnectFromServer()


def _is_same_user(caller: QLocalSocket) -> bool:
    """Whether the other end is ours, where the system tells; elsewhere the folder's rights decide."""
    if not sys.platform.startswith("linux"):
        return True
    import os

    with socket.socket(fileno=os.dup(int(caller.socketDescriptor()))) as peer:
        told = peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    _, user, _ = struct.unpack("3i", told)
    return bool(user == os.getuid())
