"""`scenelens-index bench`: every figure of the engine, measured on this machine."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from index_tools.measure.figures import Figure

NAMES = ("build", "embedding", "descriptor", "search", "recall", "start", "memory", "size", "localisation")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a figure, one a line.")
@click.option("--markdown", is_flag=True, help="Print a table in Markdown.")
@click.option(
    "--videos",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    multiple=True,
    help="A film to measure with, best one of 720p; may be given several times.  The demo's when left out.",
)
@click.option(
    "--only", type=click.Choice(NAMES), multiple=True, help="Only this figure; may be given several times."
)
@click.option(
    "--rows",
    default=1_000_000,
    type=click.IntRange(1000),
    show_default=True,
    help="Kept frames to search in.",
)
def bench(as_json: bool, markdown: bool, videos: tuple[Path, ...], only: tuple[str, ...], rows: int) -> None:
    """Measure what the engine promises, and print it beside what was to be reached.

    The first run makes a pack of a million kept frames in the cache folder, which takes some minutes;
    later runs use it again.  Figures of the window are measured by `scenelens --bench`.
    """
    from index_tools.measure.bench import Bench

    films = videos or (demo_film(),)
    figures = Bench(films, rows, lambda words: click.echo(words, err=True)).run(only)
    if as_json:
        for figure in figures:
            click.echo(json.dumps(figure.as_object(), ensure_ascii=False))
    elif markdown:
        from index_tools.measure.figures import as_markdown

        click.echo(as_markdown(figures))
    else:
        _show(figures)


def demo_film() -> Path:
    """The film that ships with the program."""
    found = importlib.util.find_spec("resources")
    folders = list(found.submodule_search_locations or ()) if found is not None else []
    for folder in folders:
        film = Path(folder) / "demo" / "film.mp4"
        if film.is_file():
            return film
    raise click.UsageError("the demo film is not installed here; name a film with --videos")


def _show(figures: list[Figure]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("what", "at most / least", "reached", "by", header_style="dim", show_lines=True)
    marks = {True: "[green]✓[/] ", False: "[red]✗[/] ", None: ""}
    for figure in figures:
        table.add_row(figure.what, figure.target, marks[figure.met] + figure.reached, figure.how)
    Console().print(table)
