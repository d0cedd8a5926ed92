"""The last searches on disk: a small picture each, and one list.

`recent.json`, format version 1: {"version": 1, "searches": [{"picture": "<name>.jpg", "origin": …,
"title": …, "clock": …, "searched_at": <seconds since 1970>}]}, newest first.  Pictures lie beside it.  A
list that is damaged or newer is not read and not overwritten before the user forgets it.
"""

from __future__ import annotations

import json
import os
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from index_tools.picture import Picture

VERSION = 1
LIST = "recent.json"

#: Searches remembered; with pictures of some 50 KB they take half a megabyte.
MOST = 10

#: Longest side of a remembered picture, in pixels: enough to be found again.
SIDE = 640
QUALITY = 85

#: Longest text that is kept of a title or a name.
LONGEST_TEXT = 200

#: A list of more bytes was not written here.
LARGEST_LIST = 64 * 1024


@dataclass(frozen=True, slots=True)
class RecentSearch:
    """One search: its picture's file, what it was called, and the best scene ("" without one)."""

    picture: Path
    origin: str
    title: str = ""
    clock: str = ""
    searched_at: float = 0.0

    @property
    def name(self) -> str:
        """What to call it in a menu."""
        return f"{self.title} · {self.clock}" if self.title else self.origin


def load(folder: Path) -> tuple[RecentSearch, ...]:
    """Give what is remembered, newest first; nothing where the list cannot be read."""
    told = _read(folder)
    found = []
    for entry in told["searches"][:MOST] if told else ():
        search = _entry(folder, entry)
        if search is not None and search.picture.is_file():
            found.append(search)
    return tuple(found)


def add(folder: Path, picture: Picture, search: RecentSearch) -> tuple[RecentSearch, ...]:
    """Remember a search before the others and forget the oldest; gives all.  Raises OSError.

    `search.picture` is ignored: the picture is written, small, under a new name.
    """
    from PIL import Image

    if (folder / LIST).exists() and _read(folder) is None:
        return ()  # a newer program's list
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"{os.urandom(8).hex()}.jpg"
    small = Image.fromarray(picture.rgb)
    small.thumbnail((SIDE, SIDE))
    small.save(path, "JPEG", quality=QUALITY)
    new = replace(
        search,
        picture=path,
        origin=search.origin[:LONGEST_TEXT],
        title=search.title[:LONGEST_TEXT],
        searched_at=search.searched_at or time.time(),
    )
    kept = (new, *load(folder))[:MOST]
    _write(folder, kept)
    return kept


def forget(folder: Path) -> None:
    """Remove the list and every picture.  Raises OSError."""
    for path in (*folder.glob("*.jpg"), folder / LIST):
        path.unlink(missing_ok=True)
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()


def _write(folder: Path, kept: tuple[RecentSearch, ...]) -> None:
    entries = [{**asdict(search), "picture": search.picture.name} for search in kept]
    fresh = folder / f"{LIST}.new"
    text = json.dumps({"version": VERSION, "searches": entries}, indent=1, ensure_ascii=False)
    fresh.write_text(text, "utf-8")
    fresh.replace(folder / LIST)
    names = {search.picture.name for search in kept}
    for path in folder.glob("*.jpg"):
        if path.name not in names:
            path.unlink(missing_ok=True)


def _read(folder: Path) -> dict[str, Any] | None:
    path = folder / LIST
    try:
        if path.stat().st_size > LARGEST_LIST:
            return None
        told = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    fits = (
        isinstance(told, dict) and told.get("version") == VERSION and isinstance(told.get("searches"), list)
    )
    return told if fits else None


def _entry(folder: Path, entry: object) -> RecentSearch | None:
    """Read an entry; a picture's name may not lead out of the folder."""
    if not isinstance(entry, dict):
        return None
    texts = [entry.get(name) for name in ("picture", "origin", "title", "clock")]
    at = entry.get("searched_at")
    if not all(isinstance(text, str) for text in texts) or not isinstance(at, int | float):
        return None
    name, origin, title, clock = map(str, texts)
    if Path(name).name != name or not name.endswith(".jpg"):
        return None
    return RecentSearch(folder / name, origin, title, clock, float(at))
