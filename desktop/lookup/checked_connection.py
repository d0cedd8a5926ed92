"""Connections that look where they really lead before a byte is sent, and whose reads are watched."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from desktop.lookup.watched_socket import WatchedAdapter

CheckPeer = Callable[[str], None]


class CheckedAdapter(WatchedAdapter):
    """Calls `check_peer` with the IP address of each connection that stands; it raises to refuse.

    A connection to a proxy is the proxy's to judge and is not checked.
    """

    def __init__(self, check_peer: CheckPeer) -> None:
        self._check_peer = check_peer
        super().__init__()

    def init_poolmanager(self, *arguments: Any, **named: Any) -> None:
        """Have the pools make connections that check."""
        super().init_poolmanager(*arguments, **named)
        check_peer = self._check_peer

        class Plain(HTTPConnection):
            def _new_conn(self) -> socket.socket:
                return _checked(super()._new_conn(), check_peer)

        class Secure(HTTPSConnection):
            def _new_conn(self) -> socket.socket:
                return _checked(super()._new_conn(), check_peer)

        class PlainPool(HTTPConnectionPool):
            ConnectionCls = Plain

        class SecurePool(HTTPSConnectionPool):
            ConnectionCls = Secure

        self.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}
        self._make_watched(self.poolmanager)


def _checked(connected: socket.socket, check_peer: CheckPeer) -> socket.socket:
    try:
        check_peer(str(connected.getpeername()[0]))
    except BaseException:
        connected.close()
        raise
    return connected
