"""`scenelens-index evaluate`: how well a pack finds frames of films, whole and degraded."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
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
@click.option("--alone/--no-alone", default=True, help="Measure color layouts and embeddings alone beside.")
@click.option("--clips", is_flag=True, help="Measure clips against their middle frames instead.")
@click.option(
    "--besides",
    type=click.Path(path_type=Path, exists=True),
    multiple=True,
    help="A pack, a film, a picture or a folder of them to search besides; may be given several times.",
)
@click.option(
    "--diagram",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Draw how reliable confidence is, to this SVG file.",
)
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
    alone: bool,
    clips: bool,
    besides: tuple[Path, ...],
    diagram: Path | None,
    build: bool,
    videos: tuple[Path, ...],
) -> None:
    """Measure recall, localisation and false matches of PACK with frames of VIDEO..., degraded in many
    ways.
    """
    from index_tools.measure import reliability, tables
    from index_tools.measure.besides import packs_besides
    from index_tools.measure.building import build_figures, no_figures, pack_figures
    from index_tools.measure.clip_gain import CLASSES
    from index_tools.measure.evaluate import Evaluation, Settings
    from index_tools.pack import ScenePack

    if clips and diagram is not None:
        raise click.UsageError("--diagram draws the confidence of pictures; leave out --clips.")
    wanted = _classes(classes or (",".join(CLASSES) if clips else ""))
    settings = Settings(queries, unknown_queries, wanted, seed, refine, beside=alone)
    with _shown_progress() as progress, packs_besides(besides, progress) as more:
        built = build_figures(pack_path, videos, progress) if build else no_figures()
        with ScenePack.open(pack_path, progress=progress) as pack:
            evaluation = Evaluation(pack, settings, progress, more)
            figures = evaluation.run_clips(videos, unknown) if clips else evaluation.run(videos, unknown)
            figures |= built | pack_figures(pack)
    if diagram is not None:
        diagram.write_text(
            reliability.diagram(
                figures["reliability"],
                title="Of matches so sure, how many are right",
                across="confidence, %",
                upwards="right, %",
                below="matches",
                ideal="as claimed",
            ),
            "utf-8",
        )
    if as_json:
        click.echo(json.dumps(figures, ensure_ascii=False))
        return
    shown = [tables.clip_table] if clips else [tables.table, tables.totals, tables.bins]
    if markdown:
        click.echo("\n\n".join(tables.as_markdown(*make(figures)) for make in shown))
    else:
        _show([make(figures) for make in shown])
    if not clips:
        _tell(figures, markdown)


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


def _show(shown: Sequence[tuple[tuple[str, ...], list[tuple[str, ...]]]]) -> None:
    """Tables on a terminal."""
    from rich.console import Console
    from rich.table import Table

    console = Console()
    for heading, rows in shown:
        table = Table(*heading, box=None, header_style="dim")
        for row in rows:
            table.add_row(*row)
        console.print(table)
        console.print()


def _tell(figures: dict[str, Any], quietly: bool) -> None:
    """What is no table: sizes in words, why a column is missing, and errors."""
    for reason in figures["absent"].values():
        click.echo(reason, err=True)
    for error in figures["errors"]:
        click.echo(error, err=True)
    if quietly:
        return
    click.echo(
        f"{figures['frames_searched']:,} frames searched of {figures['hours_indexed']:.2f} h; "
        f"{figures['pack_bytes_per_hour'] / 1e6:.2f} MB an hour; unanswered {figures['unanswered']}"
    )
    if figures["build_per_decode"] is not None:
        click.echo(f"building took {figures['build_per_decode']:.2f} × decoding")
