"""Requests to trace.moe in their turn, repeated where the service's own rules say that this helps."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Mapping

from desktop.lookup import service_facts as facts
from desktop.lookup.exchange import Exchange, Limits, Reply
from desktop.lookup.keys import Key
from desktop.lookup.paces import Kind
from desktop.lookup.request_queue import Turns
from desktop.lookup.service_errors import RemoteError, Trouble
from desktop.lookup.tracemoe_statuses import (
    LONGEST_WAIT_S,
    failure,
    is_crash,
    retry_after_s,
    row_of,
    window_left,
)
from desktop.state.running import Telling
from index_tools.errors import Cancelled
from index_tools.progress import Progress

#: A search that was given up may still run at the service; the next one waits so long.
ABANDONED_S = 3.0
SEARCH_LIMITS = Limits(bytes=16 * 2**20, total_s=30.0, connect_s=6.0, silence_s=20.0, grace_s=1.0)
ME_LIMITS = Limits(bytes=64 * 1024, total_s=10.0, connect_s=6.0, silence_s=6.0)


class TraceMoeRequests:
    """Sends requests to the service at `base`; `moment` gives seconds that only grow."""

    def __init__(self, base: str, turns: Turns, moment: Callable[[], float] = time.monotonic) -> None:
        self.base = base
        self._turns = turns
        self._exchange = Exchange("trace.moe")
        self._moment = moment
        self._crashed: float | None = None

    def close(self) -> None:
        """Let the connections go."""
        self._exchange.close()

    def me(self, key: Key | None, progress: Progress) -> Reply:
        """Ask for the quota."""
        with self._turns.turn(Kind.QUOTA, progress, teller(progress)):
            reply = self._send("GET", "/me", None, {}, key, progress, ME_LIMITS)
        if reply.status != 200:
            raise failure(reply, "me")
        return reply

    def search(
        self, query: str, body: bytes, content_type: str, key: Key | None, progress: Progress
    ) -> Reply:
        """Search, and search again after the wait that an answer asks for; gives an answer of status 200.

        `query` is the part of the address behind the question mark.
        """
        repeats: Counter[facts.Status] = Counter()
        while True:
            with self._turns.turn(Kind.SEARCH, progress, teller(progress)):
                reply = self._search_once(f"/search?{query}", body, content_type, key, progress)
                if reply.status == 200:
                    self._crashed = None
                    return reply
                wait_s = self._rest_after(reply, repeats)
            if wait_s is None:
                raise self._why(reply)

    def _search_once(
        self, path: str, body: bytes, content_type: str, key: Key | None, progress: Progress
    ) -> Reply:
        try:
            return self._send(
                "POST", path, body, {"Content-Type": content_type}, key, progress, SEARCH_LIMITS
            )
        except (Cancelled, RemoteError) as error:
            if isinstance(error, Cancelled) or error.trouble is Trouble.TOO_SLOW:
                self._turns.hold(Kind.SEARCH, ABANDONED_S, "The search before may still run at trace.moe.")
            raise

    def _rest_after(self, reply: Reply, repeats: Counter[facts.Status]) -> float | None:
        """Let searches rest as an answer demands; how long, if the search is to be repeated after it."""
        error, row = failure(reply, "search"), row_of(reply, "search")
        wait_s = error.wait_s
        if is_crash(reply, "search"):
            self._crashed = self._moment()
        if wait_s is None or row is None:
            return None
        stuck = row.trouble is Trouble.BUSY and reply.status == 402 and self._stuck_s() > 0
        if wait_s > LONGEST_WAIT_S or stuck:
            return None
        if error.trouble is not Trouble.TOO_MANY:
            self._turns.hold(Kind.SEARCH, wait_s, row.sentence)
        repeats[row] += 1
        return wait_s if repeats[row] <= row.repeats else None

    def _why(self, reply: Reply) -> RemoteError:
        error = failure(reply, "search")
        stuck_s = self._stuck_s()
        if reply.status == 402 and error.trouble is Trouble.BUSY and stuck_s > 0:
            return RemoteError(
                "trace.moe still counts a search that failed on its side as running. It forgets that by "
                f"itself within {max(1, round(stuck_s / 60))} minutes; films and packs here are searched "
                "all the same.",
                Trouble.BUSY,
                stuck_s,
            )
        return error

    def _stuck_s(self) -> float:
        """How long a search that crashed may still be counted as running, in seconds."""
        if self._crashed is None:
            return 0.0
        return max(0.0, self._crashed + facts.CRASH_CLEARED_S - self._moment())

    def _send(
        self,
        method: str,
        path: str,
        body: bytes | None,
        headers: Mapping[str, str],
        key: Key | None,
        progress: Progress,
        limits: Limits,
    ) -> Reply:
        sent = dict(headers)
        if key is not None:
            sent[facts.KEY_HEADER] = key.reveal()
        url = f"{self.base}{path}"
        reply = self._exchange.send(method, url, progress, body=body, headers=sent, limits=limits)
        heed(reply, self._turns)
        return reply


def heed(reply: Reply, turns: Turns) -> None:
    """Hold all requests to trace.moe back as an answer of it demands; called for every answer, also of
    previews.
    """
    left = window_left(reply)
    if left is not None and left[0] == 0:
        turns.hold_all(left[1], "trace.moe takes no more requests this minute.")
    row = row_of(reply, "search")
    if row is not None and row.trouble is Trouble.TOO_MANY:
        turns.hold_all(min(retry_after_s(reply), LONGEST_WAIT_S), row.sentence)


def vector_body(vectors: tuple[str, ...]) -> bytes:
    """The JSON of a search: one vector bare, several as a list.

    A list of one makes the service fail and blocks the address (reference, section 6, 1).
    """
    if not 1 <= len(vectors) <= facts.MOST_VECTORS:
        raise ValueError(f"a search has 1 to {facts.MOST_VECTORS} vectors, not {len(vectors)}")
    sent = vectors[0] if len(vectors) == 1 else list(vectors)
    return json.dumps({"vector": sent}).encode("ascii")


def teller(progress: Progress) -> Callable[[object], None]:
    """What tells the caller of waiting and the like, where it wants to be told."""
    return progress.tell if isinstance(progress, Telling) else _tell_nobody


def _tell_nobody(_told: object) -> None:
    """Take what nobody asked for."""
