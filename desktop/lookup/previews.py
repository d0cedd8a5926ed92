"""Clips and pictures of scenes that trace.moe found: fetched whole, kept on disk, played from there.

A clip can be played before it is whole, as soon as its matched frame is there with a little of what follows.
Previews exist to verify a match: one is fetched when it is looked at, no more.  Called in a worker.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from desktop.lookup.arriving import Arriving
from desktop.lookup.exchange import Exchange, Heard, Limits, Reply
from desktop.lookup.paces import Kind, Waiting
from desktop.lookup.previews_cache import KeptFile, KeptFiles
from desktop.lookup.previews_whole import is_whole_clip, is_whole_picture, media_begin
from desktop.lookup.remote_answer import RemoteMatch
from desktop.lookup.request_queue import Turns
from desktop.lookup.service_errors import RemoteError, Trouble
from desktop.lookup.tracemoe_requests import heed
from desktop.lookup.tracemoe_statuses import failure
from index_tools.progress import Progress

#: A clip is at most 10 s long; in the large size that is some 4 MB.
CLIP_BOUNDS = Limits(bytes=32 * 1024 * 1024, total_s=45.0, silence_s=15.0)
PICTURE_BOUNDS = Limits(bytes=4 * 1024 * 1024, total_s=20.0, silence_s=10.0)

#: "Up to 10 s long", and what rounding adds.
MOST_LENGTH_S = 11.0

#: What tells how to read a clip takes some 7 kB; where it lies behind so much, the clip is played whole.
HEAD_BYTES = 64 * 1024
#: Enough of a clip is there when that much behind the matched frame is, in seconds.
ENOUGH_BEHIND_S = 1.0

Renew = Callable[[RemoteMatch, Progress], RemoteMatch | None]


class Size(enum.StrEnum):
    """Widths that the service makes, in pixels."""

    SMALL = "s"
    MIDDLE = "m"
    LARGE = "l"


def size_for(pixels: int) -> Size:
    """Give the size for a view so many pixels wide: 160, 320 or 640."""
    if pixels <= 200:
        return Size.SMALL
    return Size.MIDDLE if pixels <= 400 else Size.LARGE


@dataclass(frozen=True, slots=True)
class Clip:
    """A clip on disk.

    `at_s` is the matched frame within it, `end_s` its end; its first frame is `source_start_s` into the
    file that the service knows.  `match` has the addresses that were good at last.  One that is still
    `incoming` will lie at `path` once it is whole.
    """

    path: Path
    at_s: float
    end_s: float
    source_start_s: float
    has_sound: bool
    size: Size
    match: RemoteMatch
    incoming: Arriving | None = field(default=None, compare=False)


Told = Callable[[Waiting | Clip], None]


class Previews:
    """Fetches previews, in the program's one queue of requests, each once."""

    def __init__(
        self, base: str, turns: Turns, renew: Renew, kept: KeptFiles, exchange: Exchange | None = None
    ) -> None:
        self._host = urlsplit(base).hostname or ""
        self._turns = turns
        self._renew = renew
        self._kept = kept
        self._exchange = exchange or Exchange("trace.moe")

    def close(self) -> None:
        """Let the connections go."""
        self._exchange.close()

    def clip(self, match: RemoteMatch, size: Size, progress: Progress, told: Told, *, muted: bool) -> Clip:
        """Give the clip of a match.  A kept one of the same size with sound serves for a muted one, too.

        One that is fetched is told of before, while it is `incoming`, as soon as enough of it is there.
        Raises RemoteError, OSError where it cannot be written, Cancelled.
        """
        for with_sound in (True,) if not muted else (False, True):
            kept = self._kept.find(_key(match, "video", size, with_sound))
            if kept is not None:
                return _clip(match, kept, size, with_sound)
        options = (f"size={size}", "mute") if muted else (f"size={size}",)
        key = _key(match, "video", size, not muted)

        def clip_of(headers: Mapping[str, str]) -> Clip:
            kept = self._kept.place(key, ".mp4", _bounds(match, headers))
            return _clip(match, kept, size, not muted)

        coming = _Coming(clip_of, told)
        reply, match = self._fetch(match, "video", options, progress, told, coming.hear)
        kept = self._kept.keep(key, reply.body, ".mp4", _bounds(match, reply.headers))
        coming.finish()
        return _clip(match, kept, size, not muted)

    def drop(self, clip: Clip) -> None:
        """Keep a clip no longer, as when it turned out to be of no use."""
        self._kept.drop(KeptFile(clip.path, ""))

    def picture(self, match: RemoteMatch, size: Size, progress: Progress, told: Told) -> bytes:
        """Give the JPEG of the matched frame.  Raises as `clip` does."""
        kept = self._kept.find(_key(match, "image", size, False))
        if kept is not None:
            return kept.path.read_bytes()
        reply, match = self._fetch(match, "image", (f"size={size}",), progress, told)
        return self._kept.keep(_key(match, "image", size, False), reply.body, ".jpg").path.read_bytes()

    def _fetch(
        self,
        match: RemoteMatch,
        kind: str,
        options: tuple[str, ...],
        progress: Progress,
        told: Told,
        heard: Heard | None = None,
    ) -> tuple[Reply, RemoteMatch]:
        """Fetch a preview; an address that expired is renewed once."""
        try:
            return self._ask(match, kind, options, progress, told, heard), match
        except RemoteError as error:
            if error.trouble is not Trouble.EXPIRED:
                raise
        renewed = self._renew(match, progress)
        if renewed is None:
            raise RemoteError(
                "The address of this preview has expired, and the scene was not found again. "
                "The match stands without its preview.",
                Trouble.EXPIRED,
            )
        return self._ask(renewed, kind, options, progress, told, heard), renewed

    def _ask(
        self,
        match: RemoteMatch,
        kind: str,
        options: tuple[str, ...],
        progress: Progress,
        told: Told,
        heard: Heard | None,
    ) -> Reply:
        is_clip = kind == "video"
        url = self._address(match.video if is_clip else match.image, options)
        headers = {"Accept": "video/mp4" if is_clip else "image/jpeg"}
        with self._turns.turn(Kind.PREVIEW, progress, told):
            limits = CLIP_BOUNDS if is_clip else PICTURE_BOUNDS
            reply = self._exchange.send("GET", url, progress, headers=headers, limits=limits, heard=heard)
            heed(reply, self._turns)
        if reply.status != 200:
            raise failure(reply, "preview")
        if not (is_whole_clip if is_clip else is_whole_picture)(reply.body):
            raise RemoteError(
                "trace.moe sent only a part of this preview. The match stands without it; "
                "choose the result again to try once more.",
                Trouble.FAILED,
            )
        return reply

    def _address(self, address: str, options: tuple[str, ...]) -> str:
        """Give an address of the service with our parameters added and nothing of its own changed."""
        try:
            parts = urlsplit(address)
            host = parts.hostname or ""
        except ValueError:
            host = ""
        if not address or not host:
            raise RemoteError("trace.moe gives no preview of this scene. The match stands.", Trouble.GONE)
        is_ours = host == self._host and parts.scheme in ("http", "https")
        is_theirs = parts.scheme == "https" and (host == "trace.moe" or host.endswith(".trace.moe"))
        if not is_ours and not is_theirs:
            raise RemoteError(
                f"The address of this preview leads to {host}, which is not trace.moe. Nothing was "
                "fetched; the match stands without it.",
                Trouble.NOT_UNDERSTOOD,
            )
        query = "&".join(part for part in (parts.query, *options) if part)
        return urlunsplit(parts._replace(query=query, fragment=""))


