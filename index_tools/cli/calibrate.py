"""`scenelens-index calibrate`: ask for degraded frames, fit the confidence to what comes of it, judge it."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.option(
    "--cases", "cases_path", type=click.Path(path_type=Path), required=True, help="A file of cases."
)
@click.option(
    "--pack", "pack_path", type=click.Path(path_type=Path), help="Ask this pack, and add the cases."
)
@click.option(
    "--unknown",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    multiple=True,
    help="A film that is not in the pack; may be given several times.",
)
@click.option("--queries", default=10, type=click.IntRange(0), show_default=True, help="Frames a class.")
@click.option("--unknown-queries", default=10, type=click.IntRange(0), show_default=True)
@click.option("--seed", default=1, type=click.IntRange(0), show_default=True)
@click.option(
    "--write", type=click.Path(path_type=Path), help="Fit the weights and write them as this module."
)
@click.argument("videos", type=click.Path(path_type=Path, exists=True, dir_okay=False), nargs=-1)
def calibrate(
    cases_path: Path,
    pack_path: Path | None,
    unknown: tuple[Path, ...],
    queries: int,
    unknown_queries: int,
    seed: int,
    write: Path | None,
    videos: tuple[Path, ...],
) -> None:
    """Collect cases with frames of VIDEO..., which PACK holds, and of other films; fit and judge.

    Fit to the cases of some films, then judge by a file of cases of others.  Both kinds of cases are wanted:
    with films at hand, and without, from a copy of the pack's folder that lacks its places.json.
    """
    from index_tools.measure.calibration import claims, reliability, write_fitted
    from index_tools.measure.cases import Asking, Case, collect
    from index_tools.measure.degradations import DEGRADATIONS
    from index_tools.pack import ScenePack
    from index_tools.search.options import THRESHOLD

    if pack_path is not None:
        with ScenePack.open(pack_path) as pack, cases_path.open("a", encoding="utf-8") as lines:
            asking = Asking(pack, seed)
            for films, count in ((videos, queries), (unknown, unknown_queries)):
                for case in collect(asking, films, tuple(DEGRADATIONS), count, known=films is videos):
                    lines.write(case.as_line() + "\n")
    cases = [Case.of_line(line) for line in cases_path.read_text(encoding="utf-8").splitlines()]
    if write is not None:
        write_fitted(cases, write)
    click.echo("confidence from  mean  right  cases")
    for low, mean, right, count in reliability(cases, [0.0, 0.1, 0.2, 0.4, 0.6, 0.8, 0.9, 0.97, 0.99]):
        click.echo(f"{low:15.2f} {mean:5.3f}  {right:5.3f}  {count:5d}")
    for threshold in sorted({0.3, 0.5, THRESHOLD, 0.7, 0.8, 0.9, 0.95}):
        good, bad, false = claims(cases, threshold)
        click.echo(
            f"claimed from {threshold:.2f}: {good:.1%} right, {bad:.1%} wrong, {false:.1%} of unknown films"
        )
