from __future__ import annotations

from pathlib import Path

import pytest

from desktop.intake.offers import Address, DataUri, LocalFile, Offer
from desktop.intake.text import LONGEST_TEXT, offer_of_text, offers_of_copied_files, offers_of_html


@pytest.mark.parametrize(
    ("text", "offer"),
    [
        ("https://example.org/a.png?x=1&y=2", Address("https://example.org/a.png?x=1&y=2")),
        ("  HTTP://EXAMPLE.org/a \n", Address("HTTP://EXAMPLE.org/a")),
        ("/home/me/My picture.png", LocalFile(Path("/home/me/My picture.png"))),
        ('"/home/me/a.png"', LocalFile(Path("/home/me/a.png"))),
        ("file:///home/me/%E6%98%A0%20%E7%94%BB.png", LocalFile(Path("/home/me/映 画.png"))),
        ("file://localhost/a.png", LocalFile(Path("/a.png"))),
        ("file:///C:/x/a.png", LocalFile(Path("C:/x/a.png"))),
        ("# comment\nfile:///a.png", LocalFile(Path("/a.png"))),
        ("look at this\nhttps://example.org/b", Address("https://example.org/b")),
        ("data:image/png;base64,AAAA", DataUri("data:image/png;base64,AAAA")),
        ("DATA:image/png;base64,AAAA", DataUri("DATA:image/png;base64,AAAA")),
    ],
)
def test_text_that_means_something(text: str, offer: Offer) -> None:
    assert offer_of_text(text) == offer


@pytest.mark.parametrize(
    "text",
    ["", "hello", "ftp://example.org/a.png", "javascript:alert(1)", "relative/path.png", "/with\0zero",
     "https://example.org/" + "a" * LONGEST_TEXT, r"\\host\share\a.png", "//host/a.png", r"\/host\a.png",
     "file:////host/a.png", "file:///%5C%5Chost/a.png"],
)  # fmt: skip
def test_text_that_means_nothing(text: str) -> None:
    assert offer_of_text(text) is None


def test_home_is_understood() -> None:
    assert offer_of_text("~/a.png") == LocalFile(Path.home() / "a.png")


def test_copied_files_of_gnome() -> None:
    data = b"copy\nfile:///a%20b.png\nfile:///c.mkv\n"
    assert offers_of_copied_files(data) == (LocalFile(Path("/a b.png")), LocalFile(Path("/c.mkv")))
    assert offers_of_copied_files(b"cut\nfile:///a.png") == (LocalFile(Path("/a.png")),)
    assert offers_of_copied_files(b"file:///a.png") == ()
    assert offers_of_copied_files(b"") == ()
    assert offers_of_copied_files(b"copy\n\xff\xfe\n") == ()


@pytest.mark.parametrize(
    ("html", "offer"),
    [
        (
            '<p>x<img alt="a" src="https://e.org/a.png"><img src="https://e.org/b">',
            Address("https://e.org/a.png"),
        ),
        ('<IMG SRC="//e.org/a.png">', Address("https://e.org/a.png")),
        ("<img src='data:image/gif;base64,R0lG'>", DataUri("data:image/gif;base64,R0lG")),
    ],
)
def test_picture_in_html(html: str, offer: Offer) -> None:
    assert offers_of_html(html) == (offer,)


@pytest.mark.parametrize(
    "html",
    ["", "<p>no picture", "<img>", '<img src="a.png">', "<img src='javascript:x'>", "<im", '<img src="/">',
     '<img src="file:///a.png">', '<img src="~">', '<img src="C:\\a.png">', r'<img src="\\host\a.png">'],
)  # fmt: skip
def test_html_without_a_picture(html: str) -> None:
    assert offers_of_html(html) == ()
