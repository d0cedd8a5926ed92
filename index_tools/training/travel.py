"""Reduced art as a few small archives, to be carried to a machine that has nothing but a graphics card.

There `unpack_art` lays the same folder out again (in coarser pictures), and shards are made and taught
on the spot: drawing film from art costs seconds, carrying it would take gigabytes.
"""

from __future__ import annotations

import io
import json
import tarfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index_tools.errors import SceneLensError
from index_tools.opencv import cv2
from index_tools.training.art import Art, load_art, read_art


def pack_art(
    reduced: Path, out: Path, *, short_side: int = 264, quality: int = 72, part_bytes: int = 44 << 20
) -> list[Path]:
    """Write `art-0.tar`, `art-1.tar` … of at most about `part_bytes` each into `out`.

    Pictures become WebP with a shorter side of at most `short_side` pixels.  The tables are in the last.
    """
    out.mkdir(parents=True, exist_ok=True)
    tables: dict[str, list[str]] = defaultdict(list)
    parts: list[Path] = []
    load: list[tuple[str, bytes]] = []
    for art, data in _coarser(reduced, short_side, quality):
        if load and sum(len(one) for _, one in load) + len(data) > part_bytes:
            parts.append(_write_part(out, len(parts), load))
            load = []
        load.append((art.file, data))
        tables[art.package].append(json.dumps(asdict(art)))
    if not load:
        raise SceneLensError(f"The folder {reduced} holds no reduced art; reduce some first.")
    load += [(f"{package}.jsonl", "\n".join(lines).encode()) for package, lines in tables.items()]
    return [*parts, _write_part(out, len(parts), load)]


def unpack_art(parts: list[Path], reduced: Path) -> list[Art]:
    """Lay out the archives in `reduced` and read the table."""
    for part in parts:
        with tarfile.open(part) as archive:
            for entry in archive:
                _lay_out(archive, entry, reduced)
    return read_art(reduced)


def _lay_out(archive: tarfile.TarFile, entry: tarfile.TarInfo, reduced: Path) -> None:
    # By hand: Debian 12's Python 3.11.2 has no extraction filters yet.
    place, content = (reduced / entry.name).resolve(), archive.extractfile(entry)
    if content is None or not place.is_relative_to(reduced.resolve()):
        raise SceneLensError(f"The archive {archive.name!r} holds something other than art; get it anew.")
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content.read())


def _coarser(reduced: Path, short_side: int, quality: int) -> Iterator[tuple[Art, bytes]]:
    for art in read_art(reduced):
        rgba = load_art(reduced, art)
        scale = min(1.0, short_side / min(art.width, art.height))
        size = (round(art.width * scale), round(art.height * scale))
        pixels = rgba if art.cut_out else np.ascontiguousarray(rgba[..., :3])
        smaller = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
        data = _webp(smaller, quality)
        yield replace(art, file=str(Path(art.file).with_suffix(".webp")), width=size[0], height=size[1]), data


def _webp(picture: NDArray[np.uint8], quality: int) -> bytes:
    code = cv2.COLOR_RGBA2BGRA if picture.shape[2] == 4 else cv2.COLOR_RGB2BGR
    ok, data = cv2.imencode(".webp", cv2.cvtColor(picture, code), [cv2.IMWRITE_WEBP_QUALITY, quality])
    if not ok:
        raise SceneLensError("OpenCV cannot write WebP here; install a build that can.")
    return bytes(data)


def _write_part(out: Path, number: int, load: list[tuple[str, bytes]]) -> Path:
    path = out / f"art-{number}.tar"
    with tarfile.open(path, "w") as archive:
        for name, data in load:
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return path
