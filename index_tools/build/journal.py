"""The journal of a build: one file for each film that is finished, so that no film is indexed twice.

An entry is a zip archive of plain tables and one JSON text, named after the film's content and the
parameters of the indexing; it appears under its name only when it is complete.  One that cannot be used,
for whatever reason, counts as absent, and its film is indexed again.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import zipfile
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index_tools import __version__
from index_tools.descriptors.model_file import NetworkFile
from index_tools.nouns import Video
from index_tools.pack import checked_json as take
from index_tools.pack.durable import flush_folder
from index_tools.pack.sketch_code import decode_sketches
from index_tools.pack.stored_film import DescribedRows, StoredFilm, check_film
from index_tools.pack.track_code import decode_track
from index_tools.pack.writing import descriptors

FOLDER = "journal"
_MOST_BYTES = 1 << 31
_FORMAT = 2


def entry_path(part: Path, fingerprint: str, *, thumbnails: bool, network: NetworkFile | None) -> Path:
    """Where the entry of a film belongs; other parameters or another program version give another."""
    parameters = [
        _FORMAT,
        __version__,
        fingerprint,
        thumbnails,
        {name: [info.size, dict(info.parameters)] for name, info in descriptors(network).items()},
    ]
    digest = hashlib.blake2b(json.dumps(parameters, sort_keys=True).encode(), digest_size=20)
    return part / FOLDER / f"{digest.hexdigest()}.film"


def write_entry(path: Path, film: StoredFilm, source: Path) -> None:
    """Write the entry of `film`, indexed from `source`; raises `OSError`."""
    video: dict[str, Any] = {name: getattr(film.video, name) for name in Video.__slots__}
    about = {
        "format": _FORMAT,
        "source": str(source),
        "video": video | {"titles": dict(film.video.titles), "ids": dict(film.video.ids)},
        "warnings": list(film.warnings),
        "rows": {name: described.rows is not None for name, described in film.described.items()},
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with zipfile.ZipFile(beside, "w", zipfile.ZIP_STORED) as archive:
            archive.writestr("film.json", json.dumps(about))
            archive.writestr("kept.npy", _to_npy(film.kept))
            archive.writestr("shots.npy", _to_npy(film.shots))
            archive.writestr("track.bin", film.track)
            for kind, pieces in (("thumbnail", film.thumbnails), ("sketch", film.sketches)):
                offsets = np.cumsum([0, *(len(piece) for piece in pieces)], dtype=np.int64)
                archive.writestr(f"{kind}_pieces.bin", b"".join(pieces))
                archive.writestr(f"{kind}_offsets.npy", _to_npy(offsets))
            for name, described in film.described.items():
                archive.writestr(f"vectors/{name}.npy", _to_npy(described.vectors))
                if described.rows is not None:
                    archive.writestr(f"rows/{name}.npy", _to_npy(described.rows))
        with beside.open("rb+") as file:
            os.fsync(file.fileno())
        beside.replace(path)
        flush_folder(path.parent)
    finally:
        beside.unlink(missing_ok=True)


def read_entry(path: Path) -> tuple[StoredFilm, Path] | None:
    """The film of an entry and the file that it was indexed from; None if there is no usable entry."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            return None
        with zipfile.ZipFile(path) as archive:
            film, source = _read(archive)
        check_film(film)
        decode_track(film.track)
        for block in film.sketches:
            decode_sketches(block)
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile, NotImplementedError):
        return None
    return film, source


def _read(archive: zipfile.ZipFile) -> tuple[StoredFilm, Path]:
    about = take.load_object(_member(archive, "film.json"), most_bytes=1 << 20)
    if about["format"] != _FORMAT:
        raise ValueError("another format")
    video = Video(**take.table(about, "video", most=len(Video.__slots__)))
    described = {}
    for name, has_rows in take.table(about, "rows", most=20).items():
        rows = _from_npy(_member(archive, f"rows/{name}.npy")) if has_rows else None
        described[name] = DescribedRows(_from_npy(_member(archive, f"vectors/{name}.npy")), rows)
    film = StoredFilm(
        video=video,
        kept=_from_npy(_member(archive, "kept.npy")),
        shots=_from_npy(_member(archive, "shots.npy")),
        described=described,
        track=_member(archive, "track.bin"),
        thumbnails=_pieces(archive, "thumbnail"),
        sketches=_pieces(archive, "sketch"),
        warnings=tuple(str(sentence) for sentence in about["warnings"]),
    )
    source = about["source"]  # any name that a file can have, so not checked as a text
    if not isinstance(source, str):
        raise TypeError("another format")
    return film, Path(source)


def _pieces(archive: zipfile.ZipFile, kind: str) -> tuple[bytes, ...]:
    offsets = _from_npy(_member(archive, f"{kind}_offsets.npy"))
    pieces = _member(archive, f"{kind}_pieces.bin")
    return tuple(pieces[begin:end] for begin, end in pairwise(offsets))


def _member(archive: zipfile.ZipFile, name: str) -> bytes:
    info = archive.getinfo(name)
    # stored as it is: an entry cannot grow beyond its own file
    if info.compress_type != zipfile.ZIP_STORED or info.file_size != info.compress_size:
        raise ValueError("another kind of archive")
    return archive.read(info)


def _to_npy(table: NDArray[Any]) -> bytes:
    out = io.BytesIO()
    np.lib.format.write_array(out, table, version=(1, 0), allow_pickle=False)
    return out.getvalue()


def _from_npy(data: bytes) -> NDArray[Any]:
    return np.lib.format.read_array(io.BytesIO(data), allow_pickle=False)
