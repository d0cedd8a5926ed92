"""The frame of the stand-ins: a real threaded HTTP server on loopback that misbehaves when asked to.

A stand-in is a function from `Asked` to `Told`.  Faults are put in front of it with `Server.fault_next`:
they are used up one by one by requests whose path begins as they say.
"""

from __future__ import annotations

import http.server
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

#: A body in pieces, as it is to be sent; may pause between them, and may never end.
Pieces = Iterable[bytes]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: `query` in its order, repeats kept; header names in lower case."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]
    body: bytes
    peer: str
    base: str
    """The address that this server was asked by, without a slash at the end."""

    def given(self, name: str) -> list[str]:
        """All values of a query parameter; empty where it is absent."""
        return [value for key, value in self.query if key == name]


@dataclass(frozen=True, slots=True)
class Told:
    """An answer.  `length` is what Content-Length says, by default the truth; None leaves it out.

    `drop` closes the connection without any answer.
    """

    status: int = 200
    body: bytes | Pieces = b""
    headers: tuple[tuple[str, str], ...] = ()
    length: int | None = -1
    drop: bool = False


Handle = Callable[[Asked], Told]


def as_json(value: object, status: int = 200) -> Told:
    """An answer as Express gives JSON."""
    body = json.dumps(value, ensure_ascii=False).encode()
    return Told(status, body, (("Content-Type", "application/json; charset=utf-8"),))


def as_html(status: int, words: str) -> Told:
    """The page that Express makes of an error that nobody handled."""
    page = (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>Error</title>\n</head>\n'
        f"<body>\n<pre>{words}</pre>\n</body>\n</html>\n"
    )
    return Told(status, page.encode(), (("Content-Type", "text/html; charset=utf-8"),))


def as_text(status: int, words: str) -> Told:
    """Plain words, which Express sends as text/html."""
    return Told(status, words.encode(), (("Content-Type", "text/html; charset=utf-8"),))


def drip(piece: bytes = b" ", every_s: float = 0.05, times: int = 10_000) -> Pieces:
    """A body that comes a little at a time."""
    for _ in range(times):
        yield piece
        time.sleep(every_s)


def endless(piece: bytes = b" " * 65536, times: int = 4096) -> Pieces:
    """A body that does not end, as far as any client will care to find out (256 MB)."""
    for _ in range(times):
        yield piece


def halting(body: bytes, at: int, go_on: threading.Event, limit_s: float = 30.0) -> Pieces:
    """A body that stops before a byte until it may go on."""
    yield body[:at]
    go_on.wait(limit_s)
    yield body[at:]


