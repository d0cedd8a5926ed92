"""Reading the JSON of trace.moe: tolerant of what is unknown or missing, strict about what is claimed.

A field that is not what the reference says counts as missing; an item without a file or a similarity is
left out.  Nothing here raises but `RemoteError`.
"""

from __future__ import annotations

import json
import math
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn
from urllib.parse import urlsplit

from desktop.lookup import service_facts as facts
from desktop.lookup.remote_answer import RemoteAnime, RemoteMatch
from desktop.lookup.service_errors import RemoteError, Trouble

#: Longer texts are cut, in characters; titles and file names are far shorter.
LONGEST_TEXT = 400
#: Later times are none, in seconds: no film lasts eleven days.
LATEST_S = 1e6
_LONGEST_ADDRESS = 4096
_MOST_SYNONYMS = 100
#: Parts of a list or object of a record that are kept, and levels of them.
_MOST_PARTS, _DEEPEST = 200, 8


@dataclass(frozen=True, slots=True)
class Results:
    """A whole answer, checked: for each vector that was sent its matches, as yet without vector and time."""

    lists: tuple[tuple[RemoteMatch, ...], ...]
    frames_searched: int | None
    limit: int | None
    used: int | None


def read_results(body: bytes, vectors: int, base: str) -> Results:
    """The answer to a search of so many vectors; addresses not of the service `base` are left out.

    Raises RemoteError where it cannot be told which result belongs to which vector.
    """
    answer = read_object(body)
    said = answer.get("error")
    if isinstance(said, str) and said:
        raise RemoteError(
            f"trace.moe says: “{text(said)}”. Nothing was found there; try again later.", Trouble.FAILED
        )
    result = answer.get("result")
    if not isinstance(result, list):
        not_understood()
    if vectors == 1 or not result:
        lists = [result, *[[]] * (vectors - 1)]
    elif len(result) == vectors and all(isinstance(part, list) for part in result):
        lists = result
    else:
        not_understood()
    return Results(
        tuple(_matches(part, base) for part in lists),
        count(answer.get("frameCount")),
        count(answer.get("quota")),
        count(answer.get("quotaUsed")),
    )


def read_object(body: bytes) -> Mapping[str, Any]:
    """The JSON object of a body.  Raises RemoteError; numbers that are none in JSON count as null."""
    try:
        value = json.loads(body, parse_constant=lambda _name: None)
    except (ValueError, RecursionError):
        not_understood()
    if not isinstance(value, dict):
        not_understood()
    return value


def not_understood() -> NoReturn:
    """Say that an answer is not one of trace.moe's."""
    raise RemoteError(
        "trace.moe's answer could not be understood; a page of the network you are in may stand in between. "
        "What is found here is not touched by that; try again later.",
        Trouble.NOT_UNDERSTOOD,
    )


def text(value: object) -> str:
    """A text in one line without control characters and of bounded length; "" for anything else."""
    if not isinstance(value, str):
        return ""
    shown = value[: 2 * LONGEST_TEXT]
    if not shown.isprintable():
        shown = "".join(_shown(letter) for letter in shown)
    return " ".join(shown.split())[:LONGEST_TEXT]


def _shown(letter: str) -> str:
    """A letter as it may stand in a line: no line ends, no half pairs, nothing that turns the writing."""
    kind = unicodedata.category(letter)
    if kind in ("Cc", "Zl", "Zp"):
        return " "
    return "" if kind in ("Cs", "Cf") and letter != "\u200d" else letter


