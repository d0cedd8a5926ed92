"""What a start asks for: from the words of the command line to one line that crosses to a running instance.

The line is JSON in UTF-8, ends in a newline and has format version 1:

    {"version": 1, "verb": "open", "files": ["/absolute/path"], "link": "", "token": ""}

Standard library alone: a second start that only passes its wish on must not load anything else.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args
from urllib.parse import unquote, urlsplit

VERSION = 1

#: Longest line, in bytes.  A thousand files under paths of 200 bytes fit twice.
LARGEST_LINE = 512 * 1024

#: Most files of one request; whoever has more adds the folder.
MOST_FILES = 1000

#: Longest link, in characters; browsers stop far below.
LONGEST_LINK = 8192

#: Longest word that the desktop gives a start to prove that the user asked for it.
LONGEST_TOKEN = 256

Verb = Literal["show", "open", "link", "capture", "capture-again", "search-clipboard", "background"]
VERBS: tuple[Verb, ...] = get_args(Verb)

#: Options of the command line that are verbs.
OPTIONS: Mapping[str, Verb] = {
    "--show": "show",
    "--capture": "capture",
    "--capture-again": "capture-again",
    "--search-clipboard": "search-clipboard",
    "--background": "background",
}

LINK_SCHEMES = ("scenelens:", "http:", "https:")


class RequestError(ValueError):
    """A request that is refused; the text is a sentence for the user."""


@dataclass(frozen=True, slots=True)
class Request:
    """One wish.  `files` are absolute paths, `link` an address or a `scenelens:` link, "" for none."""

    verb: Verb = "show"
    files: tuple[str, ...] = ()
    link: str = ""
    token: str = ""
    """What the desktop gave to the start, so that our window may come to the front."""


def from_words(words: Sequence[str], environment: Mapping[str, str] = os.environ) -> Request | None:
    """Read the words of a command line; None where they ask for something only a fresh start can do.

    Raises RequestError when there is too much in them.
    """
    verb: Verb = "show"
    given: list[str] = []
    only_files = False
    for word in words:
        if word == "--" and not only_files:
            only_files = True
        elif word.startswith("-") and not only_files:
            if word not in OPTIONS:
                return None
            verb = OPTIONS[word]
        else:
            given.append(word)
    return make(verb, given, environment)


def make(verb: Verb, given: Sequence[str], environment: Mapping[str, str] = os.environ) -> Request:
    """Make a request of a verb and of what was named: files, `file:` addresses, links.

    Raises RequestError when there is too much.
    """
    token = environment.get("XDG_ACTIVATION_TOKEN") or environment.get("DESKTOP_STARTUP_ID") or ""
    token = token[:LONGEST_TOKEN]
    links = [word for word in given if word.lower().startswith(LINK_SCHEMES)]
    files = tuple(str(_path(word)) for word in given if word not in links)
    if links:
        if len(links) > 1 or files:
            raise RequestError(
                "One link is opened at a time, without files beside it. Nothing was opened; "
                "give the link alone."
            )
        return _checked(Request("link", (), links[0], token))
    return _checked(Request("open" if files and verb == "show" else verb, files, "", token))


def to_line(request: Request) -> bytes:
    """Write a request as its line.  Raises RequestError when the line would be too long."""
    fields = {
        "version": VERSION,
        "verb": request.verb,
        "files": list(request.files),
        "link": request.link,
        "token": request.token,
    }
    line = json.dumps(fields, ensure_ascii=True).encode("ascii") + b"\n"
    if len(line) > LARGEST_LINE:
        raise RequestError(
            f"The names of these {len(request.files)} files are too long to be passed on together. "
            "Nothing was opened; give their folder instead."
        )
    return line


def from_line(line: bytes) -> Request:
    """Read a line that came from another process.  Raises RequestError for whatever is not expected."""
    if len(line) > LARGEST_LINE:
        raise RequestError(f"A request of more than {LARGEST_LINE // 1024} KB was refused.")
    try:
        told = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise RequestError("A request that is not JSON was refused.") from error
    if not isinstance(told, dict):
        raise RequestError("A request that is no object was refused.")
    if told.get("version") != VERSION:
        raise RequestError(
            f"A request in format {str(told.get('version'))[:20]} was refused; this SceneLens reads "
            f"format {VERSION}. Close the running SceneLens, then start this one."
        )
    if set(told) != {"version", "verb", "files", "link", "token"} or told["verb"] not in VERBS:
        raise RequestError("A request for something unknown was refused.")
    files = told["files"]
    if not isinstance(files, list) or not all(isinstance(name, str) for name in files):
        raise RequestError("A request without proper file names was refused.")
    if not isinstance(told["link"], str) or not isinstance(told["token"], str):
        raise RequestError("A request without a proper link was refused.")
    return _checked(Request(told["verb"], tuple(files), told["link"], told["token"]))


def _checked(request: Request) -> Request:
    if len(request.files) > MOST_FILES:
        raise RequestError(
            f"{len(request.files)} files are more than the {MOST_FILES} that are taken at once. "
            "Nothing was opened; give their folder instead."
        )
    if any("\0" in name or not Path(name).is_absolute() for name in request.files):
        raise RequestError("A request with a file name that is not absolute was refused.")
    if len(request.link) > LONGEST_LINK or any(ord(letter) < 32 for letter in request.link):
        raise RequestError("The link is too long or damaged. Nothing was fetched; copy it again, whole.")
    if request.link and not request.link.lower().startswith(LINK_SCHEMES):
        raise RequestError("Only scenelens:, http: and https: links are opened. Nothing was fetched.")
    if len(request.token) > LONGEST_TOKEN or not request.token.isprintable():
        raise RequestError("A request with a damaged token was refused.")
    return request


def _path(word: str) -> Path:
    """Make the absolute path of a file's name or of its `file:` address, as file managers give it."""
    if word.lower().startswith("file:"):
        path = unquote(urlsplit(word).path)
        if len(path) > 2 and path[0] == "/" and path[2] == ":":  # file:///C:/…
            path = path[1:]
        return Path(path).absolute()
    return Path(word).absolute()


def answer_line(problem: str = "") -> bytes:
    """Write the answer to a request: accepted, or why not."""
    return json.dumps({"version": VERSION, "problem": problem}).encode() + b"\n"


def read_answer(line: bytes) -> str:
    """Read an answer: "" for accepted, else the sentence.  Raises RequestError if it is none."""
    try:
        told: Any = json.loads(line)
    except ValueError as error:
        raise RequestError("The running SceneLens answered in words that are not known.") from error
    if not isinstance(told, dict) or not isinstance(told.get("problem"), str):
        raise RequestError("The running SceneLens answered in words that are not known.")
    return str(told["problem"])