class _Coming:
    """A clip while it comes: tells of it once enough is there to begin with."""

    def __init__(self, clip_of: Callable[[Mapping[str, str]], Clip], told: Told) -> None:
        self._clip_of = clip_of
        self._told = told
        self._arriving = Arriving()
        self._enough: float | None = None  # bytes; None until the pictures begin

    def hear(self, status: int, headers: Mapping[str, str], piece: bytes) -> None:
        """Take a piece of the body."""
        length = headers.get("content-length", "")
        if status != 200 or not length.isdecimal() or "content-encoding" in headers:
            return
        self._arriving.add(piece)
        if self._enough is None:
            begin = media_begin(self._arriving.head(HEAD_BYTES))
            if begin is None:
                return
            clip = self._clip_of(headers)
            share = (clip.at_s + ENOUGH_BEHIND_S) / max(clip.end_s, ENOUGH_BEHIND_S)
            self._enough = begin + share * (int(length) - begin)
        if len(self._arriving) >= self._enough:
            self._enough = math.inf
            self._told(replace(self._clip_of(headers), incoming=self._arriving))

    def finish(self) -> None:
        """Say that the clip is whole."""
        self._arriving.finish()


def _bounds(match: RemoteMatch, headers: Mapping[str, str]) -> str:
    """Give the times of the file at which a clip begins and ends, as they are noted beside it."""
    start, end = (_seconds(headers.get(f"x-video-{side}", "")) for side in ("start", "end"))
    if start is None or start > match.at_s + 0.001:
        start = match.start_s  # no start that makes sense was sent: the scene's own is the best guess
    if end is None or not match.at_s <= end <= start + MOST_LENGTH_S:
        end = max(match.end_s, match.at_s + 0.5)
    return f"{round(start * 1000)}.{round(end * 1000)}"


def _key(match: RemoteMatch, kind: str, size: Size, with_sound: bool) -> str:
    """Give what a preview is kept under: the scene, never its address, which changes."""
    return "|".join((*map(str, match.scene), kind, size.value, "sound" if with_sound else "mute"))


def _clip(match: RemoteMatch, kept: KeptFile, size: Size, has_sound: bool) -> Clip:
    start, _, end = kept.note.partition(".")
    start_s, end_s = int(start) / 1000, int(end) / 1000
    at_s = max(match.at_s - start_s, 0.0)
    return Clip(kept.path, at_s, max(end_s - start_s, at_s), start_s, has_sound, size, match)


def _seconds(text: str) -> float | None:
    """Read a time of a header, None for anything that is none."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) and value >= 0 else None
