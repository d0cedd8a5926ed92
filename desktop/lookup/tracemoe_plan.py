"""What a search of trace.moe would send, worked out before anything is sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from desktop.lookup import service_facts as facts
from desktop.lookup.cache import Answers, Kept
from desktop.lookup.quota import Cost
from index_tools.picture import Picture

#: A good answer stays one; where nothing good was found, new episodes may be there tomorrow.
GOOD_FOR_S, POOR_FOR_S = 30 * 86400.0, 86400.0


@dataclass(frozen=True, slots=True)
class Plan:
    """What a search would send: names of readings and their vectors, 33 bytes each, likeliest first.

    `cost` is exactly what the search takes of the quota: the vectors that the cache does not know.
    `left` is what was left of it when the plan was made, None where that is not known; `left_out` counts
    readings for which it does not reach.  `flat` says that the picture shows next to nothing, so that nothing
    found by it will be claimed.
    """

    names: tuple[str, ...]
    vectors: tuple[bytes, ...]
    cost: int
    anilist: int | None = None
    left: int | None = None
    left_out: int = 0
    flat: bool = False
    known: Mapping[bytes, Kept] = field(default_factory=dict, repr=False, hash=False)
    stale: Mapping[bytes, Kept] = field(default_factory=dict, repr=False, hash=False)
    """Answers too old to be taken for today's, for when the service cannot be asked."""

    @property
    def announced(self) -> Cost:
        """What the user is told of before the search."""
        return Cost(self.cost, self.left, self.left_out > 0)

    @property
    def to_send(self) -> tuple[bytes, ...]:
        """The vectors that the service is asked for."""
        return tuple(vector for vector in self.vectors if vector not in self.known)


@dataclass(frozen=True, slots=True)
class Vectors:
    """The color layouts of a picture's readings, by name, without repeats, likeliest first."""

    named: tuple[tuple[str, bytes], ...]
    flat: bool


def read_vectors(picture: Picture) -> Vectors:
    """Read a picture in every way and describe it: as it is, borders cut, the inner picture, mirrored."""
    from index_tools.search.readings import read, read_inside

    plain = read(picture)
    readings = read_inside(picture, plain)
    upright_first = sorted(readings.all, key=lambda reading: "mirrored" in reading.name)
    return Vectors(tuple((one.name, one.vector.tobytes()) for one in upright_first), readings.flat)


def make_plan(vectors: Vectors, cache: Answers, anilist: int | None, left: int | None, now: float) -> Plan:
    """The plan for a picture when `left` of the quota is left (None: nothing limits it)."""
    known: dict[bytes, Kept] = {}
    stale: dict[bytes, Kept] = {}
    for _, vector in vectors.named:
        kept = cache.get(vector, anilist)
        if kept is not None:
            (known if _is_fresh(kept, now) else stale)[vector] = kept
    room = facts.MOST_VECTORS if left is None else min(facts.MOST_VECTORS, left)
    chosen: list[tuple[str, bytes]] = []
    left_out = cost = 0
    for name, vector in vectors.named:
        if vector in known:
            chosen.append((name, vector))
        elif cost < room:
            chosen.append((name, vector))
            cost += 1
        else:
            left_out += 1
    names, sent = tuple(name for name, _ in chosen), tuple(vector for _, vector in chosen)
    return Plan(names, sent, cost, anilist, left, left_out, vectors.flat, known, stale)


def _is_fresh(kept: Kept, now: float) -> bool:
    good = any(match.similarity >= facts.CLAIM_SIMILARITY for match in kept.matches)
    return 0 <= now - kept.at_s < (GOOD_FOR_S if good else POOR_FOR_S)
