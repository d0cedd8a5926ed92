"""Answers from here and from the service in one list, as the window and the command line show it."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.lookup.remote_answer import RemoteAnswer, RemoteMatch
from index_tools.nouns import Answer, Match

#: A guess found here that is so sure is worth a look, however unlike its color layout is.
WORTH_A_LOOK = 0.1
#: Two matches are the same scene where their times are nearer than this, in seconds.
SAME_SCENE_S = 2.0


@dataclass(frozen=True, slots=True)
class Hit:
    """One line of the list: a match found here, or by the service, or the same scene found by both."""

    here: Match | None = None
    remote: RemoteMatch | None = None

    @property
    def is_match(self) -> bool:
        """Whether either is claimed."""
        return any(match is not None and match.is_match for match in (self.here, self.remote))


def merge(here: Answer | None, remote: RemoteAnswer | None) -> tuple[Hit, ...]:
    """Both answers in one list: claims first, those found here before the service's, then guesses, those that
    a closer look speaks for before others by similarity.

    A scene that both found (same AniList number and episode, times within two seconds) is one line.
    """
    local = here.matches if here is not None else ()
    distant = remote.matches if remote is not None else ()
    twins: dict[int, RemoteMatch] = {}
    for number, match in enumerate(local):
        twin = next((far for far in distant if _same(match, far) and far not in twins.values()), None)
        if twin is not None:
            twins[number] = twin
    hits = [Hit(match, twins.get(number)) for number, match in enumerate(local)]
    hits += [Hit(remote=far) for far in distant if far not in twins.values()]
    return tuple(sorted(hits, key=_order))


def _same(match: Match, far: RemoteMatch) -> bool:
    return (
        far.anime.number is not None
        and match.video.ids.get("anilist") == str(far.anime.number)
        and match.video.episode.lstrip("0") == far.episode.lstrip("0")
        and abs(match.at_s - far.at_s) <= SAME_SCENE_S
    )


def _order(hit: Hit) -> tuple[bool, bool, float]:
    """Where a hit stands; among equals the order of the engine or the service holds."""
    if hit.is_match:
        return False, hit.here is None, 0.0
    if hit.here is not None and hit.here.confidence >= WORTH_A_LOOK:
        return True, False, 0.0
    shown = hit.here or hit.remote
    return True, True, -shown.similarity if shown is not None else 0.0
