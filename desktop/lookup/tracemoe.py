"""The client of trace.moe: a picture's readings out as vectors, scenes back."""

from __future__ import annotations

import base64
import hashlib
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from desktop.lookup import service_facts as facts
from desktop.lookup.cache import AnswerCache, Answers, Kept
from desktop.lookup.keys import Key, KeyRingError, Keys, NoKeyRingError
from desktop.lookup.quota import Cost, Quota, QuotaBook, Renewed, Renewing
from desktop.lookup.remote_answer import RemoteAnswer, RemoteMatch
from desktop.lookup.request_queue import Turns
from desktop.lookup.service_errors import RemoteError, Trouble
from desktop.lookup.tracemoe_claims import Reading, merged
from desktop.lookup.tracemoe_picture import encoded
from desktop.lookup.tracemoe_plan import POOR_FOR_S, Plan, make_plan, read_vectors
from desktop.lookup.tracemoe_reading import count, not_understood, read_object, read_results
from desktop.lookup.tracemoe_requests import TraceMoeRequests, teller, vector_body
from index_tools.picture import Picture
from index_tools.progress import Progress

__all__ = ["Plan", "TraceMoe", "connect"]

#: Troubles over which an old answer is better than none.
_OLD_WILL_DO = frozenset({
    Trouble.UNREACHABLE, Trouble.TOO_SLOW, Trouble.NOT_UNDERSTOOD, Trouble.QUOTA_ENDED, Trouble.BUSY,
    Trouble.TOO_MANY, Trouble.FAILED,
})  # fmt: skip

#: How the sentence begins that says when searches come back.
_ENDED = "Today's searches at trace.moe are used up. Films and packs here are searched all the same;"
_EXPIRED = (
    "The address of this preview has expired, and today's searches at trace.moe are used up. "
    "A new address takes one;"
)

_Asked = Sequence[tuple[str, bytes]]
"""Names of readings and their vectors, in the order in which they are sent."""


@dataclass(frozen=True, slots=True)
class _Fresh:
    """What the service just answered to each vector, and what that took."""

    kept: Mapping[bytes, Kept] = field(default_factory=dict)
    cost: int = 0
    service_ms: float = 0.0


