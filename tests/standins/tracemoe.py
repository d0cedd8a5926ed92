"""A stand-in of trace.moe on loopback, true to the reference on its interface, that knows the demo film.

Started by hand (`python -m tests.standins.tracemoe`) it serves AniList's interface too and prints the two
variables that lead the application to it; `--fault NAME` and `POST /standin/fault?name=NAME&times=N` make it
fail as the real one does.
"""

from __future__ import annotations

import importlib
import importlib.util
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import click

from tests.standins.server import Asked, Server, Told, as_html, as_json, as_text, running
from tests.standins.titles import records
from tests.standins.tracemoe_accounts import PERIODS, Accounts, Tier
from tests.standins.tracemoe_faults import FAULTS
from tests.standins.tracemoe_index import FILES, Scene, demo_index, search, similarity
from tests.standins.tracemoe_previews import Previews
from tests.standins.tracemoe_search import Refusal, Vector, parse, queries, refuse

ANILIST_PATH = "/anilist-graphql"


_TOO_MANY = "Too many requests, please try again later."


class TraceMoe:
    """The service.  `now` gives Unix time, so that expiry and counters can be tested.

    `search_s` is how long a search takes; `hosts` maps picture addresses to what their hosts give.
    """

    def __init__(self, now: Callable[[], float] = time.time, quota: int = 100, search_s: float = 0.0) -> None:
        self.now = now
        self.search_s = search_s
        self.accounts = Accounts(now, Tier("guest", quota))
        self.index = demo_index()
        self.previews = Previews(self.index, now)
        self.hosts: dict[str, bytes | int] = {}
        self.other: Mapping[str, Callable[[Asked], Told]] = {}
        """Further endpoints by path."""

    def handle(self, asked: Asked) -> Told:
        """Answer a request; every answer tells of the limit a minute."""
        if asked.path in self.other:
            return self.other[asked.path](asked)
        allowed, headers = self.accounts.count_request(asked.peer)
        told = self._route(asked) if allowed else as_text(429, _TOO_MANY)
        return replace(told, headers=(*told.headers, *headers))

    def _route(self, asked: Asked) -> Told:
        try:
            match asked.path.split("/")[1:]:
                case [""]:
                    return as_text(200, "ok")
                case ["search"]:
                    return self._search(asked)
                case ["me"]:
                    return self._me(asked)
                case ["image" | "video", _]:
                    return self.previews.answer(asked)
                case ["cover", name]:
                    return self.previews.cover(int(name.removesuffix(".jpg")))
                case ["status"]:
                    return self._status(asked)
                case ["stats"]:
                    return self._stats(asked)
                case ["anilist"]:
                    return self._titles(asked)
        except Refusal as refusal:
            return refusal.told
        return as_html(404, f"Cannot {asked.method} {asked.path}")

    def _account(self, asked: Asked) -> tuple[str, Tier]:
        key = asked.headers.get("x-trace-key") or None
        tier = self.accounts.tier(key)
        if tier is None:
            raise refuse(403, "Invalid API key")
        return (asked.peer if key is None else tier.name), tier

    def _search(self, asked: Asked) -> Told:
        parse(asked)
        account, tier = self._account(asked)
        told = self._counted_search(asked, account, tier)
        self.accounts.note(account, told.status)
        return told

    def _counted_search(self, asked: Asked, account: str, tier: Tier) -> Told:
        used = self.accounts.used(account)
        counted = {"quota": tier.quota, "quotaUsed": used}
        if used >= tier.quota:
            return as_json({"error": f"Search quota depleted ({tier.name})", **counted}, 402)
        if not self.accounts.begin(account, tier):
            return as_json({"error": "Concurrency limit exceeded"}, 402)
        if len(asked.given("anilistID")) > 1:
            return as_html(500, "TypeError: value.match is not a function")  # the count is not lowered
        try:
            vectors, is_batch = queries(asked, self.hosts)
        except Refusal as refusal:
            self.accounts.end(account)
            return refusal.told
        time.sleep(self.search_s)
        if is_batch and len(vectors) == 1:
            return as_html(500, "TypeError: results is not iterable")  # the count is not lowered
        wanted = (asked.given("anilistID") or [""])[0]
        number = int(wanted) if wanted.isdecimal() else None
        answer = self._answer(asked, vectors, is_batch, number)
        if number is None or answer["frameCount"]:
            answer.update(counted)
            self.accounts.spend(account, len(vectors))
        else:
            self.accounts.spend(account, 1)
        self.accounts.end(account)
        return as_json(answer)

    def _answer(
        self, asked: Asked, vectors: list[Vector], is_batch: bool, number: int | None
    ) -> dict[str, Any]:
        if number is not None and all(file.number != number for file in FILES):
            return {"frameCount": 0, "error": "", "result": []}
        found = [search(self.index, vector, number) for vector in vectors]
        known = records(asked.base) if asked.given("anilistInfo") else {}
        lists = [[self._item(asked.base, scene, known) for scene in scenes] for scenes, _ in found]
        return {"frameCount": found[0][1], "error": "", "result": lists if is_batch else lists[0]}

    def _item(self, base: str, scene: Scene, known: Mapping[int, dict[str, Any]]) -> dict[str, Any]:
        file = FILES[scene.file]
        identifier = self.previews.identifier(scene.file, scene.at_s)
        return {
            "anilist": known.get(file.number, file.number),
            "filename": file.name,
            "episode": file.episode,
            "episode_start": file.episode_start,
            "episode_end": file.episode_end,
            "from": round(scene.from_s, 4),
            "at": round(scene.at_s, 4),
            "to": round(scene.to_s, 4),
            "duration": file.duration_s,
            "similarity": similarity(scene.score),
            "video": f"{base}/video/{identifier}",
            "image": f"{base}/image/{identifier}",
        }

    def _me(self, asked: Asked) -> Told:
        account, tier = self._account(asked)
        if asked.given("period"):
            period = asked.given("period")[0]
            if period not in PERIODS:
                raise refuse(400, "Invalid period")
            return as_json(self.accounts.traffic(account, period))
        me = {"id": account, "priority": tier.priority, "concurrency": tier.concurrency}
        return as_json({**me, "quota": tier.quota, "quotaUsed": self.accounts.used(account)})

    def _status(self, asked: Asked) -> Told:
        if asked.given("id"):
            number = asked.given("id")[0]
            return as_json(
                [{"path": f"{file.number}/{file.name}"} for file in FILES if str(file.number) == number]
            )
        frames, duration_s = len(self.index.files), sum(file.duration_s for file in FILES)
        sizes = dict.fromkeys(("memory", "memoryUsage", "storage", "storageFree", "storageAvailable"), 2**30)
        counts = {"mediaCount": len(FILES), "mediaFramesTotal": frames, "mediaDurationTotal": duration_s}
        return as_json({"updated": int(self.now() * 1000), "rowCount": frames, **sizes, **counts})

    def _stats(self, asked: Asked) -> Told:
        period, kind = (asked.given("period") or [""])[0], (asked.given("type") or [""])[0]
        if period not in PERIODS or kind not in ("traffic", "speed", "accuracy"):
            raise refuse(400, "Invalid type or period")
        return as_json(self.accounts.traffic(asked.peer, period) if kind == "traffic" else [])

    def _titles(self, asked: Asked) -> Told:
        words = (asked.given("q") or [""])[0].lower()
        found = [
            {"id": number, "title": name, "similarity": 1.0, "anilist": record}
            for number, record in records(asked.base).items()
            for name in record["title"].values()
            if name and words in name.lower()
        ]
        return as_json(found[:50])


