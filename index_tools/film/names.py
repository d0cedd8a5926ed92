"""Title, season, episode and year from the name of a film file.

guessit reads the name; the rules here are for what it was seen to misread in names of anime releases:
titles of several parts ("Kimetsu no Yaiba - Yuukaku Hen - 12"), specials ("OVA 01", "NCOP1"), episodes
between two others ("13.5"), names wholly in brackets, and Japanese ones.  Compared on 40 names with
anitopy, which alone got two more right than guessit alone, but reads neither folders nor Japanese.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath

_EPISODE = r"\d{1,4}(?:\.\d)?(?:\s*[-~]\s*\d{1,4})?"
_SPECIAL = r"OVA|OAD|ONA|SP|Specials?|NCOP|NCED|OP|ED|PV|CM|Menu|Extra"
_END = r"(?:\s*(?:END|FINAL|RAW))?\s*(?=[\[(【]|$)"

#: "[Group] Title - 05v2 [1080p]": all before the last dash is the title.
_FANSUB = re.compile(
    rf"^(?:\[[^\]]*\]\s*)*(?P<title>[^\[\]]+?)\s+-\s+"
    rf"(?:(?P<special>{_SPECIAL})\s*)?(?P<episode>{_EPISODE})?(?:v\d)?{_END}",
    re.IGNORECASE,
)
#: "[Group][Title][08][1080p]"
_BRACKETS = re.compile(
    rf"^\[[^\]]+\]\s*\[(?P<title>[^\]]+)\]\s*\[(?P<episode>{_EPISODE})(?:v\d)?(?:\s*END)?\]"
)
#: "[Group] Title [SP01][1080p]"
_SPECIAL_ALONE = re.compile(rf"[\s\[(](?P<special>{_SPECIAL})\s?(?P<number>\d{{0,3}})(?:v\d)?(?=[\s\])]|$)")
#: "第03話", "第3集"
_JAPANESE = re.compile(r"第\s*(?P<episode>\d+(?:\.\d)?)\s*[話话集回]")
_JAPANESE_TITLE = re.compile(r"「(?P<title>[^」]+)」")
_SEASON = re.compile(
    r"[\s,-]+(?:S(?P<a>\d{1,2})|Season\s*(?P<b>\d{1,2})|(?P<c>\d)(?:st|nd|rd|th)\s+Season|第(?P<d>\d)期)\s*$",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\s*[\[(](?P<year>(?:19|20)\d\d)[\])]\s*$")
#: "[Group] Title - The Movie (1080p)"
_MOVIE = re.compile(
    r"^(?:\[[^\]]*\]\s*)?(?P<title>[^\[\](]*\bMovie\b[^\[\](]*?)\s*(?=[\[(]|$)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class NameGuess:
    """What a file name says; `episode` is text ("5", "1-2", "6.5", "OVA 1") and empty for a film."""

    title: str
    season: int | None = None
    episode: str = ""
    year: int | None = None


def guess(path: Path | PurePath) -> NameGuess:
    """Read a file name as release groups write them; folders help where the name holds no title.

    Always gives a title: in the end the file's own name.
    """
    stem = path.stem.replace("_", " ").strip()
    special = _by_rule(stem)
    if special is not None:
        return special
    found = _found(path.name)
    if not _title(found) or _title(found).isdigit() or _JAPANESE.match(_title(found)):
        found = {**_found("/".join(path.parts[-3:])), **_without_title(found)}
    title = _title(found) or stem
    better = _JAPANESE_TITLE.search(title) or _movie(stem, found)
    if better:
        title = better["title"]
    if title == stem:
        title = _spaced(stem)
    title, season, year = _tail(title)
    return NameGuess(
        title=title or path.name,
        season=_number(found.get("season")) if season is None else season,
        episode=_special(stem) or _episode(found),
        year=_number(found.get("year")) if year is None else year,
    )


def _by_rule(stem: str) -> NameGuess | None:
    """What a name says that follows one of the two patterns of release groups."""
    match = _BRACKETS.match(stem) or _FANSUB.match(stem)
    if match is None or not match["episode"]:
        return None
    title, season, year = _tail(match["title"].strip())
    special = match.groupdict().get("special")
    episode = _plain(match["episode"])
    return NameGuess(title, season, f"{special} {episode}" if special else episode, year)


def _found(name: str) -> Mapping[str, object]:
    """What guessit makes of a name."""
    # Imported here: it takes longer than the rest of this room, and the reader does not need it.
    from guessit import guessit

    found: Mapping[str, object] = guessit(name)
    return found


def _title(found: Mapping[str, object]) -> str:
    """The title; a film's second part belongs to it."""
    title, more = found.get("title"), found.get("alternative_title")
    if isinstance(title, str) and isinstance(more, str):
        return f"{title} - {more}"
    return title if isinstance(title, str) else ""


def _without_title(found: Mapping[str, object]) -> Mapping[str, object]:
    return {key: value for key, value in found.items() if key not in ("title", "alternative_title")}


def _tail(title: str) -> tuple[str, int | None, int | None]:
    """A title without the year and the season at its end, and these two."""
    year = _YEAR.search(title)
    if year:
        title = title[: year.start()]
    season = _SEASON.search(title)
    if season:
        title = title[: season.start()]
    number = next((int(group) for group in season.groups() if group), None) if season else None
    return title.strip(), number, int(year["year"]) if year else None


def _special(stem: str) -> str:
    """ "NCOP1", "SP 1": the name of what is neither an episode nor a film, empty when it is one."""
    match = _SPECIAL_ALONE.search(stem)
    if match is None:
        return ""
    return f"{match['special']} {_plain(match['number'])}".strip()


def _movie(stem: str, found: Mapping[str, object]) -> re.Match[str] | None:
    return _MOVIE.match(stem) if " " in stem and not _episode(found) else None


def _episode(found: Mapping[str, object]) -> str:
    episode = found.get("episode")
    if isinstance(episode, list):
        return f"{episode[0]}-{episode[-1]}"
    return "" if episode is None else str(episode)


def _number(value: object) -> int | None:
    """One number; guessit gives a list where a name holds several, and years as seasons."""
    return value if isinstance(value, int) and value != 0 else None


def _plain(episode: str) -> str:
    """Without leading zeros and spaces: "01 - 02" is "1-2"."""
    return re.sub(r"(?<![\d.])0+(?=\d)", "", re.sub(r"\s*[-~]\s*", "-", episode))


def _spaced(stem: str) -> str:
    """A name of one word with its dots or dashes as spaces."""
    return stem if " " in stem else re.sub(r"[-.]+", " ", stem).strip() or stem
