"""What a line of pasted text may mean: addresses, data URIs, paths, pieces of HTML.

Pure functions of text; nothing is opened and nothing is fetched.
"""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path, PureWindowsPath
from urllib.parse import unquote, urlsplit

from desktop.intake.deep_link import LinkError, is_link, read_link
from desktop.intake.offers import Address, DataUri, LocalFile, Offer

#: Longest text that is looked at as an address or a path; data URIs have their own limit.
LONGEST_TEXT = 4096


def offer_of_text(text: str) -> Offer | None:
    """Read the first line of text that means something."""
    stripped = text.strip().strip('"')
    if stripped[:5].lower() == "data:":
        return DataUri(stripped)
    for line in stripped[: 4 * LONGEST_TEXT].splitlines():
        offer = offer_of_line(line.strip().strip('"'))
        if offer is not None:
            return offer
    return None


def offer_of_line(line: str) -> Offer | None:
    """Read one address, data URI or path."""
    return offer_of_address(line) or _offer_of_path(line)


def offer_of_address(line: str) -> Address | DataUri | None:
    """Read one address or data URI."""
    if line[:5].lower() == "data:" and "\0" not in line:
        return DataUri(line)
    if not _is_legible(line):
        return None
    if is_link(line):
        return _offer_of_link(line)
    return Address(line) if _scheme(line) in ("http", "https") else None


def _offer_of_path(line: str) -> LocalFile | None:
    """Read a path; one of another machine in the network is not even looked at."""
    if not _is_legible(line):
        return None
    named = path_of_file_uri(line) if _scheme(line) == "file" else Path(line)
    if str(named).replace("\\", "/").startswith("//"):
        return None
    path = named.expanduser() if line.startswith("~") else named
    if path.is_absolute() or PureWindowsPath(path).is_absolute() or _scheme(line) == "file":
        return LocalFile(path)
    return None


def _is_legible(line: str) -> bool:
    return 0 < len(line) <= LONGEST_TEXT and not line.startswith("#") and "\0" not in line


def _scheme(line: str) -> str:
    return line.partition(":")[0].lower()


def _offer_of_link(line: str) -> Address:
    """Read a link that the user pasted; one that is damaged is offered as it is, and refused in words."""
    text = line if "://" in line or line.lower().startswith("scenelens:") else f"https://{line}"
    try:
        link = read_link(text)
    except LinkError:
        return Address(text)
    return Address(link.url, link.playing)


def path_of_file_uri(uri: str) -> Path:
    """Turn `file:` into a path; the host part is dropped, escapes are undone."""
    path = unquote(urlsplit(uri).path)
    if len(path) > 2 and path[0] == "/" and path[2] == ":":  # file:///C:/…
        path = path[1:]
    return Path(path)


def offers_of_copied_files(data: bytes) -> tuple[Offer, ...]:
    """Read `x-special/gnome-copied-files`: a line "copy" or "cut", then one URI a line."""
    lines = data.decode("utf-8", "replace").split("\n")
    if not lines or lines[0] not in ("copy", "cut"):
        return ()
    found = (_offer_of_copied(line.strip()) for line in lines[1:])
    return tuple(offer for offer in found if offer is not None)


def _offer_of_copied(uri: str) -> Offer | None:
    is_file = _is_legible(uri) and _scheme(uri) == "file"
    return LocalFile(path_of_file_uri(uri)) if is_file else offer_of_address(uri)


def offers_of_html(html: str) -> tuple[Offer, ...]:
    """Read the source of the first picture in a piece of HTML; files of this machine are not its to name."""
    finder = _FirstImage()
    finder.feed(html[:4_000_000] if "base64," in html else html[:200_000])
    offer = offer_of_address(finder.source)
    return () if offer is None else (offer,)


class _FirstImage(HTMLParser):
    """Remembers the `src` of the first `<img>`."""

    def __init__(self) -> None:
        super().__init__()
        self.source = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img" and not self.source:
            self.source = (dict(attrs).get("src") or "").strip()
            if self.source.startswith("//"):
                self.source = "https:" + self.source
