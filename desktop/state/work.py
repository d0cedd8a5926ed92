"""What is known of a work — a series, a film — beyond the scene: titles, dates, studios, links.

The same values come from AniList, from trace.moe's answers and from a pack's own metadata; whatever is not
known is empty or None.  Texts are plain: whoever makes a `Work` of something from outside cleans it first.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from index_tools.nouns import Video

#: The kinds of titles, in the order that is used when the user has not chosen another.
TITLE_ORDER = ("native", "romaji", "english", "chinese")

#: Language tags of a pack's titles, and the kind of title that each is.
TITLE_TAGS = {"ja": "native", "ja-Latn": "romaji", "en": "english", "zh": "chinese"}


@dataclass(frozen=True, slots=True)
class Day:
    """A date of which month and day may be unknown (None)."""

    year: int
    month: int | None = None
    day: int | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A name and where it leads: an http(s) address, "" for nowhere."""

    name: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Titles:
    """The titles of a work, "" where there is none."""

    native: str = ""
    romaji: str = ""
    english: str = ""
    chinese: str = ""

    def ordered(self, order: Iterable[str] = TITLE_ORDER) -> tuple[str, ...]:
        """Give the titles there are, without repeats: those of `order` first, in it, then the others."""
        kinds = [*order, *TITLE_ORDER]
        titles = (getattr(self, kind) for kind in kinds if kind in TITLE_ORDER)
        return tuple(dict.fromkeys(title for title in titles if title))


@dataclass(frozen=True, slots=True)
class Work:
    """A series or a film.

    `number` is AniList's, 0 where it has none.  `format` and `season` are AniList's words ("TV", "MOVIE";
    "WINTER"), `minutes` the length of an episode, `colour` the cover's main colour as #rrggbb.
    """

    number: int
    titles: Titles = field(default_factory=Titles)
    synonyms: tuple[str, ...] = ()
    format: str = ""
    status: str = ""
    episodes: int | None = None
    minutes: int | None = None
    season: str = ""
    season_year: int | None = None
    start: Day | None = None
    end: Day | None = None
    studios: tuple[Link, ...] = ()
    genres: tuple[str, ...] = ()
    is_adult: bool = False
    cover: str = ""
    colour: str = ""
    links: tuple[Link, ...] = ()
    page: str = ""
    """AniList's own page of the work."""

    def title(self, order: Iterable[str] = TITLE_ORDER) -> str:
        """Give the title to show: the user's choice, else a synonym, else the number."""
        known = (*self.titles.ordered(order), *self.synonyms[:1])
        return known[0] if known else f"AniList {self.number}"

    def aliases(self, shown: Iterable[str]) -> tuple[str, ...]:
        """Give the other names, sorted, without those in `shown`."""
        hidden = {name.casefold() for name in shown}
        names = {name for name in self.synonyms if name.casefold() not in hidden}
        return tuple(sorted(names, key=str.casefold))


def number_of(video: Video) -> int:
    """Give the number that a pack's video has at AniList, 0 for none."""
    number = video.ids.get("anilist", "")
    return int(number) if number.isdecimal() and len(number) <= 9 else 0


def work_of_video(video: Video) -> Work:
    """Give what a pack itself knows of the work that a video belongs to."""
    known = {kind: video.titles.get(tag, "") for tag, kind in TITLE_TAGS.items()}
    titles = Titles(**known)
    has_own = video.title and video.title not in titles.ordered()
    return Work(number_of(video), titles, synonyms=(video.title,) if has_own else ())