class TraceMoe:
    """See `desktop.lookup.remote.Remote`.

    `now` gives Unix time; `quota_file` remembers the quota, None for this run alone.
    """

    def __init__(
        self,
        base: str,
        turns: Turns,
        cache: Answers,
        keys: Keys,
        quota_file: Path | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._base = base
        self._requests = TraceMoeRequests(base, turns)
        self._cache = cache
        self.keys = keys
        self._now = now
        self._books = {
            False: QuotaBook(quota_file, base, now),
            True: QuotaBook(quota_file, f"{base} with a key", now),
        }
        self._has_key = False
        self._key_note = ""
        self._renewing = threading.Lock()

    def close(self) -> None:
        """Let connections and cache go."""
        self._requests.close()
        self._cache.close()

    def foresee(self, picture: Picture, anilist: int | None = None) -> Plan:
        """What a search would send and cost, as far as is known here: nothing is sent to find it out."""
        quota = self.known_quota()
        left = None if quota is None else quota.left
        return make_plan(read_vectors(picture), self._cache, anilist, left, self._now())

    def plan(
        self,
        picture: Picture,
        progress: Progress,
        anilist: int | None = None,
        foreseen: Plan | None = None,
    ) -> Plan:
        """The vectors of a picture's readings, without repeats, never more than the quota has left.

        The service is asked for the quota where nothing is known of it and the search would take some.
        """
        vectors, plan = read_vectors(picture), foreseen
        if plan is None or plan.left_out:
            plan = make_plan(vectors, self._cache, anilist, None, self._now())
        if not plan.cost:
            return plan
        progress.check()
        left = self._left(progress, plan.cost)
        if left < plan.cost:
            return make_plan(vectors, self._cache, anilist, left, self._now())
        return replace(plan, left=left)

    def search(self, plan: Plan, progress: Progress) -> RemoteAnswer:
        """Search; by the cache alone where it knows all, by old answers where the service gives none."""
        begun = time.perf_counter()
        names = dict(zip(plan.vectors, plan.names, strict=True))
        known, fresh, notes = dict(plan.known), _Fresh(), [self._short_of_quota(plan)]
        try:
            if plan.to_send:
                asked = tuple((names[vector], vector) for vector in plan.to_send)
                fresh = self._ask_vectors(asked, plan.anilist, progress)
                known |= fresh.kept
            elif plan.left_out and not known:
                raise self._quota_ended()
        except RemoteError as error:
            old = {vector: plan.stale[vector] for vector in plan.to_send if vector in plan.stale}
            if error.trouble not in _OLD_WILL_DO or not (old or known):
                raise
            known |= old
            notes.append(f"{error} Shown is what it answered before.")
        if plan.flat:
            notes.append("The picture shows too little to tell films apart, so no match is claimed.")
        found = (
            replace(match, hypothesis=names[vector])
            for vector in plan.vectors
            for match in (known[vector].matches if vector in known else ())
        )
        matches = merged(found, claimable=not plan.flat)
        return self._told(matches, plan.names, list(known.values()), fresh, notes, begun)

    def send_picture(self, picture: Picture, progress: Progress, anilist: int | None = None) -> RemoteAnswer:
        """Upload the picture itself, without metadata, borders cut by the service: only when asked to.

        Costs one; none where this very picture was sent lately.
        """
        begun = time.perf_counter()
        data = encoded(picture)
        name = b"picture " + hashlib.sha256(data).digest()
        kept, fresh = self._cache.get(name, anilist), _Fresh()
        if kept is None or self._now() - kept.at_s > POOR_FOR_S:
            if self._left(progress) < 1:
                raise self._quota_ended()
            fresh = self._ask(data, "image/jpeg", "&cutBorders", anilist, (("", b""),), progress)
            kept = fresh.kept[b""]
            self._cache.put(name, anilist, kept)
        matches = merged(kept.matches, claimable=not read_vectors(picture).flat)
        return self._told(matches, ("picture",), [kept], fresh, [], begun)

    def renew(self, match: RemoteMatch, progress: Progress) -> RemoteMatch | None:
        """The match with new addresses, its search repeated once (costs one); None if it is not found.

        What is taken of the quota is told before and after.  Where another preview of the same search was
        renewed meanwhile, its answer serves, at no cost.  One that was found by sending the picture cannot be
        renewed: None.
        """
        if not match.vector:
            return None
        with self._one_renewal(progress):
            kept = self._cache.get(match.vector, match.within)
            new = kept is not None and kept.at_s > match.addressed_s
            if kept is None or not new or self._now() - kept.at_s > facts.ADDRESS_GOOD_S:
                kept = self._search_again(match, progress)
        again = next((one for one in kept.matches if one.scene == match.scene), None)
        if again is None:
            return None
        return replace(match, video=again.video, image=again.image, addressed_s=again.addressed_s)

    def _search_again(self, match: RemoteMatch, progress: Progress) -> Kept:
        """Repeat the search by which a match was found, and tell what that takes."""
        if self._left(progress) < 1:
            raise self._quota_ended(_EXPIRED)
        told, known = teller(progress), self.known_quota()
        told(Renewing(Cost(1, None if known is None else known.left)))
        try:
            asked = ((match.hypothesis, match.vector),)
            return self._ask_vectors(asked, match.within, progress).kept[match.vector]
        finally:
            told(Renewed(self.known_quota()))

    def quota(self, progress: Progress) -> Quota:
        """Ask the service for the quota; costs none.  The account's name in the answer is not kept."""
        key = self._key()
        me = read_object(self._requests.me(key, progress).body)
        limit, used = count(me.get("quota")), count(me.get("quotaUsed"))
        if limit is None or used is None:
            not_understood()
        return self._book.note(limit, used, concurrency=count(me.get("concurrency")) or 1)

    def known_quota(self) -> Quota | None:
        """The quota as far as it is known without asking; for any thread, at once."""
        return self._book.current()

    @contextmanager
    def _one_renewal(self, progress: Progress) -> Iterator[None]:
        """One renewal at a time; the wish to stop is heard while another is waited for."""
        while not self._renewing.acquire(timeout=0.1):
            progress.check()
        try:
            yield
        finally:
            self._renewing.release()

    @property
    def _book(self) -> QuotaBook:
        return self._books[self._has_key]

    def _left(self, progress: Progress, wanted: int = 1) -> int:
        """What is left of the quota; the service is asked where that is unknown, or less than `wanted`.

        Where it does not tell, one is tried: then the answer says.
        """
        self._key()
        known = self._book.current()
        if known is None or known.left < wanted:
            try:
                known = self.quota(progress)
            except RemoteError as error:
                if error.trouble is Trouble.BAD_KEY:
                    raise
        return 1 if known is None else known.left

    def _key(self) -> Key | None:
        """The key; where the key ring does not give it searches go on as a guest's, which the answer says.

        Without any key ring there is nothing to say: no key can have been kept.
        """
        key = None
        try:
            key = self.keys.read()
        except NoKeyRingError:
            self._key_note = ""
        except KeyRingError as error:
            self._key_note = str(error)
        self._has_key = key is not None
        return key

    def _ask_vectors(self, asked: _Asked, anilist: int | None, progress: Progress) -> _Fresh:
        """Search vectors and keep what is answered to each."""
        body = vector_body(tuple(base64.b64encode(vector).decode("ascii") for _, vector in asked))
        fresh = self._ask(body, "application/json", "", anilist, asked, progress)
        for vector, kept in fresh.kept.items():
            self._cache.put(vector, anilist, kept)
        return fresh

    def _ask(
        self,
        body: bytes,
        content_type: str,
        options: str,
        anilist: int | None,
        asked: _Asked,
        progress: Progress,
    ) -> _Fresh:
        """Send one search and note what it took of the quota."""
        key = self._key()
        within = "" if anilist is None else f"&anilistID={anilist:d}"
        try:
            reply = self._requests.search(f"anilistInfo{options}{within}", body, content_type, key, progress)
        except RemoteError as error:
            if error.trouble is Trouble.QUOTA_ENDED:
                self._book.note_ended()
                raise self._quota_ended() from error
            raise
        now, cost = self._now(), len(asked)
        results = read_results(reply.body, cost, self._base)
        if results.limit is not None and results.used is not None:
            self._book.note(results.limit, results.used, cost)
        else:
            # an answer for a title without files counts as one and says nothing of the quota
            cost = 1 if anilist is not None and results.frames_searched == 0 else cost
            self._book.spend(cost)
        lists = zip(asked, results.lists, strict=True)
        kept = {
            vector: Kept(Reading(name, vector, now, anilist).told(matches), results.frames_searched, now)
            for (name, vector), matches in lists
        }
        return _Fresh(kept, cost, reply.took_ms)

    def _told(
        self,
        matches: tuple[RemoteMatch, ...],
        asked: tuple[str, ...],
        kept: list[Kept],
        fresh: _Fresh,
        notes: list[str],
        begun: float,
    ) -> RemoteAnswer:
        notes += [self._key_note, self._cache.take_notice()]
        self._key_note = ""
        return RemoteAnswer(
            matches=matches,
            frames_searched=max((one.frames_searched or 0 for one in kept), default=0) or None,
            asked=asked,
            cost=fresh.cost,
            quota=self.known_quota(),
            age_s=max((self._now() - one.at_s for one in kept), default=0.0),
            elapsed_ms=(time.perf_counter() - begun) * 1000,
            service_ms=fresh.service_ms,
            notes=tuple(note for note in notes if note),
        )

    def _quota_ended(self, ended: str = _ENDED) -> RemoteError:
        free_s = self._book.next_free_s()
        when = "24 hours after they were made" if free_s is None else _in_words(free_s)
        return RemoteError(f"{ended} searches come back {when}.", Trouble.QUOTA_ENDED, free_s)

    def _short_of_quota(self, plan: Plan) -> str:
        asked = len(plan.vectors)
        if not plan.left_out or not asked:
            return ""
        return (
            f"Today's searches at trace.moe reach for {asked} of {asked + plan.left_out} readings of the "
            "picture; the likeliest were asked for."
        )


def connect(base: str, turns: Turns, folder: Path) -> TraceMoe:
    """The client of the service at `base`, with its cache and what it remembers of the quota in `folder`."""
    cache = AnswerCache(folder / "answers.sqlite", base)
    return TraceMoe(base, turns, cache, Keys(base), folder / "quota.json")


def _in_words(seconds: float) -> str:
    """How far off something is: "20 minutes" or "5 hours"."""
    minutes = max(1, round(seconds / 60))
    return f"in {minutes} minutes" if minutes < 120 else f"in {round(minutes / 60)} hours"
