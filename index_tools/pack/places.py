"""`places.json`: where the films of a pack lie on this machine.

It lies beside the members of a pack but is none: it is not in the manifest and never in the transport
file, since paths are a private matter.  It maps the fingerprint of a video to an absolute path.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from index_tools.errors import PackError
from index_tools.nouns import Video
from index_tools.pack.checked_json import load_object
from index_tools.pack.durable import told_as, write_whole

FILE_NAME = "places.json"
_MOST_BYTES = 1 << 28


def read_places(folder: Path) -> dict[str, Path]:
    """Fingerprint -> path as noted in `folder`; empty when there is no note that can be read.

    The note is only a hint that every use checks again, so one that is damaged counts as none.
    """
    try:
        value = load_object((folder / FILE_NAME).read_bytes(), most_bytes=_MOST_BYTES)
    except (OSError, ValueError):
        return {}
    places = value.get("places")
    if value.get("format") != "scenepack-places" or value.get("version") != 1 or not isinstance(places, dict):
        return {}
    return {
        fingerprint: Path(place)
        for fingerprint, place in places.items()
        if isinstance(place, str) and "\0" not in place and Path(place).is_absolute()
    }


def write_places(folder: Path, places: Mapping[str, Path]) -> None:
    """Replace the note in `folder`; raises `PackError` if that cannot be written."""
    value = {
        "format": "scenepack-places",
        "version": 1,
        "places": {fingerprint: str(path.absolute()) for fingerprint, path in sorted(places.items())},
    }
    with told_as(PackError, f"The places of the films could not be noted in “{folder}”"):
        write_whole(folder / FILE_NAME, json.dumps(value, indent=1).encode())


def at_hand(video: Video, places: Mapping[str, Path]) -> Path | None:
    """The file of `video` if it lies where it was noted and has the right length."""
    path = places.get(video.fingerprint)
    if path is None:
        return None
    try:
        there = path.is_file() and path.stat().st_size == video.size_bytes
    except OSError:  # an unplugged disk, a folder without permission
        there = False
    return path if there else None
