"""The client of trace.moe: a picture's readings out as vectors, scenes back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from desktop.lookup.quota import Quota
from desktop.lookup.remote_answer import RemoteAnswer, RemoteMatch
from index_tools.picture import Picture
from index_tools.progress import Progress


@dataclass(frozen=True, slots=True)
class Plan:
    """What a search would send: names of readings and their vectors, 33 bytes each, likeliest first.

    `cost` is exactly what the search takes of the quota: the vectors that the cache does not know.
    `left_out` counts readings for which the quota does not reach.
    """

    names: tuple[str, ...]
    vectors: tuple[bytes, ...]
    cost: int
    anilist: int | None = None
    left_out: int = 0


class Remote(Protocol):
    """The client as the application sees it: every method blocks and is called in the network lane.

    Each raises `RemoteError` (desktop.lookup.service_errors), whose text is a sentence for the user, or
    `Cancelled`.  While a request waits for its turn or for the service, `Waiting` values are told through
    `progress.tell` where that is a `Telling`.
    """

    def plan(self, picture: Picture, anilist: int | None = None) -> Plan:
        """The vectors of a picture's readings, without repeats, never more than the quota has left."""

    def search(self, plan: Plan, progress: Progress) -> RemoteAnswer:
        """Search; by the cache alone where it knows all."""

    def send_picture(self, picture: Picture, progress: Progress, anilist: int | None = None) -> RemoteAnswer:
        """Upload the picture itself, without metadata, borders cut by the service: only when asked to."""

    def renew(self, match: RemoteMatch, progress: Progress) -> RemoteMatch | None:
        """The match with new addresses, its search repeated once (costs one); None if it is not found."""

    def quota(self, progress: Progress) -> Quota:
        """Ask the service for the quota; costs none."""
