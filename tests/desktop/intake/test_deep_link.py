"""Links: the table of values, and what is refused."""

from __future__ import annotations

import pytest

from desktop.intake.deep_link import LinkError, Playing, is_link, read_link
from desktop.intake.offers import Address
from desktop.intake.text import offer_of_text

URL = "https://films.example/a.png"

#: Option, how it stands in the link (None: not at all), its value: the README of soruly/trace.moe.
TABLE = [
    ("autoplay", None, True), ("autoplay", "=0", False), ("autoplay", "=1", True), ("autoplay", "=", True),
    ("autoplay", "", True), ("autoplay", "=no", True),
    ("mute", None, False), ("mute", "=0", False), ("mute", "=1", True), ("mute", "=", True),
    ("mute", "", True), ("mute", "=false", True),
    ("loop", None, False), ("loop", "=0", False), ("loop", "=1", True), ("loop", "=", True),
    ("loop", "", True), ("loop", "=00", True),
]  # fmt: skip


@pytest.mark.parametrize("page", ["scenelens:", "https://trace.moe/", "http://www.trace.moe/"])
@pytest.mark.parametrize(("option", "written", "value"), TABLE)
def test_table_of_values(page: str, option: str, written: str | None, value: bool) -> None:
    part = "" if written is None else f"{option}{written}&"
    link = read_link(f"{page}?{part}url={URL}")
    assert link.url == URL
    assert getattr(link.playing, option) is value


def test_the_example_of_the_reference() -> None:
    link = read_link(f"scenelens:?autoplay=0&loop&mute=1&url={URL}")
    assert link.playing == Playing(autoplay=False, mute=True, loop=True)


def test_an_address_with_its_own_options_is_escaped() -> None:
    link = read_link("scenelens:?url=https%3A%2F%2Ffilms.example%2Fa%3Fb%3D1%26c%3D2&auto=1&mute=0")
    assert link.url == "https://films.example/a?b=1&c=2"
    assert link.playing == Playing()


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("scenelens:?url=a", True), ("SceneLens://?url=a", True), ("trace.moe/?url=a", True),
        ("https://trace.moe/?url=a", True), ("https://trace.moe?url=a", False),
        ("https://trace.moe/about", False), ("https://trace.moe.evil.example/?url=a", False),
        ("https://evil.example/?url=https://trace.moe/?url=a", False), ("scenelens", False),
    ],
)  # fmt: skip
def test_what_is_a_link(text: str, is_one: bool) -> None:
    assert is_link(text) is is_one


@pytest.mark.parametrize(
    "url",
    [
        "", "file:///etc/passwd", "javascript:alert(1)", "data:image/png;base64,AAAA", "ftp://e.org/a",
        "http://", "http://[", "http://user:word@e.org/a.png", "//e.org/a", "/etc/passwd",
        "scenelens:?url=http://e.org", "http://e.org:99999/",
    ],
)  # fmt: skip
def test_what_is_not_fetched(url: str) -> None:
    with pytest.raises(LinkError, match="Nothing was"):
        read_link(f"scenelens:?url={url}")


@pytest.mark.parametrize(
    "text",
    ["scenelens:?" + "a=1&" * 200 + f"url={URL}", "scenelens:?url=" + "x" * 9000, "scenelens:?url=a b",
     "scenelens:?url=%ff%fe", "scenelens:?autoplay=1"],
)  # fmt: skip
def test_damaged_links(text: str) -> None:
    with pytest.raises(LinkError):
        read_link(text)


@pytest.mark.parametrize("page", ["scenelens:", "https://trace.moe/", "trace.moe/"])
def test_pasted_links_are_read(page: str) -> None:
    assert offer_of_text(f" {page}?url={URL}&mute ") == Address(URL, Playing(mute=True))


def test_a_pasted_address_plays_as_the_user_has_it() -> None:
    assert offer_of_text(URL) == Address(URL)
