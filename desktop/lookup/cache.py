"""Answers of the service, kept by vector: the same picture costs nothing twice, and works offline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from desktop.lookup.remote_answer import RemoteMatch


@dataclass(frozen=True, slots=True)
class Kept:
    """What was answered to one vector at Unix time `at_s`."""

    matches: tuple[RemoteMatch, ...]
    frames_searched: int | None
    at_s: float


class Answers(Protocol):
    """The cache as the client sees it; thread-safe."""

    def get(self, vector: bytes, anilist: int | None) -> Kept | None:
        """What was answered to this vector within this title (None: all titles), of any age."""

    def put(self, vector: bytes, anilist: int | None, kept: Kept) -> None:
        """Keep an answer; the oldest go when there are too many."""
