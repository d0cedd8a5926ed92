"""`scenelens-index info`: what a pack holds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from index_tools.pack import ScenePack


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print all of it as one line of JSON.")
@click.argument("pack", type=click.Path(path_type=Path))
def info(pack: Path, as_json: bool) -> None:
    """Show what PACK holds: videos with their lengths, entries, bytes, settings."""
    from index_tools.pack import ScenePack

    with ScenePack.open(pack) as opened:
        about = as_object(opened)
    if as_json:
        click.echo(json.dumps(about, ensure_ascii=False))
    else:
        _show(about)


def as_object(pack: ScenePack) -> dict[str, Any]:
    """What `info --json` prints; lengths in seconds, sizes in bytes."""
    from index_tools.build.renewal import lacking, network_to_use
    from index_tools.pack import SUFFIX
    from index_tools.pack.beside import bytes_of
    from index_tools.pack.durable import size_of_tree

    manifest = pack.manifest
    members = {role: member.bytes for role, member in sorted(manifest.members.items())}
    proxies = bytes_of(pack.folder)
    whole = pack.path.stat().st_size if pack.path.is_file() else size_of_tree(pack.folder) - proxies
    network, _ = network_to_use(True)
    without = lacking(pack, network)
    videos = []
    for number, video in enumerate(pack.videos):
        film = pack.film_path(number)
        rows, shots = pack.rows_of(number), pack.shots_of(number)
        videos.append(
            {
                "video": video.file_name,
                "title": video.title,
                "season": video.season,
                "episode": video.episode,
                "titles": dict(video.titles),
                "ids": dict(video.ids),
                "duration_s": round(video.duration_s, 6),
                "frames": video.frame_count,
                "fps": round(video.fps, 6),
                "width": video.width,
                "height": video.height,
                "size_bytes": video.size_bytes,
                "fingerprint": video.fingerprint,
                "entries": rows.stop - rows.start,
                "shots": shots.stop - shots.start,
                "film": str(film) if film else None,
                "proxy": pack.proxy_path(number) is not None,
                "embeddings": None if network is None else video.fingerprint not in without,
            }
        )
    return {
        "pack": str(pack.path),
        "format": "scenepack",
        "format_version": manifest.format_version,
        "kind": "file" if pack.path.name.endswith(SUFFIX) and pack.path.is_file() else "folder",
        "pack_id": manifest.pack_id,
        "revision": manifest.revision,
        "title": manifest.title,
        "creator": manifest.creator,
        "licence": manifest.licence,
        "created": manifest.created,
        "generator": manifest.generator,
        "entries": manifest.counts.kept,
        "shots": manifest.counts.shots,
        "hours": manifest.counts.hours,
        "bytes": whole,
        "bytes_by_member": members,
        "bytes_of_proxies": proxies,
        "bytes_per_hour": round(whole / manifest.counts.hours) if manifest.counts.hours >= 1e-6 else None,
        "bytes_per_entry": round(whole / manifest.counts.kept, 1) if manifest.counts.kept else None,
        "settings": {
            name: {"size": item.size, "dtype": item.dtype, **item.parameters}
            for name, item in sorted(manifest.descriptors.items())
        },
        "videos": videos,
    }


def _show(about: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from index_tools.cli.console import duration

    console = Console(highlight=False)
    console.print(f"[bold]{escape(about['title'] or about['pack'])}[/]")
    console.print(
        f"{len(about['videos'])} videos, {about['hours']:.2f} hours, {about['entries']:,} entries, "
        f"{about['shots']:,} shots, {about['bytes'] / 1e6:.2f} MB"
    )
    told = [about[key] for key in ("creator", "licence", "created", "generator") if about[key]]
    console.print(f"[dim]{escape(', '.join(told))}; format version {about['format_version']}[/]")
    table = Table(box=None, pad_edge=False, header_style="dim")
    for heading in ("title", "season", "episode", "video"):
        table.add_column(heading, overflow="fold")
    for heading in ("length", "entries", "at hand"):
        table.add_column(heading, justify="right")
    for video in about["videos"]:
        table.add_row(
            escape(video["title"]),
            "" if video["season"] is None else str(video["season"]),
            escape(video["episode"]),
            escape(video["video"]),
            duration(video["duration_s"]),
            f"{video['entries']:,}",
            "yes" if video["film"] else "no",
        )
    console.print(table)
    without = sum(video["embeddings"] is False for video in about["videos"])
    if without:
        console.print(
            f"{without} of {len(about['videos'])} videos were indexed without the network that finds edited "
            "pictures, or with another one; add them again to have such pictures found in them."
        )
    if about["bytes_of_proxies"]:
        proxies = sum(video["proxy"] for video in about["videos"])
        console.print(
            f"Beside the pack, for looking pictures up here, lie the proxies of {proxies} of "
            f"{len(about['videos'])} videos and vectors of parts of frames: "
            f"{about['bytes_of_proxies'] / 1e6:.2f} MB more."
        )
    console.print(
        "[dim]"
        + ", ".join(f"{role} {size / 1e3:.1f} kB" for role, size in about["bytes_by_member"].items())
        + "[/]"
    )
