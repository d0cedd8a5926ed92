"""What the application asks of a service that knows scenes: the seam before its client."""

from __future__ import annotations

from typing import Protocol

from desktop.lookup.quota import Quota
from desktop.lookup.remote_answer import RemoteAnswer, RemoteMatch
from desktop.lookup.tracemoe_plan import Plan
from index_tools.picture import Picture
from index_tools.progress import Progress


class Remote(Protocol):
    """The client as the application sees it: every method blocks and is called in the network lane.

    Each raises `RemoteError`, whose text is a sentence for the user, or `Cancelled`.  While a request waits
    for its turn or for the service, `Waiting` values are told through `progress.tell` where that is a
    `Telling`.
    """

    def foresee(self, picture: Picture, anilist: int | None = None) -> Plan:
        """What a search would send and cost, as far as is known here: nothing is sent to find it out."""

    def plan(
        self,
        picture: Picture,
        progress: Progress,
        anilist: int | None = None,
        foreseen: Plan | None = None,
    ) -> Plan:
        """The vectors of a picture's readings, without repeats, never more than the quota has left.

        A plan that was `foreseen` for the picture is kept to where the quota reaches.
        """

    def search(self, plan: Plan, progress: Progress) -> RemoteAnswer:
        """Search; by the cache alone where it knows all."""

    def send_picture(self, picture: Picture, progress: Progress, anilist: int | None = None) -> RemoteAnswer:
        """Upload the picture itself, without metadata, borders cut by the service: only when asked to."""

    def renew(self, match: RemoteMatch, progress: Progress) -> RemoteMatch | None:
        """The match with new addresses, its search repeated once (costs one); None if it is not found.

        `Renewing` and `Renewed` are told through `progress.tell` before and after a search that is needed.
        """

    def quota(self, progress: Progress) -> Quota:
        """Ask the service for the quota; costs none."""

    def known_quota(self) -> Quota | None:
        """The quota as far as it is known without asking; for any thread, at once."""
