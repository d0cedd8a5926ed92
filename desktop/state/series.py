"""The series or film that a search keeps to, and which videos belong to it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from desktop.lookup.merged import Hit
from desktop.lookup.remote_answer import RemoteAnime
from desktop.state.work import number_of
from index_tools.nouns import Video

_NOT_LETTERS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Series:
    """A series or film: AniList's number, 0 where it is not known, and its names, one at least, the one to
    show first.
    """

    number: int
    names: tuple[str, ...]

    @property
    def shown(self) -> str:
        """The name to show."""
        return self.names[0]

    def holds(self, video: Video) -> bool:
        """Whether a video belongs to it: by the numbers where both are known, else by a name they share."""
        number = number_of(video)
        if number and self.number:
            return number == self.number
        return bool((_plain(self.names) & _plain(names_of(video))) - {""})


def series_of(hit: Hit, shown: str) -> Series | None:
    """The series or film that a hit belongs to, called `shown`; None where nothing is known but its file."""
    number, names = 0, [shown]
    if hit.here is not None:
        number = number_of(hit.here.video)
        names += names_of(hit.here.video)
    if hit.remote is not None:
        number = hit.remote.anime.number or number
        names += names_of_anime(hit.remote.anime)
    if not number and not any(name.strip() for name in names[1:]):
        return None
    return Series(number, tuple(dict.fromkeys(name for name in names if name.strip())))


def series_of_anime(anime: RemoteAnime) -> Series:
    """The series that a result of the service belongs to."""
    return Series(anime.number or 0, names_of_anime(anime) or (anime.name,))


def names_of(video: Video) -> tuple[str, ...]:
    """The titles that a pack has of a video, "" among them where it has none."""
    return (video.title, *video.titles.values())


def names_of_anime(anime: RemoteAnime) -> tuple[str, ...]:
    """The titles that the service knows."""
    names = (anime.native, anime.romaji, anime.english, anime.chinese, *anime.synonyms)
    return tuple(name for name in names if name)


def _plain(names: Iterable[str]) -> set[str]:
    """Titles without what people write in different ways."""
    return {_NOT_LETTERS.sub("", name).casefold() for name in names}
