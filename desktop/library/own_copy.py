"""Whether a film of the library is the very episode that the service found a scene of."""

from __future__ import annotations

from desktop.lookup.remote_answer import RemoteMatch
from desktop.state.series import series_of_anime
from index_tools.nouns import Video

#: Two files of one episode differ by no more in length, in seconds; other cuts of it have other times.
SAME_LENGTH_S = 2.0


def is_same_episode(video: Video, far: RemoteMatch) -> bool:
    """Whether series, episode and length agree, so that a time in one means the same in the other."""
    if far.duration_s is None or abs(video.duration_s - far.duration_s) > SAME_LENGTH_S:
        return False
    return _episode(video.episode) == _episode(far.episode) and series_of_anime(far.anime).holds(video)


def _episode(text: str) -> str:
    """An episode's number without leading zeros: "01" and "1" are the same."""
    return "-".join(part.lstrip("0") or part[-1:] for part in text.split("-"))
