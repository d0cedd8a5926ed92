"""A picture by its own address or by that of a page which names one, as pages do for previews.

Only the head of the page is read, nothing in it is run, and the picture it names is fetched once, by the
same rules: a page cannot lead to another page.
"""

from __future__ import annotations

from collections.abc import Callable
from html.parser import HTMLParser
from urllib.parse import urljoin

from desktop.lookup.address import LIMITS, Limits, PageError, fetch, is_public
from index_tools.progress import Progress

#: Names of the picture that a page shows of itself, best first (Open Graph protocol, Twitter cards).
NAMES = ("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src")


def fetch_picture(
    url: str,
    progress: Progress,
    allowed: frozenset[str] = frozenset(),
    *,
    limits: Limits = LIMITS,
    is_allowed: Callable[[str], bool] = is_public,
) -> bytes:
    """Give the picture of an address.  Raises AddressError.

    `allowed` are private IP addresses that the user agreed to reach, now and for this picture.
    """

    def may_reach(address: str) -> bool:
        return address in allowed or is_allowed(address)

    try:
        return fetch(url, progress, limits=limits, is_allowed=may_reach)
    except PageError as page:
        named = picture_of(page.html.decode("utf-8", "replace"))
        if not named:
            raise
        return fetch(urljoin(page.url, named), progress, limits=limits, is_allowed=may_reach)


def picture_of(html: str) -> str:
    """Give the address of the picture that a page names for itself, "" for none."""
    finder = _Finder()
    finder.feed(html)
    return next((finder.found[name] for name in NAMES if finder.found.get(name)), "")


class _Finder(HTMLParser):
    """Notes the first `<meta>` of each name."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "meta":
            return
        told = dict(attrs)
        name = (told.get("property") or told.get("name") or "").strip().lower()
        if name in NAMES:
            self.found.setdefault(name, (told.get("content") or "").strip())
