"""`scenelens-index add`: more videos into a pack that is there."""

from __future__ import annotations

from pathlib import Path

import click

from index_tools.cli.options import indexing_options, said


@click.command()
@indexing_options
@click.argument("pack", type=click.Path(path_type=Path))
@click.argument(
    "sources", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="VIDEO_OR_FOLDER..."
)
def add(
    pack: Path,
    sources: tuple[Path, ...],
    title: str | None,
    season: int | None,
    episode: str | None,
    anilist: int | None,
    workers: int | None,
    thumbnails: bool | None,
    proxies: bool,
    gentle: bool,
    as_json: bool,
) -> None:
    """Index what is new in VIDEO_OR_FOLDER into PACK.

    Films that are in it are not indexed again; one whose file was renamed gets its new name.
    """
    from index_tools.build import add_to_pack
    from index_tools.cli.console import shown_progress, tell

    with shown_progress() as (draw, progress):
        report = add_to_pack(
            pack,
            sources,
            said=said(sources, title, season, episode, anilist),
            workers=workers,
            thumbnails=thumbnails,
            proxies=proxies,
            gentle=gentle,
            on_progress=draw,
            progress=progress,
        )
    tell(report, as_json=as_json)
