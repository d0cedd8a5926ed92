"""AniList's record of a work, as it comes from AniList or inside an answer of trace.moe, into a `Work`.

Everything in it is somebody else's text: markup is taken out and never interpreted, lengths and numbers of
items are bounded, addresses must be http(s), and a field of a strange kind counts as missing.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from urllib.parse import urlsplit

from desktop.state.work import Day, Link, Titles, Work

#: The most that is kept of one text, and of one list.
MAX_CHARACTERS = 300
MAX_ITEMS = 40
MAX_ADDRESS = 1000

_MARKUP = re.compile(r"<[^<>]{0,200}>")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


def work_of(record: object) -> Work | None:
    """Read a record; None where there is no number, without which it is nobody's.

    trace.moe keeps unknown numbers as records of empty strings and zeros; they become works without titles.
    """
    if not isinstance(record, Mapping):
        return None
    number = count(record.get("id"))
    if number is None:
        return None
    title = _mapping(record.get("title"))
    cover = _mapping(record.get("coverImage"))
    return Work(
        number=number,
        titles=Titles(*(text(title.get(kind)) for kind in ("native", "romaji", "english", "chinese"))),
        synonyms=_names((*_items(record.get("synonyms")), *_items(record.get("synonyms_chinese")))),
        format=text(record.get("format")),
        status=text(record.get("status")),
        episodes=count(record.get("episodes")),
        minutes=count(record.get("duration")),
        season=text(record.get("season")),
        season_year=_year(record.get("seasonYear")),
        start=day(record.get("startDate")),
        end=day(record.get("endDate")),
        studios=tuple(_studios(record.get("studios"))),
        genres=_names(_items(record.get("genres"))),
        is_adult=record.get("isAdult") is True,
        cover=next(
            (found for size in ("large", "extraLarge", "medium") if (found := web_address(cover.get(size)))),
            "",
        ),
        colour=colour if isinstance(colour := cover.get("color"), str) and _COLOUR.fullmatch(colour) else "",
        links=tuple(_links(record.get("externalLinks"))),
        page=web_address(record.get("siteUrl")),
    )


def text(value: object) -> str:
    """Give a plain text of one line: no markup, no control or direction-changing characters."""
    if not isinstance(value, str):
        return ""
    plain = html.unescape(_MARKUP.sub(" ", value[: 8 * MAX_CHARACTERS]))
    spaced = (" " if character.isspace() else character for character in plain)
    shown = "".join(one for one in spaced if one.isprintable())
    line = " ".join(shown.split())
    return line if len(line) <= MAX_CHARACTERS else f"{line[: MAX_CHARACTERS - 1]}…"


def count(value: object) -> int | None:
    """Give a positive whole number, None for anything else."""
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return value if is_number and 0 < value < 2**31 else None  # type: ignore[operator, return-value]


def web_address(value: object) -> str:
    """Give an http(s) address with a host, "" for anything else."""
    if not isinstance(value, str) or len(value) > MAX_ADDRESS or not value.isprintable() or " " in value:
        return ""
    try:
        parts = urlsplit(value)
        host = parts.hostname
    except ValueError:
        return ""
    return value if parts.scheme in ("http", "https") and host and parts.username is None else ""


def day(value: object) -> Day | None:
    """Read {year, month, day}; a month without a year, or a day that no month has, counts as missing."""
    parts = _mapping(value)
    year, month, number = _year(parts.get("year")), count(parts.get("month")), count(parts.get("day"))
    if year is None:
        return None
    if month is None or month > 12:
        return Day(year)
    try:
        date(year, month, number or 1)
    except ValueError:
        number = None
    return Day(year, month, number)


def _year(value: object) -> int | None:
    year = count(value)
    return year if year is not None and 1800 <= year <= 2200 else None


def _studios(value: object) -> Iterator[Link]:
    """Give the studios that made it, the main ones first."""
    edges = [_mapping(edge) for edge in _items(_mapping(value).get("edges"))]
    for edge in sorted(edges, key=lambda one: one.get("isMain") is not True):
        node = _mapping(edge.get("node"))
        name = text(node.get("name"))
        if name:
            yield Link(name, web_address(node.get("siteUrl")))


def _links(value: object) -> Iterator[Link]:
    for item in _items(value):
        link = _mapping(item)
        address = web_address(link.get("url"))
        if address:
            yield Link(text(link.get("site")) or (urlsplit(address).hostname or ""), address)


def _names(values: Sequence[object]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for value in values if (name := text(value))))


def _items(value: object) -> Sequence[object]:
    return value[:MAX_ITEMS] if isinstance(value, list) else ()


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}
