"""What requests to the services keep to, and what those are told who have to wait for it."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from desktop.lookup import service_facts as facts


class Kind(enum.Enum):
    """Kinds of requests, each with its own pace; those of trace.moe also share one."""

    SEARCH = "search"
    QUOTA = "quota"
    PREVIEW = "preview"
    ANILIST = "anilist"


TRACEMOE_KINDS = frozenset({Kind.SEARCH, Kind.QUOTA, Kind.PREVIEW})


@dataclass(frozen=True, slots=True)
class Waiting:
    """Told through `Progress` of an operation (`Telling.tell`) about once a second while a request waits.

    `left_s` counts down; None where nobody knows.  `why` is a sentence.
    """

    left_s: float | None
    why: str


@dataclass(frozen=True, slots=True)
class Pace:
    """At most `requests` in any `window_s` seconds, by the kinds named."""

    kinds: frozenset[Kind]
    requests: int
    window_s: float
    why: str


#: What all requests keep to.  Below the service's own figure, since others may share this address and a
#: request that left later than another may arrive sooner.
PACES = (
    Pace(TRACEMOE_KINDS, facts.OUR_REQUESTS, facts.WINDOW_S, "trace.moe takes so many requests a minute."),
    Pace(
        frozenset({Kind.PREVIEW}),
        facts.OUR_PREVIEWS,
        facts.WINDOW_S,
        "Previews leave a part of trace.moe's requests to searches.",
    ),
    Pace(frozenset({Kind.ANILIST}), 1, facts.ANILIST_INTERVAL_S, "AniList takes one request in two seconds."),
)

#: No pace looks back farther, in seconds.
LONGEST_WINDOW_S = max(pace.window_s for pace in PACES)
