"""Writing that survives a power cut: whole files, flushed to the disk, put in place by one rename."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index_tools.errors import SceneLensError

_REASONS = {
    errno.ENOSPC: "there is no space left on the disk; make room and try again",
    errno.EDQUOT: "your disk quota is used up; make room and try again",
    errno.EROFS: "the disk can only be read; choose another folder",
    errno.EACCES: "you have no permission there; choose another folder",
    errno.EPERM: "you have no permission there; choose another folder",
    errno.EFBIG: "the file would be too big for this disk; choose another one",
    errno.ENAMETOOLONG: "the name is too long; choose a shorter one",
    errno.EIO: "the disk reported an error; check the disk",
}


def reason(error: OSError) -> str:
    """Why the disk refused, as the end of a sentence, with what to do where that is known."""
    known = _REASONS.get(error.errno or 0)
    return known if known is not None else (error.strerror or str(error)).lower()


@contextmanager
def told_as(kind: type[SceneLensError], what: str, then: str = "") -> Iterator[None]:
    """Turn an error of the disk into an error of `kind`: `what` happened, the reason, and `then`."""
    try:
        yield
    except OSError as error:
        raise kind(f"{what}: {reason(error)}." + (f" {then}." if then else "")) from error


def flush_file(path: Path) -> None:
    """Wait until the content of the file is on the disk."""
    # Windows flushes only what is open for writing
    with path.open("rb+" if os.name == "nt" else "rb") as file:
        os.fsync(file.fileno())


def flush_folder(folder: Path) -> None:
    """Wait until the names in `folder` are on the disk; Windows does so by itself."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_whole(path: Path, data: bytes, *, flush: bool = True) -> None:
    """Write the file so that, at any moment, the name holds the old content or the new, never a part."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with beside.open("wb") as file:
            file.write(data)
            if flush:
                file.flush()
                os.fsync(file.fileno())
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
    if flush:
        flush_folder(path.parent)


def beside_name(path: Path, ending: str) -> Path:
    """The neighbour of `path` whose name is longer by `ending`."""
    return path.with_name(path.name + ending)


def remove_tree(folder: Path) -> None:
    """Remove the folder and all in it; one that is not there is fine."""
    if folder.is_symlink():
        folder.unlink()
    elif folder.exists():
        shutil.rmtree(folder)


def size_of_tree(folder: Path) -> int:
    """The bytes of all files in `folder`."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
