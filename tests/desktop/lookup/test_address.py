"""Fetching over real HTTP on loopback, which is allowed for the test alone."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from desktop.lookup.address import Limits, fetch, is_public
from desktop.lookup.exchange import USER_AGENT
from desktop.lookup.refusal import AddressError
from index_tools.errors import Cancelled
from index_tools.progress import Progress
from tests.standins.server import Asked, Handle, Server, Told, drip, endless, running, slow_headers

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40
SMALL = Limits(bytes=20_000, total_s=1.0, connect_s=0.5, silence_s=0.5, redirects=3)

PAGE = b"\n <!doctype html><p>page"


def to(place: str) -> Told:
    return Told(302, headers=(("Location", place),))


def silent(_asked: Asked) -> Told:
    time.sleep(1.0)
    return Told(drop=True)


ANSWERS: dict[str, Handle] = {
    "/whole": lambda _asked: Told(body=PICTURE, headers=(("Set-Cookie", "a=b"),)),
    "/page": lambda _asked: Told(body=PAGE, length=None),
    "/missing": lambda _asked: Told(404),
    "/announced": lambda _asked: Told(body=b"", length=10_000_000_000),
    "/endless": lambda _asked: Told(body=endless(bytes(4096)), length=None),
    "/dripping": lambda _asked: Told(body=drip(b"x", 0.05, 40), length=None),
    "/slowest": lambda _asked: Told(body=drip(b"x", 0.05, 200), length=None),
    "/silent": silent,
    "/moved": lambda _asked: to("/whole"),
    "/circle": lambda _asked: to("/circle"),
    "/file": lambda _asked: to("file:///etc/passwd"),
    "/private": lambda _asked: to("http://192.168.0.1/a.png"),
}


@pytest.fixture
def server() -> Iterator[Server]:
    with running(lambda asked: ANSWERS[asked.path](asked)) as made:
        yield made


@pytest.fixture
def base(server: Server) -> str:
    return server.url


def is_loopback(address: str) -> bool:
    return address == "127.0.0.1"


def get(url: str) -> bytes:
    return fetch(url, Progress(), limits=SMALL, is_allowed=is_loopback)


@pytest.mark.parametrize("path", ["/whole", "/moved", "/whole?a=1&b=%20"])
def test_picture_comes_whole(base: str, path: str) -> None:
    assert get(base + path) == PICTURE


def test_we_say_who_we_are_and_nothing_else(base: str, server: Server) -> None:
    get(base + "/moved")
    sent = [asked.headers for asked in server.asked()]
    assert [headers["user-agent"] for headers in sent] == [USER_AGENT] * 2
    for headers in sent:
        assert not {"cookie", "authorization", "referer"} & set(headers)


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
    assert server.asked() == []


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


def test_a_slow_host_is_given_up_in_time(base: str) -> None:
    begun = time.monotonic()
    with pytest.raises(AddressError, match="too slowly"):
        get(base + "/slowest")
    assert time.monotonic() - begun < 2
    with slow_headers() as url, pytest.raises(AddressError, match="did not answer in time"):
        get(url)
    assert time.monotonic() - begun < 4


def test_cancelling_is_heard_while_a_slow_host_sends(base: str) -> None:
    progress, begun = Progress(), time.monotonic()
    timer = threading.Timer(0.2, progress.cancel)
    timer.start()
    with pytest.raises(Cancelled):
        fetch(base + "/slowest", progress, is_allowed=is_loopback)
    assert time.monotonic() - begun < 2
    timer.join()


PUBLIC = ("8.8.8.8", "2606:4700::1", "::ffff:8.8.8.8")
NOT_PUBLIC = (
    *("127.0.0.1", "10.1.2.3", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1"),
    *("::1", "fe80::1%eth0", "fc00::1", "::ffff:10.0.0.1"),
)


@pytest.mark.parametrize("address", PUBLIC + NOT_PUBLIC)
def test_public_addresses(address: str) -> None:
    assert is_public(address) is (address in PUBLIC)