@contextmanager
def tracemoe(**named: Any) -> Iterator[tuple[Server, TraceMoe]]:
    """The stand-in while the block runs: its server, to make it fail, and the service behind it."""
    service = TraceMoe(**named)
    with running(service.handle) as server:
        yield server, service


def control(server: Server) -> Callable[[Asked], Told]:
    """The endpoint by which a person makes the stand-in fail while the application runs."""

    def handle(asked: Asked) -> Told:
        name, path = (asked.given("name") or [""])[0], (asked.given("path") or ["/search"])[0]
        if name not in FAULTS:
            return as_json({"faults": sorted(FAULTS)}, 404)
        times = (asked.given("times") or ["1"])[0]
        server.fault_next(path, FAULTS[name], int(times) if times.isdecimal() else 1)
        return as_json({"ok": True})

    return handle


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--port", default=8410, show_default=True, help="0 takes any free one.")
@click.option("--quota", default=100, show_default=True, help="Searches a day of a guest.")
@click.option("--search-s", default=0.3, show_default=True, help="Seconds that a search takes.")
@click.option("--fault", type=click.Choice(sorted(FAULTS)), multiple=True, help="Fail so, at first.")
@click.option("--path", default="/search", show_default=True, help="Where --fault applies.")
def command(port: int, quota: int, search_s: float, fault: tuple[str, ...], path: str) -> None:
    """Serve trace.moe's interface, and AniList's, with the demo film, until Ctrl+C."""
    service = TraceMoe(quota=quota, search_s=search_s)
    server = Server(service.handle, port)
    service.other = {"/standin/fault": control(server), **_anilist()}
    for name in fault:
        server.fault_next(path, FAULTS[name])
    click.echo(f"export SCENELENS_TRACEMOE_URL={server.url}")
    if ANILIST_PATH in service.other:
        click.echo(f"export SCENELENS_ANILIST_URL={server.url}{ANILIST_PATH}")
    click.echo(
        f"# the key {next(iter(service.accounts.keys))} has 10 000 searches a day; Ctrl+C ends", err=True
    )
    thread = threading.Thread(target=server.serve_forever, name="stand-in")
    thread.start()
    done = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: done.set())
    sys.stdout.flush()
    done.wait()
    server.stop()
    thread.join()
    server.close()


def _anilist() -> dict[str, Callable[[Asked], Told]]:
    if importlib.util.find_spec("tests.standins.anilist") is None:
        return {}
    return {ANILIST_PATH: importlib.import_module("tests.standins.anilist").handle}


if __name__ == "__main__":
    command()
