"""SHA-256 of files, and the memory of which files were found to be right.

A pack of a million frames has some 200 MB, so its bytes are not read again at every start: a file that was
found right counts as right while its path, length and modification time stay the same.  The memory lies in
the user's cache folder, never in the pack, where a stranger could have written it.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import platformdirs

from index_tools.pack.checked_json import load_object
from index_tools.pack.durable import write_whole
from index_tools.progress import Progress

_CHUNK = 1 << 20
_MOST_REMEMBERED = 4000
_MOST_BYTES = 4 << 20


def cache_folder() -> Path:
    """Where data that can be made again is kept; the variable SCENELENS_CACHE names another folder."""
    named = os.environ.get("SCENELENS_CACHE")
    return (
        Path(named).absolute() if named else Path(platformdirs.user_cache_dir("scenelens", appauthor=False))
    )


def sha256_of(path: Path, progress: Progress | None = None) -> str:
    """The SHA-256 of the file as 64 hex digits."""
    digest = hashlib.sha256()
    with path.open("rb", buffering=0) as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            if progress is not None:
                progress.check()
    return digest.hexdigest()


class Memory:
    """Which files had which checksum when they were last read.  Thread-safe.

    What cannot be read or written here is only forgotten: the files are then checked again.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._path = (folder or cache_folder()) / "verified.json"
        self._lock = threading.Lock()
        self._known: dict[str, list[object]] = {}
        self._changed = False
        try:
            value = load_object(self._path.read_bytes(), most_bytes=_MOST_BYTES)
        except (OSError, ValueError):
            return  # none yet, or unusable: begin anew
        files = value.get("files")
        if value.get("version") == 1 and isinstance(files, dict):
            self._known = {key: entry for key, entry in files.items() if isinstance(entry, list)}

    def knows(self, path: Path, sha256: str) -> bool:
        """Whether the file, as it lies there now, is remembered to have this checksum."""
        with self._lock:
            return self._known.get(str(path.absolute())) == [*_state(path), sha256]

    def digest_of(self, path: Path) -> str | None:
        """The checksum that the file, as it lies there now, is remembered to have."""
        with self._lock:
            entry = self._known.get(str(path.absolute()))
        known = entry is not None and len(entry) == 3 and entry[:2] == [*_state(path)]
        return str(entry[2]) if entry is not None and known else None

    def learn(self, path: Path, sha256: str) -> None:
        """Remember the checksum of the file as it lies there now."""
        with self._lock:
            key = str(path.absolute())
            self._known.pop(key, None)
            self._known[key] = [*_state(path), sha256]
            self._changed = True

    def save(self) -> None:
        """Write the memory, the latest entries only, if it changed."""
        with self._lock:
            if not self._changed:
                return
            latest = dict(list(self._known.items())[-_MOST_REMEMBERED:])
            try:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                write_whole(self._path, json.dumps({"version": 1, "files": latest}).encode(), flush=False)
            except OSError:
                return  # a cache that cannot be written only costs time at the next start
            self._changed = False


def wrong_files(
    expected: Iterable[tuple[Path, int, str]], memory: Memory | None, progress: Progress | None = None
) -> dict[Path, str]:
    """Check files against (path, bytes, sha256); what is wrong with each that is, in a few words.

    Those that `memory` knows are not read, those found right are put into it; without a memory all are
    read.  Raises `Cancelled`.
    """
    problems: dict[Path, str] = {}
    to_read: list[tuple[Path, str]] = []
    for path, size, sha256 in expected:
        try:
            found = path.stat().st_size
        except OSError:
            problems[path] = "is missing"
            continue
        if not path.is_file() or path.is_symlink():
            problems[path] = "is not a plain file"
        elif found != size:
            problems[path] = f"has {found} bytes where {size} belong"
        elif memory is None or not memory.knows(path, sha256):
            to_read.append((path, sha256))
    with ThreadPoolExecutor(4) as pool:
        digests = pool.map(lambda item: _digest(item[0], progress), to_read)
        for (path, sha256), digest in zip(to_read, digests, strict=True):
            if digest != sha256:
                problems[path] = "cannot be read" if digest is None else "was altered (its checksum differs)"
            elif memory is not None:
                memory.learn(path, sha256)
    return problems


def _digest(path: Path, progress: Progress | None) -> str | None:
    try:
        return sha256_of(path, progress)
    except OSError:
        return None


def _state(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except OSError:
        return (-1, -1)
    return (status.st_size, status.st_mtime_ns)
