"""What a video in a pack is called: guessed from its file name, unless a person said otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from index_tools.film.names import guess
from index_tools.nouns import Video
from index_tools.pack.checked_json import cleaned
from index_tools.pack.metadata import LONGEST_EPISODE, MOST_SEASON


@dataclass(frozen=True, slots=True)
class NameOverrides:
    """What a person says of all videos of one build; None and empty leave the guess.

    `ids` maps the name of a register ("anilist") to the number there.
    """

    title: str | None = None
    season: int | None = None
    episode: str | None = None
    ids: Mapping[str, str] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """Whether nothing was said."""
        return self.title is None and self.season is None and self.episode is None and not self.ids


def named(video: Video, path: Path, said: NameOverrides, *, guessed_from: Path) -> Video:
    """`video` as the file `path` calls it, and `said` on top.

    `guessed_from` is the path that the names in `video` come from: they are guessed again only if the
    file has another name now and they are the guess still, not something that a person had said.
    """
    if guessed_from.name != path.name and _is_guess(video, guessed_from):
        new = guess(path)
        video = replace(video, title=new.title, season=new.season, episode=new.episode)
    season = video.season if said.season is None else said.season
    return replace(
        video,
        file_name=cleaned(path.name),
        title=cleaned(video.title if said.title is None else said.title),
        season=season if season is not None and 0 <= season <= MOST_SEASON else None,
        episode=_episode(video.episode if said.episode is None else said.episode),
        ids={**video.ids, **said.ids},
    )


def _is_guess(video: Video, path: Path) -> bool:
    old = guess(path)
    return (video.title, video.season, video.episode) == (
        cleaned(old.title),
        old.season,
        _episode(old.episode),
    )


def _episode(text: str) -> str:
    return cleaned(text, longest=LONGEST_EPISODE)
