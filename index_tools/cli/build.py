"""`scenelens-index build`: videos in, a new pack out."""

from __future__ import annotations

from pathlib import Path

import click

from index_tools.cli.options import indexing_options, said


@click.command()
@click.option(
    "--out", "-o", required=True, type=click.Path(path_type=Path), metavar="PACK", help="The new pack."
)
@click.option("--pack-title", default="", help="What the pack is called.")
@click.option("--creator", default="", help="Who made the pack.")
@click.option("--licence", default="", help="On what terms the pack may be passed on.")
@click.option("--replace", "replace_old", is_flag=True, help="Replace an old pack of that name.")
@indexing_options
@click.argument(
    "sources", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="VIDEO_OR_FOLDER..."
)
def build(
    out: Path,
    pack_title: str,
    creator: str,
    licence: str,
    replace_old: bool,
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
    """Index videos, and all videos in folders, into a new PACK.

    A name that ends in .scenepack becomes one file, any other a folder.  Interrupted at any moment, the
    same command goes on where it was.  Videos that cannot be read are named and left out.
    """
    from index_tools.build import build_pack
    from index_tools.cli.console import shown_progress, tell
    from index_tools.pack import PackAbout

    with shown_progress() as (draw, progress):
        report = build_pack(
            out,
            sources,
            about=PackAbout(pack_title or out.stem, creator, licence),
            said=said(sources, title, season, episode, anilist),
            workers=workers,
            thumbnails=thumbnails is not False,
            proxies=proxies,
            gentle=gentle,
            replace_old=replace_old,
            on_progress=draw,
            progress=progress,
        )
    tell(report, as_json=as_json)