def number(value: object) -> float | None:
    """A finite number that is not negative; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        told = float(value)
    except OverflowError:
        return None
    return told if math.isfinite(told) and told >= 0 else None


def seconds(value: object) -> float | None:
    """A time or duration in a film; None for anything else."""
    told = number(value)
    return told if told is not None and told <= LATEST_S else None


def count(value: object) -> int | None:
    """A whole number that is not negative and not absurd; None for anything else."""
    told = number(value)
    return int(told) if told is not None and told < 2**53 else None


def episode(value: object) -> str:
    """An episode as text, from a number, a text, a list of numbers or null."""
    if isinstance(value, list):
        parts = [part for part in (episode(one) for one in value[:20] if not isinstance(one, list)) if part]
        follows = len(parts) > 1 and all(part.isdecimal() for part in parts)
        if follows and [int(part) for part in parts] == list(range(int(parts[0]), int(parts[-1]) + 1)):
            return f"{parts[0]}-{parts[-1]}"
        return ", ".join(parts)
    if isinstance(value, str):
        return text(value)
    told = number(value)
    if told is None or told > 1e6:
        return ""
    return f"{told:g}" if told != int(told) else str(int(told))


def _matches(value: list[Any], base: str) -> tuple[RemoteMatch, ...]:
    found = (_match(one, base) for one in value[: facts.MOST_RESULTS] if isinstance(one, dict))
    return tuple(match for match in found if match is not None)


def _match(value: Mapping[str, Any], base: str) -> RemoteMatch | None:
    similarity, anime, filename = number(value.get("similarity")), _anime(value.get("anilist")), ""
    filename = text(value.get("filename"))
    if similarity is None or similarity > 1.0001 or not (filename or anime.number is not None):
        return None
    given = [seconds(value.get(name)) for name in ("from", "at", "to")]
    at_s = next((moment for moment in (given[1], given[0]) if moment is not None), None)
    if at_s is None:
        return None
    start_s, end_s = (at_s if moment is None else moment for moment in (given[0], given[2]))
    duration_s = seconds(value.get("duration"))
    return RemoteMatch(
        anime,
        filename,
        episode(value.get("episode")),
        min(start_s, at_s),
        at_s,
        max(end_s, at_s),
        duration_s if duration_s and duration_s >= at_s else None,
        min(similarity, 1.0),
        video=address(value.get("video"), base),
        image=address(value.get("image"), base),
    )


def _anime(value: object) -> RemoteAnime:
    if not isinstance(value, dict):
        return RemoteAnime(_identity(value))
    titles = value.get("title")
    named = titles if isinstance(titles, dict) else {"romaji": titles}
    synonyms = value.get("synonyms")
    listed = [text(one) for one in synonyms[:_MOST_SYNONYMS]] if isinstance(synonyms, list) else []
    native, romaji, english, chinese = (
        text(named.get(language)) for language in ("native", "romaji", "english", "chinese")
    )
    return RemoteAnime(
        _identity(value.get("id")),
        native,
        romaji,
        english,
        chinese,
        tuple(one for one in listed if one),
        # an adult work must not be shown as any other because a field is odd
        is_adult=value.get("isAdult") not in (False, None),
        record=_plain(value),
    )


def _plain(value: Mapping[str, Any], depth: int = 0) -> dict[str, object]:
    """The stored record within bounds: texts in one line, nothing deep, nothing endless."""
    return {
        text(name): _bounded(one, depth + 1) for name, one in tuple(value.items())[:_MOST_PARTS] if text(name)
    }


def _bounded(value: object, depth: int) -> object:
    if depth > _DEEPEST:
        return None
    if isinstance(value, dict):
        return _plain(value, depth)
    if isinstance(value, list):
        return [_bounded(one, depth + 1) for one in value[:_MOST_PARTS]]
    if isinstance(value, str):
        return text(value)
    return value if value is None or isinstance(value, bool) or number(value) is not None else None


def _identity(value: object) -> int | None:
    """An AniList number: a whole number above 0, also as digits."""
    if isinstance(value, str) and value.isdecimal() and len(value) < 12:
        value = int(value)
    told = count(value)
    return told if told and told == value else None


def address(value: object, base: str) -> str:
    """An address of a preview if it may be fetched: of the service's own host, "" for any other."""
    if not isinstance(value, str) or len(value) > _LONGEST_ADDRESS or not value.isascii():
        return ""
    if any(letter <= " " or letter in '"<>\\^`{|}\x7f' for letter in value):
        return ""
    try:
        parts, own = urlsplit(value), urlsplit(base)
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or parts.username is not None or not parts.hostname:
        return ""
    if parts.hostname == own.hostname:
        return value if (parts.scheme, port) == (own.scheme, own.port) or parts.scheme == "https" else ""
    usual = parts.hostname == "trace.moe" or parts.hostname.endswith(".trace.moe")
    return value if usual and parts.scheme == "https" and port in (None, 443) else ""
