"""One instance for each data folder: a lock of the operating system decides.

The lock belongs to the open file, so it ends with its process however that ends: nothing stale is left
by a kill.  The file holds the process id, for a sentence to the user and for nothing else.  Standard
library alone.
"""

from __future__ import annotations

import os
import sys
import zlib
from pathlib import Path
from typing import IO

LOCK_NAME = "instance.lock"

#: Longest path of a socket that every system takes, in bytes.
LONGEST_SOCKET_PATH = 100


class Claim:
    """The right to be the one instance on a data folder; held until `release` or the process's end."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file: IO[bytes] | None = file

    def release(self) -> None:
        """Give the right up; the lock's file stays, since removing it could part two later starts."""
        if self._file is not None:
            self._file.close()
            self._file = None


def claim(data: Path) -> Claim | None:
    """Take the lock of a data folder, or None where another process has it.

    Raises OSError where the folder cannot be written.
    """
    data.mkdir(parents=True, exist_ok=True)
    # "a" neither truncates nor needs the file; closed by Claim.release
    file = (data / LOCK_NAME).open("a+b")
    if not _lock(file):
        file.close()
        return None
    file.truncate(0)
    file.write(str(os.getpid()).encode())
    file.flush()
    return Claim(file)


def holder(data: Path) -> int | None:
    """Give the process id that the lock's holder wrote, None where it cannot be read."""
    try:
        text = (data / LOCK_NAME).read_bytes()[:20].decode("ascii")
        return int(text)
    except (OSError, ValueError):
        return None


def address(data: Path) -> str:
    """Give the address on which the instance of a data folder listens: a socket's path, or a pipe's name.

    Each data folder has its own, so that a second self in another folder is left alone.
    """
    name = os.fsencode(data.resolve())
    mark = f"{zlib.crc32(name):08x}{zlib.adler32(name):08x}"  # hashlib would bring OpenSSL's 4 MB
    if sys.platform == "win32":
        return f"scenelens-{mark}"
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    for folder in (Path(runtime) if runtime else data, data):
        path = str(folder / f"scenelens-{mark}")
        if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH:
            return path
    return _in_own_folder(mark)


def _in_own_folder(mark: str) -> str:
    """Give a short path in a folder of the temporary one that is this user's alone.  Raises OSError."""
    import tempfile

    folder = Path(tempfile.gettempdir()) / f"scenelens-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    about = folder.lstat()
    if about.st_uid != os.getuid() or about.st_mode & 0o077 or folder.is_symlink():
        raise PermissionError(f"{folder} is open to others; remove it and start SceneLens again.")
    return str(folder / mark)


if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[bytes]) -> bool:
        """Lock a byte far behind the text, which others may still read."""
        try:
            file.seek(1 << 20)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        file.seek(0)
        return True

else:
    import fcntl

    def _lock(file: IO[bytes]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
