"""`proxies/`: small videos of the films, beside the members of a pack.

They are no members: not in the manifest and never in the transport file, since they are as good as the film
to somebody who only wants to see what happens in it.  Each is called after the fingerprint of its video.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from index_tools.nouns import Video
from index_tools.pack.durable import remove_tree

FOLDER = "proxies"
_SUFFIX = ".mkv"


def proxy_path(folder: Path, fingerprint: str) -> Path:
    """Where, in the folder of a pack or of its making, the proxy of a video lies."""
    return folder / FOLDER / f"{fingerprint}{_SUFFIX}"


def at_hand(folder: Path, video: Video) -> Path | None:
    """The proxy of a video, if there is one."""
    path = proxy_path(folder, video.fingerprint)
    return path if path.is_file() else None


def take_over(made: Path, folder: Path, fingerprints: Collection[str]) -> None:
    """Move the proxies in the folder `made` to those of the pack in `folder`, and keep those of its videos
    only.

    Raises `OSError`; what was moved stays moved.
    """
    own = folder / FOLDER
    for path in _all(made / FOLDER):
        own.mkdir(exist_ok=True)
        path.replace(own / path.name)
    for path in _all(own):
        if path.stem not in fingerprints:
            path.unlink()
    if own.is_dir() and not _all(own):
        remove_tree(own)


def bytes_of(folder: Path) -> int:
    """The bytes of all proxies of a pack."""
    return sum(path.stat().st_size for path in _all(folder / FOLDER))


def _all(folder: Path) -> list[Path]:
    return sorted(folder.glob(f"*{_SUFFIX}"))
