"""What an entry in a menu of the system is, and where such entries lie."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

#: What is found: the types of pictures, and of films a frame is chosen of.
PICTURE_TYPES = (
    "image/png", "image/jpeg", "image/webp", "image/gif", "image/avif", "image/bmp", "image/tiff",
)  # fmt: skip
VIDEO_TYPES = (
    "video/mp4", "video/x-matroska", "video/webm", "video/x-msvideo", "video/quicktime", "video/mpeg",
    "video/mp2t", "video/x-flv", "video/ogg", "video/x-ms-wmv", "video/3gpp",
)  # fmt: skip
SUFFIXES = (
    ".png", ".jpg", ".jpeg", ".webp", ".gif", ".avif", ".bmp", ".tif", ".tiff",
    ".mp4", ".mkv", ".webm", ".avi", ".mov", ".m4v", ".ts", ".mpg", ".mpeg", ".wmv", ".flv", ".ogv", ".3gp",
)  # fmt: skip

SCHEME_TYPE = "x-scheme-handler/scenelens"

#: In the user's languages, as menus show it.
FIND = {"": "Find this scene", "de": "Diese Szene finden", "ja": "このシーンを探す"}


@dataclass(frozen=True, slots=True)
class Place:
    """Folders of one user in which desktops look."""

    data: Path
    config: Path
    resources: Path

    @classmethod
    def of_user(cls, environment: Mapping[str, str] = os.environ) -> Place:
        """Give those of the user whose environment it is."""
        import importlib.resources

        home = Path(environment.get("HOME") or Path.home())
        return cls(
            Path(environment.get("XDG_DATA_HOME") or home / ".local" / "share"),
            Path(environment.get("XDG_CONFIG_HOME") or home / ".config"),
            Path(str(importlib.resources.files("resources"))),
        )


class Entry(Protocol):
    """One place of entries; it knows its own and touches no other."""

    @property
    def name(self) -> str:
        """What it is, for the user."""

    @property
    def remark(self) -> str:
        """What the user should know of it, "" for nothing."""

    def is_installed(self) -> bool:
        """Whether it is there."""

    def install(self) -> None:
        """Enter it, or renew it.  Raises OSError."""

    def remove(self) -> bool:
        """Remove it without a trace; False if nothing was there.  Raises OSError."""
