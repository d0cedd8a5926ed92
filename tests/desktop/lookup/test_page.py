"""Addresses of pages, of this very machine and of names that change their mind, over real HTTP.

Only the resolver is replaced: it knows names that no machine has.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from desktop.lookup.address import PAGE_BYTES, Limits, PageError
from desktop.lookup.page import fetch_picture, picture_of
from desktop.lookup.refusal import AddressError, PrivateAddressError
from index_tools.progress import Progress
from tests.standins.server import Server, Told, running

PICTURE = b"\xff\xd8\xff" + bytes(range(256)) * 200
LIMITS = Limits(bytes=100_000, total_s=3.0, connect_s=1.0, silence_s=1.0, redirects=3)
SMALL_HEAD = '<!doctype html><html><head><meta property="og:image" content="{}"></head>'

#: What the resolver of the tests says; "films.test" stands for the open internet.
NAMES = {
    "films.test": "127.0.0.1",
    "inside.test": "10.0.0.5",
    "router.test": "192.168.1.1",
    "cloud.test": "169.254.169.254",
    "six.test": "::1",
}


Pages = dict[str, Told]


@pytest.fixture
def pages() -> Pages:
    """What the server has, by path; anything else is missing."""
    return {"/a.jpg": Told(body=PICTURE)}


@pytest.fixture
def server(pages: Pages) -> Iterator[Server]:
    with running(lambda asked: pages.get(asked.path, Told(404))) as made:
        yield made


def moved(place: str) -> Told:
    return Told(302, headers=(("Location", place),))


def asked(server: Server) -> list[str]:
    """The paths that were asked for."""
    return [one.path for one in server.asked()]


@pytest.fixture(autouse=True)
def resolver(monkeypatch: pytest.MonkeyPatch) -> None:
    real: Callable[..., Any] = socket.getaddrinfo

    def resolve(host: str, *rest: Any, **named: Any) -> Any:
        return real(NAMES.get(host, host), *rest, **named)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)


def port(server: Server) -> int:
    return int(server.url.rpartition(":")[2])


def is_open(address: str) -> bool:
    """The server of the tests stands for the open internet; all else is judged as ever."""
    from desktop.lookup.address import is_public

    return address == "127.0.0.1" or is_public(address)


def get(server: Server, path: str, host: str = "films.test", allowed: frozenset[str] = frozenset()) -> bytes:
    url = f"http://{host}:{port(server)}{path}"
    return fetch_picture(url, Progress(), allowed, limits=LIMITS, is_allowed=is_open)


@pytest.mark.parametrize("named", ["/a.jpg", "a.jpg", "http://films.test:{port}/a.jpg"])
def test_a_page_leads_to_the_picture_that_it_names(server: Server, pages: Pages, named: str) -> None:
    named = named.format(port=port(server))
    pages["/page"] = Told(body=SMALL_HEAD.format(named).encode() + b"x" * 500_000, length=None)
    assert get(server, "/page") == PICTURE
    assert asked(server) == ["/page", "/a.jpg"]


def test_only_the_head_of_a_page_is_read(server: Server, pages: Pages) -> None:
    late = b"<html>" + b" " * PAGE_BYTES + SMALL_HEAD.format("/a.jpg").encode()
    pages["/late"] = Told(body=late, length=None)
    with pytest.raises(PageError, match="leads to a page"):
        get(server, "/late")


def test_a_page_does_not_lead_to_another_page(server: Server, pages: Pages) -> None:
    pages["/one"] = Told(body=SMALL_HEAD.format("/two").encode())
    pages["/two"] = Told(body=SMALL_HEAD.format("/one").encode())
    with pytest.raises(PageError):
        get(server, "/one")
    assert asked(server) == ["/one", "/two"]


@pytest.mark.parametrize(
    "named", ["file:///etc/passwd", "javascript:alert(1)", "data:image/png;base64,AAAA", "ftp://films.test/a"]
)
def test_a_page_does_not_lead_out_of_the_web(server: Server, pages: Pages, named: str) -> None:
    pages["/page"] = Told(body=SMALL_HEAD.format(named).encode())
    with pytest.raises(AddressError, match="Only http and https"):
        get(server, "/page")


@pytest.mark.parametrize("host", ["inside.test", "router.test", "cloud.test", "six.test"])
@pytest.mark.parametrize("way", ["asked", "redirected", "named by a page"])
def test_private_places_are_not_reached_unasked(server: Server, pages: Pages, host: str, way: str) -> None:
    url = f"http://{host}:{port(server)}/a.jpg"
    pages["/moved"] = moved(url)
    pages["/page"] = Told(body=SMALL_HEAD.format(url).encode())
    path = {"asked": "/a.jpg", "redirected": "/moved", "named by a page": "/page"}[way]
    with pytest.raises(PrivateAddressError) as refused:
        get(server, path, host if way == "asked" else "films.test")
    assert refused.value.host == host
    assert refused.value.addresses == {NAMES[host]}
    assert "/a.jpg" not in asked(server)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "0.0.0.0", "2130706433", "0x7f.1"])
def test_this_machine_is_not_reached_unasked(server: Server, host: str) -> None:
    url = f"http://{host}:{port(server)}/a.jpg"
    with pytest.raises(AddressError):
        fetch_picture(url, Progress(), limits=LIMITS)
    assert asked(server) == []


def test_what_was_agreed_to_is_reached_and_no_other_place(server: Server, pages: Pages) -> None:
    url = f"http://127.0.0.1:{port(server)}"
    agreed = frozenset({"127.0.0.1"})
    assert fetch_picture(f"{url}/a.jpg", Progress(), agreed, limits=LIMITS) == PICTURE
    pages["/moved"] = moved("http://router.test/a.jpg")
    with pytest.raises(PrivateAddressError) as refused:
        fetch_picture(f"{url}/moved", Progress(), agreed, limits=LIMITS)
    assert refused.value.addresses == {"192.168.1.1"}


def test_a_name_that_changes_its_mind_is_refused_at_the_socket(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Public while it is looked up, private when the connection is made (DNS rebinding)."""
    answers = iter(["93.184.216.34", "127.0.0.1"])
    real: Callable[..., Any] = socket.getaddrinfo
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda _host, *rest, **named: real(next(answers), *rest, **named)
    )
    with pytest.raises(PrivateAddressError):
        fetch_picture(f"http://films.test:{port(server)}/a.jpg", Progress(), limits=LIMITS)
    assert asked(server) == []


