"""All that speaks to services, made at the first use: the window comes up before any of it is loaded.

Every method is called in a worker; several may be at once.
"""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from desktop.lookup.previews_cache import KeptFiles
from desktop.lookup.quota import Quota
from desktop.lookup.remote_answer import RemoteAnswer, RemoteMatch
from index_tools.progress import Progress

if TYPE_CHECKING:
    from desktop.lookup.anilist_details import WorkLookup
    from desktop.lookup.keys import Keys
    from desktop.lookup.previews import Previews
    from desktop.lookup.tracemoe import Plan, TraceMoe
    from index_tools.picture import Picture

#: A cover is some 100 kB.
COVER_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Parts:
    """What is made at the first use."""

    remote: TraceMoe
    keys: Keys
    previews: Previews
    works: WorkLookup
    hosts: frozenset[str]
    """Hosts of the services, which may lie in a private network where the user named them."""


class Distant:
    """The services as the application uses them; a `Remote` for the search session."""

    def __init__(self, cache: Path, environment: Mapping[str, str] = os.environ) -> None:
        self._cache = cache
        self._environment = environment
        self._lock = threading.Lock()
        self._parts: Parts | None = None
        self._files = KeptFiles(cache / "previews")

    @property
    def previews(self) -> Previews:
        """Clips and pictures of what was found."""
        return self._ready().previews

    @property
    def works(self) -> WorkLookup:
        """Works by their numbers."""
        return self._ready().works

    @property
    def keys(self) -> Keys:
        """The user's key."""
        return self._ready().keys

    def foresee(self, picture: Picture, anilist: int | None = None) -> Plan:
        """Give what a search would send, without asking anybody."""
        return self._ready().remote.foresee(picture, anilist)

    def plan(
        self,
        picture: Picture,
        progress: Progress,
        anilist: int | None = None,
        foreseen: Plan | None = None,
    ) -> Plan:
        """Give the vectors that would be sent."""
        return self._ready().remote.plan(picture, progress, anilist, foreseen)

    def search(self, plan: Plan, progress: Progress) -> RemoteAnswer:
        """Search them."""
        return self._ready().remote.search(plan, progress)

    def send_picture(self, picture: Picture, progress: Progress, anilist: int | None = None) -> RemoteAnswer:
        """Send the picture itself."""
        return self._ready().remote.send_picture(picture, progress, anilist)

    def renew(self, match: RemoteMatch, progress: Progress) -> RemoteMatch | None:
        """Give a match with new addresses."""
        return self._ready().remote.renew(match, progress)

    def quota(self, progress: Progress) -> Quota:
        """Ask for the quota."""
        return self._ready().remote.quota(progress)

    def known_quota(self) -> Quota | None:
        """Give the quota as far as it is known without asking."""
        return self._ready().remote.known_quota()

    def cover(self, url: str, progress: Progress, *, online: bool) -> bytes | None:
        """Give a cover from the disk or, with `online`, from where it is; None without one.

        Raises SceneLensError, OSError.
        """
        kept = self._files.find(f"cover|{url}")
        if kept is not None:
            return kept.path.read_bytes()
        if not online:
            return None
        from desktop.lookup.address import Limits, fetch, is_public

        parts = self._ready()
        host = urlsplit(url).hostname or ""
        own = _addresses(host) if host in parts.hosts else frozenset()
        limits = Limits(bytes=COVER_BYTES)
        data = fetch(url, progress, limits=limits, is_allowed=lambda one: one in own or is_public(one))
        self._files.keep(f"cover|{url}", data, ".cover")
        return data

    def close(self) -> None:
        """Let the connections go."""
        with self._lock:
            parts, self._parts = self._parts, None
        if parts is not None:
            parts.remote.close()
            parts.previews.close()
            parts.works.close()

    def _ready(self) -> Parts:
        with self._lock:
            if self._parts is None:
                self._parts = self._make()
            return self._parts

    def _make(self) -> Parts:
        from desktop.lookup.anilist import AniList
        from desktop.lookup.anilist_details import WorkLookup
        from desktop.lookup.anilist_store import WorkStore
        from desktop.lookup.neighbours import Neighbours
        from desktop.lookup.previews import Previews
        from desktop.lookup.request_queue import RequestQueue
        from desktop.lookup.services import find_services
        from desktop.lookup.tracemoe import connect

        services = find_services(self._environment)
        turns = RequestQueue(beside=Neighbours(self._cache, services))
        remote = connect(services.tracemoe, turns, self._cache)
        return Parts(
            remote,
            remote.keys,
            Previews(services.tracemoe, turns, remote.renew, self._files),
            WorkLookup(WorkStore(self._cache / "works.sqlite"), AniList(services.anilist, turns)),
            frozenset(urlsplit(one).hostname or "" for one in (services.tracemoe, services.anilist)),
        )


def _addresses(host: str) -> frozenset[str]:
    """Give the IP addresses of a host."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return frozenset()
    return frozenset(str(entry[4][0]) for entry in found)
