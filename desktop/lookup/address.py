"""Fetch one picture from an address that the user pasted or dropped.

http and https only, to public addresses only, within limits of size and time.  The name is resolved
and checked before each request, and the peer of the connection again before a byte is sent, so that
neither a redirect nor a changing name leads into the local network.  No cookies, no credentials.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import requests

from desktop.lookup.checked_connection import CheckedAdapter
from desktop.lookup.exchange import USER_AGENT, no_credentials
from desktop.lookup.refusal import AddressError, PrivateAddressError
from desktop.lookup.watched_socket import LateError, Watch
from index_tools.progress import Progress

#: So much of a page is read to find the picture that it names, in bytes, as trace.moe's proxy does.
PAGE_BYTES = 64 * 1024


class PageError(AddressError):
    """An address that leads to a page: `html` is its beginning, `url` where it was found at last."""

    def __init__(self, host: str, url: str, html: bytes) -> None:
        super().__init__(
            f"The address on {host} leads to a page, not to a picture. "
            "On the page, copy the picture itself (right click, Copy image) and paste it here."
        )
        self.url, self.html = url, html


@dataclass(frozen=True, slots=True)
class Limits:
    """What one fetch may cost."""

    bytes: int = 64 * 1024 * 1024
    total_s: float = 30.0
    connect_s: float = 6.0
    silence_s: float = 8.0
    redirects: int = 5


LIMITS = Limits()


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the open internet."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is not None:
        parsed = parsed.ipv4_mapped
    return parsed.is_global and not parsed.is_multicast


def fetch(
    url: str,
    progress: Progress,
    *,
    limits: Limits = LIMITS,
    is_allowed: Callable[[str], bool] = is_public,
) -> bytes:
    """Give the bytes behind an address.  Raises AddressError, whose sentence names the host.

    `is_allowed` judges each IP address; PrivateAddressError names those that it refused, PageError
    carries the beginning of a page.
    """

    def check_peer(address: str) -> None:
        if not is_allowed(address):
            raise PrivateAddressError(urlsplit(url).hostname or address, frozenset({address}))

    adapter = CheckedAdapter(check_peer)
    adapter.set_watch(Watch(progress, limits.total_s, limits.silence_s, grace_s=0.0))
    with requests.Session() as session:
        for scheme in ("http://", "https://"):
            session.mount(scheme, adapter)
        session.headers["User-Agent"] = USER_AGENT
        session.auth = no_credentials
        for _ in range(limits.redirects + 1):
            host = _checked_host(url, is_allowed)
            progress.check()
            try:
                with session.get(
                    url, stream=True, allow_redirects=False, timeout=(limits.connect_s, limits.silence_s)
                ) as response:
                    session.cookies.clear()
                    if response.is_redirect:
                        url = urljoin(url, response.headers["location"])
                        continue
                    return _body(response, url, host, progress, limits)
            except (requests.Timeout, LateError) as error:
                raise AddressError(
                    f"{host} did not answer in time. Try again, or save the picture and open the file."
                ) from error
            except (requests.RequestException, OSError) as error:
                raise AddressError(
                    f"{host} could not be reached. Check the connection, or save the picture and open that."
                ) from error
    raise AddressError("The address redirects without end. Open it in a browser and copy the picture.")


def _checked_host(url: str, is_allowed: Callable[[str], bool]) -> str:
    """Give the host of an address that may be asked."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as error:
        raise AddressError("This is not an address. Copy it again, whole.") from error
    if parts.scheme not in ("http", "https") or not host:
        raise AddressError(f"Only http and https addresses are fetched, not {parts.scheme or 'this'}.")
    try:
        found = {str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError) as error:
        raise AddressError(
            f"{host} was not found. Check address and connection, or save the picture and open that."
        ) from error
    refused = frozenset(address for address in found if not is_allowed(address))
    if refused:
        raise PrivateAddressError(host, refused)
    return host


def _body(response: requests.Response, url: str, host: str, progress: Progress, limits: Limits) -> bytes:
    if response.status_code != 200:
        raise AddressError(
            f"{host} answered {response.status_code} {response.reason or ''}".rstrip()
            + " instead of a picture. Open the address in a browser and copy the picture itself."
        )
    declared = response.headers.get("content-length", "")
    total = int(declared) if declared.isdecimal() else 0
    if total > limits.bytes:
        raise _too_large(host, limits)
    data, is_page = bytearray(), False
    try:
        for piece in response.iter_content(64 * 1024):
            data += piece
            progress.check()
            progress.report(len(data), total, host)
            if len(data) > limits.bytes:
                raise _too_large(host, limits)
            is_page = is_page or _looks_like_page(data)
            if is_page and len(data) >= PAGE_BYTES:
                break
    except LateError as error:
        raise AddressError(
            f"{host} sends too slowly. Save the picture in a browser and open the file."
        ) from error
    if is_page:
        raise PageError(host, url, bytes(data[:PAGE_BYTES]))
    return bytes(data)


def _looks_like_page(data: bytearray) -> bool:
    """Whether this begins as markup does; no format of pictures that is read here does."""
    return bytes(data[:512]).removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<"


def _too_large(host: str, limits: Limits) -> AddressError:
    return AddressError(
        f"The file on {host} is larger than {limits.bytes // 2**20} MB. Save it and open the file."
    )
