"""`scenelens-index remove`: videos out of a pack."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the report as one line of JSON.")
@click.argument("pack", type=click.Path(path_type=Path))
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
def remove(pack: Path, names: tuple[str, ...], as_json: bool) -> None:
    """Take videos out of PACK by file name or pattern, for example "*S01*".

    The video files stay where they are.
    """
    from index_tools.build import remove_from_pack
    from index_tools.cli.console import shown_progress, tell

    with shown_progress() as (_, progress):
        report = remove_from_pack(pack, names, progress=progress)
    tell(report, as_json=as_json)
