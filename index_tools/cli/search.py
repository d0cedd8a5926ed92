"""`scenelens-index search`: which film, episode and second a picture comes from."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from index_tools.cli.options import Number, asked_for
from index_tools.errors import FilmError, PackError, PictureError

if TYPE_CHECKING:
    from index_tools.moments import Moments
    from index_tools.nouns import Answer, Match
    from index_tools.picture import Picture

#: Exit codes.
ALL_FOUND, SOME_WITHOUT_MATCH, SOME_ERROR = 0, 1, 2
#: Loading the graph of a large pack takes as long as scanning it for so many pictures.
WORTH_A_GRAPH = 60
#: Further matches less similar than this are not worth a person's look.
HARDLY = 0.7


@click.command()
@click.option(
    "--pack",
    "packs",
    type=click.Path(path_type=Path),
    multiple=True,
    required=True,
    help="A scene pack to search in: its folder or transport file.  May be given several times.",
)
@click.option("--refine/--no-refine", default=True, help="Look up the exact frame in films that are at hand.")
@click.option("--title", default=None, help="Search only films and series whose title holds these words.")
@click.option("--limit", default=10, type=click.IntRange(1, 10), show_default=True, help="Most matches.")
@click.option(
    "--threshold",
    default=None,
    type=Number(0, 1),
    help="The least confidence of a match that is claimed.",
)
@asked_for
@click.pass_context
def search(
    context: click.Context,
    packs: tuple[Path, ...],
    as_json: bool,
    refine: bool,
    title: str | None,
    limit: int,
    threshold: float | None,
    at_s: float | None,
    seconds: float | None,
    pictures: tuple[str, ...],
) -> None:
    """Find the scenes that pictures, GIFs and short videos come from.

    Of a GIF (animated WebP, PNG, AVIF) and of a video of up to 30 s the whole clip is searched: the match
    spans what it shows.  Of a longer video its first frame is, unless --at or --seconds say otherwise.

    Exit status: 0 a match for every picture, 1 some picture without a match, 2 an error.
    """
    from index_tools.moments import Moments
    from index_tools.pack import ScenePack
    from index_tools.search import Engine, SearchOptions
    from index_tools.search.options import THRESHOLD, titled

    options = SearchOptions(
        limit=limit,
        only=None if title is None else titled(title),
        threshold=THRESHOLD if threshold is None else threshold,
    )
    opened = [ScenePack.open(path) for path in packs]
    engine = Engine(opened, graphs=len(pictures) >= WORTH_A_GRAPH)
    status = ALL_FOUND
    try:
        for query in pictures:
            begun = time.perf_counter()
            try:
                asked = read_query(query, at_s, seconds)
                if isinstance(asked, Moments):
                    answer = engine.find_clip(asked, options, refine=refine)
                else:
                    answer = engine.find(asked, options) if refine else engine.search(asked, options)
            except (PictureError, FilmError, PackError) as error:
                click.echo(str(error), err=True)
                status = SOME_ERROR
                if as_json:
                    click.echo(_json_line({"query": query, "error": str(error), "matches": []}))
                continue
            elapsed_ms = (time.perf_counter() - begun) * 1000
            if answer.best is None:
                status = max(status, SOME_WITHOUT_MATCH)
            if as_json:
                click.echo(_json_line(as_object(query, answer, elapsed_ms)))
            else:
                _show(query, answer, elapsed_ms)
        for warning in engine.warnings:
            click.echo(warning, err=True)
    finally:
        engine.close()
        for pack in opened:
            pack.close()
    context.exit(status)


def read_query(query: str, at_s: float | None, seconds: float | None) -> Picture | Moments:
    """The picture of a file, or the moments of one that moves."""
    from index_tools.moments import LONGEST_S, read_moments
    from index_tools.picture import count_frames, frame_shown_at, is_picture_name, read_picture

    path = Path(query)
    if not is_picture_name(path):
        from index_tools.film import FilmReader, is_film_name, read_frame

        if is_film_name(path):
            if seconds is None and at_s is None:
                with FilmReader(path) as reader:
                    short = 0 < reader.info.duration_s <= LONGEST_S
                return read_moments(path) if short else read_frame(path, 0.0)
            if seconds is None:
                return read_frame(path, at_s or 0.0)
            return read_moments(path, start_s=at_s or 0.0, longest_s=min(seconds, LONGEST_S))
    if count_frames(path, origin=query) == 1:
        return read_picture(path, origin=query)
    return read_moments(path, origin=query) if at_s is None else frame_shown_at(path, at_s, origin=query)


def as_object(query: str, answer: Answer, elapsed_ms: float) -> dict[str, Any]:
    """One line of `--json`: times in seconds, `elapsed_ms` from file to answer."""
    return {
        "query": query,
        "frames_searched": answer.frames_searched,
        "elapsed_ms": round(elapsed_ms, 3),
        "matches": [match_object(match) for match in answer.matches],
    }


def match_object(match: Match) -> dict[str, Any]:
    """One match of a line of `--json`."""
    return {
        "video": match.video.file_name,
        "title": match.video.title,
        "episode": match.video.episode,
        "start_s": round(match.start_s, 6),
        "at_s": round(match.at_s, 6),
        "end_s": round(match.end_s, 6),
        "similarity": round(match.similarity, 4),
        "confidence": round(match.confidence, 4),
        "is_match": match.is_match,
    }


def _json_line(line: dict[str, Any]) -> str:
    return json.dumps(line, ensure_ascii=False)


def _show(query: str, answer: Answer, elapsed_ms: float) -> None:
    """The answer as a table for a person."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    verdict = "" if answer.best is not None else "[yellow]no match; the nearest scenes are:[/]"
    if not answer.matches:
        verdict = "[yellow]no match[/]"
    console = Console()
    console.print(f"[bold]{escape(query)}[/]  {verdict}")
    if answer.matches:
        table = Table(box=None, pad_edge=False, header_style="dim")
        for heading in ("", "title", "episode", "video", "scene", "frame"):
            table.add_column(heading, overflow="fold")
        table.add_column("similarity", justify="right")
        table.add_column("sure", justify="right")
        for number, match in enumerate(answer.matches):
            if number and match.similarity < HARDLY:
                break
            table.add_row(
                "[green]✓[/]" if match.is_match else "",
                escape(match.video.title),
                escape(match.video.episode),
                escape(match.video.file_name),
                f"{clock(match.start_s)} – {clock(match.end_s)}",
                clock(match.at_s, 3),
                f"{in_words(match.similarity)} {match.similarity:.1%}",
                f"{match.confidence:.0%}",
                style="" if match.is_match else "dim",
            )
        console.print(table)
    asked = f"{answer.frames_searched:,} frames of {', '.join(answer.sources) or 'no pack'}"
    console.print(f"[dim]{escape(asked)}, {elapsed_ms:.0f} ms[/]\n")


def in_words(similarity: float) -> str:
    """A similarity 0..1 in words; 0.90 and 0.80 are where trace.moe's clients draw their lines."""
    if similarity >= 0.98:
        return "the same picture"
    if similarity >= 0.90:
        return "very similar"
    if similarity >= 0.80:
        return "similar"
    return "hardly similar"


def clock(seconds: float, decimals: int = 0) -> str:
    """Seconds as hh:mm:ss, with decimals of a second where wanted; rounded down."""
    scale = 10**decimals
    ticks = int(seconds * scale + 1e-6)
    whole, part = divmod(ticks, scale)
    text = f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}"
    return f"{text}.{part:0{decimals}}" if decimals else text
