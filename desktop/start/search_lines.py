"""The answers of `scenelens search` as lines of JSON and as a table."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from desktop.lookup.merged import WORTH_A_LOOK, Hit, merge
from desktop.lookup.remote_answer import SOURCE, RemoteAnswer, RemoteMatch
from desktop.state.remote import is_hidden
from index_tools.cli.search import HARDLY, clock, match_object
from index_tools.nouns import Answer


@dataclass(frozen=True)
class Outcome:
    """What came of one picture: the answer from here, that of trace.moe, a sentence on what failed.

    What belongs to adult works is left out and counted, unless `show_adult`.
    """

    here: Answer | None = None
    remote: RemoteAnswer | None = None
    error: str = ""
    own_pack_id: str = ""
    show_adult: bool = False

    @cached_property
    def hits(self) -> tuple[Hit, ...]:
        """Both answers in one list."""
        hits = merge(self.here, self.remote)
        return tuple(hit for hit in hits if self.show_adult or not is_hidden(hit, self.own_pack_id))

    @property
    def said(self) -> tuple[str, ...]:
        """Sentences for the user."""
        notes = self.remote.notes if self.remote is not None else ()
        hidden = len(merge(self.here, self.remote)) - len(self.hits)
        told = f"Left out as belonging to adult works: {hidden}. The window can show them." if hidden else ""
        return (*notes, *(sentence for sentence in (told, self.error) if sentence))

    def source(self, hit: Hit) -> tuple[str, str | None]:
        """Where a hit comes from: "own library", "pack" with its title, or "trace.moe"."""
        if hit.here is None:
            return SOURCE, None
        if hit.here.pack_id == self.own_pack_id:
            return "own library", None
        return "pack", hit.here.pack_title


def as_object(query: str, outcome: Outcome, elapsed_ms: float) -> dict[str, Any]:
    """One line of `--json`: that of `scenelens-index search`, and for each match where it comes from.

    `confidence` is null for matches of trace.moe, which tells none.
    """
    remote = outcome.remote
    frames = (outcome.here.frames_searched if outcome.here is not None else 0) + (
        (remote.frames_searched or 0) if remote is not None else 0
    )
    line: dict[str, Any] = {"query": query}
    if outcome.error:
        line["error"] = outcome.error
    return line | {
        "frames_searched": frames,
        "elapsed_ms": round(elapsed_ms, 3),
        "matches": [_hit_object(outcome, hit) for hit in outcome.hits],
    }


def _hit_object(outcome: Outcome, hit: Hit) -> dict[str, Any]:
    source, pack = outcome.source(hit)
    far = hit.remote
    if hit.here is not None:
        plain, said = match_object(hit.here), hit.here.video.ids.get("anilist", "")
        anilist = int(said) if said.isdecimal() else None
    else:
        assert far is not None
        plain, anilist = _remote_object(far), far.anime.number
    has_previews = far is not None and time.time() < far.expires_s
    return plain | {
        "is_match": hit.is_match,
        "source": source,
        "pack": pack,
        "anilist": anilist,
        "preview_video": far.video if has_previews and far is not None and far.video else None,
        "preview_image": far.image if has_previews and far is not None and far.image else None,
    }


def _remote_object(match: RemoteMatch) -> dict[str, Any]:
    return {
        "video": match.filename,
        "title": match.anime.name,
        "episode": match.episode,
        "start_s": round(match.start_s, 6),
        "at_s": round(match.at_s, 6),
        "end_s": round(match.end_s, 6),
        "similarity": round(match.similarity, 4),
        "confidence": None,
    }


def show(query: str, outcome: Outcome, elapsed_ms: float) -> None:
    """The answer as a table for a person."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    console = Console()
    lines = [_hit_object(outcome, hit) for hit in outcome.hits]
    shown = [line for number, line in enumerate(lines) if not number or _is_worth_a_look(line)]
    verdict = "[yellow]no match[/]" if not shown else "[yellow]no match; the nearest scenes are:[/]"
    if any(line["is_match"] for line in shown):
        verdict = ""
    console.print(f"[bold]{escape(query)}[/]  {verdict}")
    if shown:
        table = Table(box=None, pad_edge=False, header_style="dim")
        for heading in ("", "title", "episode", "video", "scene", "frame", "from"):
            table.add_column(heading, overflow="fold")
        table.add_column("similarity", justify="right")
        table.add_column("sure", justify="right")
        for line in shown:
            table.add_row(
                "[green]✓[/]" if line["is_match"] else "",
                escape(line["title"]),
                escape(line["episode"]),
                escape(line["video"]),
                f"{clock(line['start_s'])} – {clock(line['end_s'])}",
                clock(line["at_s"], 3),
                escape(line["pack"] or line["source"]),
                f"{line['similarity']:.1%}",
                "" if line["confidence"] is None else f"{line['confidence']:.0%}",
                style="" if line["is_match"] else "dim",
            )
        console.print(table)
    console.print(f"[dim]{escape(_asked(outcome))}, {elapsed_ms:.0f} ms[/]\n")


def _is_worth_a_look(line: dict[str, Any]) -> bool:
    return line["similarity"] >= HARDLY or (line["confidence"] or 0.0) >= WORTH_A_LOOK


def _asked(outcome: Outcome) -> str:
    """What was searched, in words."""
    words = []
    if outcome.here is not None:
        packs = ", ".join(outcome.here.sources) or "no pack"
        words.append(f"{outcome.here.frames_searched:,} frames of {packs}")
    if outcome.remote is not None:
        far = outcome.remote
        frames = f"{far.frames_searched:,} frames of " if far.frames_searched else ""
        left = f" ({far.quota.left} of {far.quota.limit} searches left today)" if far.quota else ""
        words.append(f"{frames}{SOURCE}{left}")
    return ", ".join(words) or "nothing was searched"