def test_a_file_of_ten_gigabytes_is_refused_by_its_size(server: Server, pages: Pages) -> None:
    pages["/huge"] = Told(body=b"\x89PNG", headers=(("Content-Type", "image/png"),), length=10_000_000_000)
    with pytest.raises(AddressError, match="larger than"):
        get(server, "/huge")


def test_a_file_of_ten_gigabytes_that_hides_its_size_is_refused_on_the_way(
    server: Server, pages: Pages
) -> None:
    pages["/huge"] = Told(body=b"\x89PNG" + bytes(LIMITS.bytes), length=None)
    with pytest.raises(AddressError, match="larger than"):
        get(server, "/huge")


@pytest.mark.parametrize(
    ("html", "named"),
    [
        ('<meta property="og:image" content="a">', "a"),
        ('<META NAME="twitter:image" CONTENT="b">', "b"),
        ("<meta name=twitter:image content=b><meta property=og:image content=a>", "a"),
        ('<meta property="og:image" content=""><meta property="og:image:url" content="c">', "c"),
        ('<meta property="og:image" content="a&amp;b=1">', "a&b=1"),
        ('<meta property="og:image">', ""),
        ("<svg><script>", ""),
        ("<" * 60_000, ""),
        ("<!--" * 10_000, ""),
    ],
)
def test_pictures_named_by_pages(html: str, named: str) -> None:
    assert picture_of(html) == named
