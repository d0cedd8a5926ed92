"""One request to a service and its answer, within limits of size and time, whatever the service does.

Connections are kept for the next request, certificates are checked, proxies come from the environment.
No cookies, no credentials of the user's, no redirects to other places.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import HTTPException
from typing import NoReturn
from urllib.parse import urljoin, urlsplit

import requests
import urllib3

from desktop.lookup.service_errors import RemoteError, Trouble
from desktop.lookup.watched_socket import LateError, Watch, WatchedAdapter
from index_tools import __version__
from index_tools.errors import SceneLensError
from index_tools.progress import Progress

USER_AGENT = f"SceneLens/{__version__}"
#: Redirects within a service that are followed.
REDIRECTS = 3
#: A body is handed on in such pieces: 30 ms of a line of 1 Mbit/s.
_PIECE_BYTES = 4 * 1024
#: What requests, urllib3 and http.client were seen to raise, or may raise, on hostile answers.
_NETWORK = (requests.RequestException, urllib3.exceptions.HTTPError, HTTPException, LateError, OSError,
            ValueError, OverflowError)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Limits:
    """What one request may cost.

    `grace_s` is how long an answer that is under way is still waited for after the caller's wish to stop.
    """

    bytes: int = 16 * 1024 * 1024
    total_s: float = 30.0
    connect_s: float = 6.0
    silence_s: float = 15.0
    grace_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: header names are in lower case; `took_ms` from the request to the last byte."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    took_ms: float

    @property
    def content_type(self) -> str:
        """The type without parameters, in lower case, "" where none was said."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


Heard = Callable[[int, Mapping[str, str], bytes], None]
"""Told of each piece of an answer's body as it comes: status, headers by names in lower case, the piece."""


class Exchange:
    """Sends requests to one service, called `name` in sentences.  Any thread, one request a thread."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._adapter = WatchedAdapter()
        self._session = requests.Session()
        self._session.headers["User-Agent"] = USER_AGENT
        self._session.auth = no_credentials
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, self._adapter)

    def close(self) -> None:
        """Let the connections go."""
        self._session.close()

    def send(
        self,
        method: str,
        url: str,
        progress: Progress,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        limits: Limits = Limits(),
        heard: Heard | None = None,
    ) -> Reply:
        """Send one request and give its answer, of any status.  Raises RemoteError and Cancelled."""
        progress.check()
        begun = time.monotonic()
        self._adapter.set_watch(Watch(progress, limits.total_s, limits.silence_s, limits.grace_s))
        try:
            for _ in range(REDIRECTS + 1):
                with self._session.request(
                    method,
                    url,
                    data=body,
                    headers=dict(headers or {}),
                    stream=True,
                    allow_redirects=False,
                    timeout=(limits.connect_s, limits.silence_s),
                ) as response:
                    self._session.cookies.clear()
                    if response.is_redirect:
                        url = self._next(method, url, response)
                        continue
                    named = {name.lower(): value for name, value in response.headers.items()}
                    data = self._body(response, named, limits, heard)
                    took_ms = (time.monotonic() - begun) * 1000
                    return Reply(response.status_code, named, data, took_ms)
        except SceneLensError:
            raise
        except _NETWORK as error:
            self._explain(error)
        finally:
            self._adapter.set_watch(None)
        raise RemoteError(
            f"{self.name} redirects without end. Nothing was found; try again later.", Trouble.NOT_UNDERSTOOD
        )

    def _next(self, method: str, url: str, response: requests.Response) -> str:
        """Where a redirect leads, if it may be followed: to the same place, with the same method."""
        target = urljoin(url, response.headers["location"])
        keeps_method = method == "GET" or response.status_code in (307, 308)
        if not keeps_method or _origin(target) != _origin(url):
            raise RemoteError(
                f"{self.name} sends requests on to {urlsplit(target).hostname or 'another place'}, where "
                "nothing was sent. Try again later, or update SceneLens if this stays.",
                Trouble.NOT_UNDERSTOOD,
            )
        return target

    def _body(
        self, response: requests.Response, headers: Mapping[str, str], limits: Limits, heard: Heard | None
    ) -> bytes:
        declared = headers.get("content-length", "")
        data = bytearray()
        if not declared.isdecimal() or int(declared) <= limits.bytes:
            for piece in response.iter_content(_PIECE_BYTES):
                data += piece
                if len(data) > limits.bytes:
                    break
                if heard is not None:
                    heard(response.status_code, headers, piece)
            else:
                return bytes(data)
        raise RemoteError(
            f"{self.name} sent more than {limits.bytes / 2**20:.0f} MB, which no answer of it has. "
            "It was not read further; try again later.",
            Trouble.NOT_UNDERSTOOD,
        )

    def _explain(self, error: Exception) -> NoReturn:
        """Raise the sentence that an exception of the network stands for."""
        causes = list(_causes(error))
        if any(isinstance(cause, LateError | requests.Timeout) for cause in causes):
            raise RemoteError(
                f"{self.name} did not answer in time. What is found here is not touched by that; "
                "try again in a moment.",
                Trouble.TOO_SLOW,
            ) from error
        if any(isinstance(cause, requests.exceptions.SSLError) for cause in causes):
            raise RemoteError(
                f"{self.name} could not prove who it is: its certificate was refused. Nothing was sent; "
                "check the clock of this machine and the network that you are in.",
                Trouble.UNREACHABLE,
            ) from error
        if any(isinstance(cause, requests.exceptions.ProxyError) for cause in causes):
            raise RemoteError(
                f"The proxy in front of {self.name} does not answer. Nothing was sent; "
                "check the proxy settings of this machine.",
                Trouble.UNREACHABLE,
            ) from error
        broken = (requests.exceptions.ChunkedEncodingError, requests.exceptions.ContentDecodingError)
        if not isinstance(error, requests.RequestException | OSError) or isinstance(error, broken):
            raise RemoteError(
                f"The answer of {self.name} was cut short or garbled. Nothing was lost; try again.",
                Trouble.NOT_UNDERSTOOD,
            ) from error
        raise RemoteError(
            f"{self.name} could not be reached. Films and packs here are searched all the same; "
            "check the connection.",
            Trouble.UNREACHABLE,
        ) from error


def _causes(error: BaseException | None) -> list[object]:
    """An exception and all that it was made from, arguments included."""
    found: list[object] = []
    waiting: list[object] = [error]
    while waiting and len(found) < 50:
        one = waiting.pop()
        if isinstance(one, BaseException) and all(one is not known for known in found):
            found.append(one)
            waiting += [one.__cause__, one.__context__, *one.args, getattr(one, "reason", None)]
    return found


def _origin(url: str) -> tuple[str, str | None, int | None]:
    try:
        parts = urlsplit(url)
        return parts.scheme, parts.hostname, parts.port
    except ValueError:
        return "", None, None


def no_credentials(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Keep requests from reading credentials for the host out of ~/.netrc."""
    return request
