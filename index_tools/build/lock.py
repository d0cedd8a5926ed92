"""One builder at a time for a pack: a lock that the system takes back when its holder dies."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index_tools.errors import BuildError
from index_tools.file_lock import try_lock
from index_tools.pack.durable import told_as

_NAME = "lock"
#: Says that the pack is complete under its name and only this folder is left to be removed.
FINISHED = "finished"
#: What is removed last, in this order.
LAST = (FINISHED, _NAME)


@contextmanager
def building(part: Path, pack: Path) -> Iterator[None]:
    """Hold the lock of `pack`, whose workshop is the folder `part` (made if need be).

    The lock belongs to an open file, so it ends with the process, however that ends.  Raises
    `BuildError` when another process holds it.
    """
    handle = _take(part, pack)
    try:
        yield
    finally:
        # on Windows an open file cannot be removed, so the caller's clean-up of `part` leaves it to this
        os.close(handle)
        _tidy(part)


def _take(part: Path, pack: Path) -> int:
    while True:
        with told_as(BuildError, f"The pack “{pack}” cannot be built there"):
            part.mkdir(parents=True, exist_ok=True)
            try:
                handle = os.open(part / _NAME, os.O_RDWR | os.O_CREAT, 0o644)
            except FileNotFoundError:
                continue  # the holder before has just finished and removed the folder
        if not try_lock(handle):
            os.close(handle)
            raise BuildError(
                f"The pack “{pack}” is being built by another process; wait for that one, or stop it."
            )
        if _is_still(part / _NAME, handle):
            return handle
        os.close(handle)  # the file that we locked was removed meanwhile: lock the new one


def _is_still(path: Path, handle: int) -> bool:
    """Whether the open file is the one that has this name now."""
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


def _tidy(part: Path) -> None:
    """Remove the folder if nothing is in it but what is removed last."""
    try:
        if all(path.name in LAST for path in part.iterdir()):
            for name in LAST:
                (part / name).unlink(missing_ok=True)
            part.rmdir()
    except OSError:
        return  # another process has just begun there; it is its folder now
