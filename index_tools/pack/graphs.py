"""Where the neighbour graphs of a pack lie, and whether one may be loaded.

A graph belongs to a table of vectors, not to a revision: its file is named after the checksum of that table
and lies beside the members, or in the cache folder when the pack cannot be written.  A note beside it holds
its own checksum.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from index_tools.descriptors.embedding_form import NAME, PREFIX
from index_tools.errors import PackError
from index_tools.pack import graph_file
from index_tools.pack.checked_json import load_object, text, whole
from index_tools.pack.checksums import Memory, cache_folder, sha256_of, wrong_files
from index_tools.pack.durable import flush_file, flush_folder, told_as, write_whole
from index_tools.pack.manifest import Manifest
from index_tools.progress import Progress

#: Descriptors of which a graph takes only the first values.
_PREFIX = {NAME: PREFIX}


def graph_table(descriptor: str, vectors: NDArray[Any]) -> NDArray[Any]:
    """What a graph of `vectors` (n, size) is built over, (n, k): all values, or the first ones."""
    return vectors[:, : _PREFIX.get(descriptor, vectors.shape[1])]


def find(folder: Path, manifest: Manifest, descriptor: str, vectors: NDArray[Any]) -> Path | None:
    """The sound graph of `vectors`, from the pack's folder or the cache; None if there is none."""
    vectors = graph_table(descriptor, vectors)
    memory = Memory()
    for place in (folder, _elsewhere()):
        path = place / _name(manifest, descriptor)
        if path.is_file() and problem(path, vectors, memory) is None:
            memory.save()
            return path
    return None


def problem(path: Path, vectors: NDArray[Any], memory: Memory | None) -> str | None:
    """What is wrong with a graph file, in a few words; None if it is sound."""
    try:
        note = load_object(_note(path).read_bytes(), most_bytes=10_000)
        sha256, size = text(note, "sha256", longest=64), whole(note, "bytes")
        if memory is not None and memory.knows(path, sha256):
            return None
        if wrong := wrong_files([(path, size, sha256)], None):
            return wrong[path]
        graph_file.check_graph(path, vectors)
    except (ValueError, OSError) as error:
        return f"cannot be used ({error})"
    if memory is not None:
        memory.learn(path, sha256)
    return None


def build(
    folder: Path,
    manifest: Manifest,
    descriptor: str,
    vectors: NDArray[Any],
    *,
    threads: int = -1,
    progress: Progress | None = None,
) -> Path | None:
    """Build the graph if there are enough rows for one to pay; its path.  Raises `PackError`, `Cancelled`."""
    if len(vectors) < graph_file.WORTH_ROWS:
        return None
    vectors = graph_table(descriptor, vectors)
    place = folder if _writable(folder) else _elsewhere()
    path = place / _name(manifest, descriptor)
    beside = path.with_name(f".{path.name}.new")
    with told_as(PackError, f"The search graph of the pack “{folder}” could not be written"):
        place.mkdir(parents=True, exist_ok=True)
        try:
            try:
                graph_file.build_graph(vectors, beside, threads=threads, progress=progress)
                graph_file.check_graph(beside, vectors)
            except (RuntimeError, ValueError) as error:  # hnswlib's word for a disk that is full
                raise PackError(
                    f"The search graph of the pack “{folder}” could not be written ({error}). "
                    "The pack is unharmed and works without it; make room on the disk."
                ) from None
            flush_file(beside)
            note = {"bytes": beside.stat().st_size, "sha256": sha256_of(beside)}
            beside.replace(path)
            write_whole(_note(path), json.dumps(note).encode())
            flush_folder(place)
        finally:
            beside.unlink(missing_ok=True)
    memory = Memory()
    memory.learn(path, str(note["sha256"]))
    memory.save()
    return path


def files_of(folder: Path, descriptor: str) -> list[Path]:
    """The graph files of a descriptor in the folder of a pack."""
    return sorted(folder.glob(f"graph-{_kind(descriptor)}-*.hnsw"))


def _kind(descriptor: str) -> str:
    return f"{descriptor}{_PREFIX.get(descriptor, '')}"


def _name(manifest: Manifest, descriptor: str) -> str:
    return f"graph-{_kind(descriptor)}-{manifest.members[f'vectors/{descriptor}'].sha256[:16]}.hnsw"


def _note(path: Path) -> Path:
    return path.with_suffix(".json")


def _elsewhere() -> Path:
    return cache_folder() / "graphs"


def _writable(folder: Path) -> bool:
    trial = folder / ".trial.new"
    try:
        trial.touch()
        trial.unlink()
    except OSError:
        return False
    return True
