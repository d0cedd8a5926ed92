"""Links that say which picture to search and how its scene is played.

`scenelens:?url=…&autoplay=…&mute=…&loop=…`, and the addresses of trace.moe's page, whose options and
values these are (the README of soruly/trace.moe before dbe9049):

    option     not set   "0"   "1"   empty or anything else
    autoplay   1         0     1     1
    mute       0         0     1     1
    loop       0         0     1     1
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from index_tools.errors import SceneLensError

SCHEME = "scenelens"

#: Hosts whose page takes the address of a picture in its own address.
HOSTS = frozenset({"trace.moe", "www.trace.moe"})

LONGEST = 8192

DAMAGED = "The link's address is damaged. Nothing was fetched; copy it again, whole."

#: More options than this are no link of anybody.
MOST_OPTIONS = 32


class LinkError(SceneLensError):
    """A link that is not followed."""


@dataclass(frozen=True, slots=True)
class Playing:
    """How a link wants its scene to be played."""

    autoplay: bool = True
    mute: bool = False
    loop: bool = False


@dataclass(frozen=True, slots=True)
class DeepLink:
    """An http or https address of a picture or a page, and how its scene is played."""

    url: str
    playing: Playing = Playing()


def is_link(text: str) -> bool:
    """Whether text is such a link, be it well made or not."""
    lower = text[:64].lower()
    if lower.startswith(f"{SCHEME}:"):
        return True
    rest = lower.removeprefix("https://").removeprefix("http://")
    host, _, query = rest.partition("/")
    return host in HOSTS and query.lstrip("/").startswith("?")


def read_link(text: str) -> DeepLink:
    """Read a link.  Raises LinkError with a sentence; nothing has been fetched then."""
    if len(text) > LONGEST or any(ord(letter) <= 32 for letter in text):
        raise LinkError("The link is too long or damaged. Nothing was fetched; copy it again, whole.")
    try:
        options = parse_qsl(
            urlsplit(text).query, keep_blank_values=True, max_num_fields=MOST_OPTIONS, errors="strict"
        )
    except (ValueError, UnicodeError) as error:
        raise LinkError("The link is damaged. Nothing was fetched; copy it again, whole.") from error
    given: dict[str, str] = {}
    for name, value in options:
        given.setdefault(name, value)
    url = given.get("url", "").strip()
    if not url:
        raise LinkError("The link names no picture: its part url=… is missing. Nothing was fetched.")
    return DeepLink(
        checked_address(url),
        Playing(
            autoplay=given.get("autoplay", "1") != "0",
            mute=given.get("mute", "0") != "0",
            loop=given.get("loop", "0") != "0",
        ),
    )


def checked_address(url: str) -> str:
    """Give an address that may be asked for.  Raises LinkError for all but whole http and https ones."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise LinkError(
            "The link's address is damaged. Nothing was fetched; copy it again, whole."
        ) from error
    if parts.scheme.lower() not in ("http", "https"):
        kind = parts.scheme[:20] or "others"
        raise LinkError(f"Only http and https addresses are fetched, not {kind}. Nothing was read.")
    if not host or any(ord(letter) < 33 for letter in url):
        raise LinkError(DAMAGED)
    if parts.username or parts.password:
        raise LinkError("The link's address carries a name or a password. Nothing was fetched or sent.")
    return url
