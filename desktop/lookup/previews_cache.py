"""Files fetched from outside, kept on disk within a bound: clips and pictures of scenes, covers.

One folder; a file is named by the hash of its key and a note of a few characters that belongs to it.  The
one used longest ago goes first.  All of it can be fetched again, so nothing here is ever repaired.
"""

from __future__ import annotations

import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

#: About 150 clips of 10 s in the middle size, or a few hundred small ones.
MOST_BYTES = 192 * 1024 * 1024

_NOTE = re.compile(r"[0-9A-Za-z.]{0,24}")


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file of the cache and the note that was kept with it."""

    path: Path
    note: str


class KeptFiles:
    """A folder of files by key; called in several threads: each step is one of the file system's."""

    def __init__(self, folder: Path, most_bytes: int = MOST_BYTES) -> None:
        self._folder = folder
        self._most_bytes = most_bytes

    def find(self, key: str) -> KeptFile | None:
        """Give the file of a key, which is then the one used last."""
        name = _name(key)
        for path in self._folder.glob(f"{name}-*"):
            try:
                os.utime(path)
            except FileNotFoundError:
                continue  # it went just now, as the one used longest ago
            return KeptFile(path, path.stem.partition("-")[2])
        return None

    def place(self, key: str, suffix: str, note: str = "") -> KeptFile:
        """Give where a file is kept once it is there.

        `suffix` begins with a dot; `note` is of at most 24 letters, digits and dots.
        """
        if not _NOTE.fullmatch(note) or "." in note[-1:]:
            raise ValueError(f"not a note: {note!r}")
        return KeptFile(self._folder / f"{_name(key)}-{note}{suffix}", note)

    def keep(self, key: str, data: bytes, suffix: str, note: str = "") -> KeptFile:
        """Write a file whole, or not at all; then let the oldest go.  Raises OSError.

        `suffix` and `note` are those of `place`.
        """
        kept = self.place(key, suffix, note)
        path = kept.path
        self._folder.mkdir(parents=True, exist_ok=True)
        handle, fresh = tempfile.mkstemp(suffix=".new", dir=self._folder)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(fresh).replace(path)
        finally:
            Path(fresh).unlink(missing_ok=True)
        self._let_go(path)
        return kept

    def drop(self, kept: KeptFile) -> None:
        """Let one go, as when it turned out to be of no use."""
        kept.path.unlink(missing_ok=True)

    @property
    def size_bytes(self) -> int:
        """What all files take together."""
        return sum(size for _, size, _ in self._files())

    def _let_go(self, newest: Path) -> None:
        files = sorted(self._files())
        total = sum(size for _, size, _ in files)
        for _, size, path in files:
            if total <= self._most_bytes:
                return
            if path != newest:
                path.unlink(missing_ok=True)
                total -= size

    def _files(self) -> list[tuple[float, int, Path]]:
        """Time of last use, size and path of each file."""
        found = []
        for entry in os.scandir(self._folder) if self._folder.is_dir() else ():
            try:
                status = entry.stat()
            except FileNotFoundError:
                continue
            found.append((status.st_mtime, status.st_size, Path(entry.path)))
        return found


def _name(key: str) -> str:
    import hashlib  # OpenSSL comes with it, and a program that only waits does without

    return hashlib.sha256(key.encode()).hexdigest()[:32]
