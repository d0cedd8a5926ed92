"""`proxies/`: what lies beside the members of a pack, for looking pictures up where the films are at hand.

Small videos of the films, and vectors of parts of their frames.  They are no members: not in the manifest and
never in the transport file; the videos are as good as the film to somebody who only wants to see what happens
in it, and the vectors larger than all the rest.  Each file is called after the fingerprint of its video, one
of vectors after the network too that made them.  A pack may come from a stranger: files of other names are
never touched, and a `proxies` that is a link to somewhere else counts as none.
"""

from __future__ import annotations

import io
import re
from collections.abc import Collection
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index_tools.nouns import Video
from index_tools.pack.durable import write_whole
from index_tools.pack.tables import open_table

FOLDER = "proxies"
_PROXY, _PARTS = ".mkv", ".npy"
#: Digits of a network's checksum that tell it from others.
_DIGITS = 16
_NAME = re.compile(rf"[0-9a-f]{{32}}(-[0-9a-f]{{{_DIGITS}}})?\.(mkv|npy)")


def proxy_path(folder: Path, fingerprint: str) -> Path:
    """Where, in the folder of a pack or of its making, the proxy of a video lies."""
    return folder / FOLDER / f"{fingerprint}{_PROXY}"


def parts_path(folder: Path, fingerprint: str, network: str) -> Path:
    """Where the vectors of parts lie that the network with that SHA-256 made."""
    return folder / FOLDER / f"{fingerprint}-{network[:_DIGITS]}{_PARTS}"


def proxy_of(folder: Path, video: Video) -> Path | None:
    """The proxy of a video, if there is one."""
    path = proxy_path(folder, video.fingerprint)
    return path if _is_own(path, folder / FOLDER) and path.is_file() else None


def write_parts(path: Path, vectors: NDArray[np.uint8]) -> None:
    """Write the vectors of parts, stored form, uint8 (frames, parts, values); `path` is absent or whole.

    Raises `OSError`.
    """
    data = io.BytesIO()
    np.save(data, vectors, allow_pickle=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, data.getvalue(), flush=False)


def parts_of(folder: Path, video: Video, network: str, shape: tuple[int, ...]) -> NDArray[np.uint8] | None:
    """The vectors of parts of a video, a memory map of that shape; None where there are none like that."""
    path = parts_path(folder, video.fingerprint, network)
    if not _is_own(path, folder / FOLDER):
        return None
    try:
        return open_table(path, np.uint8, shape)
    except (OSError, ValueError):
        return None


def take_over(made: Path, folder: Path, fingerprints: Collection[str]) -> None:
    """Move what lies beside in the folder `made` to the pack in `folder`, and keep there what belongs to its
    videos only; vectors of one network take the place of another's.

    Raises `OSError`; what was moved stays moved.
    """
    own = folder / FOLDER
    if own.is_symlink():
        own.unlink()
    for path in _all(made / FOLDER):
        own.mkdir(exist_ok=True)
        for old in own.glob(f"{_fingerprint(path)}*{path.suffix}"):
            if _is_own(old, own):
                old.unlink()
        path.replace(own / path.name)
    for path in _all(own):
        if _fingerprint(path) not in fingerprints:
            path.unlink()
    if own.is_dir() and not any(own.iterdir()):
        own.rmdir()


def bytes_of(folder: Path) -> int:
    """The bytes of all that lies beside a pack."""
    return sum(path.stat().st_size for path in _all(folder / FOLDER))


def _fingerprint(path: Path) -> str:
    return path.stem.partition("-")[0]


def _all(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*") if _is_own(path, folder))


def _is_own(path: Path, folder: Path) -> bool:
    """Whether a file has a name that is given here, and lies in that very folder."""
    return path.parent == folder and not folder.is_symlink() and _NAME.fullmatch(path.name) is not None
