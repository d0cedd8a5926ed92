"""`scenelens-index evaluate`: how well a pack finds frames of films, whole and degraded."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from index_tools.progress import Progress, Report


@click.command()
@click.option(
    "--pack", "pack_path", type=click.Path(path_type=Path), required=True, help="The pack to measure."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--markdown", is_flag=True, help="Print a table in Markdown.")
@click.option("--queries", default=150, type=click.IntRange(1), show_default=True, help="Frames a class.")
@click.option(
    "--unknown",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    multiple=True,
    help="A film that is not in the pack, to count false matches; may be given several times.",
)
@click.option("--unknown-queries", default=50, type=click.IntRange(1), show_default=True)
@click.option("--classes", default="", help="Classes and groups, with commas between; all when left out.")
@click.option("--seed", default=1, type=click.IntRange(0), show_default=True)
@click.option("--refine/--no-refine", default=True, help="Look up the exact frame in the films.")
@click.option("--build", is_flag=True, help="First build the pack from the videos, and take the time.")
@click.argument(
    "videos",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    nargs=-1,
    required=True,
    metavar="VIDEO...",
)
def evaluate(
    pack_path: Path,
    as_json: bool,
    markdown: bool,
    queries: int,
    unknown: tuple[Path, ...],
    unknown_queries: int,
    classes: str,
    seed: int,
    refine: bool,
    build: bool,
    videos: tuple[Path, ...],
) -> None:
    """Measure recall, localisation and false matches of PACK with frames of VIDEO..., degraded in many
    ways.
    """
    from index_tools.measure.building import build_figures, no_figures, pack_figures
    from index_tools.measure.evaluate import Evaluation, Settings
    from index_tools.pack import ScenePack

    settings = Settings(queries, unknown_queries, _classes(classes), seed, refine)
    with _shown_progress() as progress:
        built = build_figures(pack_path, videos, progress) if build else no_figures()
        with ScenePack.open(pack_path, progress=progress) as pack:
            figures = Evaluation(pack, settings, progress).run(videos, unknown)
            figures |= built | pack_figures(pack)
    if as_json:
        click.echo(json.dumps(figures, ensure_ascii=False))
    elif markdown:
        click.echo(as_markdown(figures))
    else:
        _show(figures)


def _classes(wanted: str) -> tuple[str, ...]:
    """The names of classes out of names of classes and groups."""
    from index_tools.measure.degradations import DEGRADATIONS, GROUPS

    names: list[str] = []
    for word in filter(None, (word.strip() for word in wanted.split(","))):
        if word not in DEGRADATIONS and word not in GROUPS:
            known = ", ".join([*GROUPS, *DEGRADATIONS])
            raise click.BadParameter(
                f"there is no class or group “{word}”; there are {known}", param_hint="--classes"
            )
        names += GROUPS.get(word, {word: DEGRADATIONS.get(word)})
    return tuple(dict.fromkeys(names)) or tuple(DEGRADATIONS)


@contextmanager
def _shown_progress() -> Iterator[Progress]:
    """Progress that draws a bar on stderr, if that is a terminal."""
    from index_tools.progress import Progress

    if not sys.stderr.isatty():
        yield Progress()
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("")

        def draw(report: Report) -> None:
            bar.update(task, description=report.step, completed=report.done, total=report.total or None)

        yield Progress(draw)


_COLUMNS = (
    "class", "recall@1", "95 %", "recall@10", "claimed right", "claimed wrong", "false matches",
    "localisation, frames (median / p95)", "s (p95)",
)  # fmt: skip


def table(figures: dict[str, Any]) -> list[tuple[str, ...]]:
    """The rows of the table that people read: the classes, then the groups."""
    rows: list[tuple[str, ...]] = []
    groups = {f"group {name}": summary for name, summary in figures["groups"].items()}
    for name, summary in {**figures["classes"], **groups}.items():
        interval = summary["recall_at_1_ci95"]
        frames, seconds = summary["localisation_frames"], summary["localisation_s"]
        rows.append(
            (
                name,
                _percent(summary["recall_at_1"]),
                f"{_percent(interval[0])}–{_percent(interval[1])}",
                _percent(summary["recall_at_10"]),
                _percent(summary["claimed_and_right"]),
                _percent(summary["claimed_but_wrong"]),
                _percent(summary["false_matches"]),
                f"{_number(frames['median'])} / {_number(frames['p95'])}",
                _number(seconds["p95"], 2),
            )
        )
    return rows


def as_markdown(figures: dict[str, Any]) -> str:
    """The table in Markdown."""
    lines = ["| " + " | ".join(_COLUMNS) + " |", "| --- " * len(_COLUMNS) + "|"]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in table(figures))])


def _show(figures: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    shown = Table(*_COLUMNS, box=None, header_style="dim")
    for row in table(figures):
        shown.add_row(*row)
    console = Console()
    console.print(shown)
    times = figures["search_elapsed_ms"]
    console.print(
        f"{figures['frames_searched']:,} frames searched of {figures['hours_indexed']:.2f} h; a search took "
        f"{_number(times['median'])} ms (median), {_number(times['p95'])} ms (p95); "
        f"{figures['pack_bytes_per_hour'] / 1e6:.2f} MB an hour; unanswered {figures['unanswered']}"
    )
    if figures["build_per_decode"] is not None:
        console.print(f"building took {figures['build_per_decode']:.2f} × decoding")
    for error in figures["errors"]:
        click.echo(error, err=True)


def _percent(value: float | None) -> str:
    return "" if value is None else f"{100 * value:.1f}"


def _number(value: float | None, decimals: int = 1) -> str:
    return "" if value is None else f"{value:.{decimals}f}"
