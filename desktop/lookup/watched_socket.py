"""Connections on which a whole answer has a time limit, and reading can be given up at any moment.

A time limit of `requests` holds for each read alone: a service that sends a byte now and then is never
late by it.  Here every read looks at the clock of the request that it belongs to, the headers' too.
"""

from __future__ import annotations

import io
import socket
import threading
import time
from typing import Any, NoReturn

from requests.adapters import HTTPAdapter
from urllib3 import PoolManager

from index_tools.progress import Progress

#: The wish to stop is looked at so often, in seconds.
SLICE_S = 0.1


class LateError(Exception):
    """The service said nothing for too long, or took too long in all."""


class Watch:
    """The clock of one request: `total_s` in all, `silence_s` without a byte.

    When the caller wishes to stop, reading goes on for `grace_s`: what is nearly there is worth having.
    """

    def __init__(self, progress: Progress, total_s: float, silence_s: float, grace_s: float) -> None:
        self._progress = progress
        self._ends = time.monotonic() + total_s
        self.silence_s = silence_s
        self._grace_s = grace_s
        self._stopping = False

    def check(self, silent_since: float) -> float:
        """How long the next read may take, in seconds.  Raises `Cancelled` or `LateError`."""
        now = time.monotonic()
        if self._progress.cancelled and not self._stopping:
            self._stopping = True
            self._ends = min(self._ends, now + self._grace_s)
        left = min(self._ends, silent_since + self.silence_s) - now
        if left <= 0:
            if self._stopping:
                self._progress.check()
            raise LateError
        return min(left, SLICE_S)


class _Current(threading.local):
    watch: Watch | None = None


class WatchedAdapter(HTTPAdapter):
    """Makes connections whose reads keep to the `Watch` set in the reading thread."""

    def __init__(self) -> None:
        self._current = _Current()
        super().__init__(max_retries=0)

    def set_watch(self, watch: Watch | None) -> None:
        """Have reads of this thread keep to `watch` from now on."""
        self._current.watch = watch

    def init_poolmanager(self, *arguments: Any, **named: Any) -> None:
        """Have the pools make watched connections."""
        super().init_poolmanager(*arguments, **named)
        self._make_watched(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **proxy_kwargs: Any) -> Any:
        """Have the pools of a proxy make them too."""
        known = proxy in self.proxy_manager
        manager = super().proxy_manager_for(proxy, **proxy_kwargs)
        if not known:
            self._make_watched(manager)
        return manager

    def _make_watched(self, manager: PoolManager) -> None:
        """Have the pools of a manager, of whatever kind (a SOCKS proxy's too), make watched connections."""
        manager.pool_classes_by_scheme = {
            scheme: _watched(pool, self._current) for scheme, pool in manager.pool_classes_by_scheme.items()
        }


def _watched(pool: Any, current: _Current) -> Any:
    """The class of pool `pool` whose connections read as their watch allows."""
    plain = pool.ConnectionCls

    def connect(self: Any) -> None:
        plain.connect(self)
        self.sock = _Socket(self.sock, current)

    connection = type(f"Watched{plain.__name__}", (plain,), {"connect": connect})
    return type(f"Watched{pool.__name__}", (pool,), {"ConnectionCls": connection})


class _Socket:
    """A socket of which `http.client` reads through a watched stream; all else is the socket's own."""

    def __init__(self, inner: Any, current: _Current) -> None:
        self._inner = inner
        self._current = current

    def makefile(self, mode: str = "rb", *_arguments: Any, **_named: Any) -> io.BufferedReader:
        if mode != "rb":
            _unexpected(mode)
        return io.BufferedReader(_Stream(self._inner, self._current), 64 * 1024)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


class _Stream(io.RawIOBase):
    """Reads a socket in slices."""

    def __init__(self, inner: socket.socket, current: _Current) -> None:
        super().__init__()
        self._inner = inner
        self._current = current
        # counts as a user of the socket, which stays open until this is closed too
        self._user = inner.makefile("rb", buffering=0)

    def readable(self) -> bool:
        """Whether it can be read: always."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read what is there, or wait for it as long as the watch allows."""
        watch = self._current.watch
        if watch is None:
            return self._inner.recv_into(buffer)
        since = time.monotonic()
        while True:
            self._inner.settimeout(watch.check(since))
            try:
                return self._inner.recv_into(buffer)
            except TimeoutError:
                continue

    def close(self) -> None:
        """Let the socket go."""
        if not self.closed:
            self._user.close()
        super().close()


def _unexpected(mode: str) -> NoReturn:
    raise ValueError(f"sockets are read as bytes, not {mode}")