@contextmanager
def slow_headers() -> Iterator[str]:
    """The address of a service whose headers come a letter at a time, each in time."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        done = threading.Event()

        def send_slowly() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
                for letter in b"HTTP/1.1 200 OK\r\n" + b"X-Long: " + b"a" * 10_000:
                    if done.wait(0.05):
                        return
                    try:
                        connection.sendall(bytes([letter]))
                    except OSError:
                        return

        thread = threading.Thread(target=send_slowly)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
        finally:
            done.set()
            thread.join()


@dataclass(slots=True)
class Fault:
    """Something to go wrong with the next `times` requests whose path begins with `path`."""

    path: str
    told: Handle
    times: int = 1


@dataclass(frozen=True, slots=True)
class Record:
    """A request that came, and what status it got (0: none)."""

    asked: Asked
    status: int


@dataclass(eq=False)
class Server:
    """A running stand-in.  `delay_s` passes before each answer; with `tls` it speaks https."""

    handle: Handle
    port: int = 0
    delay_s: float = 0.0
    tls: ssl.SSLContext | None = None
    records: list[Record] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._faults: list[Fault] = []
        self._lock = threading.Lock()
        self._http = _Http(("127.0.0.1", self.port), self)
        scheme = "http"
        if self.tls is not None:
            scheme, self._http.socket = "https", self.tls.wrap_socket(self._http.socket, server_side=True)
        self.url = f"{scheme}://127.0.0.1:{self._http.server_address[1]}"

    def fault_next(self, path: str, told: Handle | Told, times: int = 1) -> None:
        """Have the next requests to a path answered otherwise."""
        given = told if callable(told) else lambda _asked: told
        with self._lock:
            self._faults.append(Fault(path, given, times))

    def answer(self, asked: Asked) -> Told:
        """What a request gets; also notes it."""
        if self.delay_s:
            time.sleep(self.delay_s)
        with self._lock:
            fault = next((one for one in self._faults if asked.path.startswith(one.path)), None)
            if fault is not None:
                fault.times -= 1
                if fault.times <= 0:
                    self._faults.remove(fault)
        told = (fault.told if fault is not None else self.handle)(asked)
        with self._lock:
            self.records.append(Record(asked, 0 if told.drop else told.status))
        return told

    def asked(self, path: str = "/") -> list[Asked]:
        """The requests that came to paths beginning so."""
        with self._lock:
            return [record.asked for record in self.records if record.asked.path.startswith(path)]

    def serve_forever(self) -> None:
        """Answer until `stop` is called from another thread, or Ctrl+C."""
        self._http.serve_forever(poll_interval=0.02)

    def stop(self) -> None:
        """Answer no more; waits for answers under way."""
        self._http.shutdown()

    def close(self) -> None:
        """Let the port go and every connection with it."""
        self._http.end_connections()
        self._http.server_close()


@contextmanager
def running(handle: Handle, **named: Any) -> Iterator[Server]:
    """A stand-in that answers while the block runs."""
    server = Server(handle, **named)
    thread = threading.Thread(target=server.serve_forever, name="stand-in")
    thread.start()
    try:
        yield server
    finally:
        server.stop()
        thread.join()
        server.close()


class _Http(http.server.ThreadingHTTPServer):
    daemon_threads = False
    block_on_close = True
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], owner: Server) -> None:
        super().__init__(address, _Handler)
        self.owner = owner
        self._open: set[socket.socket] = set()
        self._guard = threading.Lock()

    def note(self, connection: socket.socket, *, is_open: bool) -> None:
        """Remember the connections that clients keep."""
        with self._guard:
            (self._open.add if is_open else self._open.discard)(connection)

    def end_connections(self) -> None:
        """Wake the threads that wait for a next request."""
        with self._guard:
            for connection in self._open:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue  # its client was quicker

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hung up is what some tests are about."""


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Http
    disable_nagle_algorithm = True
    server_version, sys_version = "stand-in", ""

    def setup(self) -> None:
        super().setup()
        self.server.note(self.connection, is_open=True)

    def finish(self) -> None:
        self.server.note(self.connection, is_open=False)
        super().finish()

    def _any(self) -> None:
        length = self.headers.get("Content-Length", "0")
        body = self.rfile.read(int(length)) if length.isdecimal() else b""
        parts = urlsplit(self.path)
        asked = Asked(
            self.command,
            parts.path,
            tuple(parse_qsl(parts.query, keep_blank_values=True)),
            {name.lower(): value for name, value in self.headers.items()},
            body,
            str(self.client_address[0]),
            f"http://{self.headers.get('Host', '127.0.0.1')}",
        )
        self._send(self.server.owner.answer(asked))

    do_GET = do_POST = do_HEAD = do_PUT = do_PATCH = do_DELETE = _any  # noqa: N815 - the standard library's

    def _send(self, told: Told) -> None:
        if told.drop:
            self.close_connection = True
            return
        whole = told.body if isinstance(told.body, bytes) else None
        length = len(whole or b"") if told.length == -1 and whole is not None else told.length
        self.send_response(told.status)
        for name, value in told.headers:
            self.send_header(name, value)
        if length is not None and length >= 0 and told.status != 304:
            self.send_header("Content-Length", str(length))
        else:
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()
        if self.command == "HEAD" or told.status == 304:
            return
        pieces: Pieces = (told.body,) if isinstance(told.body, bytes) else told.body
        sent = 0
        for piece in pieces:
            self.wfile.write(piece)
            self.wfile.flush()
            sent += len(piece)
        if sent != length:  # what was said to come never will
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""
