"""Fetching over real HTTP on loopback, which is allowed for the test alone."""

from __future__ import annotations

import http.server
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from desktop.lookup.address import Limits, fetch, is_public
from desktop.lookup.exchange import USER_AGENT
from desktop.lookup.refusal import AddressError
from index_tools.errors import Cancelled
from index_tools.progress import Progress

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40
SMALL = Limits(bytes=20_000, total_s=1.0, connect_s=0.5, silence_s=0.5, redirects=3)

Answer = Callable[[http.server.BaseHTTPRequestHandler], None]


def whole(handler: http.server.BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(PICTURE)))
    handler.send_header("Set-Cookie", "a=b")
    handler.end_headers()
    handler.wfile.write(PICTURE)


def page(handler: http.server.BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    handler.wfile.write(b"\n <!doctype html><p>page")


def missing(handler: http.server.BaseHTTPRequestHandler) -> None:
    handler.send_error(404, "Not Found")


def announced_too_large(handler: http.server.BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "10000000000")
    handler.end_headers()


def endless(handler: http.server.BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    for _ in range(1000):
        handler.wfile.write(bytes(4096))


def dripping(handler: http.server.BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    for _ in range(40):
        handler.wfile.write(b"x")
        handler.wfile.flush()
        time.sleep(0.05)


def silent(handler: http.server.BaseHTTPRequestHandler) -> None:
    time.sleep(1.0)


def to(place: str) -> Answer:
    def redirect(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.send_response(302)
        handler.send_header("Location", place)
        handler.end_headers()

    return redirect


ANSWERS: dict[str, Answer] = {
    "/whole": whole,
    "/page": page,
    "/missing": missing,
    "/announced": announced_too_large,
    "/endless": endless,
    "/dripping": dripping,
    "/silent": silent,
    "/moved": to("/whole"),
    "/circle": to("/circle"),
    "/file": to("file:///etc/passwd"),
    "/private": to("http://192.168.0.1/a.png"),
}


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.headers: list[dict[str, str]] = []

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hung up is what some of these tests are about."""


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert isinstance(self.server, Server)
        self.server.headers.append(dict(self.headers))
        ANSWERS[self.path.split("?")[0]](self)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


@pytest.fixture
def base(server: Server) -> str:
    return f"http://127.0.0.1:{server.server_address[1]}"


def is_loopback(address: str) -> bool:
    return address == "127.0.0.1"


def get(url: str) -> bytes:
    return fetch(url, Progress(), limits=SMALL, is_allowed=is_loopback)


@pytest.mark.parametrize("path", ["/whole", "/moved", "/whole?a=1&b=%20"])
def test_picture_comes_whole(base: str, path: str) -> None:
    assert get(base + path) == PICTURE


def test_we_say_who_we_are_and_nothing_else(base: str, server: Server) -> None:
    get(base + "/moved")
    assert [headers["User-Agent"] for headers in server.headers] == [USER_AGENT] * 2
    for headers in server.headers:
        assert not {"Cookie", "Authorization", "Referer"} & set(headers)


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("/missing", "answered 404 Not Found"),
        ("/announced", "larger than"),
        ("/endless", "larger than"),
        ("/dripping", "too slowly"),
        ("/silent", "did not answer in time"),
        ("/circle", "redirects without end"),
        ("/file", "Only http and https"),
        ("/private", "private network"),
    ],
)
def test_what_goes_wrong_is_a_sentence(base: str, path: str, sentence: str) -> None:
    with pytest.raises(AddressError, match=sentence):
        get(base + path)


def test_page_is_told_from_a_picture(base: str) -> None:
    with pytest.raises(AddressError, match="leads to a page"):
        get(base + "/page")


@pytest.mark.parametrize(
    "url", ["ftp://e.org/a", "http://", "http://[", "http://127.0.0.1:99999/", "file:///etc/passwd"]
)
def test_what_is_no_web_address(url: str) -> None:
    with pytest.raises(AddressError):
        get(url)


def test_own_machine_is_refused_without_a_request(base: str, server: Server) -> None:
    for url in (f"{base}/whole", base.replace("127.0.0.1", "localhost") + "/whole", "http://[::1]:1/"):
        with pytest.raises(AddressError, match="private network"):
            fetch(url, Progress())
    assert server.headers == []


def test_name_that_changes_its_mind_is_refused_at_the_socket(base: str) -> None:
    """Allowed while the name is looked up, not any more when the connection stands."""
    answers = iter([True, False])
    with pytest.raises(AddressError, match="private network"):
        fetch(base + "/whole", Progress(), limits=SMALL, is_allowed=lambda _address: next(answers))


def test_nobody_listens() -> None:
    with pytest.raises(AddressError, match="could not be reached"):
        get("http://127.0.0.1:9/")


def test_cancel(base: str) -> None:
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        fetch(base + "/whole", progress, is_allowed=is_loopback)


PUBLIC = ("8.8.8.8", "2606:4700::1", "::ffff:8.8.8.8")
NOT_PUBLIC = (
    *("127.0.0.1", "10.1.2.3", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1"),
    *("::1", "fe80::1%eth0", "fc00::1", "::ffff:10.0.0.1"),
)


@pytest.mark.parametrize("address", PUBLIC + NOT_PUBLIC)
def test_public_addresses(address: str) -> None:
    assert is_public(address) is (address in PUBLIC)
