"""A later start: passes its wish to the running instance and ends.  Standard library alone."""

from __future__ import annotations

import socket
import sys
import time
from pathlib import Path
from typing import Protocol

from desktop.start.instance import address, holder
from desktop.start.request import Request, RequestError, read_answer, to_line

#: Seconds that the first instance may take from its lock to its socket; it loads its libraries meanwhile.
START_LIMIT_S = 15.0

#: Seconds that a listening instance may take to answer.  It answers before it acts, in well under 0.1 s.
ANSWER_LIMIT_S = 4.0

PAUSE_S = 0.03


class _Line(Protocol):
    """A connection."""

    def sendall(self, data: bytes) -> None: ...

    def recv(self, size: int) -> bytes: ...

    def close(self) -> None: ...


def hand_over(
    request: Request,
    data: Path,
    start_limit_s: float = START_LIMIT_S,
    answer_limit_s: float = ANSWER_LIMIT_S,
) -> str:
    """Pass a request to the instance that holds the lock; "" when it was accepted, else a sentence.

    Raises ConnectionAbortedError when nobody listens any more: the caller may take the lock then.
    """
    try:
        line = to_line(request)
    except RequestError as error:
        return str(error)
    connection = _connect(data, start_limit_s, answer_limit_s)
    if connection is None:
        return _does_not_answer(data)
    try:
        connection.sendall(line)
        return read_answer(_answer(connection, answer_limit_s))
    except TimeoutError:
        return _does_not_answer(data)
    except RequestError as error:
        return f"{error} Close it, then start SceneLens again."
    except OSError as error:
        raise ConnectionAbortedError(str(error)) from error
    finally:
        connection.close()


def _connect(data: Path, start_limit_s: float, answer_limit_s: float) -> _Line | None:
    """Connect, waiting for an instance that is only starting; None when the time is over."""
    deadline = time.monotonic() + start_limit_s
    while True:
        try:
            return _open(address(data), answer_limit_s)
        except (FileNotFoundError, ConnectionRefusedError) as error:
            from desktop.start.instance import claim

            ours = claim(data)  # the other may have ended while we waited
            if ours is not None:
                ours.release()
                raise ConnectionAbortedError("the running instance has ended") from error
        except TimeoutError:
            return None  # its queue of connections is full: it lives and does not look
        if time.monotonic() > deadline:
            return None
        time.sleep(PAUSE_S)


def _answer(connection: _Line, limit_s: float) -> bytes:
    """Read one line of at most 4 KB.  Raises TimeoutError, OSError when the other hangs up."""
    deadline = time.monotonic() + limit_s
    told = b""
    while not told.endswith(b"\n"):
        piece = connection.recv(4096)
        if not piece:
            raise ConnectionResetError("the running instance hung up")
        told += piece
        if len(told) > 4096:
            raise RequestError("The running SceneLens answered in words that are not known.")
        if time.monotonic() > deadline:
            raise TimeoutError
    return told


def _does_not_answer(data: Path) -> str:
    number = holder(data)
    which = f" (process {number})" if number else ""
    return (
        f"SceneLens is running already{which} but does not answer. Nothing was opened and your library is "
        "untouched. Wait a moment and try again, or end that process and start SceneLens anew."
    )


if sys.platform == "win32":

    class _Pipe:
        """A named pipe, opened as a file; reading it cannot be given a time limit."""

        def __init__(self, name: str) -> None:
            self._file = open(rf"\\.\pipe\{name}", "r+b", buffering=0)  # noqa: SIM115, PTH123

        def sendall(self, data: bytes) -> None:
            self._file.write(data)

        def recv(self, size: int) -> bytes:
            return self._file.read(size)

        def close(self) -> None:
            self._file.close()

    def _open(name: str, limit_s: float) -> _Line:
        return _Pipe(name)

else:

    def _open(name: str, limit_s: float) -> _Line:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.settimeout(limit_s)
            connection.connect(name)
        except BaseException:
            connection.close()
            raise
        return connection
