"""Whether a film of the library is the very episode that the service found a scene of."""

from __future__ import annotations

import re

from desktop.lookup.remote_answer import RemoteMatch
from desktop.state.work import number_of
from index_tools.nouns import Video

#: Two files of one episode differ by no more in length, in seconds; other cuts of it have other times.
SAME_LENGTH_S = 2.0

_NOT_LETTERS = re.compile(r"[\W_]+")


def is_same_episode(video: Video, far: RemoteMatch) -> bool:
    """Whether series, episode and length agree, so that a time in one means the same in the other."""
    if far.duration_s is None or abs(video.duration_s - far.duration_s) > SAME_LENGTH_S:
        return False
    return _episode(video.episode) == _episode(far.episode) and _is_same_series(video, far)


def _is_same_series(video: Video, far: RemoteMatch) -> bool:
    number = number_of(video)
    if number and far.anime.number:
        return number == far.anime.number
    anime = far.anime
    names = {
        _plain(name) for name in (anime.native, anime.romaji, anime.english, anime.chinese, *anime.synonyms)
    }
    own = {_plain(name) for name in (video.title, *video.titles.values())}
    return bool((names & own) - {""})


def _plain(name: str) -> str:
    """A title without what people write in different ways."""
    return _NOT_LETTERS.sub("", name).casefold()


def _episode(text: str) -> str:
    """An episode's number without leading zeros: "01" and "1" are the same."""
    return "-".join(part.lstrip("0") or part[-1:] for part in text.split("-"))
