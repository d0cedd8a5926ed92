"""What the words of a start ask for, and the line that crosses to the running instance."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from desktop.start.request import (
    LARGEST_LINE,
    MOST_FILES,
    Request,
    RequestError,
    answer_line,
    from_line,
    from_words,
    read_answer,
    to_line,
)

GOLDEN_1 = (
    b'{"version": 1, "verb": "open", "files": ["/films/a b.png", "/\\u5834\\u9762.gif"], '
    b'"link": "", "token": "tok-1"}\n'
)


def fields(**changed: object) -> bytes:
    told = {"version": 1, "verb": "open", "files": ["/a"], "link": "", "token": ""}
    return json.dumps({**told, **changed}).encode()


def test_golden_line_of_version_1() -> None:
    request = Request("open", ("/films/a b.png", "/場面.gif"), "", "tok-1")
    assert from_line(GOLDEN_1) == request
    assert to_line(request) == GOLDEN_1


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ([], Request("show")),
        (["--capture"], Request("capture")),
        (["--capture-again"], Request("capture-again")),
        (["--search-clipboard"], Request("search-clipboard")),
        (["--background"], Request("background")),
        (["/a.png", "/b.gif"], Request("open", ("/a.png", "/b.gif"))),
        (["file:///a%20b.png"], Request("open", ("/a b.png",))),
        (["--", "--capture"], Request("open", (str(Path("--capture").absolute()),))),
        (["scenelens:?url=http://e.org/a"], Request("link", (), "scenelens:?url=http://e.org/a")),
        (["https://e.org/a.png"], Request("link", (), "https://e.org/a.png")),
    ],
)
def test_words(words: list[str], wanted: Request) -> None:
    assert from_words(words, {}) == wanted


@pytest.mark.parametrize("words", [["--doctor"], ["--demo"], ["--screenshot", "a.png"], ["-h"]])
def test_words_that_only_a_fresh_start_can_follow(words: list[str]) -> None:
    assert from_words(words, {}) is None


def test_the_desktops_token_goes_along() -> None:
    request = from_words(["--show"], {"XDG_ACTIVATION_TOKEN": "x" * 1000})
    assert request is not None
    assert request.token == "x" * 256


@pytest.mark.parametrize(
    "words",
    [
        ["scenelens:?url=a", "scenelens:?url=b"],
        ["scenelens:?url=a", "/a.png"],
        ["scenelens:" + "x" * 9000],
        ["scenelens:\x1b[2J"],
        [f"/{n}.png" for n in range(MOST_FILES + 1)],
    ],
)
def test_too_much_is_refused_in_a_sentence(words: list[str]) -> None:
    with pytest.raises(RequestError, match=r"\. |\.$"):
        from_words(words, {})


def test_a_thousand_files_go_over_whole() -> None:
    words = [f"/folder/of/films and pictures/picture number {n}.png" for n in range(MOST_FILES)]
    request = from_words(words, {})
    assert request is not None
    assert from_line(to_line(request)) == request


def test_a_thousand_files_with_endless_names_are_refused() -> None:
    request = Request("open", tuple(f"/{n}{'x' * 900}" for n in range(MOST_FILES)))
    with pytest.raises(RequestError, match="folder instead"):
        to_line(request)


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"hello",
        b"[]",
        b"1e999",
        b'{"version": 1}',
        b"[" * 100_000,
        b"\xff\xfe",
        fields(version=2),
        fields(verb="quit"),
        fields(verb="exec"),
        fields(files="/a"),
        fields(files=[1]),
        fields(files=["relative"]),
        fields(files=["/a\0b"]),
        fields(files=["/a"] * (MOST_FILES + 1)),
        fields(link="javascript:alert(1)"),
        fields(link="file:///etc/passwd"),
        fields(link=None),
        fields(token="\n"),
        fields(token="x" * 300),
        fields(more=1),
        b" " * (LARGEST_LINE + 1),
    ],
)
def test_what_is_not_expected_is_refused(line: bytes) -> None:
    with pytest.raises(RequestError):
        from_line(line)


def test_answers() -> None:
    assert read_answer(answer_line()) == ""
    assert read_answer(answer_line("No.")) == "No."
    for line in (b"", b"{}", b'{"problem": 1}', b"\xff"):
        with pytest.raises(RequestError):
            read_answer(line)
