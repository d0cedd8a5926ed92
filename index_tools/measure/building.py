"""What building a pack costs and how large it is."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from index_tools.build import build_pack
from index_tools.measure.decoding import decode, ffmpeg
from index_tools.pack import ScenePack
from index_tools.progress import Progress


def build_figures(out: Path, films: Sequence[Path], progress: Progress | None = None) -> dict[str, Any]:
    """Build a new pack of the films and, where there is an ffmpeg, decode them with it: seconds of the
    clock.

    Raises `BuildError`, `FilmError`, `Cancelled`.
    """
    begun = time.perf_counter()
    build_pack(out, films, progress=progress)
    build_s = time.perf_counter() - begun
    program = ffmpeg()
    if program is None:
        return no_figures() | {"build_s": round(build_s, 3)}
    decode_s = sum(decode(program, film).wall_s for film in films)
    return {
        "build_s": round(build_s, 3),
        "decode_s": round(decode_s, 3),
        "build_per_decode": round(build_s / decode_s, 3),
    }


def no_figures() -> dict[str, Any]:
    """The figures of a pack whose building was not watched."""
    return {"build_s": None, "decode_s": None, "build_per_decode": None}


def pack_figures(pack: ScenePack) -> dict[str, Any]:
    """The bytes of a pack on the disk, a graph included, and by the hour of film in it."""
    size = pack_bytes(pack.path)
    hours = sum(video.duration_s for video in pack.videos) / 3600
    return {"pack_bytes": size, "pack_bytes_per_hour": round(size / hours) if hours else None}


def pack_bytes(path: Path) -> int:
    """The size of a pack, folder or file."""
    if path.is_file():
        return path.stat().st_size
    return sum(member.stat().st_size for member in path.iterdir() if member.is_file())
